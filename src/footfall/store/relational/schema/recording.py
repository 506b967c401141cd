"""Recordings of visits and the pieces they came in. What was recorded lies with the objects."""

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from footfall.store.relational.schema.metadata import METADATA

RECORDINGS = Table(
    "recordings",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("project", Integer, ForeignKey("projects.number", ondelete="CASCADE"), nullable=False),
    Column("session", BigInteger, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("visitor_id", Text, nullable=False),
    Column("site_key", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("entry_page", Text, nullable=False),
    Column("skew_us", BigInteger, nullable=False),
    Column("started_at_us", BigInteger, nullable=False),
    Column("duration_us", BigInteger, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("changed_at_us", BigInteger, nullable=False),
    Column("chunks", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    UniqueConstraint("project", "session", name="uq_recordings_session"),
    Index("ix_recordings_started", "project", "started_at_us"),
    Index("ix_recordings_changed", "changed_at_us"),
    sqlite_autoincrement=True,
)

RECORDING_CHUNKS = Table(
    "recording_chunks",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "recording",
        Integer,
        ForeignKey("recordings.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("seq", BigInteger, nullable=False),
    Column("is_stored", Integer, nullable=False),
    Column("first_ms", BigInteger, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
    Column("events", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("page", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    UniqueConstraint("recording", "seq", name="uq_recording_chunks_seq"),
    sqlite_autoincrement=True,
)
