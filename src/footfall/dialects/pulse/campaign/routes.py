"""Routes of campaigns: the core's UTM dimensions in Pulse's words. What carries no tag is in no
list."""

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from footfall.dialects.pulse.access import ERRORS, reads
from footfall.dialects.pulse.campaign.render import (
    CAMPAIGN_METRICS,
    TAG_METRICS,
    render_campaign,
    render_campaign_day,
    render_medium,
    render_source,
)
from footfall.dialects.pulse.campaign.shape import (
    CampaignDayList,
    CampaignList,
    CampaignMediumList,
    CampaignSourceList,
)
from footfall.dialects.pulse.core import DAYS_LIMIT, Period, Project, ReportsPort, Rows
from footfall.errors import MissingFieldError
from footfall.http.paging import Page
from footfall.model.time_range import TimeRange
from footfall.reports.query import DimensionFilter, Interval, Query

_READS = reads("utm")


@get("/api/v1/campaigns", opt=_READS, responses=ERRORS, summary="Campaigns")
async def list_campaigns(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> CampaignList:
    """Campaigns by visitors."""
    result = await reports.run(_by(project, "utm_campaign", CAMPAIGN_METRICS, period, rows))
    return CampaignList([render_campaign(row) for row in result.rows])


@get("/api/v1/campaigns/sources", opt=_READS, responses=ERRORS, summary="UTM sources")
async def list_sources(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> CampaignSourceList:
    """Values of utm_source by visitors."""
    result = await reports.run(_by(project, "utm_source", TAG_METRICS, period, rows))
    return CampaignSourceList([render_source(row) for row in result.rows])


@get("/api/v1/campaigns/mediums", opt=_READS, responses=ERRORS, summary="UTM mediums")
async def list_mediums(
    project: Project, reports: ReportsPort, period: Period, rows: Rows
) -> CampaignMediumList:
    """Values of utm_medium by visitors."""
    result = await reports.run(_by(project, "utm_medium", TAG_METRICS, period, rows))
    return CampaignMediumList([render_medium(row) for row in result.rows])


@get("/api/v1/campaigns/timeseries", opt=_READS, responses=ERRORS, summary="Series of a source")
async def get_campaign_series(
    project: Project,
    reports: ReportsPort,
    period: Period,
    utm_source: Annotated[
        str | None, QueryParameter(description="Required. The utm_source to look at.")
    ] = None,
) -> CampaignDayList:
    """Visitors and pageviews of one utm_source on each day."""
    if not utm_source:
        raise MissingFieldError("utm_source")
    query = Query(
        project,
        TAG_METRICS,
        period,
        filter=DimensionFilter("utm_source", "is", (utm_source,)),
        interval=Interval.DAY,
        limit=DAYS_LIMIT,
    )
    result = await reports.run(query)
    return CampaignDayList([render_campaign_day(row) for row in result.rows])


def _by(
    project: int, dimension: str, metrics: tuple[str, ...], period: TimeRange, rows: Page
) -> Query:
    return Query(
        project,
        metrics,
        period,
        dimensions=(dimension,),
        filter=DimensionFilter(dimension, "is_not", ("",)),
        limit=rows.limit,
        offset=rows.offset,
    )


CAMPAIGN_ROUTES = (list_campaigns, list_sources, list_mediums, get_campaign_series)
