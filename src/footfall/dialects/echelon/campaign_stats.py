"""Routes of what campaigns brought."""

import asyncio
from dataclasses import replace
from typing import Annotated

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter, SkipValidation

from footfall.clock import Clock
from footfall.dialects.echelon.access import READ
from footfall.dialects.echelon.overview import read_views
from footfall.dialects.echelon.render import render_event_type
from footfall.dialects.echelon.scope import SiteScope, make_site_filter, make_site_scope, parse_days
from footfall.dialects.echelon.stat import (
    CampaignDetail,
    CampaignViews,
    ContentViews,
    DayViews,
    MediumViews,
    PathViews,
    SourceViews,
    TermViews,
)
from footfall.model.time_range import TimeRange
from footfall.projects.campaign import Campaign, Campaigns
from footfall.projects.directory import Directory
from footfall.reports.port import Reports
from footfall.reports.query import And, DimensionFilter, Filter, Interval, Query
from footfall.reports.scope import Scope

DAYS = 30
DAYS_LIMIT = 90
ROWS = 20
CAMPAIGNS = 50
EVENT_TYPES = 10
TYPE = ("kind", "name")
NOT_EVENTS = ("pageview", "engagement", "exposure")

ReportsPort = NamedDependency[SkipValidation[Reports]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
TheCampaigns = NamedDependency[SkipValidation[Campaigns]]
TheClock = NamedDependency[SkipValidation[Clock]]
Days = Annotated[int, QueryParameter(description="Days, today included. At most 90.")]


class EventTypeCount(msgspec.Struct):
    """A type of event within a campaign."""

    event_type: str
    count: int
    unique_visitors: int


class CampaignEvents(msgspec.Struct):
    """What a campaign's visitors did; without campaign, all who came without one."""

    campaign_id: str | None
    campaign_name: str | None
    utm_campaign: str | None
    visitors: int
    event_visitors: int
    events: int
    event_rate: float
    events_per_visitor: float
    event_types: list[EventTypeCount]


@get("/api/stats/campaigns", opt=READ, summary="What campaigns brought")
async def get_campaign_stats(
    reports: ReportsPort,
    directory: TheDirectory,
    campaigns: TheCampaigns,
    clock: TheClock,
    days: Days = DAYS,
    id: FromQuery[str | None] = None,  # noqa: A002 - the documented name
) -> list[CampaignViews] | CampaignDetail:
    """Views and visitors of each registered campaign; with id, one of them taken apart."""
    span = parse_days(days, DAYS_LIMIT, clock.now_us())
    if id is not None:
        campaign = await asyncio.to_thread(campaigns.find, id)
        return await _run_detail(reports, directory, campaign, span)
    found = []
    for campaign in await asyncio.to_thread(campaigns.list_campaigns):
        query = _make_scope(directory, campaign, span).query("pageviews", "visitors")
        views, visitors = (int(v or 0) for v in (await reports.run(query)).totals)
        found.append(
            CampaignViews(
                campaign.id,
                campaign.name,
                campaign.utm_campaign,
                campaign.site,
                campaign.status,
                views,
                visitors,
            )
        )
    return found


def _make_scope(directory: Directory, campaign: Campaign, span: TimeRange) -> SiteScope:
    entry = directory.find_number(campaign.project)
    slug = entry.project.slug if entry else ""
    tagged = DimensionFilter("utm_campaign", "is", (campaign.utm_campaign,))
    own = make_site_filter(slug, campaign.site)
    condition: Filter = tagged if own is None else And((own, tagged))
    return SiteScope(campaign.site, Scope(campaign.project, span, condition))


async def _run_detail(
    reports: Reports, directory: Directory, campaign: Campaign, span: TimeRange
) -> CampaignDetail:
    scope = _make_scope(directory, campaign, span)
    views = ("pageviews", "visitors")

    def by(dimension: str) -> Query:
        return scope.query(*views, by=dimension, limit=ROWS)

    sources, mediums, contents, terms, paths, trend = await asyncio.gather(
        reports.run(by("utm_source")),
        reports.run(by("utm_medium")),
        reports.run(by("utm_content")),
        reports.run(by("utm_term")),
        reports.run(by("page")),
        reports.run(scope.query(*views, interval=Interval.DAY)),
    )
    return CampaignDetail(
        campaign_id=campaign.id,
        by_source=[SourceViews(n or "direct", *rest) for n, *rest in read_views(sources.rows)],
        by_medium=[MediumViews(n or "none", *rest) for n, *rest in read_views(mediums.rows)],
        daily_trend=[
            DayViews(row.bucket or "", *(int(v or 0) for v in row.metrics)) for row in trend.rows
        ],
        top_paths=[PathViews(*row) for row in read_views(paths.rows)],
        by_content=[ContentViews(n or "none", v) for n, v, _ in read_views(contents.rows)],
        by_term=[TermViews(n or "none", v) for n, v, _ in read_views(terms.rows)],
    )


@get("/api/stats/campaign-events", opt=READ, summary="What campaigns' visitors did")
async def get_campaign_events(
    reports: ReportsPort,
    directory: TheDirectory,
    campaigns: TheCampaigns,
    clock: TheClock,
    site_id: FromQuery[str | None] = None,
    days: Days = DAYS,
    event_type: FromQuery[str | None] = None,
) -> list[CampaignEvents]:
    """Events of each registered campaign's visitors, and of those who came without one."""
    span = parse_days(days, DAYS_LIMIT, clock.now_us())
    site = make_site_scope(directory, site_id, span)
    registered = [
        c
        for c in await asyncio.to_thread(campaigns.list_campaigns)
        if c.project == site.scope.project and c.site == site.site
    ]
    rows = [await _run_events(reports, site, c, event_type) for c in registered[: CAMPAIGNS - 1]]
    rows.append(await _run_events(reports, site, None, event_type))
    kept = [row for row in rows if row.visitors]
    return sorted(kept, key=lambda row: (-row.events, row.campaign_id or ""))


async def _run_events(
    reports: Reports, site: SiteScope, campaign: Campaign | None, event_type: str | None
) -> CampaignEvents:
    tag = campaign.utm_campaign if campaign else ""
    tagged = DimensionFilter("utm_campaign", "is", (tag,))
    events: Filter = DimensionFilter("kind", "is_not", NOT_EVENTS)
    if event_type:
        events = And((events, DimensionFilter("name", "is", (event_type,))))
    did = And((tagged, events))
    everybody, doers, types = await asyncio.gather(
        reports.run(site.query("visitors", also=tagged)),
        reports.run(site.query("visitors", "signals", also=did)),
        reports.run(
            replace(site.query("signals", "visitors", also=did, limit=EVENT_TYPES), dimensions=TYPE)
        ),
    )
    visitors = int(everybody.totals[0] or 0)
    event_visitors, count = (int(v or 0) for v in doers.totals)
    return CampaignEvents(
        campaign.id if campaign else None,
        campaign.name if campaign else None,
        campaign.utm_campaign if campaign else None,
        visitors,
        event_visitors,
        count,
        round(event_visitors / visitors, 4) if visitors else 0.0,
        round(count / visitors, 2) if visitors else 0.0,
        [
            EventTypeCount(
                render_event_type(*row.dimensions),
                int(row.metrics[0] or 0),
                int(row.metrics[1] or 0),
            )
            for row in types.rows
        ],
    )


CAMPAIGN_STAT_ROUTES = (get_campaign_stats, get_campaign_events)
