"""Routes of a site's statistics, of all sites together, and of the server."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from footfall.clock import US_PER_DAY, Clock
from footfall.dialects.echelon.access import READ, REDACTED, EchelonAccess
from footfall.dialects.echelon.part import CountWaiting
from footfall.dialects.echelon.render import REFERRER_TYPES, UNKNOWN_REFERRER, render_device
from footfall.dialects.echelon.scope import make_site_scope, parse_days
from footfall.dialects.echelon.stat import (
    ActivePath,
    BrowserViews,
    Buffers,
    CountryVisits,
    DayVisits,
    DeviceVisits,
    LastDay,
    Overview,
    PathViews,
    RealtimeBody,
    ReferrerViews,
    ScreenViews,
    SlowPathBody,
    Summary,
    SystemViews,
    Vitals,
)
from footfall.http.meter import RequestMeter
from footfall.model.time_range import TimeRange
from footfall.projects.directory import Directory
from footfall.reports.port import Reports
from footfall.reports.query import Interval, Query, Row
from footfall.reports.realtime import WINDOW_US

DAYS = 30
DAYS_LIMIT = 730
PATHS = 20
COUNTRIES = 10
ACTIVE_PATHS = 10
"""[original]"""

MS_PER_S = 1_000

ReportsPort = NamedDependency[SkipValidation[Reports]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
TheClock = NamedDependency[SkipValidation[Clock]]
TheAccess = NamedDependency[SkipValidation[EchelonAccess]]
TheMeter = NamedDependency[SkipValidation[RequestMeter]]
TheWaiting = NamedDependency[SkipValidation[CountWaiting]]
SiteId = Annotated[str | None, QueryParameter(description="Required. The site.")]
Days = Annotated[int, QueryParameter(description="Days, today included. At most 730.")]


@get("/api/stats/overview", opt=READ, summary="A site over some days")
async def get_overview(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    site_id: SiteId = None,
    days: Days = DAYS,
) -> Overview:
    """Visitors, pageviews, pages, devices, countries, referrers and days of a site."""
    site = make_site_scope(directory, site_id, parse_days(days, DAYS_LIMIT, clock.now_us()))
    views = ("pageviews", "visitors")
    (
        totals,
        paths,
        devices,
        countries,
        channels,
        systems,
        browsers,
        screens,
        trend,
    ) = await asyncio.gather(
        reports.run(site.query(*views, "time_to_interaction")),
        reports.run(site.query(*views, by="page", limit=PATHS)),
        reports.run(site.query(*views, by="device")),
        reports.run(site.query(*views, by="country", limit=COUNTRIES)),
        reports.run(site.query(*views, by="channel", limit=100)),
        reports.run(site.query(*views, by="os")),
        reports.run(site.query(*views, by="browser")),
        reports.run(site.query(*views, by="screen")),
        reports.run(site.query(*views, interval=Interval.DAY)),
    )
    seen, visitors, waited_s = totals.totals
    return Overview(
        site_id=site.site,
        period_days=days,
        visits=int(seen or 0),
        unique_visitors=int(visitors or 0),
        avg_interaction_ms=round((waited_s or 0) * MS_PER_S),
        top_paths=[PathViews(*row) for row in read_views(paths.rows)],
        devices=[DeviceVisits(render_device(n), v) for n, v, _ in read_views(devices.rows)],
        countries=[CountryVisits(*row) for row in read_views(countries.rows)],
        referrers=render_referrers(channels.rows),
        os_systems=[SystemViews(*row) for row in read_views(systems.rows)],
        browsers=[BrowserViews(*row) for row in read_views(browsers.rows)],
        resolutions=[ScreenViews(*row) for row in read_views(screens.rows)],
        daily_trend=[
            DayVisits(row.bucket or "", *(int(v or 0) for v in row.metrics)) for row in trend.rows
        ],
    )


@get("/api/stats/realtime", opt=READ, summary="The last five minutes of a site")
async def get_realtime(
    reports: ReportsPort, directory: TheDirectory, clock: TheClock, site_id: SiteId = None
) -> RealtimeBody:
    """Active visitors, pageviews and pages of the last five minutes."""
    now_us = clock.now_us()
    site = make_site_scope(directory, site_id, TimeRange(now_us - WINDOW_US, now_us + 1))
    totals, paths = await asyncio.gather(
        reports.run(site.query("visitors", "pageviews")),
        reports.run(site.query("pageviews", by="page", limit=ACTIVE_PATHS)),
    )
    active, seen = (int(value or 0) for value in totals.totals)
    return RealtimeBody(
        site.site,
        active,
        seen,
        [
            ActivePath(row.dimensions[0], int(row.metrics[0]))
            for row in paths.rows
            if row.metrics[0]
        ],
    )


@get("/api/stats/summary", opt=READ, summary="All sites together")
async def get_summary(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    access: TheAccess,
    waiting: TheWaiting,
) -> Summary:
    """What waits, and the last 24 hours of all sites."""
    buffers = await _read_buffers(waiting)
    last_day = await _run_last_day(reports, directory, clock)
    return Summary(last_day, None if access.is_public else buffers)


@get("/api/stats/vitals", opt=REDACTED, summary="How the server is")
async def get_vitals(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    meter: TheMeter,
    waiting: TheWaiting,
) -> Vitals:
    """What waits, the last 24 hours, and how long requests take."""
    # Before the report, which waits until everything is loaded.
    buffers, figures = await _read_buffers(waiting), meter.read()
    return Vitals(
        buffers=buffers,
        last_24h=await _run_last_day(reports, directory, clock),
        total_requests=figures.total_requests,
        total_errors=figures.total_errors,
        recent_requests=figures.recent_requests,
        avg_response_ms=round(figures.average_ms, 2),
        p50_ms=round(figures.p50_ms, 2),
        p95_ms=round(figures.p95_ms, 2),
        p99_ms=round(figures.p99_ms, 2),
        max_ms=round(figures.maximum_ms, 2),
        rps=round(figures.per_second, 2),
        error_rate=round(figures.error_share, 4),
        slow_paths=[
            SlowPathBody(p.path, round(p.average_ms, 2), p.count) for p in figures.slow_paths
        ],
        uptime_seconds=figures.uptime_s,
    )


async def _read_buffers(waiting: CountWaiting) -> Buffers:
    found = await asyncio.to_thread(waiting)
    return Buffers(found.views, found.events)


async def _run_last_day(reports: Reports, directory: Directory, clock: Clock) -> LastDay:
    now_us = clock.now_us()
    span = TimeRange(now_us - US_PER_DAY, now_us + 1)
    views, humans, visitors = 0, 0, 0
    # Visitors are those of a project: the same person on two sites is two of them.
    for entry in directory.entries():
        number = entry.project.number
        every = await reports.run(Query(number, ("pageviews",), span, bots="include"))
        people = await reports.run(Query(number, ("pageviews", "visitors"), span))
        views += int(every.totals[0] or 0)
        humans += int(people.totals[0] or 0)
        visitors += int(people.totals[1] or 0)
    return LastDay(views, humans, views - humans, visitors)


def read_views(rows: Iterable[Row]) -> Iterator[tuple[str, int, int]]:
    """Yield what was seen by one dimension: its value, views and visitors. Whoever only sent
    events is in no list of views."""
    for row in rows:
        views, visitors = (int(value or 0) for value in row.metrics[:2])
        if views:
            yield row.dimensions[0], views, visitors


def render_referrers(rows: tuple[Row, ...]) -> list[ReferrerViews]:
    """Return the kinds of referrers with their views, most first."""
    views: dict[str, int] = {}
    for row in rows:
        kind = REFERRER_TYPES.get(row.dimensions[0], UNKNOWN_REFERRER)
        views[kind] = views.get(kind, 0) + int(row.metrics[0] or 0)
    ordered = sorted(((k, v) for k, v in views.items() if v), key=lambda pair: (-pair[1], pair[0]))
    return [ReferrerViews(kind, count) for kind, count in ordered]


OVERVIEW_ROUTES: tuple[Any, ...] = (get_overview, get_realtime, get_summary, get_vitals)
