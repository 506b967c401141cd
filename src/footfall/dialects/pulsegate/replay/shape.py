"""Bodies of the routes of recordings. Times and durations are milliseconds, as everywhere in
PulseGate."""

import msgspec


class ReplaySessionBody(msgspec.Struct):
    """A visit in the list [original]; the last three fields are ours."""

    session_id: str
    visitor_id: str
    entry_page: str
    country: str
    started_at: int
    duration: int
    engagement_score: int
    event_count: int
    recorded: bool
    recorded_events: int
    recorded_duration: int


class ReplaySessionsBody(msgspec.Struct):
    """A page of visits, and how many there are."""

    sessions: list[ReplaySessionBody]
    total: int


class ReplayEventBody(msgspec.Struct):
    """What happened in a visit [original]."""

    event_id: str
    event_type: str
    x: float
    y: float
    element: str
    page: str
    timestamp: int


class ReplayChunkBody(msgspec.Struct):
    """A piece of the recording; its events are rrweb's."""

    seq: int
    first: int
    last: int
    events: int
    size: int
    """Bytes as it is kept, compressed."""


class ReplayBody(msgspec.Struct):
    """One visit."""

    session: ReplaySessionBody
    events: list[ReplayEventBody]
    event_count: int
    chunks: list[ReplayChunkBody]
    """Of the recording, in order of time; empty without one."""
    clock_skew: int
    """What to add to the times of the recording to get those of the events."""


class RemovedBody(msgspec.Struct):
    """A recording was removed."""

    deleted: bool = True
