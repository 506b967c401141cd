"""Server keys, and the keys by which a backend's events are taken once."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from footfall.store.relational.schema.metadata import METADATA

SERVER_KEYS = Table(
    "server_keys",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("hash", Text, nullable=False, unique=True),
    Column("created_at_us", BigInteger, nullable=False),
    Column("expires_at_us", BigInteger, nullable=True),
    Index("ix_server_keys_project", "project"),
)

IDEMPOTENCY_KEYS = Table(
    "idempotency_keys",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("event_id", BigInteger, nullable=False),
    Column("seen_at_us", BigInteger, nullable=False),
    UniqueConstraint("project", "event_id", name="uq_idempotency_keys_project"),
    Index("ix_idempotency_keys_seen_at_us", "seen_at_us"),
)
