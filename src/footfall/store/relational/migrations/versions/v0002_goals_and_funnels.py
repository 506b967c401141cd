"""Goals and funnels."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    for name in ("goals", "funnels"):
        op.create_table(
            name,
            sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
            sa.Column("id", sa.Text, nullable=False),
            sa.Column("project", sa.Integer, nullable=False),
            sa.Column("name", sa.Text, nullable=False),
            sa.Column("definition", sa.Text, nullable=False),
            sa.Column("wording", sa.Text, nullable=False),
            sa.Column("created_at_us", sa.BigInteger, nullable=False),
            sa.Column("updated_at_us", sa.BigInteger, nullable=False),
            sa.ForeignKeyConstraint(
                ["project"], ["projects.number"], name=f"fk_{name}_project", ondelete="CASCADE"
            ),
            sa.PrimaryKeyConstraint("number", name=f"pk_{name}"),
            sa.UniqueConstraint("id", name=f"uq_{name}_id"),
        )
        op.create_index(f"ix_{name}_project", name, ["project"])
