"""Keys that show some pages of the analytics."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "viewer_keys",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("prefix", sa.Text, nullable=False),
        sa.Column("pages", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_viewer_keys"),
        sa.UniqueConstraint("id", name="uq_viewer_keys_id"),
        sa.UniqueConstraint("hash", name="uq_viewer_keys_hash"),
        sqlite_autoincrement=True,
    )
