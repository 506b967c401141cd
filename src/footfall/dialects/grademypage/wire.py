"""GradeMyPage's bodies as they come over the wire, in its own words. Unknown fields are ignored."""

from typing import Any

import msgspec


class Utm(msgspec.Struct, gc=False):
    """Campaign tags."""

    source: str | None = None
    medium: str | None = None
    campaign: str | None = None
    term: str | None = None
    content: str | None = None


class TrackEvent(msgspec.Struct, gc=False, rename="camel"):
    """One event of a browser."""

    event_type: str
    pathname: str
    full_url: str
    session_id: str
    visitor_id: str
    timestamp: float
    event_name: str | None = None
    event_data: dict[str, Any] | None = None
    referrer: str | None = None
    utm: Utm | None = None


class TrackRequest(msgspec.Struct, gc=False, rename="camel"):
    """The body of `/api/analytics/track`."""

    project_id: str
    events: list[TrackEvent]


class ServerVisitor(msgspec.Struct, gc=False, rename="camel"):
    """Who a backend's event is about."""

    id: str | None = None
    ip: str | None = None
    user_agent: str | None = None


class ServerEvent(msgspec.Struct, gc=False, rename="camel"):
    """The body of `/api/analytics/server-events`."""

    event_type: str
    event_name: str
    timestamp: str | None = None
    idempotency_key: str | None = None
    visitor: ServerVisitor | None = None
    page: str | None = None
    properties: dict[str, Any] | None = None
    event_data: dict[str, Any] | None = None
    experiment_id: str | None = None
    variant_id: str | None = None


class Tracked(msgspec.Struct):
    """The answer of `/api/analytics/track`."""

    success: bool
    accepted: int
    duplicates: int


class Reported(msgspec.Struct, rename="camel", omit_defaults=True):
    """The answer of `/api/analytics/server-events`."""

    success: bool
    event_id: str | None
    duplicate: bool
    attributed: bool | msgspec.UnsetType = msgspec.UNSET
    """Whether the event counts for the variant it names; absent when it names none."""


class Change(msgspec.Struct, rename="camel", omit_defaults=True):
    """One change of a page."""

    selector: str
    change_type: str
    value: str
    property: str | msgspec.UnsetType = msgspec.UNSET


class Variant(msgspec.Struct, rename="camel"):
    """One variant of an experiment."""

    id: str
    name: str
    is_control: bool
    weight: float
    changes: list[Change]
    ranges: list[tuple[int, int]]
    """Ours: its buckets of 10,000, so that a page assigns as the server does."""


class Experiment(msgspec.Struct, rename="camel"):
    """One running experiment."""

    id: str
    name: str
    type: str
    target_url: str
    url_match_type: str
    traffic_percentage: float
    variants: list[Variant]
    salt: str
    """Ours: keeps the assignments of two experiments independent."""


class ActiveExperiments(msgspec.Struct):
    """The answer of `/api/analytics/experiments/active`."""

    experiments: list[Experiment]


class RotatedKey(msgspec.Struct):
    """A new secret key, in the one answer that shows it."""

    secret_key: str
    previous_expires_at: str | None
    """When the key before it ends, ISO 8601 in UTC; None when there was none."""


class ErrorBody(msgspec.Struct):
    """Every error."""

    error: str
