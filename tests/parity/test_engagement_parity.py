"""DuckDB and ClickHouse agree on scores of visits, their returns and ends, on volumes, pages and
presence, with and without a filter, with and without bots."""

import asyncio
from typing import Any

import pytest

from footfall.clock import FixedClock
from footfall.model.time_range import TimeRange
from footfall.reports.engagement import EngagementQuestion, VisitsQuestion
from footfall.reports.family import Question
from footfall.reports.page_view import PagesQuestion
from footfall.reports.presence import PresenceQuestion
from footfall.reports.query import Bots, DimensionFilter, Filter
from footfall.reports.run import ReportRunner
from footfall.reports.scope import Scope
from footfall.reports.volume import VolumeQuestion
from footfall.store.warehouse import Warehouse
from tests.parity.site import DAY_US, DAYS, PROJECT, START_US
from tests.unit.reports.table import NoBarrier

pytestmark = pytest.mark.clickhouse

NOW = START_US + DAYS * DAY_US - 3_600_000_000
FILTERS: tuple[Filter | None, ...] = (
    None,
    DimensionFilter("country", "is", ("DE", "")),
    DimensionFilter("page", "is", ("/pricing",)),
)


def make_questions(condition: Filter | None, bots: Bots) -> list[Question[Any]]:
    every = Scope(PROJECT, TimeRange(0, NOW + 30 * DAY_US), condition, bots=bots)
    part = Scope(
        PROJECT, TimeRange(START_US + 3 * DAY_US, START_US + 6 * DAY_US), condition, bots=bots
    )
    return [
        EngagementQuestion(every),
        EngagementQuestion(part, is_daily=True),
        VisitsQuestion(part, limit=500),
        VisitsQuestion(every, visitor=7),
        VolumeQuestion(every),
        VolumeQuestion(part),
        PagesQuestion(part, limit=100),
        PresenceQuestion(Scope(PROJECT, TimeRange(NOW - DAY_US, NOW), condition, bots=bots)),
    ]


@pytest.mark.parametrize("bots", ["exclude", "include"])
@pytest.mark.parametrize("condition", FILTERS, ids=["all", "by country", "by page"])
def test_engines_agree(
    engines: tuple[Warehouse, Warehouse], condition: Filter | None, bots: Bots
) -> None:
    runners = [ReportRunner(engine, NoBarrier(), FixedClock(NOW)) for engine in engines]
    for question in make_questions(condition, bots):
        ours, theirs = (asyncio.run(runner.ask(question)) for runner in runners)
        assert ours == theirs, question
        assert ours or condition is not None, question
