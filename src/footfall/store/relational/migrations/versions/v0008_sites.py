"""Registered campaigns, looks of sites, visitors left out, measurements of builds."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "campaigns",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("utm_campaign", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_campaigns"),
        sa.UniqueConstraint("id", name="uq_campaigns_id"),
        sa.UniqueConstraint("site", "utm_campaign", name="uq_campaigns_site"),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_campaigns_project", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "site_styles",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.Text, nullable=False),
        sa.Column("style", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_site_styles"),
        sa.UniqueConstraint("site", name="uq_site_styles_site"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "excluded_visitors",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("visitor_id", sa.Text, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_excluded_visitors"),
        sa.UniqueConstraint("visitor_id", name="uq_excluded_visitors_visitor_id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "performance",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("recorded_at_us", sa.BigInteger, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("value", sa.Float, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("commit_hash", sa.Text, nullable=True),
        sa.Column("branch", sa.Text, nullable=True),
        sa.Column("metadata", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_performance"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_performance_recorded_at_us", "performance", ["recorded_at_us"])
