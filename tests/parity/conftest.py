"""The same generated events in both engines."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from footfall.model.event import EVENT_COLUMNS
from footfall.model.session import SESSION_COLUMNS
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Segment
from tests.parity.chdb_table import ChdbWarehouse
from tests.parity.site import make_events

EVENTS = 200_000


@pytest.fixture(scope="package")
def engines(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[DuckdbWarehouse, ChdbWarehouse]]:
    """DuckDB as the product fills it, and ClickHouse with the same rows."""
    folder: Path = tmp_path_factory.mktemp("parity")
    duckdb = DuckdbWarehouse(folder / "events.duckdb", temp_dir=folder / "tmp")
    duckdb.setup()
    lines = folder / "events.ndjson"
    encoder = msgspec.json.Encoder()
    with lines.open("wb") as file:
        count = sum(bool(file.write(encoder.encode(e) + b"\n")) for e in make_events(EVENTS))
    assert duckdb.load([Segment("parity", lines, count)]) == count
    clickhouse = ChdbWarehouse()
    for table, columns in (("events", EVENT_COLUMNS), ("sessions", SESSION_COLUMNS)):
        parquet = folder / f"{table}.parquet"
        with duckdb._cursor() as cursor:
            cursor.execute(f"COPY (SELECT * FROM {table}) TO '{parquet}' (FORMAT parquet)")
        clickhouse.load(table, columns, parquet)
    yield duckdb, clickhouse
    clickhouse.close()
    duckdb.close()
