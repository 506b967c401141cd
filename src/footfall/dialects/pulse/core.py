"""Routes of Pulse's core reports: they answer whatever modules a project has switched off."""

from dataclasses import replace
from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency, Provide
from litestar.params import QueryParameter, SkipValidation

from footfall.clock import US_PER_MINUTE, Clock
from footfall.dialects.pulse.access import ERRORS, QUERY, grant_of
from footfall.dialects.pulse.period import parse_range
from footfall.dialects.pulse.render import (
    STATS_METRICS,
    render_country,
    render_day,
    render_event,
    render_page,
    render_referrer,
    render_shares,
    render_stats,
)
from footfall.dialects.pulse.shape import (
    CountryList,
    DayList,
    Devices,
    EventList,
    PageList,
    Realtime,
    ReferrerList,
    Share,
    StatsBody,
)
from footfall.http.paging import Page, parse_page
from footfall.model.time_range import TimeRange
from footfall.reports.port import Reports
from footfall.reports.query import DimensionFilter, Interval, Query

DEFAULT_LIMIT = 10
"""Rows of a list when the caller does not say [doc]."""

ACTIVE_US = 5 * US_PER_MINUTE
"""Who sent something within five minutes is on the site now [doc]."""

DAYS_LIMIT = 3_660
"""Days of one series at most: ten years."""

FIRST_ROWS = Page(DEFAULT_LIMIT)

ReportsPort = NamedDependency[SkipValidation[Reports]]
ClockPort = NamedDependency[SkipValidation[Clock]]
Project = NamedDependency[SkipValidation[int]]
Period = NamedDependency[SkipValidation[TimeRange]]
Rows = NamedDependency[SkipValidation[Page]]
Limit = Annotated[int | None, QueryParameter(description="Rows. Default 10, at most 1000.")]
Offset = Annotated[int | None, QueryParameter(description="Rows to skip. Default 0.")]


def provide_project(request: Request[Any, Any, Any]) -> int:
    """Give the number of the project that the request's key opens."""
    return grant_of(request).entry.project.number


def provide_period(
    clock: ClockPort,
    start_at: Annotated[
        str | None,
        QueryParameter(description="Period start, ISO 8601. Default: 30 days before its end."),
    ] = None,
    end_at: Annotated[
        str | None, QueryParameter(description="Period end, ISO 8601. Default: now.")
    ] = None,
) -> TimeRange:
    """Give the period that the request asks for."""
    return parse_range(start_at, end_at, clock.now_us())


def provide_rows(
    limit: Annotated[
        int | None, QueryParameter(description="Rows. Default 10, at most 1000.")
    ] = None,
    offset: Annotated[int | None, QueryParameter(description="Rows to skip. Default 0.")] = None,
) -> Page:
    """Give the part of the list that the request asks for."""
    return parse_page(limit, offset, default=DEFAULT_LIMIT)


QUERY_DEPENDENCIES = {
    "project": Provide(provide_project, sync_to_thread=False),
    "period": Provide(provide_period, sync_to_thread=False),
    "rows": Provide(provide_rows, sync_to_thread=False),
}


@get("/api/v1/stats", opt=QUERY, responses=ERRORS, summary="Overview")
async def get_stats(project: Project, reports: ReportsPort, period: Period) -> StatsBody:
    """Figures of a period and of the period of equal length before it."""
    query = Query(project, STATS_METRICS, period, compare=period.previous())
    result = await reports.run(query)
    previous = result.compare_totals or (None,) * len(STATS_METRICS)
    return StatsBody(render_stats(result.totals), render_stats(previous))


@get("/api/v1/stats/timeseries", opt=QUERY, responses=ERRORS, summary="Daily series")
async def get_timeseries(project: Project, reports: ReportsPort, period: Period) -> DayList:
    """Pageviews, visitors and sessions of each day."""
    metrics = ("pageviews", "visitors", "sessions")
    query = Query(project, metrics, period, interval=Interval.DAY, limit=DAYS_LIMIT)
    result = await reports.run(query)
    return DayList([render_day(row) for row in result.rows])


@get("/api/v1/pages", opt=QUERY, responses=ERRORS, summary="Top pages")
async def list_pages(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> PageList:
    """Pages by views."""
    metrics = ("pageviews", "unique_pageviews", "time_to_next")
    query = _by(project, "page", metrics, period, rows)
    only_pageviews = DimensionFilter("kind", "is", ("pageview",))
    result = await reports.run(replace(query, filter=only_pageviews))
    return PageList([render_page(row) for row in result.rows], result.total_rows)


@get("/api/v1/referrers", opt=QUERY, responses=ERRORS, summary="Top referrers")
async def list_referrers(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> ReferrerList:
    """Referring hosts by visitors."""
    metrics = ("visitors", "pageviews")
    result = await reports.run(_by(project, "referrer_host", metrics, period, rows))
    return ReferrerList([render_referrer(row) for row in result.rows])


@get("/api/v1/events", opt=QUERY, responses=ERRORS, summary="Custom events")
async def list_events(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> EventList:
    """Custom events by count."""
    result = await reports.run(_by(project, "event", ("events", "visitors"), period, rows))
    return EventList([render_event(row) for row in result.rows])


@get("/api/v1/devices", opt=QUERY, responses=ERRORS, summary="Browsers, systems, device types")
async def get_devices(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> Devices:
    """Visitors by browser, operating system and device type."""

    async def run(dimension: str) -> list[Share]:
        query = _by(project, dimension, ("visitors",), period, rows)
        return render_shares(await reports.run(query))

    return Devices(
        browsers=await run("browser"),
        operating_systems=await run("os"),
        device_types=await run("device"),
    )


@get("/api/v1/geo", opt=QUERY, responses=ERRORS, summary="Countries")
async def list_countries(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> CountryList:
    """Visitors by country."""
    result = await reports.run(_by(project, "country", ("visitors",), period, rows))
    return CountryList([render_country(row, result) for row in result.rows])


@get("/api/v1/realtime", opt=QUERY, responses=ERRORS, summary="Active visitors")
async def get_realtime(project: Project, reports: ReportsPort, clock: ClockPort) -> Realtime:
    """Distinct visitors of the last five minutes."""
    now_us = clock.now_us()
    query = Query(project, ("visitors",), TimeRange(now_us - ACTIVE_US, now_us + 1))
    result = await reports.run(query)
    return Realtime(int(result.totals[0] or 0))


def _by(
    project: int, dimension: str, metrics: tuple[str, ...], period: TimeRange, rows: Page
) -> Query:
    return Query(
        project,
        metrics,
        period,
        dimensions=(dimension,),
        limit=rows.limit,
        offset=rows.offset,
    )


CORE_ROUTES = (
    get_stats,
    get_timeseries,
    list_pages,
    list_referrers,
    list_events,
    get_devices,
    list_countries,
    get_realtime,
)
