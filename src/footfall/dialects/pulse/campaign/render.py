"""From rows of the catalogue's metrics to Pulse's campaigns. Nothing here can fail."""

from footfall.dialects.pulse.campaign.shape import (
    Campaign,
    CampaignDay,
    CampaignMedium,
    CampaignSource,
)
from footfall.dialects.pulse.render import render_count, render_decimal, render_percent
from footfall.reports.query import Row

CAMPAIGN_METRICS = ("visitors", "pageviews", "bounce_rate_pageviews", "session_duration")
"""What `render_campaign` expects, in this order."""

TAG_METRICS = ("visitors", "pageviews")
"""What the others expect."""


def render_campaign(row: Row) -> Campaign:
    """Return one campaign."""
    visitors, pageviews, bounce_rate, duration_s = row.metrics
    return Campaign(
        row.dimensions[0],
        render_count(visitors),
        render_count(pageviews),
        render_percent(bounce_rate),
        render_decimal(duration_s),
    )


def render_source(row: Row) -> CampaignSource:
    """Return one source."""
    visitors, pageviews = row.metrics
    return CampaignSource(row.dimensions[0], render_count(visitors), render_count(pageviews))


def render_medium(row: Row) -> CampaignMedium:
    """Return one medium."""
    visitors, pageviews = row.metrics
    return CampaignMedium(row.dimensions[0], render_count(visitors), render_count(pageviews))


def render_campaign_day(row: Row) -> CampaignDay:
    """Return one day."""
    visitors, pageviews = row.metrics
    return CampaignDay((row.bucket or "")[:10], render_count(visitors), render_count(pageviews))
