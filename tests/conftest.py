"""Fixtures that more than one room's tests use."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from footfall.model.event import Event
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Segment, Warehouse

MakeSegment = Callable[[str, Sequence[Event]], Segment]


@pytest.fixture
def make_segment(tmp_path: Path) -> MakeSegment:
    """Write events as a closed spool file of the given id."""

    def make(segment_id: str, events: Sequence[Event]) -> Segment:
        path = tmp_path / f"{segment_id}.ndjson"
        path.write_bytes(b"".join(msgspec.json.encode(e) + b"\n" for e in events))
        return Segment(segment_id, path, len(events))

    return make


@pytest.fixture
def duckdb_warehouse(tmp_path: Path) -> Iterator[DuckdbWarehouse]:
    """An empty DuckDB warehouse, set up."""
    warehouse = DuckdbWarehouse(tmp_path / "events.duckdb", threads=2, temp_dir=tmp_path / "tmp")
    warehouse.setup()
    yield warehouse
    warehouse.close()


@pytest.fixture(params=["duckdb"])
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    """An empty warehouse of each engine, set up."""
    found: Warehouse = request.getfixturevalue(f"{request.param}_warehouse")
    return found
