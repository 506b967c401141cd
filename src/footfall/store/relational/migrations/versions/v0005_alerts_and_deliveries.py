"""Alert rules, webhooks, deliveries and leases."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "alert_rules",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("module", sa.Text, nullable=False),
        sa.Column("metric", sa.Text, nullable=False),
        sa.Column("filter", sa.Text, nullable=True),
        sa.Column("operator", sa.Text, nullable=False),
        sa.Column("threshold", sa.Float(53), nullable=False),
        sa.Column("window_minutes", sa.Integer, nullable=False),
        sa.Column("cooldown_minutes", sa.Integer, nullable=False),
        sa.Column("channels", sa.Text, nullable=False),
        sa.Column("is_enabled", sa.Boolean, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("updated_at_us", sa.BigInteger, nullable=False),
        sa.Column("last_triggered_at_us", sa.BigInteger, nullable=True),
        sa.Column("last_value", sa.Float(53), nullable=True),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_alert_rules_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_alert_rules"),
        sa.UniqueConstraint("id", name="uq_alert_rules_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_alert_rules_project", "alert_rules", ["project"])
    op.create_table(
        "webhooks",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("secret", sa.Text, nullable=True),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("updated_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_webhooks_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_webhooks"),
        sa.UniqueConstraint("id", name="uq_webhooks_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_webhooks_project", "webhooks", ["project"])
    op.create_table(
        "summary_mails",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("rhythm", sa.Text, nullable=False),
        sa.Column("told_until_us", sa.BigInteger, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_summary_mails_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_summary_mails"),
        sa.UniqueConstraint("id", name="uq_summary_mails_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_summary_mails_project", "summary_mails", ["project"])
    op.create_table(
        "traffic_marks",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_traffic_marks_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_traffic_marks"),
        sa.UniqueConstraint("project", "event", name="uq_traffic_marks_project"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "deliveries",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("lane", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("signer", sa.Text, nullable=True),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at_us", sa.BigInteger, nullable=False),
        sa.Column("claim", sa.Text, nullable=True),
        sa.Column("last_status", sa.Integer, nullable=True),
        sa.Column("last_error", sa.Text, nullable=True),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("finished_at_us", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_deliveries_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_deliveries"),
        sa.UniqueConstraint("id", name="uq_deliveries_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deliveries_state", "deliveries", ["state", "due_at_us"])
    op.create_index("ix_deliveries_project", "deliveries", ["project"])
    op.create_table(
        "leases",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column("until_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_leases"),
        sa.UniqueConstraint("name", name="uq_leases_name"),
        sqlite_autoincrement=True,
    )
