"""Counts of experiments and the oracle agree: random exposures, conversions and contaminations."""

import asyncio
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

moments = st.one_of(
    st.integers(START - 30 * DAY_US, START + 12 * DAY_US),
    st.sampled_from([START, START - 1, SPAN[1], SPAN[1] - 1, START + DAY_US, START + DAY_US + 1]),
)
props = st.sampled_from(
    [
        {},
        {"variant_id": "v0"},
        {"variant_id": "v1"},
        {"variant_id": "v9"},
        {"experiment_id": "e", "variant_id": "v1"},
        {"experiment_id": "e", "variant_id": "v0"},
        {"experiment_id": "e", "variant_id": "v9"},
        {"experiment_id": "other", "variant_id": "v1"},
    ]
)
EXPOSED = ("exposure", "e")
shapes = st.sampled_from(
    [EXPOSED, EXPOSED, ("event", "buy"), ("event", "x"), ("pageview", ""), ("buy", "")]
)


@st.composite
def make_events(draw: st.DrawFn) -> list[dict[str, Any]]:
    events = []
    for number in range(draw(st.integers(0, 30))):
        kind, name = draw(shapes)
        visitor = draw(st.integers(1, 6))
        events.append(
            TEXT_DEFAULTS
            | {
                "project": 1,
                "ts": draw(moments),
                "received_at": 0,
                "event_id": number,
                "visitor": visitor,
                "session": draw(st.sampled_from([0, visitor * 10, visitor * 10 + 1])),
                "kind": kind,
                "door": "pulse",
                "interactive": int(kind in {"event", "pageview"}),
                "name": name,
                "path": "/",
                "bot_score": draw(st.sampled_from([0, 0, 0, 80])),
                "revenue_micros": draw(st.sampled_from([0, 1, 9_990_000, -5])),
                "props": draw(props),
            }
        )
    return events


@pytest.fixture(scope="module")
def warehouse() -> Iterator[TableWarehouse]:
    made = TableWarehouse()
    yield made
    made.close()


def ask(warehouse: TableWarehouse, question: TallyQuestion) -> Tally:
    runner = ReportRunner(warehouse, NoBarrier(), FixedClock(START))
    return asyncio.run(runner.ask(question))


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(make_events(), st.sampled_from(["visitor", "session"]), st.sampled_from(["buy", "pageview"]))
def test_counts_agree_with_the_oracle(
    warehouse: TableWarehouse, events: list[dict[str, Any]], unit: Any, metric: str
) -> None:
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
