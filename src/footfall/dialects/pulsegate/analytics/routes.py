"""Routes of PulseGate's analytics about traffic."""

import asyncio
from typing import Annotated, Any

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from footfall.clock import US_PER_DAY, US_PER_HOUR, Clock
from footfall.dialects.pulsegate.access import ANY, sees, viewer_of
from footfall.dialects.pulsegate.analytics.render import (
    render_anomalies,
    render_buckets,
    render_countries,
    render_days,
    render_overview,
    render_pages,
    render_sources,
)
from footfall.dialects.pulsegate.analytics.scope import (
    AHEAD_US,
    Wanted,
    WantedBots,
    find_project,
    make_history,
    make_scope,
    parse_count,
    parse_days,
)
from footfall.dialects.pulsegate.analytics.shape import (
    AnomaliesBody,
    BucketBody,
    CountryBody,
    DayBody,
    OverviewBody,
    PageBody,
    RealtimeBody,
    SourceBody,
    StorageBody,
)
from footfall.dialects.pulsegate.part import AnomalyDetectors
from footfall.model.time_range import TimeRange
from footfall.projects.directory import Directory
from footfall.reports.anomaly import AnomalyQuestion
from footfall.reports.engagement import EngagementQuestion
from footfall.reports.page_view import PagesQuestion
from footfall.reports.port import Reports
from footfall.reports.presence import PresenceQuestion
from footfall.reports.query import Interval, Query
from footfall.reports.scope import Scope
from footfall.reports.volume import VolumeQuestion

DAYS = 30
DAYS_LIMIT = 90
PAGES = 20
PAGES_LIMIT = 100
"""[doc]"""

SOURCES = 20
"""[inferred]"""

COUNTRIES = 300
"""More than there are."""

ANOMALY_DAYS = 7

ReportsPort = NamedDependency[SkipValidation[Reports]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
TheClock = NamedDependency[SkipValidation[Clock]]
TheDetectors = NamedDependency[SkipValidation[AnomalyDetectors]]
Days = Annotated[int, QueryParameter(description="Days, today included (UTC). At most 90.")]
Limit = Annotated[int, QueryParameter(description="Pages. At most 100.")]

_OVERVIEW = sees("overview")


@get("/analytics/overview", opt=ANY, summary="Everything so far")
async def get_overview(
    request: Request[Any, Any, Any],
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> OverviewBody:
    """Sessions, events, visitors, engagement and suspected VPNs of all time. Every key may ask:
    it is told its role, and a marketing key its pages."""
    scope = make_scope(find_project(directory, project), make_history(clock.now_us()), bots)
    totals, volume, cells = await asyncio.gather(
        reports.run(ask_totals(scope)),
        reports.ask(VolumeQuestion(scope)),
        reports.ask(EngagementQuestion(scope)),
    )
    return render_overview(totals, volume, cells, viewer_of(request))


@get("/analytics/sessions/daily", opt=_OVERVIEW, summary="Sessions by day")
async def get_daily(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    days: Days = DAYS,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> list[DayBody]:
    """Days (UTC) that have sessions, oldest first; durations in seconds, ended sessions only."""
    span = parse_days(days, DAYS_LIMIT, clock.now_us())
    scope = make_scope(find_project(directory, project), span, bots)
    series, cells = await asyncio.gather(
        reports.run(ask_totals(scope, interval=Interval.DAY)),
        reports.ask(EngagementQuestion(scope, is_daily=True)),
    )
    return render_days(series, cells)


@get("/analytics/pages/top", opt=_OVERVIEW, summary="Most viewed pages")
async def get_pages(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    limit: Limit = PAGES,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> list[PageBody]:
    """Pages by views, with the sessions that saw them."""
    scope = make_scope(find_project(directory, project), make_history(clock.now_us()), bots)
    most = parse_count("limit", limit, PAGES_LIMIT)
    return render_pages(await reports.ask(PagesQuestion(scope, most)))


@get("/analytics/geo", opt=_OVERVIEW, summary="Countries")
async def get_geo(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> list[CountryBody]:
    """Countries by sessions."""
    scope = make_scope(find_project(directory, project), make_history(clock.now_us()), bots)
    return render_countries(await reports.run(ask_totals(scope, by="country", limit=COUNTRIES)))


@get("/analytics/engagement", opt=_OVERVIEW, summary="Engagement in five buckets")
async def get_engagement(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> list[BucketBody]:
    """How ended sessions spread over the engagement score."""
    scope = make_scope(find_project(directory, project), make_history(clock.now_us()), bots)
    return render_buckets(await reports.ask(EngagementQuestion(scope)))


@get("/analytics/sources", opt=_OVERVIEW, summary="Referring hosts")
async def get_sources(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> list[SourceBody]:
    """The 20 hosts from which most sessions came; `(direct)` for none."""
    scope = make_scope(find_project(directory, project), make_history(clock.now_us()), bots)
    query = Query(
        scope.project,
        ("sessions",),
        scope.range,
        ("referrer_host",),
        bots=scope.bots,
        limit=SOURCES,
    )
    return render_sources(await reports.run(query))


@get("/analytics/realtime", opt=_OVERVIEW, summary="What happens now")
async def get_realtime(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> RealtimeBody:
    """Sessions of the last hour that have not ended, its events, and today (UTC)."""
    now_us = clock.now_us()
    entry = find_project(directory, project)
    hour = make_scope(entry, TimeRange(now_us - US_PER_HOUR, now_us + AHEAD_US), bots)
    today_us = now_us // US_PER_DAY * US_PER_DAY
    today = make_scope(entry, TimeRange(today_us, today_us + US_PER_DAY), bots)
    active, volume, totals = await asyncio.gather(
        reports.ask(PresenceQuestion(hour)),
        reports.ask(VolumeQuestion(hour)),
        reports.run(ask_totals(today)),
    )
    sessions, visitors = (int(value or 0) for value in totals.totals)
    return RealtimeBody(active, volume.signals, visitors, sessions)


@get("/analytics/storage", opt=_OVERVIEW, summary="What is stored")
async def get_storage(
    reports: ReportsPort, directory: TheDirectory, clock: TheClock, project: Wanted = None
) -> StorageBody:
    """Stored events, those of bots too, and the sessions that have any."""
    scope = make_scope(find_project(directory, project), make_history(clock.now_us()), "include")
    volume = await reports.ask(VolumeQuestion(scope))
    return StorageBody(volume.rows, volume.visits)


@get("/analytics/anomalies", opt=_OVERVIEW, summary="What is out of the ordinary")
async def get_anomalies(
    reports: ReportsPort,
    directory: TheDirectory,
    clock: TheClock,
    detectors: TheDetectors,
    days: Annotated[int, QueryParameter(description="Days to compare with.")] = ANOMALY_DAYS,
    project: Wanted = None,
) -> AnomaliesBody:
    """The last 24 hours against the days before: visits, VPNs, and what other rooms detect."""
    now_us = clock.now_us()
    number = find_project(directory, project).project.number
    traffic = await reports.ask(AnomalyQuestion(number, now_us, days))
    others = await asyncio.gather(*(detect(number, now_us) for detect in detectors.detect))
    found = [*traffic.found, *(anomaly for one in others for anomaly in one)]
    return render_anomalies(found, traffic.baseline_days, now_us)


def ask_totals(
    scope: Scope, *, by: str = "", interval: Interval | None = None, limit: int = 100
) -> Query:
    """Ask for sessions and visitors, by a dimension or by day where asked."""
    return Query(
        scope.project,
        ("sessions", "visitors"),
        scope.range,
        (by,) if by else (),
        interval=interval,
        bots=scope.bots,
        limit=limit,
    )


ANALYTICS_ROUTES: tuple[Any, ...] = (
    get_overview,
    get_daily,
    get_pages,
    get_geo,
    get_engagement,
    get_sources,
    get_realtime,
    get_storage,
    get_anomalies,
)
