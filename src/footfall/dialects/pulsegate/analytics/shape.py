"""Answers of PulseGate's analytics about traffic, field by field as documented."""

import msgspec


class OverviewBody(msgspec.Struct, omit_defaults=True):
    """Everything so far."""

    total_sessions: int
    total_events: int
    unique_visitors: int
    unique_fingerprints: int
    avg_engagement_score: float
    avg_session_duration_s: int
    vpn_suspected_count: int
    role: str
    marketing_visible_pages: list[str] | None = None


class DayBody(msgspec.Struct):
    """One day, UTC; seconds and points."""

    date: str
    total_sessions: int
    unique_visitors: int
    avg_duration: float
    avg_engagement: float


class PageBody(msgspec.Struct):
    """One page."""

    page: str
    views: int
    unique_sessions: int


class CountryBody(msgspec.Struct):
    """One country."""

    country: str
    sessions: int
    unique_visitors: int


class BucketBody(msgspec.Struct):
    """Ended sessions of some scores."""

    bucket: str
    count: int


class SourceBody(msgspec.Struct):
    """One referring host."""

    referrer_domain: str
    sessions: int


class RealtimeBody(msgspec.Struct):
    """What happens now."""

    active_sessions: int
    events_last_hour: int
    unique_visitors_today: int
    total_sessions_today: int


class StorageBody(msgspec.Struct):
    """What is stored."""

    total_objects: int
    estimated_sessions: int


class AnomalyBody(msgspec.Struct):
    """One thing out of the ordinary."""

    type: str
    severity: str
    message: str
    current: float
    baseline: float
    change_percent: float | None
    detected_at: int


class AnomaliesBody(msgspec.Struct):
    """What is out of the ordinary, and by how many days it was judged."""

    anomalies: list[AnomalyBody]
    checked_at: int
    baseline_days: int
