"""What Pulse's routes take and answer, as types: they decode bodies and describe the API."""

from typing import Any

import msgspec


class ErrorBody(msgspec.Struct):
    """Every error."""

    error: str


class CreateProject(msgspec.Struct):
    """A project to register."""

    name: str
    domain: str
    settings: dict[str, Any] | None = None
    time_zone: str | None = None


class UpdateProject(msgspec.Struct):
    """What to change of a project; what is missing stays."""

    name: str | None = None
    domain: str | None = None
    time_zone: str | None = None
    hosts: list[str] | None = None
    """Further host names that are the same site."""
    settings: dict[str, Any] | None = None
    """Replaces all settings."""


class ProjectBody(msgspec.Struct):
    """A project as lists show it."""

    id: str
    name: str
    domain: str
    created_at: str


class ProjectList(msgspec.Struct):
    """All projects, oldest first."""

    data: list[ProjectBody]


class ProjectDetail(ProjectBody):
    """A project with everything."""

    slug: str
    time_zone: str
    settings: dict[str, Any]
    updated_at: str


class CreateKey(msgspec.Struct):
    """A key to create."""

    name: str
    scopes: list[str] | None = None
    expires_at: str | None = None
    allowed_modules: list[str] | None = None


class CreatedKey(msgspec.Struct):
    """A new key; the only time its text is shown."""

    id: str
    key: str
    name: str
    scopes: list[str]
    allowed_modules: list[str] | None
    expires_at: str | None
    created_at: str


class KeyBody(msgspec.Struct):
    """A key, masked."""

    id: str
    name: str
    key_prefix: str
    scopes: list[str]
    allowed_modules: list[str] | None
    expires_at: str | None
    created_at: str
    last_used_at: str | None


class KeyList(msgspec.Struct):
    """The keys of a project that are not revoked."""

    data: list[KeyBody]


class Stats(msgspec.Struct):
    """The figures of one period."""

    pageviews: int
    visitors: int
    sessions: int
    bounce_rate: float
    """Percent of the sessions with at most one pageview."""
    avg_duration: float
    """Seconds per session."""
    events: int


class StatsBody(msgspec.Struct):
    """A period and the one of equal length before it."""

    current: Stats
    previous: Stats


class Day(msgspec.Struct):
    """One day in UTC."""

    date: str
    pageviews: int
    visitors: int
    sessions: int


class DayList(msgspec.Struct):
    """One row per day, days without data included."""

    data: list[Day]


class PageBody(msgspec.Struct):
    """One path."""

    path: str
    views: int
    unique_views: int
    """Distinct visitors."""
    avg_duration: float
    """Seconds until the next pageview; the last page of a visit does not count."""


class PageList(msgspec.Struct):
    """Pages by views."""

    data: list[PageBody]
    total: int
    """How many paths there are."""


class Referrer(msgspec.Struct):
    """One referring host without www; '(direct)' for none."""

    source: str
    visitors: int
    pageviews: int


class ReferrerList(msgspec.Struct):
    """Referrers by visitors."""

    data: list[Referrer]


class EventCount(msgspec.Struct):
    """One custom event."""

    name: str
    count: int
    unique: int
    """Distinct visitors."""


class EventList(msgspec.Struct):
    """Custom events by count."""

    data: list[EventCount]


class Share(msgspec.Struct):
    """One value with its visitors and their percentage of all visitors."""

    name: str
    visitors: int
    percentage: float


class Devices(msgspec.Struct):
    """Browsers, systems and device types by visitors."""

    browsers: list[Share]
    operating_systems: list[Share]
    device_types: list[Share]


class Country(msgspec.Struct):
    """One country: ISO 3166-1 alpha-2, 'XX' when unknown."""

    country: str
    visitors: int
    percentage: float


class CountryList(msgspec.Struct):
    """Countries by visitors."""

    data: list[Country]


class Realtime(msgspec.Struct):
    """Who is here now."""

    active_visitors: int
    """Distinct visitors of the last five minutes."""
