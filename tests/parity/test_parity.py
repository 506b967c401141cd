"""DuckDB and ClickHouse answer alike: every dimension, metric, operator, interval and shape of
filter of the catalogue. Counts and ratios are equal to the last bit, quantiles within 1e-9."""

import asyncio
import math
from dataclasses import replace

import pytest

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.catalogue import DIMENSIONS, METRICS
from footfall.reports.filter import OPERATORS
from footfall.reports.query import (
    And,
    DimensionFilter,
    GoalFilter,
    Interval,
    Not,
    Or,
    Order,
    Query,
    Result,
    Value,
)
from footfall.reports.run import ReportRunner
from tests.parity.site import DAY_US, PROJECT, START_US
from tests.unit.reports.table import NoBarrier

pytestmark = pytest.mark.clickhouse

ALL = tuple(metric.name for metric in METRICS)
SOME = ("visitors", "sessions", "pageviews", "bounce_rate", "revenue")
RANGE = TimeRange(START_US + DAY_US // 3, START_US + 8 * DAY_US)
EVERYTHING = Query(PROJECT, SOME, RANGE, limit=5_000)

PROPERTIES = ("plan", "seats", "a/b~c", 'q"k', "ключ", "deep", "absent")
DIMENSION_NAMES = tuple(d.name for d in DIMENSIONS) + tuple(f"prop:{key}" for key in PROPERTIES)


def run_both(engines, query: Query) -> Result:
    duckdb, clickhouse = (
        asyncio.run(ReportRunner(engine, NoBarrier(), FixedClock(0)).run(query))
        for engine in engines
    )
    assert duckdb.total_rows == clickhouse.total_rows
    assert_same(duckdb.totals, clickhouse.totals, query.metrics)
    assert_same(duckdb.compare_totals or (), clickhouse.compare_totals or (), query.metrics)
    for ours, theirs in zip(duckdb.rows, clickhouse.rows, strict=True):
        assert (ours.dimensions, ours.bucket) == (theirs.dimensions, theirs.bucket)
        assert_same(ours.metrics, theirs.metrics, query.metrics)
        assert_same(ours.compare or (), theirs.compare or (), query.metrics)
    return duckdb


def assert_same(
    ours: tuple[Value, ...], theirs: tuple[Value, ...], metrics: tuple[str, ...]
) -> None:
    for name, left, right in zip(metrics, ours, theirs, strict=bool(ours or theirs)):
        if name.startswith("value_p") and left is not None and right is not None:
            assert math.isclose(left, right, rel_tol=1e-9), name
        else:
            assert left == right, name


@pytest.mark.parametrize("metric", ALL)
def test_every_metric(engines, metric):
    result = run_both(engines, replace(EVERYTHING, metrics=(metric,), dimensions=("page",)))
    assert result.totals[0]


@pytest.mark.parametrize("dimension", DIMENSION_NAMES)
def test_every_dimension(engines, dimension):
    query = replace(EVERYTHING, dimensions=(dimension,), time_zone="Asia/Kathmandu", bots="include")
    result = run_both(engines, query)
    assert bool(result.rows) == (dimension != "prop:absent")


def test_all_metrics_by_two_dimensions(engines):
    run_both(engines, replace(EVERYTHING, metrics=ALL, dimensions=("country", "event")))
    run_both(engines, replace(EVERYTHING, metrics=ALL, dimensions=("entry_page", "page")))


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Asia/Kathmandu", "Africa/Cairo"])
@pytest.mark.parametrize("interval", list(Interval))
def test_every_interval(engines, interval, zone):
    span = RANGE
    if interval is Interval.MINUTE:
        # The hours around the change of the clocks in Berlin.
        middle = START_US + 5 * DAY_US + DAY_US // 24
        span = TimeRange(middle - DAY_US // 8, middle + DAY_US // 8)
    query = replace(EVERYTHING, range=span, metrics=ALL, interval=interval, time_zone=zone)
    assert sum(row.metrics[0] for row in run_both(engines, query).rows) > 0


def test_a_series_by_dimension_with_comparison(engines):
    query = replace(
        EVERYTHING,
        range=TimeRange(START_US + 4 * DAY_US, START_US + 8 * DAY_US),
        compare=TimeRange(START_US, START_US + 4 * DAY_US),
        interval=Interval.DAY,
        time_zone="Europe/Berlin",
        dimensions=("source", "kind"),
        limit=7,
    )
    assert len(run_both(engines, query).rows) == 7 * 5


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize(
    ("dimension", "values"),
    [
        ("page", ("/blog/a", "/100%_off", "/it's", "/back\\slash", "")),
        ("page", ("/b*", "*%*", "*ß*", "/b*g/*", "/back\\*", "*'s", "?*")),
        ("event", ("buy*", "s*p", "line*break")),
        ("utm_campaign", ("spring",)),
        ("city", ("München", "x")),
        ("exit_page", ("/", "*")),
        ("prop:seats", ("9", "1", "1.5", "-0.25", "12345678901")),
        ("prop:plan", ("true", "9", "", "1.0", 'say "hi"\n')),
        ("hour_of_day", ("02", "1*")),
        ("weekday", ("7",)),
    ],
)
def test_every_operator(engines, operator, dimension, values):
    condition = DimensionFilter(dimension, operator, values)
    run_both(engines, replace(EVERYTHING, filter=condition, time_zone="Europe/Berlin"))


GERMAN = DimensionFilter("country", "is", ("DE",))
PRICING = DimensionFilter("page", "is", ("/pricing",))
BOUGHT = GoalFilter(event="buy", props=(("plan", "9"),))


@pytest.mark.parametrize(
    "condition",
    [
        And((GERMAN, PRICING, BOUGHT)),
        Or((GERMAN, PRICING)),
        Or((PRICING, BOUGHT)),
        Not(And((GERMAN, PRICING))),
        Not(BOUGHT),
        And((Or((GERMAN, PRICING)), Not(Or((BOUGHT, DimensionFilter("exit_page", "is", ("/",))))))),
        GoalFilter(page="/blog/*"),
        And(()),
        Or(()),
    ],
)
@pytest.mark.parametrize("dimensions", [(), ("source",), ("page", "country"), ("entry_page",)])
def test_filters_of_every_shape(engines, condition, dimensions):
    run_both(engines, replace(EVERYTHING, metrics=ALL, filter=condition, dimensions=dimensions))


@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("by", ["bounce_rate", "revenue", "page"])
def test_pages_follow_the_same_order(engines, by, direction):
    query = replace(
        EVERYTHING, dimensions=("page", "city"), order=(Order(by, direction),), limit=3, offset=2
    )
    assert len(run_both(engines, query).rows) == 3
    assert run_both(engines, replace(query, offset=500)).rows == ()


@pytest.mark.parametrize("bots", ["exclude", "include", "only"])
def test_bots(engines, bots):
    run_both(engines, replace(EVERYTHING, metrics=ALL, bots=bots, dimensions=("bot_reasons",)))
    run_both(engines, replace(EVERYTHING, metrics=ALL, bots=bots, filter=PRICING))
    few = ("signals", "visitors", "sessions")
    kinds = replace(EVERYTHING, metrics=few, bots=bots, dimensions=("crawler_kind", "crawler"))
    rows = run_both(engines, kinds).rows
    named = {("AI", "GPTBot"), ("SEO", "AhrefsBot"), ("Other", "")}
    assert {row.dimensions for row in rows} <= named
    assert rows
