"""Visitors whom an operator leaves out."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA

EXCLUDED_VISITORS = Table(
    "excluded_visitors",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("visitor_id", Text, nullable=False, unique=True),
    Column("label", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
