"""Routes of moderation: which sources, campaigns and visitors send what nobody wants. The shapes
are ours; the thresholds are the original's."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, SkipValidation

from footfall.dialects.pulsegate.access import sees, viewer_of
from footfall.dialects.pulsegate.lead.render import SubmissionBody, render_submission
from footfall.leads.report import Group, LeadReports

DAYS = 30

TheReports = NamedDependency[SkipValidation[LeadReports]]
Days = FromQuery[int]

_SEES = sees("moderation")


class ConspicuousBody(msgspec.Struct, kw_only=True, omit_defaults=True):
    """What is conspicuous, with how many submissions bear the mark and their share in percent."""

    submissions: int
    avg_suspicion_score: float
    source: str | None = None
    utm_campaign: str | None = None
    referer: str | None = None
    visitor_id: str | None = None
    bots: int | None = None
    vpn_suspected: int | None = None
    duplicates: int | None = None
    share_percent: float | None = None


@get("/analytics/moderation/high-bot-by-source", opt=_SEES, summary="Sources of bots")
async def list_bots_by_source(lead_reports: TheReports, days: Days = DAYS) -> list[ConspicuousBody]:
    """Sources of whose submissions more than 30 % come from programs."""
    groups = await _find(lead_reports, "source", "is_bot", days)
    return [
        _render(g, source=g.value, bots=g.marked, share_percent=_percent(g))
        for g in groups
        if g.has_many_bots
    ]


@get("/analytics/moderation/high-bot-by-campaign", opt=_SEES, summary="Campaigns of bots")
async def list_bots_by_campaign(
    lead_reports: TheReports, days: Days = DAYS
) -> list[ConspicuousBody]:
    """Campaigns of whose submissions more than 30 % come from programs."""
    groups = await _find(lead_reports, "utm_campaign", "is_bot", days)
    return [
        _render(g, utm_campaign=g.value, bots=g.marked, share_percent=_percent(g))
        for g in groups
        if g.value and g.has_many_bots
    ]


@get("/analytics/moderation/high-suspicion-by-source", opt=_SEES, summary="Suspicious sources")
async def list_suspicious_sources(
    lead_reports: TheReports, days: Days = DAYS
) -> list[ConspicuousBody]:
    """Sources with a mean suspicion above 50, the highest first."""
    groups = await _find(lead_reports, "source", "is_bot", days)
    found = [g for g in groups if g.is_suspicious]
    return [_render(g, source=g.value) for g in sorted(found, key=lambda g: (-g.score, g.value))]


@get("/analytics/moderation/repeat-submissions-by-visitor", opt=_SEES, summary="Repeating visitors")
async def list_repeating_visitors(
    lead_reports: TheReports, days: Days = DAYS
) -> list[ConspicuousBody]:
    """Visitors with three submissions or more."""
    groups = await asyncio.to_thread(lead_reports.find_repeating, days)
    return [_render(g, visitor_id=g.value) for g in groups]


@get("/analytics/moderation/suspicious-referers", opt=_SEES, summary="Suspicious referrers")
async def list_suspicious_referrers(
    lead_reports: TheReports, days: Days = DAYS
) -> list[ConspicuousBody]:
    """Hosts that refer suspicious submissions or programs."""
    groups = await _find(lead_reports, "referrer_host", "is_bot", days)
    return [
        _render(g, referer=g.value, bots=g.marked, share_percent=_percent(g))
        for g in groups
        if g.value and (g.has_many_bots or g.is_suspicious)
    ]


@get("/analytics/moderation/vpn-heavy-by-source", opt=_SEES, summary="Sources of VPNs")
async def list_vpn_by_source(lead_reports: TheReports, days: Days = DAYS) -> list[ConspicuousBody]:
    """Sources of whose submissions more than 30 % come through a suspected VPN."""
    groups = await _find(lead_reports, "source", "is_vpn", days)
    return [
        _render(g, source=g.value, vpn_suspected=g.marked, share_percent=_percent(g))
        for g in groups
        if g.has_many_vpns
    ]


@get("/analytics/moderation/fast-submits", opt=_SEES, summary="Fast submissions")
async def list_fast_submissions(
    request: Request[Any, Any, Any], lead_reports: TheReports, days: Days = DAYS
) -> list[SubmissionBody]:
    """Submissions sent within three seconds, newest first."""
    is_masked = not viewer_of(request).is_admin
    found = await asyncio.to_thread(lead_reports.list_fast, days)
    return [render_submission(submission, is_masked=is_masked) for submission in found]


@get("/analytics/moderation/duplicate-by-source", opt=_SEES, summary="Sources of duplicates")
async def list_duplicates_by_source(
    lead_reports: TheReports, days: Days = DAYS
) -> list[ConspicuousBody]:
    """Sources with duplicates, the largest share first."""
    groups = await _find(lead_reports, "source", "is_duplicate", days)
    return [
        _render(g, source=g.value, duplicates=g.marked, share_percent=_percent(g))
        for g in groups
        if g.marked
    ]


async def _find(lead_reports: LeadReports, column: str, mark: str, days: int) -> list[Group]:
    return await asyncio.to_thread(lead_reports.find_shares, column, mark, days)


def _render(group: Group, **more: Any) -> ConspicuousBody:
    score = round(group.score, 1)
    return ConspicuousBody(submissions=group.count, avg_suspicion_score=score, **more)


def _percent(group: Group) -> float:
    return round(group.share * 100, 1)


MODERATION_ROUTES = (
    list_bots_by_source,
    list_bots_by_campaign,
    list_suspicious_sources,
    list_repeating_visitors,
    list_suspicious_referrers,
    list_vpn_by_source,
    list_fast_submissions,
    list_duplicates_by_source,
)
