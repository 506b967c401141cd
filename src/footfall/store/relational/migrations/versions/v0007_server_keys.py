"""Server keys and idempotency keys."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "server_keys",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("expires_at_us", sa.BigInteger, nullable=True),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_server_keys_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_server_keys"),
        sa.UniqueConstraint("hash", name="uq_server_keys_hash"),
    )
    op.create_index("ix_server_keys_project", "server_keys", ["project"])
    op.create_table(
        "idempotency_keys",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("event_id", sa.BigInteger, nullable=False),
        sa.Column("seen_at_us", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_idempotency_keys_project", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("number", name="pk_idempotency_keys"),
        sa.UniqueConstraint("project", "event_id", name="uq_idempotency_keys_project"),
    )
    op.create_index("ix_idempotency_keys_seen_at_us", "idempotency_keys", ["seen_at_us"])
