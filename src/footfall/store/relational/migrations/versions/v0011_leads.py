"""Leads: identities, submissions, activities, addresses and settings."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "leads",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("project_name", sa.Text, nullable=False),
        sa.Column("contact_name", sa.Text, nullable=False),
        sa.Column("contact_email", sa.Text, nullable=False),
        sa.Column("contact_phone", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("visitor_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("engagement_label", sa.Text, nullable=False),
        sa.Column("engagement_score", sa.Integer, nullable=False),
        sa.Column("suspicion_score", sa.Integer, nullable=False),
        sa.Column("submissions", sa.Integer, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("last_submitted_at_us", sa.BigInteger, nullable=False),
        sa.Column("last_follow_up_at_us", sa.BigInteger, nullable=False),
        sa.Column("name_key", sa.Text, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.Column("crm_id", sa.Text, nullable=True),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_leads_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_leads"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_leads_crm_id", "leads", ["crm_id"])
    op.create_index("ix_leads_project", "leads", ["project"])
    op.create_table(
        "lead_identities",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("lead", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_lead_identities_project", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lead"], ["leads.number"], name="fk_lead_identities_lead", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_lead_identities"),
        sa.UniqueConstraint(
            "project", "subject", "kind", "value", name="uq_lead_identities_project"
        ),
    )
    op.create_index("ix_lead_identities_kind", "lead_identities", ["kind", "value"])
    op.create_index("ix_lead_identities_lead", "lead_identities", ["lead"])
    op.create_table(
        "lead_submissions",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("lead", sa.Integer, nullable=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("submitted_at_us", sa.BigInteger, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("contact_name", sa.Text, nullable=False),
        sa.Column("contact_email", sa.Text, nullable=False),
        sa.Column("contact_phone", sa.Text, nullable=False),
        sa.Column("project_name", sa.Text, nullable=False),
        sa.Column("location", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("referrer", sa.Text, nullable=False),
        sa.Column("referrer_host", sa.Text, nullable=False),
        sa.Column("cta_name", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("utm_source", sa.Text, nullable=False),
        sa.Column("utm_medium", sa.Text, nullable=False),
        sa.Column("utm_campaign", sa.Text, nullable=False),
        sa.Column("utm_term", sa.Text, nullable=False),
        sa.Column("utm_content", sa.Text, nullable=False),
        sa.Column("site_key", sa.Text, nullable=False),
        sa.Column("form_id", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("region", sa.Text, nullable=False),
        sa.Column("city", sa.Text, nullable=False),
        sa.Column("visitor_id", sa.Text, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("engagement_label", sa.Text, nullable=False),
        sa.Column("engagement_score", sa.Integer, nullable=False),
        sa.Column("suspicion_score", sa.Integer, nullable=False),
        sa.Column("suspicion_reasons", sa.Text, nullable=False),
        sa.Column("quality", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("vpn_score", sa.Integer, nullable=False),
        sa.Column("is_duplicate", sa.Integer, nullable=False),
        sa.Column("is_bot", sa.Integer, nullable=False),
        sa.Column("is_vpn", sa.Integer, nullable=False),
        sa.Column("is_timed", sa.Integer, nullable=False),
        sa.Column("elapsed_ms", sa.BigInteger, nullable=False),
        sa.Column("address", sa.Text, nullable=True),
        sa.Column("crm_id", sa.Text, nullable=True),
        sa.Column("execution_url", sa.Text, nullable=True),
        sa.Column("delivery", sa.Text, nullable=True),
        sa.Column("payload", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_lead_submissions_project", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["lead"], ["leads.number"], name="fk_lead_submissions_lead", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_lead_submissions"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_lead_submissions_address", "lead_submissions", ["address", "submitted_at_us"]
    )
    op.create_index("ix_lead_submissions_crm_id", "lead_submissions", ["crm_id"])
    op.create_index("ix_lead_submissions_lead", "lead_submissions", ["lead"])
    op.create_index("ix_lead_submissions_project", "lead_submissions", ["project", "day"])
    op.create_index(
        "ix_lead_submissions_visitor_id", "lead_submissions", ["visitor_id", "submitted_at_us"]
    )
    op.create_table(
        "lead_activities",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("lead", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("crm_id", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["lead"], ["leads.number"], name="fk_lead_activities_lead", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_lead_activities"),
    )
    op.create_index("ix_lead_activities_lead", "lead_activities", ["lead"])
    op.create_table(
        "lead_addresses",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("usage", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_lead_addresses"),
        sa.UniqueConstraint("address", name="uq_lead_addresses_address"),
    )
    op.create_table(
        "lead_settings",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_lead_settings"),
        sa.UniqueConstraint("name", name="uq_lead_settings_name"),
    )
