"""The same generated events in both engines, each loaded as the product loads them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from secrets import token_hex

import msgspec
import pytest

from footfall.model.event import Event
from footfall.store.clickhouse.warehouse import ClickhouseWarehouse
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Segment, Warehouse
from tests.parity.site import make_events

EVENTS = 200_000
SEGMENTS = 4
"""Several, so that sessions reach over the border between them."""


@cache
def list_events() -> tuple[Event, ...]:
    """Return what both engines were given; making it takes seconds."""
    return tuple(make_events(EVENTS))


@pytest.fixture(scope="package")
def engines(
    tmp_path_factory: pytest.TempPathFactory, clickhouse_url: str
) -> Iterator[tuple[Warehouse, Warehouse]]:
    """A DuckDB and a ClickHouse warehouse that were given the same segments."""
    folder: Path = tmp_path_factory.mktemp("parity")
    segments = save_segments(folder)
    warehouses = (
        DuckdbWarehouse(folder / "events.duckdb", temp_dir=folder / "tmp"),
        # A name of its own each time: the engine outlives this fixture.
        ClickhouseWarehouse(f"{clickhouse_url}/parity_{token_hex(4)}"),
    )
    for warehouse in warehouses:
        warehouse.setup()
        assert warehouse.load(segments) == sum(segment.events for segment in segments)
    yield warehouses
    for warehouse in warehouses:
        warehouse.close()


def save_segments(folder: Path) -> list[Segment]:
    """Write the events as segments, in the order of arrival."""
    events = sorted(list_events(), key=lambda event: event.ts)
    size = len(events) // SEGMENTS + 1
    encoder = msgspec.json.Encoder()
    segments = []
    for number in range(SEGMENTS):
        part = events[number * size : (number + 1) * size]
        path = folder / f"segment-{number}.ndjson"
        path.write_bytes(b"".join(encoder.encode(event) + b"\n" for event in part))
        segments.append(Segment(f"parity-{number}", path, len(part)))
    return segments
