"""The route of a site's live page: now, the last hour by minutes, the last day by hours, and who
and what came last."""

import asyncio
from dataclasses import replace
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from footfall.bots.exclusion import render_visitor
from footfall.clock import US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, Clock
from footfall.dialects.echelon.access import READ
from footfall.dialects.echelon.render import (
    render_device,
    render_event_type,
    render_time,
)
from footfall.dialects.echelon.scope import SiteScope, make_site_scope
from footfall.model.time_range import TimeRange
from footfall.projects.directory import Directory
from footfall.reports.journal import JournalEntry, JournalQuestion
from footfall.reports.port import Reports
from footfall.reports.query import Interval, Row
from footfall.reports.realtime import WINDOW_US

RECENT = 20
"""[original]"""

ReportsPort = NamedDependency[SkipValidation[Reports]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
TheClock = NamedDependency[SkipValidation[Clock]]
SiteId = Annotated[str | None, QueryParameter(description="Required. The site.")]


class Now(msgspec.Struct, rename="camel"):
    """The last five minutes."""

    active_visitors: int
    estimated_bots: int
    pageviews: int


class MinuteCount(msgspec.Struct):
    """A minute."""

    minute: str
    count: int


class HourCount(msgspec.Struct):
    """An hour."""

    hour: str
    count: int


class Hourly(msgspec.Struct):
    """The last hour."""

    visitors: list[MinuteCount]
    events: list[MinuteCount]


class Daily(msgspec.Struct):
    """The last day."""

    visitors: list[HourCount]
    events: list[HourCount]


class RecentVisitor(msgspec.Struct, rename="camel"):
    """The latest view of a visitor."""

    visitor_id: str
    path: str
    country_code: str
    device_type: str
    browser: str
    os_name: str
    bot_score: int
    created_at: str


class RecentEvent(msgspec.Struct, rename="camel"):
    """An event."""

    event_type: str
    path: str
    visitor_id: str
    device_type: str
    created_at: str


class Dashboard(msgspec.Struct, rename="camel"):
    """A site's live page."""

    now: Now
    hourly: Hourly
    daily: Daily
    recent_visitors: list[RecentVisitor]
    recent_events: list[RecentEvent]


@get("/api/stats/dashboard", opt=READ, summary="A site's live page")
async def get_dashboard(
    reports: ReportsPort, directory: TheDirectory, clock: TheClock, site_id: SiteId = None
) -> Dashboard:
    """Who is here, how the last hour and the last day went, who and what came last."""
    now_us = clock.now_us()
    site = make_site_scope(directory, site_id, TimeRange(now_us - WINDOW_US, now_us + 1))
    hour = _over(directory, site, now_us, US_PER_HOUR - US_PER_MINUTE)
    day = _over(directory, site, now_us, US_PER_DAY - US_PER_HOUR)
    metrics = ("visitors", "events")
    present, bots, minutes, hours, views, events = await asyncio.gather(
        reports.run(site.query("visitors", "pageviews")),
        reports.run(replace(site.query("visitors"), bots="only")),
        reports.run(hour.query(*metrics, interval=Interval.MINUTE)),
        reports.run(day.query(*metrics, interval=Interval.HOUR)),
        reports.ask(JournalQuestion(day.scope, kinds=("pageview",), limit=RECENT * 10)),
        reports.ask(JournalQuestion(day.scope, kinds=("event",), limit=RECENT)),
    )
    active, seen = (int(value or 0) for value in present.totals)
    by_minute, by_hour = [_read(row) for row in minutes.rows], [_read(row) for row in hours.rows]
    return Dashboard(
        Now(active, int(bots.totals[0] or 0), seen),
        Hourly(
            [MinuteCount(label, visitors) for label, visitors, _ in by_minute],
            [MinuteCount(label, count) for label, _, count in by_minute],
        ),
        Daily(
            [HourCount(label, visitors) for label, visitors, _ in by_hour],
            [HourCount(label, count) for label, _, count in by_hour],
        ),
        [_render_visitor(entry) for entry in _latest_of_each(views)],
        [_render_event(entry) for entry in events],
    )


def _over(directory: Directory, site: SiteScope, now_us: int, back_us: int) -> SiteScope:
    return make_site_scope(directory, site.site, TimeRange(now_us - back_us, now_us + 1))


def _read(row: Row) -> tuple[str, int, int]:
    visitors, events = (int(value or 0) for value in row.metrics)
    return row.bucket or "", visitors, events


def _latest_of_each(views: tuple[JournalEntry, ...]) -> list[JournalEntry]:
    latest: dict[int, JournalEntry] = {}
    for entry in views:
        latest.setdefault(entry.visitor, entry)
    return list(latest.values())[:RECENT]


def _render_visitor(entry: JournalEntry) -> RecentVisitor:
    return RecentVisitor(
        render_visitor(entry.visitor),
        entry.path,
        entry.country,
        render_device(entry.device),
        entry.browser,
        entry.os,
        entry.bot_score,
        render_time(entry.ts_us),
    )


def _render_event(entry: JournalEntry) -> RecentEvent:
    return RecentEvent(
        render_event_type(entry.kind, entry.name),
        entry.path,
        render_visitor(entry.visitor),
        render_device(entry.device),
        render_time(entry.ts_us),
    )
