"""What the routes of campaigns answer."""

import msgspec


class Campaign(msgspec.Struct):
    """One utm_campaign."""

    campaign: str
    visitors: int
    pageviews: int
    bounce_rate: float
    """Percent of the sessions with at most one pageview."""
    avg_duration: float
    """Seconds per session."""


class CampaignList(msgspec.Struct):
    """Campaigns by visitors."""

    data: list[Campaign]


class CampaignSource(msgspec.Struct):
    """One utm_source."""

    source: str
    visitors: int
    pageviews: int


class CampaignSourceList(msgspec.Struct):
    """Sources by visitors."""

    data: list[CampaignSource]


class CampaignMedium(msgspec.Struct):
    """One utm_medium."""

    medium: str
    visitors: int
    pageviews: int


class CampaignMediumList(msgspec.Struct):
    """Mediums by visitors."""

    data: list[CampaignMedium]


class CampaignDay(msgspec.Struct):
    """One day in UTC."""

    date: str
    visitors: int
    pageviews: int


class CampaignDayList(msgspec.Struct):
    """One row per day, days without data included."""

    data: list[CampaignDay]
