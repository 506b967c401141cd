"""From our answers to Pulse's: names, units and times. Nothing here can fail."""

from collections.abc import Sequence

import msgspec

from footfall.dialects.pulse.shape import (
    Country,
    CreatedKey,
    Day,
    EventCount,
    KeyBody,
    PageBody,
    ProjectBody,
    ProjectDetail,
    Referrer,
    Share,
    Stats,
)
from footfall.model.time_range import from_us
from footfall.projects.project import Key, Project
from footfall.reports.query import Result, Row, Value

DIRECT = "(direct)"
UNKNOWN_COUNTRY = "XX"
UNKNOWN = "Unknown"

STATS_METRICS = (
    "pageviews",
    "visitors",
    "sessions",
    "bounce_rate_pageviews",
    "session_duration",
    "events",
)
"""What `render_stats` expects, in this order."""


def render_time(us: int) -> str:
    """Return an instant as '2026-03-22T16:00:00Z', whole seconds as the documents show."""
    return from_us(us).strftime("%Y-%m-%dT%H:%M:%SZ")


def render_project(project: Project) -> ProjectBody:
    """Return a project for a list."""
    return ProjectBody(project.id, project.name, project.domain, render_time(project.created_at_us))


def render_project_detail(project: Project) -> ProjectDetail:
    """Return a project with its settings."""
    return ProjectDetail(
        id=project.id,
        name=project.name,
        domain=project.domain,
        created_at=render_time(project.created_at_us),
        slug=project.slug,
        time_zone=project.time_zone,
        settings=msgspec.json.decode(project.settings),
        updated_at=render_time(project.updated_at_us),
    )


def render_created_key(key: Key, secret: str) -> CreatedKey:
    """Return a new key with its text."""
    return CreatedKey(
        id=key.id,
        key=secret,
        name=key.name,
        scopes=list(key.scopes),
        allowed_modules=_list(key.allowed_modules),
        expires_at=_time(key.expires_at_us),
        created_at=render_time(key.created_at_us),
    )


def render_key(key: Key) -> KeyBody:
    """Return a key without its text."""
    return KeyBody(
        id=key.id,
        name=key.name,
        key_prefix=key.prefix,
        scopes=list(key.scopes),
        allowed_modules=_list(key.allowed_modules),
        expires_at=_time(key.expires_at_us),
        created_at=render_time(key.created_at_us),
        last_used_at=_time(key.last_used_at_us),
    )


def render_stats(values: Sequence[Value]) -> Stats:
    """Return the figures of one period from `STATS_METRICS`."""
    pageviews, visitors, sessions, bounce_rate, duration_s, events = values
    return Stats(
        pageviews=render_count(pageviews),
        visitors=render_count(visitors),
        sessions=render_count(sessions),
        bounce_rate=render_percent(bounce_rate),
        avg_duration=render_decimal(duration_s),
        events=render_count(events),
    )


def render_day(row: Row) -> Day:
    """Return one bucket of pageviews, visitors and sessions."""
    pageviews, visitors, sessions = row.metrics
    return Day(
        (row.bucket or "")[:10],
        render_count(pageviews),
        render_count(visitors),
        render_count(sessions),
    )


def render_page(row: Row) -> PageBody:
    """Return one page from views, unique views and seconds to the next page."""
    views, unique_views, duration_s = row.metrics
    return PageBody(
        row.dimensions[0],
        render_count(views),
        render_count(unique_views),
        render_decimal(duration_s),
    )


def render_referrer(row: Row) -> Referrer:
    """Return one referring host from visitors and pageviews."""
    visitors, pageviews = row.metrics
    host = row.dimensions[0].removeprefix("www.")
    return Referrer(host or DIRECT, render_count(visitors), render_count(pageviews))


def render_event(row: Row) -> EventCount:
    """Return one custom event from its count and its visitors."""
    count, visitors = row.metrics
    return EventCount(row.dimensions[0], render_count(count), render_count(visitors))


def render_shares(result: Result) -> list[Share]:
    """Return the rows of visitors by one dimension."""
    return [
        Share(row.dimensions[0] or UNKNOWN, render_count(row.metrics[0]), _percentage(row, result))
        for row in result.rows
    ]


def render_country(row: Row, result: Result) -> Country:
    """Return one country from visitors."""
    code = row.dimensions[0] or UNKNOWN_COUNTRY
    return Country(code, render_count(row.metrics[0]), _percentage(row, result))


def _percentage(row: Row, result: Result) -> float:
    """Percent of all visitors, whether their row is shown or not."""
    total = result.totals[0]
    return round(100 * (row.metrics[0] or 0) / total, 1) if total else 0.0


def render_count(value: Value) -> int:
    """Return a count; what was not counted is 0."""
    return int(value or 0)


def render_percent(fraction: Value) -> float:
    """Return a fraction as percent with one decimal; 0 where there is none."""
    return round(100 * (fraction or 0.0), 1)


def render_decimal(value: Value) -> float:
    """Return a number with one decimal; 0 where there is none."""
    return round(float(value or 0.0), 1)


def _time(us: int | None) -> str | None:
    return None if us is None else render_time(us)


def _list(values: Sequence[str] | None) -> list[str] | None:
    return None if values is None else list(values)
