"""Sites that show forms, their domains, their forms, and keys of integrations."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "form_sites",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("site_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("is_enabled", sa.Integer, nullable=False),
        sa.Column("records_sessions", sa.Integer, nullable=False),
        sa.Column("takes_fingerprints", sa.Integer, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("updated_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_form_sites"),
        sa.UniqueConstraint("site_key", name="uq_form_sites_site_key"),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_form_sites_project", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "form_domains",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.Integer, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_form_domains"),
        sa.UniqueConstraint("site", "host", name="uq_form_domains_site"),
        sa.ForeignKeyConstraint(
            ["site"], ["form_sites.number"], name="fk_form_domains_site", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "forms",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("site", sa.Integer, nullable=False),
        sa.Column("form_id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("is_enabled", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("updated_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_forms"),
        sa.UniqueConstraint("site", "form_id", name="uq_forms_site"),
        sa.ForeignKeyConstraint(
            ["site"], ["form_sites.number"], name="fk_forms_site", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "integrations",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_integrations"),
        sa.UniqueConstraint("hash", name="uq_integrations_hash"),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_integrations_project", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
