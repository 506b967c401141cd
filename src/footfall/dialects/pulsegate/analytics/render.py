"""Core answers in the words and units of PulseGate's analytics."""

from collections.abc import Sequence

from footfall.clock import US_PER_DAY
from footfall.dialects.pulsegate.access import Viewer
from footfall.dialects.pulsegate.analytics.shape import (
    AnomaliesBody,
    AnomalyBody,
    BucketBody,
    CountryBody,
    DayBody,
    OverviewBody,
    PageBody,
    SourceBody,
)
from footfall.reports.anomaly import Anomaly
from footfall.reports.engagement import EngagementCell, average_engagement
from footfall.reports.page_view import SeenPage
from footfall.reports.query import Result
from footfall.reports.volume import Volume

UNKNOWN_COUNTRY = "Unknown"
DIRECT = "(direct)"
"""[doc]"""

BUCKETS = ((19, "0-19"), (39, "20-39"), (59, "40-59"), (79, "60-79"), (100, "80-100"))
"""Highest score of each bucket [doc]."""


def render_overview(
    totals: Result, volume: Volume, cells: Sequence[EngagementCell], viewer: Viewer
) -> OverviewBody:
    """Return everything so far; a marketing key also learns its pages."""
    sessions, visitors = (int(value or 0) for value in totals.totals)
    means = average_engagement(cells)
    return OverviewBody(
        total_sessions=sessions,
        total_events=volume.signals,
        unique_visitors=visitors,
        unique_fingerprints=volume.introduced,
        avg_engagement_score=round(means.mean_score or 0.0, 1),
        avg_session_duration_s=round(means.mean_duration_s or 0.0),
        vpn_suspected_count=volume.suspected,
        role=viewer.role,
        marketing_visible_pages=None if viewer.is_admin else list(viewer.pages),
    )


def render_days(series: Result, cells: Sequence[EngagementCell]) -> list[DayBody]:
    """Return the days that have sessions, oldest first."""
    by_day: dict[int, list[EngagementCell]] = {}
    for cell in cells:
        by_day.setdefault(cell.day, []).append(cell)
    days = []
    for row in series.rows:
        sessions, visitors = (int(value or 0) for value in row.metrics)
        means = average_engagement(by_day.get((row.bucket_us or 0) // US_PER_DAY, ()))
        if sessions:
            days.append(
                DayBody(
                    row.bucket or "",
                    sessions,
                    visitors,
                    round(means.mean_duration_s or 0.0, 1),
                    round(means.mean_score or 0.0, 1),
                )
            )
    return days


def render_pages(pages: Sequence[SeenPage]) -> list[PageBody]:
    """Return pages as addresses; a sender's scheme is not kept, the web's is https."""
    return [PageBody(render_page(p.site, p.path), p.views, p.visits) for p in pages]


def render_page(site: str, path: str) -> str:
    """Return the address of a page; the path alone where no host is known."""
    return f"https://{site}{path}" if site else path


def render_countries(result: Result) -> list[CountryBody]:
    """Return countries, most sessions first."""
    return [
        CountryBody(row.dimensions[0] or UNKNOWN_COUNTRY, *(int(v or 0) for v in row.metrics))
        for row in result.rows
    ]


def render_sources(result: Result) -> list[SourceBody]:
    """Return referring hosts, most sessions first."""
    return [
        SourceBody(row.dimensions[0] or DIRECT, int(row.metrics[0] or 0)) for row in result.rows
    ]


def render_buckets(cells: Sequence[EngagementCell]) -> list[BucketBody]:
    """Return the five buckets, empty ones too, of ended sessions."""
    counts = dict.fromkeys((name for _, name in BUCKETS), 0)
    for cell in cells:
        if cell.is_ended:
            bucket = next(name for most, name in BUCKETS if cell.score <= most)
            counts[bucket] += cell.visits
    return [BucketBody(name, count) for name, count in counts.items()]


def render_anomalies(found: Sequence[Anomaly], days: int, now_us: int) -> AnomaliesBody:
    """Return what is out of the ordinary."""
    return AnomaliesBody(
        [
            AnomalyBody(
                a.kind,
                a.severity,
                a.message,
                round(a.current, 4),
                round(a.baseline, 4),
                None if a.change_percent is None else round(a.change_percent, 1),
                a.at_us // 1_000,
            )
            for a in found
        ],
        now_us // 1_000,
        days,
    )
