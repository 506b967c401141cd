"""Funnels, goals, retention, cohorts, paths and journeys answer alike on DuckDB and ClickHouse, to
the last bit."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.cohort import METRICS, CohortQuestion
from footfall.reports.family import Question
from footfall.reports.funnel import FunnelQuestion, FunnelStep
from footfall.reports.goal import GoalQuestion
from footfall.reports.path import JourneyQuestion, PathQuestion
from footfall.reports.query import And, DimensionFilter, GoalFilter, Interval
from footfall.reports.retention import RetentionQuestion
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from tests.parity.site import DAY_US, PROJECT, START_US
from tests.unit.reports.table import NoBarrier

pytestmark = pytest.mark.clickhouse

SCOPE = Scope(
    PROJECT, TimeRange(START_US + DAY_US // 3, START_US + 8 * DAY_US), time_zone="Europe/Berlin"
)
GERMAN = DimensionFilter("country", "is", ("DE",))
PRICING = DimensionFilter("page", "is", ("/pricing",))
EXIT = DimensionFilter("exit_page", "is_not", ("/",))
SCOPES = (
    SCOPE,
    replace(SCOPE, filter=And((GERMAN, EXIT)), bots="include", time_zone="Asia/Kathmandu"),
    replace(SCOPE, filter=And((PRICING, GoalFilter(event="buy*"))), bots="only"),
    replace(SCOPE, filter=GoalFilter(min_duration_s=600, min_pageviews=2)),
)
scopes = pytest.mark.parametrize("scope", SCOPES, ids=("all", "german", "bots", "long"))

STEPS = tuple(
    FunnelStep(str(number), deed)
    for number, deed in enumerate(
        (
            GoalFilter(page="/"),
            GoalFilter(page="/b*"),
            GoalFilter(page="/b*"),
            GoalFilter(event="buy", props=(("plan", "9"),)),
        )
    )
)
GOALS = (
    GoalFilter(page="/straße"),
    GoalFilter(event="buy", props=(("seats", "9"),)),
    GoalFilter(page="/pricing", event="*"),
    GoalFilter(min_duration_s=900),
    GoalFilter(min_pageviews=3),
)


def ask_both(engines: Any, question: Question[Any]) -> Any:
    now = FixedClock(START_US + 9 * DAY_US)
    duckdb, clickhouse = (
        asyncio.run(ReportRunner(engine, NoBarrier(), now).ask(question)) for engine in engines
    )
    assert duckdb == clickhouse
    return duckdb


@scopes
@pytest.mark.parametrize("window", [None, 30])
def test_funnels(engines, scope, window):
    question = FunnelQuestion(scope, STEPS, window)
    found = ask_both(engines, question)
    assert found.steps[1].visitors > found.steps[2].visitors > 0
    assert found.steps[1].median_s
    within = ask_both(engines, replace(question, within_visit=True))
    assert 0 < within.steps[1].visitors <= found.steps[1].visitors


@pytest.mark.parametrize("dimension", ["country", "entry_page", "prop:plan", "hour_of_day"])
def test_funnels_by_dimension(engines, dimension):
    question = FunnelQuestion(SCOPES[1], STEPS[:2], 30, dimension=dimension, limit=50)
    assert len(ask_both(engines, question).groups) > 1


@scopes
@pytest.mark.parametrize("goal", GOALS, ids=str)
def test_goals(engines, scope, goal):
    question = GoalQuestion(scope, goal)
    total = ask_both(engines, question).total
    assert 0 < total.converted_visitors <= min(total.conversions, total.visitors)
    assert (len(total.revenue_micros) == 3) == (not goal.is_of_session)


@pytest.mark.parametrize("goal", [GOALS[1], GOALS[3]], ids=("event", "duration"))
def test_goals_over_time_and_by_dimension(engines, goal):
    question = GoalQuestion(SCOPES[1], goal)
    total = ask_both(engines, question).total
    for interval in (Interval.HOUR, Interval.MONTH):
        lines = ask_both(engines, replace(question, interval=interval)).lines
        assert sum(line.figures.conversions for line in lines) == total.conversions
    for dimension in ("entry_page", "prop:plan", "weekday"):
        listed = ask_both(engines, replace(question, dimension=dimension, limit=7))
        assert listed.lines[0].figures.conversions > 0


@scopes
@pytest.mark.parametrize("period", [Interval.DAY, Interval.WEEK, Interval.MONTH])
def test_retention(engines, scope, period):
    cohorts = ask_both(engines, RetentionQuestion(scope, period, (1, 2, 5, 30)))
    assert any(cohort.returned[1] for cohort in cohorts) or period is not Interval.DAY
    assert cohorts[-1].returned[30] is None


@scopes
@pytest.mark.parametrize("metric", METRICS)
def test_cohorts(engines, scope, metric):
    for period in (Interval.WEEK, Interval.MONTH):
        cohorts = ask_both(engines, CohortQuestion(scope, period, metric))
        assert all(cohort.visitors and cohort.total for cohort in cohorts)


@scopes
def test_paths_and_journeys(engines, scope):
    for direction in ("forward", "backward"):
        for page in ("/", "/b*", "/it's"):
            found = ask_both(engines, PathQuestion(scope, page, direction, 5))
            assert found.total > sum(flow.times for flow in found.flows) > 0
    for page in (None, "/pricing"):
        for steps in (2, 5):
            assert ask_both(engines, JourneyQuestion(scope, steps, page, 30)).total > 0
