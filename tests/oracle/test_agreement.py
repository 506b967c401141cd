"""Reports and the oracle agree: random sites, random questions, exact figures."""

import asyncio
import math
import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.query import (
    And,
    DimensionFilter,
    Filter,
    GoalFilter,
    Interval,
    Not,
    Or,
    Query,
    Result,
)
from footfall.reports.run import ReportRunner
from tests.oracle.answer import Figures, Line, answer
from tests.oracle.calendar import list_labels
from tests.oracle.question import Condition, Question
from tests.oracle.session import make_visits
from tests.oracle.strategy import MOMENTS, make_question, make_site
from tests.unit.reports.table import NoBarrier, TableWarehouse


@pytest.fixture(scope="module")
def warehouse() -> Iterator[TableWarehouse]:
    made = TableWarehouse()
    yield made
    made.close()


def make_filter(condition: Condition) -> Filter:
    word, *rest = condition
    if word == "dimension":
        return DimensionFilter(*rest)
    if word == "goal":
        return GoalFilter(*rest)
    if word == "not":
        return Not(make_filter(rest[0]))
    parts = tuple(make_filter(part) for part in rest)
    return And(parts) if word == "and" else Or(parts)


def make_query(question: Question) -> Query:
    return Query(
        1,
        question.metrics,
        TimeRange(question.start, question.end),
        question.dimensions,
        question.condition and make_filter(question.condition),
        question.interval and Interval(question.interval),
        question.zone,
        limit=10_000,
        bots=question.bots,
    )


def run(warehouse: TableWarehouse, query: Query) -> Result:
    runner = ReportRunner(warehouse, NoBarrier(), FixedClock(0))
    return asyncio.run(runner.run(query))


@st.composite
def make_case(draw: st.DrawFn) -> tuple[list, Question]:
    zone, around_us = draw(st.sampled_from(MOMENTS))
    return draw(make_site(around_us)), draw(make_question(zone, around_us))


def is_same(ours: Figures, theirs: Figures) -> bool:
    return all(
        value == theirs[name]
        if value is None or theirs[name] is None or not name.startswith("value_p")
        else math.isclose(value, theirs[name], rel_tol=1e-9)
        for name, value in ours.items()
    )


EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "150"))
"""Raise it for a long run; each is about 0.1 s, most of it compiling a new shape."""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=make_case())
def test_report_equals_oracle(warehouse, case):
    events, question = case
    warehouse.fill(events, make_visits(events).values())
    expected, expected_totals = answer(question, events)

    result = run(warehouse, make_query(question))

    totals = dict(zip(question.metrics, result.totals, strict=True))
    assert is_same(totals, expected_totals)
    found: dict[Line, Figures] = {
        (row.dimensions, row.bucket or ""): dict(zip(question.metrics, row.metrics, strict=True))
        for row in result.rows
    }
    for line, figures in found.items():
        if line in expected:
            assert is_same(figures, expected.pop(line)), line
        else:
            assert question.interval or not question.dimensions, line
            assert not any(figures.values()), line
    assert expected == {}
    if question.interval:
        labels = list_labels(question.start, question.end, question.interval, question.zone)
        assert list(dict.fromkeys(row.bucket for row in result.rows)) == (
            labels if result.rows else []
        )
