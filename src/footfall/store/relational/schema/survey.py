"""Surveys, the responses to them, and which events those came with."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from footfall.store.relational.schema.metadata import METADATA

SURVEYS = Table(
    "surveys",
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
    Column("status", Text, nullable=False),
    Column("questions", Text, nullable=False),
    Column("trigger", Text, nullable=False),
    Column("appearance", Text, nullable=False),
    Column("response_limit", Integer, nullable=True),
    Column("created_at_us", BigInteger, nullable=False),
    Column("updated_at_us", BigInteger, nullable=False),
    Index("ix_surveys_project", "project"),
    # A response that waits for its survey must never meet another one under its number.
    sqlite_autoincrement=True,
)

SURVEY_RESPONSES = Table(
    "survey_responses",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column(
        "survey",
        Integer,
        ForeignKey("surveys.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("visitor", BigInteger, nullable=False),
    Column("answers", Text, nullable=False),
    Column("is_completed", Boolean, nullable=False),
    Column("path", Text, nullable=False),
    Column("submitted_at_us", BigInteger, nullable=False),
    Index("ix_survey_responses_visitor", "survey", "visitor"),
    Index("ix_survey_responses_time", "survey", "submitted_at_us"),
    sqlite_autoincrement=True,
)

SURVEY_SUBMISSIONS = Table(
    "survey_submissions",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column(
        "survey",
        Integer,
        ForeignKey("surveys.number", ondelete="CASCADE"),
        nullable=False,
    ),
    Column("event_id", BigInteger, nullable=False),
    Column(
        "response",
        Integer,
        ForeignKey("survey_responses.number", ondelete="CASCADE"),
        nullable=False,
    ),
    UniqueConstraint("survey", "event_id", name="uq_survey_submissions_event"),
    Index("ix_survey_submissions_response", "response"),
    sqlite_autoincrement=True,
)
"""Every event that began or continued a response: one that comes again changes nothing."""
