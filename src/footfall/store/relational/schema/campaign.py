"""Campaigns that are registered by name; only those count where a door demands it."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Table, Text, UniqueConstraint

from footfall.store.relational.schema.metadata import METADATA

CAMPAIGNS = Table(
    "campaigns",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("site", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("utm_campaign", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    UniqueConstraint("site", "utm_campaign", name="uq_campaigns_site"),
    sqlite_autoincrement=True,
)
