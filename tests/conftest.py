"""Fixtures that more than one room's tests use."""

import gc
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from footfall.model.event import Event
from footfall.store.clickhouse.warehouse import ClickhouseWarehouse
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Segment, Warehouse
from tests.postgres_server import postgres_server

__all__ = ["postgres_server"]

# Every whole application that a test builds leaves a million objects behind. Collecting as often as
# Python comes costs a sixth of the run's processor time.
gc.set_threshold(100_000, 20, 100)

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


@pytest.fixture(scope="session")
def clickhouse_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A ClickHouse engine for the whole run; add a database name of your own to the URL."""
    shim = Path(__file__).with_name("clickhouse_shim.py")
    with subprocess.Popen(
        [sys.executable, str(shim), str(tmp_path_factory.mktemp("clickhouse"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"clickhouse://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()
        process.wait(30)


@pytest.fixture
def clickhouse_warehouse(clickhouse_url: str) -> Iterator[ClickhouseWarehouse]:
    """An empty ClickHouse warehouse in a database of its own, set up."""
    warehouse = ClickhouseWarehouse(f"{clickhouse_url}/test_{secrets.token_hex(6)}")
    warehouse.setup()
    yield warehouse
    warehouse.close()


@pytest.fixture(
    params=["duckdb", pytest.param("clickhouse", marks=pytest.mark.clickhouse)],
)
def warehouse(request: pytest.FixtureRequest) -> Warehouse:
    """An empty warehouse of each engine, set up."""
    found: Warehouse = request.getfixturevalue(f"{request.param}_warehouse")
    return found
