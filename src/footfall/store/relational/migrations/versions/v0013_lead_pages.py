"""What lists of leads show and are narrowed by, forms that are sent again, and who is told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_FIRST = ("site_key", "form_id", "utm_source", "utm_medium", "utm_campaign")
"""Columns that a lead has of its first submission."""


def upgrade() -> None:
    """Apply."""
    for name in (*_FIRST, "suspicion_reasons"):
        op.add_column("leads", sa.Column(name, sa.Text, nullable=False, server_default=""))
        order = "" if name in _FIRST else " DESC"
        op.execute(
            f"UPDATE leads SET {name} = COALESCE((SELECT s.{name} FROM lead_submissions s "
            f"WHERE s.lead = leads.number ORDER BY s.number{order} LIMIT 1), '')"
        )
    op.add_column(
        "leads", sa.Column("last_activity_at_us", sa.BigInteger, nullable=False, server_default="0")
    )
    op.execute(
        "UPDATE leads SET last_activity_at_us = COALESCE((SELECT MAX(a.created_at_us) "
        "FROM lead_activities a WHERE a.lead = leads.number "
        "AND a.created_at_us > leads.last_submitted_at_us), last_submitted_at_us)"
    )
    op.add_column("lead_submissions", sa.Column("client_id", sa.Text, nullable=True))
    op.create_index(
        "ix_lead_submissions_client_id", "lead_submissions", ["project", "client_id"], unique=True
    )
    op.create_table(
        "lead_notices",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("shows_person", sa.Integer, nullable=False),
        sa.Column("tells_follow_ups", sa.Integer, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_lead_notices_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_lead_notices"),
        sa.UniqueConstraint("project", "channel", "target", name="uq_lead_notices_project"),
    )
