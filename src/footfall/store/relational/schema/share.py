"""Shared links to a project's dashboard."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA

SHARES = Table(
    "shares",
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
    # As it is, not hashed: its owner copies the link again from the settings page.
    Column("token", Text, nullable=False, unique=True),
    Column("modules", Text, nullable=False),
    Column("password_hash", Text, nullable=True),
    Column("embed_origins", Text, nullable=False),
    Column("expires_at_us", BigInteger, nullable=True),
    Column("created_at_us", BigInteger, nullable=False),
    Index("ix_shares_project", "project"),
)
