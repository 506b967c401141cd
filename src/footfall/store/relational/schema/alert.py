"""Alert rules, webhooks, summaries by mail, and what was last said about a project's traffic."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from footfall.store.relational.schema.metadata import METADATA

ALERT_RULES = Table(
    "alert_rules",
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
    Column("module", Text, nullable=False),
    Column("metric", Text, nullable=False),
    Column("filter", Text, nullable=True),
    Column("operator", Text, nullable=False),
    Column("threshold", Float(53), nullable=False),
    Column("window_minutes", Integer, nullable=False),
    Column("cooldown_minutes", Integer, nullable=False),
    Column("channels", Text, nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    Column("last_triggered_at_us", BigInteger, nullable=True),
    Column("last_value", Float(53), nullable=True),
    Index("ix_alert_rules_project", "project"),
    sqlite_autoincrement=True,
)

WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("url", Text, nullable=False),
    Column("events", Text, nullable=False),
    Column("secret", Text, nullable=True),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    Index("ix_webhooks_project", "project"),
    sqlite_autoincrement=True,
)

SUMMARY_MAILS = Table(
    "summary_mails",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("address", Text, nullable=False),
    Column("rhythm", Text, nullable=False),
    Column("told_until_us", BigInteger, nullable=False),
    Column("created_at_us", BigInteger, nullable=False),
    Index("ix_summary_mails_project", "project"),
    sqlite_autoincrement=True,
)

TRAFFIC_MARKS = Table(
    "traffic_marks",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "project",
        Integer,
        ForeignKey("projects.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("event", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    UniqueConstraint("project", "event"),
    sqlite_autoincrement=True,
)
