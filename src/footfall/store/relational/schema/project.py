"""Projects and their keys."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA

PROJECTS = Table(
    "projects",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("domain", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("settings", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    # A number is the project column of the warehouse: a freed one must never come back.
    sqlite_autoincrement=True,
)

DIRECTORY_VERSION = Table(
    "directory_version",
    METADATA,
    # One row: its text changes with every change of a project or a key, so that other nodes see
    # with one small look-up whether they must read those anew.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("version", Text, nullable=False),
)

API_KEYS = Table(
    "api_keys",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("name", Text, nullable=False),
    Column("prefix", Text, nullable=False),
    Column("hash", Text, nullable=False, unique=True),
    Column("scopes", Text, nullable=False),
    Column("allowed_modules", Text, nullable=True),
    Column("expires_at_us", BigInteger, nullable=True),
    Column("created_at_us", BigInteger, nullable=False),
    Column("last_used_at_us", BigInteger, nullable=True),
    Column("revoked_at_us", BigInteger, nullable=True),
    Index("ix_api_keys_project", "project"),
    sqlite_autoincrement=True,
)
