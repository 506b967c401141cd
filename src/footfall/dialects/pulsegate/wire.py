"""The bodies of PulseGate's tracking calls, as its trackers send them. Unknown fields are let pass.
What is required is checked in `parse`, because headers may supply it."""

from typing import Any

import msgspec


class DeviceInfo(msgspec.Struct, gc=False):
    """What a browser tells of its device. Memory and processors say who somebody is, and are not
    kept."""

    user_agent: str | None = None
    language: str | None = None


class ScreenInfo(msgspec.Struct, gc=False):
    """The screen, in CSS pixels."""

    width: float | None = None
    height: float | None = None


class StartBody(msgspec.Struct, gc=False):
    """`POST /track/session/start`."""

    fingerprint_id: str | None = None
    page: str | None = None
    visitor_id: str | None = None
    referrer: str | None = None
    device_info: DeviceInfo | None = None
    screen: ScreenInfo | None = None
    siteKey: str | None = None  # noqa: N815 - the wire's name


class EventFields(msgspec.Struct):
    """One event of a batch."""

    event_type: str | None = None
    page: str | None = None
    title: str | None = None
    x: float | None = None
    y: float | None = None
    scroll_percent: float | None = None
    element: str | None = None
    timestamp: float | None = None
    data: dict[str, Any] | None = None
    """Properties of an event of the site's own; ours."""
    id: str | None = None
    """Makes the event unique for its sender: sent twice it counts once; ours."""


class EventBody(EventFields):
    """`POST /track/event`."""

    session_id: str | None = None
    visitor_id: str | None = None
    siteKey: str | None = None  # noqa: N815
    sent_at: float | None = None
    """The sender's clock as it sends, ms: its difference to ours is taken off every time; ours."""


class BatchBody(msgspec.Struct):
    """`POST /track/events/batch`."""

    session_id: str | None = None
    visitor_id: str | None = None
    events: list[EventFields] | None = None
    siteKey: str | None = None  # noqa: N815
    sent_at: float | None = None


class StartedBody(msgspec.Struct):
    """A session has begun."""

    session_id: str
    visitor_id: str
    device_id: str
    timestamp: int


class TakenBody(msgspec.Struct):
    """An event was taken."""

    event_id: str
    timestamp: int


class BatchTakenBody(msgspec.Struct):
    """Events were taken."""

    accepted: int
    timestamp: int


class EndedBody(msgspec.Struct):
    """A session has ended."""

    session_id: str
    ended_at: int


class EndBody(msgspec.Struct, gc=False):
    """`POST /track/session/end`."""

    session_id: str | None = None
    exit_page: str | None = None
    visitor_id: str | None = None
    timestamp: float | None = None
    siteKey: str | None = None  # noqa: N815
    sent_at: float | None = None
