"""A click on a row of a list filters every panel by it: how long the query library works on the
new questions, over an empty warehouse, where the engine has nothing to do.

`python -m benchmarks.click` asks the panels of the first page one after another: after a start,
again, filtered by a country, and filtered by another one.
"""

import asyncio
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.dashboard import make_panels
from footfall.clock import SystemClock
from footfall.model.time_range import TimeRange
from footfall.reports.query import DimensionFilter, Query
from footfall.reports.run import ReportRunner
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from tests.unit.reports.table import NoBarrier

SPAN = TimeRange(0, 30 * 86_400_000_000)


def measure_clicks() -> dict[str, float]:
    """Return the milliseconds of all panels together for each of the four."""
    queries = [panel.query for panel in make_panels(1, SPAN)]
    asked = {
        "after a start": queries,
        "again": queries,
        "a country": filter_by(queries, "DE"),
        "another country": filter_by(queries, "FR"),
    }
    with tempfile.TemporaryDirectory() as name:
        warehouse = DuckdbWarehouse(Path(name) / "events.duckdb", temp_dir=Path(name) / "tmp")
        warehouse.setup()
        runner = ReportRunner(warehouse, NoBarrier(), SystemClock())
        figures = {name: measure(runner, questions) for name, questions in asked.items()}
        warehouse.close()
    return figures


def filter_by(queries: list[Query], country: str) -> list[Query]:
    """Return the questions of a page that is filtered by a country."""
    return [replace(q, filter=DimensionFilter("country", "is", (country,))) for q in queries]


def measure(runner: ReportRunner, queries: list[Query]) -> float:
    """Return the milliseconds that some questions take."""

    async def ask() -> None:
        for query in queries:
            await runner.run(query)

    started = time.perf_counter()
    asyncio.run(ask())
    return (time.perf_counter() - started) * 1_000


if __name__ == "__main__":
    for what, milliseconds in measure_clicks().items():
        print(f"{what:20} {milliseconds:6.0f} ms")
