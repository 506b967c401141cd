"""What the erasing of old events did, run by run."""

from sqlalchemy import BigInteger, Column, Integer, Table, Text

from footfall.store.relational.schema.metadata import METADATA

RETENTION_RUNS = Table(
    "retention_runs",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("started_at_us", BigInteger, nullable=False),
    Column("ended_at_us", BigInteger, nullable=True),
    Column("rules", Text, nullable=False),
    Column("events", BigInteger, nullable=False),
    Column("sessions", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)
