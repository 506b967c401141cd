"""Measurements of builds and releases."""

from sqlalchemy import BigInteger, Column, Float, Index, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA

PERFORMANCE = Table(
    "performance",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("recorded_at_us", BigInteger, nullable=False),
    Column("category", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("value", Float, nullable=False),
    Column("unit", Text, nullable=False),
    Column("commit_hash", Text, nullable=True),
    Column("branch", Text, nullable=True),
    Column("metadata", Text, nullable=True),
    Index("ix_performance_recorded_at_us", "recorded_at_us"),
    sqlite_autoincrement=True,
)
