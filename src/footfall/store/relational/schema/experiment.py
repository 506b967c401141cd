"""Experiments and flags, with their variants."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from footfall.store.relational.schema.metadata import METADATA

EXPERIMENTS = Table(
    "experiments",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("variants", Text, nullable=False),
    Column("goal_id", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("target_url", Text, nullable=False),
    Column("url_match", Text, nullable=False),
    Column("salt", Text, nullable=False),
    Column("splits", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    Column("started_at_us", BigInteger, nullable=True),
    Column("ended_at_us", BigInteger, nullable=True),
    UniqueConstraint("project", "id", name="uq_experiments_project_id"),
)
