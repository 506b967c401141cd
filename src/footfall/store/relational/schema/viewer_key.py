"""Keys that show some pages of the analytics."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA

VIEWER_KEYS = Table(
    "viewer_keys",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("prefix", Text, nullable=False),
    Column("pages", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
