"""Which way through a funnel counts: tries within a window, equal instants, equal steps."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from footfall.clock import US_PER_MINUTE, FixedClock
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange
from footfall.reports.funnel import FunnelQuestion, FunnelStep
from footfall.reports.query import GoalFilter
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from tests.oracle.session import make_visits
from tests.oracle.strategy import TEXT_DEFAULTS
from tests.unit.reports.table import NoBarrier, TableWarehouse

START_US = 1_780_272_000_000_000
SCOPE = Scope(1, TimeRange(START_US, START_US + 10_000 * US_PER_MINUTE))


@pytest.fixture(scope="module")
def warehouse() -> Iterator[TableWarehouse]:
    made = TableWarehouse()
    yield made
    made.close()


def ask(warehouse: TableWarehouse, views: list[tuple[float, str]], question: FunnelQuestion) -> Any:
    """Let one visitor see pages, given as minute and path; visits end after 30 minutes."""
    events, session, before = [], 0, -1e9
    for number, (minute, path) in enumerate(views, start=1):
        session, before = session + (minute - before > 30), minute
        events.append(
            TEXT_DEFAULTS
            | {
                "project": 1,
                "ts": START_US + int(minute * US_PER_MINUTE),
                "event_id": number,
                "visitor": 7,
                "session": session,
                "kind": "pageview",
                "interactive": 1,
                "name": "",
                "path": path,
                "engagement_ms": 0,
                "revenue_micros": 0,
                "currency": "",
                "bot_score": 0,
                "props": {},
            }
        )
    warehouse.fill(events, make_visits(events).values())
    return asyncio.run(ReportRunner(warehouse, NoBarrier(), FixedClock(0)).ask(question))


def make_question(*pages: str, **more: Any) -> FunnelQuestion:
    steps = tuple(FunnelStep(page, GoalFilter(page=page)) for page in pages)
    return FunnelQuestion(SCOPE, steps, **more)


def count(figures: Any) -> list[int]:
    return [step.visitors for step in figures.steps]


def test_going_back_and_on_is_still_a_way(warehouse):
    views = [(0, "/1"), (1, "/2"), (2, "/1"), (4, "/3")]
    found = ask(warehouse, views, make_question("/1", "/2", "/3"))
    assert count(found) == [1, 1, 1]
    assert [step.median_s for step in found.steps] == [None, 60.0, 180.0]


def test_a_later_try_may_be_in_time_where_the_first_was_not(warehouse):
    views = [(0, "/1"), (100, "/1"), (101, "/2"), (105, "/3")]
    found = ask(warehouse, views, make_question("/1", "/2", "/3", window_minutes=10))
    assert count(found) == [1, 1, 1]
    assert [step.median_s for step in found.steps] == [None, 60.0, 240.0]


def test_the_try_that_gets_furthest_counts_though_a_later_one_began(warehouse):
    views = [(0, "/1"), (1, "/2"), (2, "/3"), (50, "/1"), (51, "/2")]
    found = ask(warehouse, views, make_question("/1", "/2", "/3", window_minutes=10))
    assert [step.median_s for step in found.steps] == [None, 60.0, 60.0]


def test_of_equal_tries_the_first_to_arrive_counts_and_then_the_last_to_begin(warehouse):
    views = [(0, "/1"), (1, "/1"), (4, "/2"), (50, "/1"), (51, "/2")]
    found = ask(warehouse, views, make_question("/1", "/2", window_minutes=10))
    assert [step.median_s for step in found.steps] == [None, 180.0]


def test_steps_of_two_tries_do_not_make_one(warehouse):
    # The second page is in time for the second start only, the third for the first only.
    views = [(0, "/1"), (5, "/2"), (11, "/1"), (12, "/3")]
    found = ask(warehouse, views, make_question("/1", "/2", "/3", window_minutes=10))
    assert count(found) == [1, 1, 0]


@pytest.mark.parametrize(("minute", "reached"), [(10, 1), (10 + 1 / 60_000_000, 0)])
def test_the_last_instant_of_the_window_belongs_to_it(warehouse, minute, reached):
    views = [(0, "/1"), (minute, "/2")]
    assert count(ask(warehouse, views, make_question("/1", "/2", window_minutes=10)))[1] == reached


def test_equal_instants_follow_the_ids_of_events(warehouse):
    question = make_question("/1", "/2")
    assert count(ask(warehouse, [(0, "/1"), (0, "/2")], question)) == [1, 1]
    assert count(ask(warehouse, [(0, "/2"), (0, "/1")], question)) == [1, 0]
    for window in (1, 1_000):
        timed = replace(question, window_minutes=window)
        assert count(ask(warehouse, [(0, "/2"), (0, "/1")], timed)) == [1, 0]


def test_equal_steps_want_different_events(warehouse):
    question = make_question("/*", "/*", "/*")
    for timed in (question, replace(question, window_minutes=60)):
        assert count(ask(warehouse, [(0, "/1"), (0, "/2")], timed)) == [1, 1, 0]


def test_steps_may_lie_in_several_visits_unless_one_is_wanted(warehouse):
    views = [(0, "/1"), (60, "/2")]
    assert count(ask(warehouse, views, make_question("/1", "/2"))) == [1, 1]
    assert count(ask(warehouse, views, make_question("/1", "/2", within_visit=True))) == [1, 0]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"steps": ()}, "a funnel has 0 steps; accepted are 2 to 10"),
        ({"window_minutes": 0}, "window_minutes is 0; accepted are 1 to 527040"),
        ({"limit": 101}, "limit is 101; accepted are 1 to 100"),
        ({"dimension": "colour"}, "unknown dimension 'colour'"),
        (
            {"steps": (FunnelStep("a", GoalFilter(page="/")), FunnelStep("b", GoalFilter()))},
            "a goal names a page or an event",
        ),
    ],
)
def test_refuses_what_is_no_funnel(changes, sentence):
    with pytest.raises(InvalidInputError, match=sentence):
        replace(make_question("/1", "/2"), **changes).check()
