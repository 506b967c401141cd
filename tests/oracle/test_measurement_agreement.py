"""Questions about measurements and the oracle agree: random sites and filters, exact
figures."""

import asyncio
import math
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.error import ErrorQuestion, ErrorSeriesQuestion, ErrorsQuestion
from footfall.reports.family import Question as FamilyQuestion
from footfall.reports.heatmap import HeatmapPagesQuestion, HeatmapQuestion
from footfall.reports.link import LinksQuestion
from footfall.reports.query import Interval
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from footfall.reports.scroll import ScrollFigures, ScrollQuestion
from footfall.reports.site_search import SearchFigures, SearchQuestion
from footfall.reports.slice import Slice
from footfall.reports.vitals import VitalsByQuestion, VitalsQuestion, VitalsSeriesQuestion
from tests.oracle import measurement as oracle
from tests.oracle.calendar import label_bucket
from tests.oracle.measurement import Measured
from tests.oracle.question import Question
from tests.oracle.session import make_visits
from tests.oracle.strategy import MEASURED_KINDS, MOMENTS, make_question, make_site
from tests.oracle.test_agreement import make_filter
from tests.unit.reports.table import NoBarrier, TableWarehouse

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "25"))
MOST = Slice(10_000)
PART = Slice(2, 1)


@pytest.fixture(scope="module")
def warehouse() -> Iterator[TableWarehouse]:
    made = TableWarehouse()
    yield made
    made.close()


@st.composite
def make_case(draw: st.DrawFn) -> tuple[list, Question]:
    zone, around_us = draw(st.sampled_from(MOMENTS))
    events = draw(make_site(around_us, MEASURED_KINDS))
    return events, draw(make_question(zone, around_us))


class Asked:
    """One site and one scope, asked both ways."""

    def __init__(self, warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
        events, question = case
        warehouse.fill(events, make_visits(events).values())
        self._runner = ReportRunner(warehouse, NoBarrier(), FixedClock(0))
        self.measured = Measured(question, events)
        condition = question.condition
        self.scope = Scope(
            1,
            TimeRange(question.start, question.end),
            condition and make_filter(condition),
            question.zone,
            question.bots,
        )

    def ask(self, question: FamilyQuestion[Any]) -> Any:
        return asyncio.run(self._runner.ask(question))


def agrees(test: Any) -> Any:
    return settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))(
        given(case=make_case())(test)
    )


def is_near(ours: Any, theirs: Any) -> bool:
    if isinstance(ours, tuple):
        return all(is_near(*pair) for pair in zip(ours, theirs, strict=True))
    if ours is None or theirs is None:
        return ours is theirs
    return math.isclose(ours, theirs, rel_tol=1e-9)


@agrees
def test_vitals(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    found = {
        f.vital: (f.p50, f.p75, f.p99, f.samples, f.good, f.poor)
        for f in asked.ask(VitalsQuestion(asked.scope))
    }
    expected = oracle.find_vitals(asked.measured)
    assert found.keys() == expected.keys()
    for vital, figures in found.items():
        assert is_near(figures, expected[vital])


@agrees
def test_vitals_by_dimension(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    for dimension in ("page", "country"):
        listing = asked.ask(VitalsByQuestion(asked.scope, dimension, MOST))
        expected = oracle.find_vitals_by(asked.measured, dimension)
        assert listing.total == len(expected)
        for line, (value, p75, samples) in zip(listing.rows, expected, strict=True):
            assert (line.value, line.samples) == (value, samples)
            assert is_near(tuple(line.p75.values()), p75)
        part = asked.ask(VitalsByQuestion(asked.scope, dimension, PART))
        assert (part.rows, part.total) == (listing.rows[1:3], listing.total)


@agrees
def test_a_series_of_a_vital(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    points = asked.ask(VitalsSeriesQuestion(asked.scope, "LCP", Interval.DAY))
    found = {p.label: p.p75 for p in points if p.samples}
    expected = oracle.find_vital_series(asked.measured, "LCP")
    assert found.keys() == expected.keys()
    assert all(is_near(found[label], expected[label]) for label in found)


@agrees
def test_errors(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    found = asked.ask(ErrorsQuestion(asked.scope, MOST))
    expected = oracle.find_errors(asked.measured)
    groups = [
        (g.message, g.count, g.sessions, g.visitors, g.first_seen_us, g.last_seen_us)
        for g in found.groups.rows
    ]
    assert (groups, found.groups.total) == (expected, len(expected))
    totals = found.totals
    assert oracle.find_error_totals(asked.measured) == (
        *(totals.errors, totals.messages, totals.affected_sessions, totals.sessions),
    )
    for message, *_ in expected[:2]:
        listing = asked.ask(ErrorQuestion(asked.scope, message, MOST))
        instances = [(e.ts_us, e.path) for e in listing.rows]
        assert instances == oracle.find_instances(asked.measured, message)
        points = asked.ask(ErrorSeriesQuestion(asked.scope, Interval.DAY, message))
        days = [label_bucket(ts, "day", asked.scope.time_zone) for ts, _ in instances]
        assert {p.label: p.count for p in points if p.count} == {d: days.count(d) for d in days}


@agrees
def test_heatmaps(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    pages = asked.ask(HeatmapPagesQuestion(asked.scope, MOST))
    clicked = [e["path"] for e in asked.measured.of("click") if e["path"]]
    expected_pages = sorted({(-clicked.count(p), p) for p in clicked})
    assert [(-p.clicks, p.path) for p in pages.rows] == expected_pages
    for path in ("/", "/a"):
        found = asked.ask(HeatmapQuestion(asked.scope, path, MOST))
        expected = oracle.find_heatmap(asked.measured, path)
        assert {
            "points": [(p.x, p.y, p.selector, p.count) for p in found.points.rows],
            "width": found.viewport_width,
            "total": found.total_clicks,
            "placed": found.placed_clicks,
            "elements": [
                (e.selector, e.clicks, e.visitors, e.rage_clicks) for e in found.elements.rows
            ],
        } == expected


@agrees
def test_searches(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    found = asked.ask(SearchQuestion(asked.scope, MOST))
    terms, totals = oracle.find_searches(asked.measured)
    assert [(t.term, t.figures) for t in found.terms.rows] == [
        (term, SearchFigures(*figures)) for term, figures in terms
    ]
    assert (found.totals, found.terms.total) == (SearchFigures(*totals), len(terms))


@agrees
def test_scroll_depth(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    found = asked.ask(ScrollQuestion(asked.scope, MOST))
    pages, totals = oracle.find_scroll(asked.measured)
    assert [(p.path, p.figures) for p in found.pages.rows] == [
        (path, ScrollFigures(*figures)) for path, figures in pages
    ]
    assert (found.totals, found.pages.total) == (ScrollFigures(*totals), len(pages))


@agrees
def test_links(warehouse: TableWarehouse, case: tuple[list, Question]) -> None:
    asked = Asked(warehouse, case)
    found = asked.ask(LinksQuestion(asked.scope, part=MOST))
    links, totals = oracle.find_links(asked.measured)
    assert [
        (
            *(link.kind, link.url, link.clicks, link.visitors, link.page_count),
            tuple((page.path, page.clicks) for page in link.pages),
        )
        for link in found.links.rows
    ] == links
    assert (found.clicks, found.visitors, found.links.total) == (*totals, len(links))
