"""Counts of experiments and the oracle agree: random exposures, conversions and contaminations."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.clock import FixedClock
from footfall.experiments.success import Sent
from footfall.experiments.tally import Tally, TallyQuestion
from footfall.model.time_range import TimeRange
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from tests.oracle.experiment import DAY_US, tally
from tests.oracle.strategy import TEXT_DEFAULTS
from tests.unit.experiments.builder import make_experiment
from tests.unit.reports.table import NoBarrier, TableWarehouse

START = 1_780_272_000_000_000
SPAN = (START, START + 10 * DAY_US)

INSTANTS = [
    SPAN[0] - 29 * DAY_US,
    SPAN[0] - 27 * DAY_US,
    SPAN[0] - 1,
    SPAN[0],
    SPAN[0] + DAY_US,
    SPAN[0] + DAY_US + 1,
    SPAN[0] + 2 * DAY_US,
    SPAN[0] + 2 * DAY_US + 1,
    SPAN[1] - 1,
    SPAN[1],
]
"""Few, so that exposures and conversions meet on the borders."""

SHAPES = (
    ("exposure", "e"),
    ("exposure", "e"),
    ("exposure", "other"),
    ("event", "buy"),
    ("event", "buy"),
    ("event", "x"),
    ("pageview", ""),
    ("buy", ""),
)
SEEN = ("v0", "v0", "v0", "v1", "v1", "v9")
NAMED: tuple[dict[str, Any], ...] = (
    {},
    {},
    {},
    {"variant_id": "v1"},
    {"experiment_id": "e", "variant_id": "v0"},
    {"experiment_id": "e", "variant_id": "v1"},
    {"experiment_id": "e", "variant_id": "v9"},
    {"experiment_id": "other", "variant_id": "v1"},
)


def make_events(rolls: random.Random, count: int) -> list[dict[str, Any]]:
    """Many visitors with a handful of events each; drawing each field would find less in more
    time."""
    return [_make_event(rolls, number, count) for number in range(count)]


def _make_event(rolls: random.Random, number: int, count: int) -> dict[str, Any]:
    kind, name = rolls.choice(SHAPES)
    visitor = rolls.randrange(1, count // 4 + 2)
    props = {"variant_id": rolls.choice(SEEN)} if kind == "exposure" else rolls.choice(NAMED)
    anywhere = rolls.randrange(START - 30 * DAY_US, START + 12 * DAY_US)
    return TEXT_DEFAULTS | {
        "project": 1,
        "ts": rolls.choice(INSTANTS) if rolls.random() < 0.7 else anywhere,
        "received_at": 0,
        "event_id": number,
        "visitor": visitor,
        "session": rolls.choice((0, visitor * 10, visitor * 10 + 1)),
        "kind": kind,
        "door": "pulse",
        "interactive": int(kind in {"event", "pageview"}),
        "name": name,
        "path": "/",
        "bot_score": rolls.choice((0, 0, 0, 0, 80)),
        "revenue_micros": rolls.choice((0, 1, 9_990_000, -5)),
        "props": props,
    }


@pytest.fixture(scope="module")
def warehouse() -> Iterator[TableWarehouse]:
    made = TableWarehouse()
    yield made
    made.close()


def ask(warehouse: TableWarehouse, question: TallyQuestion) -> Tally:
    runner = ReportRunner(warehouse, NoBarrier(), FixedClock(START))
    return asyncio.run(runner.ask(question))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(0, 2**32),
    st.integers(0, 200),
    st.sampled_from(["visitor", "session"]),
    st.sampled_from(["buy", "buy", "pageview", "exposure"]),
)
def test_counts_agree_with_the_oracle(
    warehouse: TableWarehouse, seed: int, count: int, unit: Any, metric: str
) -> None:
    events = make_events(random.Random(seed), count)
    warehouse.fill(events, [])
    experiment = replace(make_experiment(1, 1), started_at_us=SPAN[0], ended_at_us=SPAN[1] - 1)
    scope = Scope(1, TimeRange(SPAN[0] - DAY_US, SPAN[1] + DAY_US))
    question = TallyQuestion(scope, experiment, Sent(metric), unit, has_before=True)
    found = ask(warehouse, question)
    expected = tally(
        events, experiment="e", variants=["v0", "v1"], metric=metric, span=SPAN, unit=unit
    )
    ours = {
        arm.variant.id: [
            arm.units,
            arm.conversions,
            arm.revenue_micros,
            sum(cell.before * cell.units for cell in arm.cells),
        ]
        for arm in found.arms
    }
    assert ours == expected["figures"]
    assert found.contaminated == expected["contaminated"]
