"""Records in SQLite or PostgreSQL: the schema, its migrations and the adapter.
SQLAlchemy and Alembic are known here and nowhere else."""

from footfall.store.relational.records import RelationalRecords

__all__ = ["RelationalRecords"]
