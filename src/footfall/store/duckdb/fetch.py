"""One row, or one number, of a statement."""

from typing import Any

import duckdb

from footfall.errors import StoreError


def fetch_row(db: duckdb.DuckDBPyConnection, sql: str) -> tuple[Any, ...]:
    """Return the one row that a statement gives. Raises StoreError when it gives none."""
    row = db.execute(sql).fetchone()
    if row is None:
        raise StoreError("DuckDB gave no row where there is always one.")
    return row


def count_rows(db: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Return the one number that a statement gives: of rows counted, written or deleted."""
    return int(fetch_row(db, sql)[0])
