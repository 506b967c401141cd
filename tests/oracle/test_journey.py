"""Funnels, goals, retention, cohorts, paths and journeys agree with the oracle: random sites,
random questions, exact figures."""

import asyncio
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.cohort import METRICS, CohortQuestion
from footfall.reports.family import Question as FamilyQuestion
from footfall.reports.funnel import FunnelQuestion, FunnelStep, StepFigures
from footfall.reports.goal import GoalFigures, GoalQuestion
from footfall.reports.path import JourneyQuestion, PathQuestion
from footfall.reports.query import GoalFilter, Interval
from footfall.reports.retention import RetentionQuestion
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from tests.oracle.answer import answer
from tests.oracle.calendar import list_labels
from tests.oracle.journey import (
    Funnel,
    answer_funnel,
    answer_goal,
    answer_journeys,
    answer_paths,
    answer_retention,
)
from tests.oracle.question import Question
from tests.oracle.session import Event, make_visits
from tests.oracle.strategy import DIMENSIONS, HOUR_US, MOMENTS, make_question, make_site
from tests.oracle.test_agreement import make_filter
from tests.unit.reports.table import NoBarrier, TableWarehouse

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "30"))

against_oracle = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck)
)

DEEDS = st.sampled_from(
    (
        ("/", None, ()),
        ("/a", None, ()),
        ("/a*", None, ()),
        ("*", None, ()),
        (None, "signup", ()),
        (None, "s*", ()),
        ("/a", "buy", ()),
        (None, "buy", (("plan", "9"),)),
        ("/*", None, (("plan", "pro"),)),
    )
)
GOALS = DEEDS | st.sampled_from(((None, None, (), 60, None), (None, None, (), None, 2)))
DIMENSION = st.sampled_from(DIMENSIONS)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[TableWarehouse]:
    made = TableWarehouse()
    yield made
    made.close()


@st.composite
def make_case(draw: st.DrawFn) -> tuple[list[Event], Question]:
    """Draw a site and the common part of a question about it."""
    zone, around_us = draw(st.sampled_from(MOMENTS))
    question = draw(make_question(zone, around_us))
    question = replace(question, metrics=("visitors",), dimensions=(), interval=None)
    return draw(make_site(around_us)), question


def ask(
    warehouse: TableWarehouse, events: list[Event], question: FamilyQuestion[Any], now: int = 0
) -> Any:
    warehouse.fill(events, make_visits(events).values())
    return asyncio.run(ReportRunner(warehouse, NoBarrier(), FixedClock(now)).ask(question))


def make_scope(question: Question) -> Scope:
    condition = question.condition and make_filter(question.condition)
    span = TimeRange(question.start, question.end)
    return Scope(1, span, condition, question.zone, question.bots)


def read_steps(steps: tuple[StepFigures, ...]) -> list[tuple[int, float | None]]:
    return [(step.visitors, step.median_s) for step in steps]


@against_oracle
@given(
    case=make_case(),
    steps=st.lists(DEEDS, min_size=2, max_size=4),
    window=st.sampled_from((None, 1, 20, 60, 1440)),
    within_visit=st.booleans(),
    dimension=st.none() | DIMENSION,
)
def test_funnel_equals_oracle(warehouse, case, steps, window, within_visit, dimension):
    events, question = case
    asked = FunnelQuestion(
        make_scope(question),
        tuple(FunnelStep(str(i), GoalFilter(*deed)) for i, deed in enumerate(steps)),
        window,
        within_visit,
        dimension,
        limit=100,
    )
    found = ask(warehouse, events, asked)

    window_us = None if window is None else window * 60_000_000
    funnel = Funnel(tuple(steps), window_us, within_visit, dimension)
    expected = answer_funnel(question, funnel, events)
    assert read_steps(found.steps) == expected.pop(None)
    ordered = sorted(expected, key=lambda value: (-expected[value][0][0], value))
    assert [group.value for group in found.groups] == ordered
    assert {group.value: read_steps(group.steps) for group in found.groups} == expected


def read_goal(figures: GoalFigures) -> tuple[int, int, int, dict[str, int]]:
    revenue = dict(figures.revenue_micros)
    return figures.conversions, figures.converted_visitors, figures.visitors, revenue


@against_oracle
@given(case=make_case(), goal=GOALS, dimension=DIMENSION)
def test_goal_by_dimension_equals_oracle(warehouse, case, goal, dimension):
    events, question = case
    asked = GoalQuestion(make_scope(question), GoalFilter(*goal), dimension=dimension, limit=1_000)
    found = ask(warehouse, events, asked)

    expected = answer_goal(replace(question, dimensions=(dimension,)), goal, events)
    assert read_goal(found.total) == expected.pop("")
    assert {f"={line.label}": read_goal(line.figures) for line in found.lines} == expected
    order = [(-f.conversions, -f.visitors) for f in (line.figures for line in found.lines)]
    assert order == sorted(order)


@against_oracle
@given(case=make_case(), goal=GOALS, interval=st.sampled_from(("hour", "day", "week", "month")))
def test_goal_over_time_equals_oracle(warehouse, case, goal, interval):
    events, question = case
    asked = GoalQuestion(make_scope(question), GoalFilter(*goal), Interval(interval))
    found = ask(warehouse, events, asked)

    question = replace(question, interval=interval)
    expected = answer_goal(question, goal, events)
    assert read_goal(found.total) == expected.pop("")
    labels = list_labels(question.start, question.end, interval, question.zone)
    assert [line.label for line in found.lines] == labels
    for line in found.lines:
        assert read_goal(line.figures) == expected.get(line.label, (0, 0, 0, {})), line.label


@against_oracle
@given(
    case=make_case(),
    period=st.sampled_from(("day", "week", "month")),
    days=st.sampled_from(((1,), (1, 2, 3), (2, 7))),
    hours=st.integers(-24, 72),
)
def test_retention_equals_oracle(warehouse, case, period, days, hours):
    events, question = case
    now = question.end + hours * HOUR_US
    asked = RetentionQuestion(make_scope(question), Interval(period), days)
    found = ask(warehouse, events, asked, now)

    expected = answer_retention(question, period, days, events, now)
    assert {c.start: (c.visitors, dict(c.returned)) for c in found} == expected
    assert [c.start for c in found] == sorted(expected)


@against_oracle
@given(
    case=make_case(),
    period=st.sampled_from(("week", "month")),
    metric=st.sampled_from(METRICS),
)
def test_cohorts_equal_oracle(warehouse, case, period, metric):
    events, question = case
    found = ask(warehouse, events, CohortQuestion(make_scope(question), Interval(period), metric))

    question = replace(question, metrics=("visitors", metric), interval=period)
    lines, _ = answer(question, events)
    labels = list_labels(question.start, question.end, period, question.zone)
    assert [cohort.start for cohort in found] == labels
    for cohort in found:
        expected = lines.get(((), cohort.start), {"visitors": 0, metric: 0})
        assert (cohort.visitors, cohort.total) == (expected["visitors"], expected[metric])


@against_oracle
@given(
    case=make_case(),
    page=st.sampled_from(("/", "/a", "/a*", "*")),
    direction=st.sampled_from(("forward", "backward")),
)
def test_paths_equal_oracle(warehouse, case, page, direction):
    events, question = case
    found = ask(warehouse, events, PathQuestion(make_scope(question), page, direction, 100))

    expected = answer_paths(question, page, direction, events)
    assert {flow.page: (flow.times, flow.visitors) for flow in found.flows} == expected
    assert found.total == sum(times for times, _ in expected.values())
    order = [(-flow.times, flow.page) for flow in found.flows]
    assert order == sorted(order)


@against_oracle
@given(
    case=make_case(),
    steps=st.integers(2, 5),
    page=st.sampled_from((None, "/", "/a*")),
)
def test_journeys_equal_oracle(warehouse, case, steps, page):
    events, question = case
    found = ask(warehouse, events, JourneyQuestion(make_scope(question), steps, page, 100))

    expected = answer_journeys(question, steps, page, events)
    assert {j.pages: (j.visits, j.visitors) for j in found.journeys} == expected
    assert found.total == sum(visits for visits, _ in expected.values())
    order = [(-journey.visits, journey.pages) for journey in found.journeys]
    assert order == sorted(order)
