"""What a funnel, retention and paths cost: seconds of each beside a plain count of the same events,
in one run on one file of DuckDB. `python -m benchmarks.funnel --events 2000000`."""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.history import History, save_history
from benchmarks.longterm import MEMORY_LIMIT_MB, load
from footfall.clock import US_PER_DAY
from footfall.model.time_range import TimeRange
from footfall.reports.family import Desk, Question
from footfall.reports.funnel import FunnelQuestion, FunnelStep
from footfall.reports.path import JourneyQuestion, PathQuestion
from footfall.reports.query import GoalFilter
from footfall.reports.retention import RetentionQuestion
from footfall.reports.scope import Scope
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Warehouse

ROUNDS = 3
PROJECT = 1
"""The largest of the history's projects: half of all events."""

STEPS = tuple(
    FunnelStep(str(number), deed)
    for number, deed in enumerate(
        (
            GoalFilter(page="/section/*"),
            GoalFilter(page="/section/page-1*"),
            GoalFilter(page="/section/page-2*"),
            GoalFilter(event="Event 1*"),
        )
    )
)


def measure_families(folder: Path, events: int) -> dict[str, Any]:
    """Return the seconds of each question and of the plain count."""
    history = History(events=events)
    save_history(history, folder / "made")
    load(folder)
    warehouse = DuckdbWarehouse(
        folder / "footfall.duckdb",
        memory_limit_mb=MEMORY_LIMIT_MB,
        threads=2,
        temp_dir=folder / "tmp",
    )
    end_us = history.start_us + (history.days + 1) * US_PER_DAY
    scope = Scope(PROJECT, TimeRange(history.start_us, end_us))
    questions: dict[str, Question[Any]] = {
        "funnel_4_steps": FunnelQuestion(scope, STEPS),
        "funnel_4_steps_in_an_hour": FunnelQuestion(scope, STEPS, window_minutes=60),
        "funnel_4_steps_by_source": FunnelQuestion(scope, STEPS, dimension="source"),
        "retention_by_week": RetentionQuestion(scope),
        "paths": PathQuestion(scope, "/section/page-1"),
        "journeys_of_3": JourneyQuestion(scope),
    }
    plain = f"SELECT count(*), count(DISTINCT visitor) FROM events WHERE project = {PROJECT}"
    figures: dict[str, Any] = {"events": warehouse.query(plain).rows[0][0]}
    figures["plain_count_s"] = _time(lambda: warehouse.query(plain))
    for name, question in questions.items():
        figures[f"{name}_s"] = _time(lambda asked=question: _ask(warehouse, asked, end_us))
    warehouse.close()
    return figures


def _ask(warehouse: Warehouse, question: Question[Any], now_us: int) -> None:
    question.run(Desk(warehouse, question.scope, now_us))


def _time(run: Callable[[], object]) -> float:
    seconds = []
    for _ in range(ROUNDS):
        started = time.monotonic()
        run()
        seconds.append(time.monotonic() - started)
    return round(median(seconds), 3)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        json.dump(measure_families(Path(folder), options.events), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
