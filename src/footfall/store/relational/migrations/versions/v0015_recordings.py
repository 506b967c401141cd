"""Recordings of visits and the pieces they came in."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "recordings",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("project", sa.Integer, nullable=False),
        sa.Column("session", sa.BigInteger, nullable=False),
        sa.Column("session_id", sa.Text, nullable=False),
        sa.Column("visitor_id", sa.Text, nullable=False),
        sa.Column("site_key", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("entry_page", sa.Text, nullable=False),
        sa.Column("skew_us", sa.BigInteger, nullable=False),
        sa.Column("started_at_us", sa.BigInteger, nullable=False),
        sa.Column("duration_us", sa.BigInteger, nullable=False),
        sa.Column("created_at_us", sa.BigInteger, nullable=False),
        sa.Column("changed_at_us", sa.BigInteger, nullable=False),
        sa.Column("chunks", sa.Integer, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_recordings"),
        sa.UniqueConstraint("project", "session", name="uq_recordings_session"),
        sa.ForeignKeyConstraint(
            ["project"], ["projects.number"], name="fk_recordings_project", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_recordings_started", "recordings", ["project", "started_at_us"])
    op.create_index("ix_recordings_changed", "recordings", ["changed_at_us"])
    op.create_table(
        "recording_chunks",
        sa.Column("number", sa.Integer, autoincrement=True, nullable=False),
        sa.Column("recording", sa.Integer, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("is_stored", sa.Integer, nullable=False),
        sa.Column("first_ms", sa.BigInteger, nullable=False),
        sa.Column("last_ms", sa.BigInteger, nullable=False),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_recording_chunks"),
        sa.UniqueConstraint("recording", "seq", name="uq_recording_chunks_seq"),
        sa.ForeignKeyConstraint(
            ["recording"],
            ["recordings.number"],
            name="fk_recording_chunks_recording",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
