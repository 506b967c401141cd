"""DuckDB and ClickHouse answer questions about measurements alike: counts to the last bit,
quantiles within 1e-9."""

import asyncio
import dataclasses
import math
from typing import Any

import msgspec
import pytest

from footfall.clock import FixedClock
from footfall.model.event import EMPTY_PROPS, Event
from footfall.model.time_range import TimeRange
from footfall.reports.error import (
    ErrorQuestion,
    ErrorSeriesQuestion,
    ErrorsQuestion,
)
from footfall.reports.event_export import EVENTS_AT_ONCE, iterate_events
from footfall.reports.family import Question
from footfall.reports.heatmap import HeatmapPagesQuestion, HeatmapQuestion
from footfall.reports.link import LinksQuestion
from footfall.reports.query import And, DimensionFilter, GoalFilter, Interval
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from footfall.reports.scroll import ScrollQuestion
from footfall.reports.site_search import SearchQuestion
from footfall.reports.slice import Slice
from footfall.reports.vitals import VitalsByQuestion, VitalsQuestion, VitalsSeriesQuestion
from tests.parity.conftest import list_events
from tests.parity.site import DAY_US, MESSAGES, PROJECT, START_US
from tests.unit.reports.table import NoBarrier

pytestmark = pytest.mark.clickhouse

RANGE = TimeRange(START_US + DAY_US // 3, START_US + 8 * DAY_US)
MOST = Slice(10_000)
SOME = Slice(3, 2)
BEYOND = Slice(5, 9_999)
SCOPES = (
    Scope(PROJECT, RANGE),
    Scope(
        PROJECT,
        RANGE,
        And((DimensionFilter("device", "is", ("Mobile",)), GoalFilter(page="/pricing"))),
        "Europe/Berlin",
        "include",
    ),
    Scope(PROJECT, RANGE, DimensionFilter("page", "is", ("/straße",)), bots="only"),
)


def list_questions(scope: Scope) -> list[Question[Any]]:
    return [
        VitalsQuestion(scope),
        VitalsByQuestion(scope, part=MOST),
        VitalsByQuestion(scope, "entry_page", SOME),
        VitalsByQuestion(scope, "prop:plan", BEYOND),
        VitalsSeriesQuestion(scope, "LCP", Interval.DAY),
        ErrorsQuestion(scope, MOST),
        ErrorsQuestion(scope, SOME),
        ErrorQuestion(scope, MESSAGES[0], MOST),
        ErrorQuestion(scope, MESSAGES[2], SOME),
        ErrorQuestion(scope, "ß" * 300, MOST),
        ErrorSeriesQuestion(scope, Interval.HOUR, MESSAGES[2]),
        HeatmapQuestion(scope, "/pricing", MOST),
        HeatmapQuestion(scope, "/straße", MOST),
        HeatmapQuestion(scope, "/nowhere", MOST),
        HeatmapPagesQuestion(scope, MOST),
        SearchQuestion(scope, MOST),
        SearchQuestion(scope, SOME),
        ScrollQuestion(scope, MOST),
        LinksQuestion(scope, part=MOST),
        LinksQuestion(scope, ("download",), SOME),
    ]


CASES = [question for scope in SCOPES for question in list_questions(scope)]


@pytest.mark.parametrize(
    "question", CASES, ids=[f"{n}-{type(q).__name__}" for n, q in enumerate(CASES)]
)
def test_both_engines_answer_alike(engines, question):
    duckdb, clickhouse = (
        asyncio.run(ReportRunner(engine, NoBarrier(), FixedClock(0)).ask(question))
        for engine in engines
    )
    assert_alike(duckdb, clickhouse)


def test_the_questions_find_something(engines):
    runner = ReportRunner(engines[0], NoBarrier(), FixedClock(0))
    heatmap = asyncio.run(runner.ask(HeatmapQuestion(SCOPES[0], "/pricing", MOST)))
    assert heatmap.points.total > 100
    assert 0 < heatmap.placed_clicks < heatmap.total_clicks
    assert len(asyncio.run(runner.ask(VitalsQuestion(SCOPES[0])))) == 5
    assert asyncio.run(runner.ask(ErrorQuestion(SCOPES[0], MESSAGES[0], MOST))).total > 100


def assert_alike(ours: Any, theirs: Any, where: str = "") -> None:
    if dataclasses.is_dataclass(ours):
        ours, theirs = vars_of(ours), vars_of(theirs)
    if isinstance(ours, dict):
        assert ours.keys() == theirs.keys()
        for name in ours:
            assert_alike(ours[name], theirs[name], f"{where}.{name}")
    elif isinstance(ours, list | tuple):
        assert len(ours) == len(theirs), where
        for number, (left, right) in enumerate(zip(ours, theirs, strict=True)):
            assert_alike(left, right, f"{where}[{number}]")
    elif isinstance(ours, float) and isinstance(theirs, float):
        assert math.isclose(ours, theirs, rel_tol=1e-9), where
    else:
        assert ours == theirs, where


def vars_of(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


async def read_all(engine: Any, scope: Scope) -> list[Event]:
    runner = ReportRunner(engine, NoBarrier(), FixedClock(0))
    return [event async for events in iterate_events(runner, scope) for event in events]


def test_both_engines_export_the_same_events(engines):
    span = TimeRange(START_US + DAY_US // 3 + 1, START_US + 2 * DAY_US)
    scope = Scope(PROJECT, span, bots="include")
    duckdb, clickhouse = (asyncio.run(read_all(engine, scope)) for engine in engines)
    assert len(duckdb) > 2 * EVENTS_AT_ONCE
    assert_alike(read_meaning(duckdb), read_meaning(clickhouse))
    expected = [event for event in list_events() if span.contains(event.ts)]
    expected.sort(key=lambda event: (event.ts, event.event_id))
    assert_alike(read_meaning(duckdb), read_meaning(expected))


def read_meaning(events: list[Event]) -> list[tuple[Any, ...]]:
    """Engines may write a number of a property in another way: 1e300 as 1e+300."""
    return [
        (
            msgspec.json.decode(bytes(e.props) or b"null"),
            msgspec.structs.replace(e, props=EMPTY_PROPS),
        )
        for e in events
    ]
