"""Surveys and their responses."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "surveys",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("trigger", sa.Text, nullable=False),
        sa.Column("appearance", sa.Text, nullable=False),
        sa.Column("response_limit", sa.Integer, nullable=True),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("updated_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_surveys_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_surveys"),
        sa.UniqueConstraint("id", name="uq_surveys_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_surveys_project", "surveys", ["project"])
    op.create_table(
        "survey_responses",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("survey", sa.Integer, nullable=False),
        sa.Column("visitor", sa.BigInteger, nullable=False),
        sa.Column("answers", sa.Text, nullable=False),
        sa.Column("is_completed", sa.Boolean, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("submitted_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["survey"], ["surveys.number"], name="fk_survey_responses_survey", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_survey_responses"),
        sa.UniqueConstraint("id", name="uq_survey_responses_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_survey_responses_visitor", "survey_responses", ["survey", "visitor"])
    op.create_index("ix_survey_responses_time", "survey_responses", ["survey", "submitted_at_us"])
    op.create_table(
        "survey_submissions",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("survey", sa.Integer, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("response", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(
            ["survey"], ["surveys.number"], name="fk_survey_submissions_survey", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["response"],
            ["survey_responses.number"],
            name="fk_survey_submissions_response",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name="pk_survey_submissions"),
        sa.UniqueConstraint("survey", "event_id", name="uq_survey_submissions_event"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_survey_submissions_response", "survey_submissions", ["response"])
