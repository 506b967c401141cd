"""DuckDB tables made straight from the column declaration, filled by the oracle: reports are
tested apart from the adapter that keeps them."""

import json
from collections.abc import Iterable
from typing import Any

import duckdb

from footfall.model.column import Column, ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.model.session import SESSION_COLUMNS
from footfall.store.warehouse import (
    EVENTS_BETWEEN,
    SESSIONS_BEGINNING,
    SESSIONS_TOUCHING,
    Engine,
    Rows,
)

_TYPES = {
    ColumnType.UINT8: "UTINYINT",
    ColumnType.UINT32: "UINTEGER",
    ColumnType.INT64: "BIGINT",
    ColumnType.FLOAT64: "DOUBLE",
    ColumnType.TIMESTAMP_US: "TIMESTAMP",
    ColumnType.TEXT: "VARCHAR",
    ColumnType.CATEGORY: "VARCHAR",
    ColumnType.JSON: "VARCHAR",
}


class TableWarehouse:
    """The part of a warehouse that reports need."""

    def __init__(self) -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": 1})
        self._version = 0
        for table, columns in (("events", EVENT_COLUMNS), ("sessions", SESSION_COLUMNS)):
            declared = ", ".join(f'"{c.name}" {_TYPES[c.type]} NOT NULL' for c in columns)
            self._connection.execute(f"CREATE TABLE {table} ({declared})")
        for scan in (EVENTS_BETWEEN, SESSIONS_BEGINNING, SESSIONS_TOUCHING):
            self._connection.execute(
                f"CREATE MACRO {scan.name}(from_us, to_us) AS TABLE SELECT * FROM {scan.table}"
                f' WHERE "{scan.low}" >= make_timestamp(from_us)'
                f' AND "{scan.high}" < make_timestamp(to_us)'
            )

    @property
    def engine(self) -> Engine:
        return "duckdb"

    @property
    def version(self) -> int | None:
        return self._version

    def query(self, sql: str) -> Rows:
        cursor = self._connection.cursor()
        cursor.execute(sql)
        columns = tuple(entry[0] for entry in cursor.description or ())
        return Rows(columns, cursor.fetchall())

    def fill(self, events: Iterable[dict[str, Any]], visits: Iterable[dict[str, Any]]) -> None:
        """Put events and sessions into the tables, in the place of what they held."""
        self._version += 1
        self._connection.execute("DELETE FROM events")
        self._connection.execute("DELETE FROM sessions")
        self._insert("events", EVENT_COLUMNS, list(events))
        self._insert("sessions", SESSION_COLUMNS, list(visits))

    def _insert(self, table: str, columns: tuple[Column, ...], rows: list[dict[str, Any]]) -> None:
        if rows:
            lines = ", ".join(
                "(" + ", ".join(_write(row, column) for column in columns) + ")" for row in rows
            )
            self._connection.execute(f"INSERT INTO {table} VALUES {lines}")

    def close(self) -> None:
        self._connection.close()


def _write(row: dict[str, Any], column: Column) -> str:
    value = row.get(column.name)
    if column.type is ColumnType.TIMESTAMP_US:
        return f"make_timestamp({row.get(column.name, row.get('ts', 0))}::BIGINT)"
    if column.type is ColumnType.JSON:
        value = json.dumps(value) if value else ""
    if column.type in (ColumnType.TEXT, ColumnType.CATEGORY, ColumnType.JSON):
        return "'" + (value or "").replace("'", "''") + "'"
    return repr(value or 0)


class NoBarrier:
    """A barrier with nothing to wait for."""

    async def wait_loaded(self, timeout_s: float = 30.0) -> None:
        return None
