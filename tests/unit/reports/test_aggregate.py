"""Totals that are counted beside the lines say what totals asked apart say, for one query less."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from footfall.clock import US_PER_MINUTE, FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.query import Query, Result
from footfall.reports.run import ReportRunner
from footfall.store.warehouse import Rows
from tests.oracle.session import make_visits
from tests.oracle.strategy import TEXT_DEFAULTS
from tests.unit.reports.table import NoBarrier, TableWarehouse

START_US = 1_780_272_000_000_000
RANGE = TimeRange(START_US, START_US + 1_000 * US_PER_MINUTE)

SEEN = (
    *((1, "/a", "pageview"), (1, "/b", "pageview"), (1, "/b", "engagement")),
    *((2, "/b", "pageview"), (2, "/b", "pageview"), (2, "/b", "buy")),
    *((3, "/c", "engagement"), (3, "", "buy"), (4, "", "pageview")),
)
"""Visitor, page and deed; each visitor makes one visit."""


class Counting(TableWarehouse):
    """Counts what it is asked."""

    asked = 0

    def query(self, sql: str) -> Rows:
        self.asked += 1
        return super().query(sql)


@pytest.fixture
def warehouse() -> Iterator[Counting]:
    made = Counting()
    events = [make_event(number, *seen) for number, seen in enumerate(SEEN, start=1)]
    made.fill(events, make_visits(events).values())
    yield made
    made.close()


def make_event(number: int, visitor: int, path: str, deed: str) -> dict[str, Any]:
    kind = deed if deed in {"pageview", "engagement"} else "event"
    return TEXT_DEFAULTS | {
        "project": 1,
        "ts": START_US + number * US_PER_MINUTE,
        "event_id": number,
        "visitor": visitor,
        "session": visitor,
        "kind": kind,
        "interactive": 1,
        "name": deed if kind == "event" else "",
        "path": path,
        "engagement_ms": 0,
        "revenue_micros": 0,
        "currency": "",
        "bot_score": 0,
        "props": {},
    }


def run(warehouse: Counting, dimension: str, *metrics: str, **more: Any) -> Result:
    query = Query(1, metrics, RANGE, (dimension,), **more)
    return asyncio.run(ReportRunner(warehouse, NoBarrier(), FixedClock(0)).run(query))


def test_a_visitor_of_two_pages_counts_once_in_the_total(warehouse):
    result = run(warehouse, "page", "visitors", "unique_pageviews", "pageviews", limit=1)
    assert [(row.dimensions, row.metrics) for row in result.rows] == [(("/b",), (2, 2, 3))]
    # The third visitor was on a page without a pageview, the fourth on none.
    assert result.totals == (3, 2, 4)
    assert result.total_rows == 3
    assert warehouse.asked == 1


def test_sums_need_no_pairs(warehouse):
    result = run(warehouse, "entry_page", "entries", limit=1)
    assert (result.rows[0].metrics, result.totals, warehouse.asked) == ((1,), (2,), 1)


def test_a_part_that_lies_behind_the_end_has_totals(warehouse):
    result = run(warehouse, "event", "events", "visitors", limit=5, offset=5)
    assert (result.rows, result.totals, result.total_rows) == ((), (2, 2), 1)


def test_nothing_at_all_has_totals(warehouse):
    result = run(warehouse, "currency", "events", "visitors")
    assert (result.rows, result.totals) == ((), (0, 0))


def test_visits_of_several_pages_are_not_added_up(warehouse):
    result = run(warehouse, "page", "sessions")
    assert sum(row.metrics[0] for row in result.rows) == 4
    assert result.totals == (3,)


def test_a_quantile_is_asked_of_all_rows(warehouse):
    assert run(warehouse, "page", "visitors", "value_p75").totals == (3, None)
