"""Routes of the lead engine's figures: submissions by day, project, source and engagement."""

import asyncio
from datetime import UTC, datetime

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation

from footfall.clock import US_PER_DAY, US_PER_SECOND
from footfall.dialects.pulsegate.access import sees
from footfall.leads.report import LeadReports, Span

DAYS = 30

TheReports = NamedDependency[SkipValidation[LeadReports]]
Text = FromQuery[str]
Number = FromQuery[int]

_SEES = sees("lead-analytics")


class DayBody(msgspec.Struct):
    """Submissions of a day."""

    date: str
    submissions: int


class ProjectBody(msgspec.Struct):
    """Submissions about a project."""

    project: str
    submissions: int


class SourceBody(msgspec.Struct):
    """Submissions from a source."""

    source: str
    submissions: int


class EngagementBody(msgspec.Struct):
    """Submissions from visits of one temperature."""

    engagement_label: str
    submissions: int


class EngineBody(msgspec.Struct):
    """Totals and averages; tests, blocked senders and programs stand apart."""

    total_submissions: int
    primary: int
    follow_up: int
    duplicates: int
    test: int
    blocked: int
    bot: int
    avg_engagement_score: float
    avg_suspicion_score: float
    avg_time_to_submit: float
    avg_pages_visited: float
    vpn_suspected: int


@get("/analytics/engine/submissions-daily", opt=_SEES, summary="Submissions by day")
async def count_by_day(
    lead_reports: TheReports,
    days: Number = DAYS,
    project: Text = "",
    source: Text = "",
    engagement: Text = "",
) -> list[DayBody]:
    """Submissions of each UTC day that has any."""
    span = make_span(days, project, source, engagement)
    groups = await asyncio.to_thread(lead_reports.count_by, "day", span)
    return [DayBody(render_day(group.value), group.count) for group in groups]


@get("/analytics/engine/by-project", opt=_SEES, summary="Submissions by project")
async def count_by_project(
    lead_reports: TheReports,
    days: Number = DAYS,
    project: Text = "",
    source: Text = "",
    engagement: Text = "",
) -> list[ProjectBody]:
    """Submissions about each project, most first."""
    span = make_span(days, project, source, engagement)
    groups = await asyncio.to_thread(lead_reports.count_by, "project_name", span)
    return [ProjectBody(group.value, group.count) for group in groups]


@get("/analytics/engine/by-source", opt=_SEES, summary="Submissions by source")
async def count_by_source(
    lead_reports: TheReports,
    days: Number = DAYS,
    project: Text = "",
    source: Text = "",
    engagement: Text = "",
) -> list[SourceBody]:
    """Submissions from each source, most first."""
    span = make_span(days, project, source, engagement)
    groups = await asyncio.to_thread(lead_reports.count_by, "source", span)
    return [SourceBody(group.value, group.count) for group in groups]


@get("/analytics/engine/by-engagement", opt=_SEES, summary="Submissions by engagement")
async def count_by_engagement(
    lead_reports: TheReports,
    days: Number = DAYS,
    project: Text = "",
    source: Text = "",
    engagement: Text = "",
) -> list[EngagementBody]:
    """Submissions by how engaged the visit was, most first."""
    span = make_span(days, project, source, engagement)
    groups = await asyncio.to_thread(lead_reports.count_by, "engagement_label", span)
    return [EngagementBody(group.value, group.count) for group in groups]


@get("/analytics/engine/overview", opt=_SEES, summary="Totals of submissions")
async def show_engine_overview(
    lead_reports: TheReports,
    days: Number = DAYS,
    project: Text = "",
    source: Text = "",
    engagement: Text = "",
) -> EngineBody:
    """Totals and averages of submissions."""
    span = make_span(days, project, source, engagement)
    totals = await asyncio.to_thread(lead_reports.find_totals, span)
    return EngineBody(
        total_submissions=totals.submissions,
        primary=totals.primary,
        follow_up=totals.follow_ups,
        duplicates=totals.duplicates,
        test=totals.tests,
        blocked=totals.blocked,
        bot=totals.bots,
        avg_engagement_score=round(totals.engagement_score, 1),
        avg_suspicion_score=round(totals.suspicion_score, 1),
        avg_time_to_submit=round(totals.elapsed_s, 1),
        avg_pages_visited=round(totals.pages, 1),
        vpn_suspected=totals.vpn_suspected,
    )


@get("/analytics/engine/projects", opt=_SEES, summary="List projects of submissions")
async def list_engine_projects(lead_reports: TheReports, days: Number = DAYS) -> list[str]:
    """List the projects that submissions of these days are about, A to Z."""
    return await asyncio.to_thread(lead_reports.list_values, "project_name", days)


@get("/analytics/engine/sources", opt=_SEES, summary="List sources of submissions")
async def list_engine_sources(lead_reports: TheReports, days: Number = DAYS) -> list[str]:
    """List the sources that submissions of these days came from, A to Z."""
    return await asyncio.to_thread(lead_reports.list_values, "source", days)


def make_span(days: int, project: str, source: str, engagement: str) -> Span:
    """Return what is asked about."""
    return Span(days, project, source, engagement)


def render_day(day: int) -> str:
    """Return a day counted from the epoch as 'YYYY-MM-DD'."""
    seconds = day * US_PER_DAY // US_PER_SECOND
    return datetime.fromtimestamp(seconds, UTC).date().isoformat()


ENGINE_ROUTES = (
    count_by_day,
    count_by_project,
    count_by_source,
    count_by_engagement,
    show_engine_overview,
    list_engine_projects,
    list_engine_sources,
)
