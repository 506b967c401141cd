"""The ClickHouse engine inside this process, with the two tables of the column declaration. It
knows nothing of the adapter: it asks whether the SQL of reports means the same there."""

import json
from pathlib import Path

from chdb.session import Session as Engine_

from footfall.model.column import Column, ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.model.session import SESSION_COLUMNS
from footfall.store.warehouse import Engine, Rows

_TYPES = {
    ColumnType.UINT8: "UInt8",
    ColumnType.UINT32: "UInt32",
    ColumnType.INT64: "Int64",
    ColumnType.FLOAT64: "Float64",
    ColumnType.TIMESTAMP_US: "DateTime64(6, 'UTC')",
    ColumnType.TEXT: "String",
    ColumnType.CATEGORY: "LowCardinality(String)",
    ColumnType.JSON: "String",
}
_SETTINGS = "SETTINGS join_use_nulls = 1, output_format_json_quote_64bit_integers = 0"


class ChdbWarehouse:
    """The part of a warehouse that reports need."""

    def __init__(self) -> None:
        self._session = Engine_()
        self._run("CREATE DATABASE IF NOT EXISTS parity ENGINE = Atomic")
        for table, columns, order in (
            ("events", EVENT_COLUMNS, "project, ts"),
            ("sessions", SESSION_COLUMNS, "project, start"),
        ):
            declared = ", ".join(f"`{c.name}` {_TYPES[c.type]}" for c in columns)
            self._run(
                f"CREATE TABLE parity.{table} ({declared}) ENGINE = MergeTree ORDER BY ({order})"
            )
        self._run("USE parity")

    @property
    def engine(self) -> Engine:
        return "clickhouse"

    def query(self, sql: str) -> Rows:
        answer = json.loads(self._run(f"{sql} {_SETTINGS}", "JSONCompact"))
        columns = tuple(entry["name"] for entry in answer["meta"])
        return Rows(columns, [tuple(row) for row in answer["data"]])

    def load(self, table: str, columns: tuple[Column, ...], parquet: Path) -> None:
        """Load a table from a Parquet file with the same columns."""
        names = ", ".join(f"`{c.name}`" for c in columns)
        self._run(
            f"INSERT INTO parity.{table} ({names}) SELECT {names} FROM file('{parquet}', Parquet)"
        )

    def close(self) -> None:
        self._session.close()

    def _run(self, sql: str, form: str = "CSV") -> str:
        answer = self._session.query(sql, form)
        return answer.data() if hasattr(answer, "data") else str(answer)
