"""Echelon's statistics as types: what its routes answer."""

import msgspec


class PathViews(msgspec.Struct):
    """A page."""

    path: str
    views: int
    visitors: int


class DeviceVisits(msgspec.Struct):
    """A kind of device."""

    device_type: str
    visits: int


class CountryVisits(msgspec.Struct):
    """A country."""

    country_code: str
    visits: int
    visitors: int


class ReferrerViews(msgspec.Struct):
    """A kind of referrer: ai, search, social, or direct_or_unknown."""

    referrer_type: str
    views: int


class SystemViews(msgspec.Struct):
    """An operating system."""

    os_name: str
    views: int
    visitors: int


class BrowserViews(msgspec.Struct):
    """A browser."""

    browser: str
    views: int
    visitors: int


class ScreenViews(msgspec.Struct):
    """A screen size."""

    resolution: str
    views: int
    visitors: int


class DayVisits(msgspec.Struct):
    """A day."""

    date: str
    visits: int
    visitors: int


class Overview(msgspec.Struct):
    """A site over some days."""

    site_id: str
    period_days: int
    visits: int
    unique_visitors: int
    avg_interaction_ms: int
    top_paths: list[PathViews]
    devices: list[DeviceVisits]
    countries: list[CountryVisits]
    referrers: list[ReferrerViews]
    os_systems: list[SystemViews]
    browsers: list[BrowserViews]
    resolutions: list[ScreenViews]
    daily_trend: list[DayVisits]


class ActivePath(msgspec.Struct):
    """A page that is being looked at."""

    path: str
    views: int


class RealtimeBody(msgspec.Struct):
    """The last five minutes of a site."""

    site_id: str
    active_visitors: int
    pageviews: int
    active_paths: list[ActivePath]


class Buffers(msgspec.Struct):
    """What is acknowledged and in no report yet."""

    views: int
    events: int


class LastDay(msgspec.Struct):
    """The last 24 hours of all sites."""

    total_views: int
    human_views: int
    bot_views: int
    unique_visitors: int


class Summary(msgspec.Struct, omit_defaults=True):
    """All sites together; what waits is not told in public mode."""

    last_24h: LastDay
    buffers: Buffers | None = None


class SlowPathBody(msgspec.Struct, rename="camel"):
    """A path that takes long."""

    path: str
    avg_ms: float
    count: int


class Vitals(msgspec.Struct, rename="camel"):
    """How the server is, over the last five minutes."""

    buffers: Buffers
    last_24h: LastDay = msgspec.field(name="last_24h")
    total_requests: int
    total_errors: int
    recent_requests: int
    avg_response_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    max_ms: float
    rps: float
    error_rate: float
    slow_paths: list[SlowPathBody]
    uptime_seconds: int


class CampaignViews(msgspec.Struct):
    """A campaign with what it brought."""

    id: str
    name: str
    utm_campaign: str
    site_id: str
    status: str
    views: int
    visitors: int


class SourceViews(msgspec.Struct):
    """A source of a campaign."""

    utm_source: str
    views: int
    visitors: int


class MediumViews(msgspec.Struct):
    """A medium of a campaign."""

    utm_medium: str
    views: int
    visitors: int


class DayViews(msgspec.Struct):
    """A day of a campaign."""

    date: str
    views: int
    visitors: int


class ContentViews(msgspec.Struct):
    """A content of a campaign."""

    utm_content: str
    views: int


class TermViews(msgspec.Struct):
    """A term of a campaign."""

    utm_term: str
    views: int


class CampaignDetail(msgspec.Struct, rename="camel"):
    """One campaign taken apart."""

    campaign_id: str = msgspec.field(name="campaign_id")
    by_source: list[SourceViews]
    by_medium: list[MediumViews]
    daily_trend: list[DayViews]
    top_paths: list[PathViews]
    by_content: list[ContentViews]
    by_term: list[TermViews]
