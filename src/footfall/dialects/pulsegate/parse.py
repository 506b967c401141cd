"""From PulseGate's events to our signals. Movements of the mouse and repeated scrolls of one
request become one signal each for a page: none is lost, and no report is flooded. Only what a
person does on purpose is interactive."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from footfall.dialects.pulsegate.wire import EventFields
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.ingest.request import Signal
from footfall.ingest.steps.shape import ID_LIMIT, NAME_LIMIT, PROPS_LIMIT_BYTES

BATCH_LIMIT = 100
"""Events of one batch [doc]."""

TYPE_LIMIT = 64
"""Characters of an event's type [inferred]."""

MS_LIMIT = 1 << 52
"""Larger numbers are no time; floats are exact up to here."""

MOVES_LIMIT = 200
"""Positions of the mouse kept of one request; of more, every second, third …"""

_PASSIVE = frozenset({"mousemove", "navigation", "visibility_change"})
"""Types that tell what happened to a page, not what a person did."""


@dataclass(frozen=True, slots=True)
class Circumstance:
    """What the events of one request share."""

    session_id: str
    visitor_id: str
    page: str
    """Where the session was last seen; for events that name no page."""
    host: str
    """Host of the page that sends; for pages that are only a path."""
    earliest_us: int
    """When the session began: nothing in it can have happened before."""
    skew_us: int = 0
    """How far the sender's clock is behind ours."""

    def make_signal(self, kind: str, page: str | None, timestamp: float | None) -> Signal:
        """Return a signal on a page at a time."""
        url = page or self.page
        return Signal(
            kind,
            url=url,
            site="" if "://" in url else self.host,
            ts_us=self.find_time(timestamp),
            visitor_id=self.visitor_id,
            session_id=self.session_id,
        )

    def find_time(self, timestamp: float | None) -> int | None:
        """Return the time of an event, µs; None for now."""
        if timestamp is None:
            return None
        ts_us = int(min(max(timestamp, 0), MS_LIMIT) * 1_000) + self.skew_us
        return max(ts_us, self.earliest_us)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A signal and how many of the sender's events it stands for."""

    signal: Signal
    events: int = 1


def parse_events(events: Sequence[EventFields] | None, circumstance: Circumstance) -> list[Weighed]:
    """Return the signals of a batch.

    Raises InvalidInputError, MissingFieldError naming the event.
    """
    if events is None:
        raise MissingFieldError("events")
    if not 1 <= len(events) <= BATCH_LIMIT:
        raise InvalidInputError(
            f"events has {len(events)} entries; accepted are 1 to {BATCH_LIMIT}", field="events"
        )
    for index, event in enumerate(events):
        try:
            check_event(event)
        except MissingFieldError as error:
            raise MissingFieldError(f"events[{index}].{error.field}") from None
        except InvalidInputError as error:
            raise InvalidInputError(f"events[{index}]: {error.message}") from None
    found: list[Weighed] = []
    gathered: dict[tuple[str, str], list[EventFields]] = {}
    for event in events:
        if event.event_type in {"mousemove", "scroll"}:
            key = (event.event_type, event.page or "")
            gathered.setdefault(key, []).append(event)
        else:
            found.append(Weighed(parse_event(event, circumstance)))
    for (name, _), several in gathered.items():
        fold = _fold_moves if name == "mousemove" else _fold_scrolls
        found += fold(several, circumstance)
    return found


def check_event(event: EventFields) -> None:
    """Refuse an event without a type or with values out of bounds.

    Raises InvalidInputError, MissingFieldError.
    """
    if not event.event_type:
        raise MissingFieldError("event_type")
    if len(event.event_type) > TYPE_LIMIT:
        raise InvalidInputError(
            f"event_type '{event.event_type[:40]}…' has {len(event.event_type)} characters; "
            f"accepted are 1 to {TYPE_LIMIT}",
            field="event_type",
        )
    if event.id is not None and len(event.id) > ID_LIMIT:
        raise InvalidInputError(
            f"id '{event.id[:40]}…' has {len(event.id)} characters; accepted are {ID_LIMIT}",
            field="id",
        )


def parse_event(event: EventFields, circumstance: Circumstance) -> Signal:
    """Return the signal of one event that was checked."""
    name = event.event_type or ""
    kinds = {"page_view": "pageview", "click": "click", "scroll": "scroll_depth"}
    kind = kinds.get(name, "activity" if name in _PASSIVE else "event")
    signal = circumstance.make_signal(kind, event.page, event.timestamp)
    signal.client_id = event.id or ""
    if kind == "pageview":
        signal.title = event.title or ""
    elif kind == "click":
        signal.name = (event.element or "")[:NAME_LIMIT]
        signal.props = _encode(x=_plain(event.x), y=_plain(event.y))
    elif kind == "scroll_depth":
        signal.value = _clamp_depth(event)
    elif name == "mousemove":
        signal.name, signal.value = name, 1.0
        signal.props = _encode_moves([event])
    elif kind == "activity":
        signal.name, signal.value = name, 1.0
        signal.props = _encode(**event.data) if event.data else b""
    else:
        signal.name, signal.is_interactive = name, True
        signal.props = _encode_custom(event)
    return signal


def _fold_moves(events: list[EventFields], circumstance: Circumstance) -> list[Weighed]:
    last = _find_last(events)
    signal = circumstance.make_signal("activity", last.page, last.timestamp)
    signal.name, signal.value = "mousemove", float(len(events))
    signal.client_id = events[0].id or ""
    signal.props = _encode_moves(events)
    return [Weighed(signal, len(events))]


def _fold_scrolls(events: list[EventFields], circumstance: Circumstance) -> list[Weighed]:
    """Return the deepest scroll as a depth, and all others together as one activity."""
    last = _find_last(events)
    deepest = circumstance.make_signal("scroll_depth", last.page, last.timestamp)
    deepest.value = max(_clamp_depth(event) for event in events)
    deepest.client_id = events[0].id or ""
    if len(events) == 1:
        return [Weighed(deepest)]
    others = circumstance.make_signal("activity", last.page, last.timestamp)
    others.name, others.value = "scroll", float(len(events) - 1)
    others.client_id = events[1].id or ""
    return [Weighed(deepest), Weighed(others, len(events) - 1)]


def _find_last(events: list[EventFields]) -> EventFields:
    return max(events, key=lambda event: event.timestamp or 0)


def _clamp_depth(event: EventFields) -> float:
    return min(max(event.scroll_percent or 0.0, 0.0), 100.0)


def _encode_moves(events: list[EventFields]) -> bytes:
    step = (len(events) - 1) // MOVES_LIMIT + 1
    moves = [[_plain(e.timestamp), _plain(e.x), _plain(e.y)] for e in events[::step]]
    return _encode(moves=moves)


def _encode_custom(event: EventFields) -> bytes:
    own: dict[str, Any] = {}
    if event.x is not None or event.y is not None:
        own |= {"x": _plain(event.x), "y": _plain(event.y)}
    if event.scroll_percent is not None:
        own["scroll_percent"] = _plain(event.scroll_percent)
    if event.element:
        own["element"] = event.element[:NAME_LIMIT]
    return _encode(**{**own, **(event.data or {})})


def _plain(number: float | None) -> float:
    """Return a number as JSON writes it best; what is missing is 0 [original]."""
    if number is None:
        return 0
    is_whole = abs(number) < MS_LIMIT and number == int(number)
    return int(number) if is_whole else number


def _encode(**props: Any) -> bytes:
    encoded = msgspec.json.encode(props) if props else b""
    if len(encoded) > PROPS_LIMIT_BYTES:
        raise InvalidInputError(
            f"data has {len(encoded)} bytes; accepted are {PROPS_LIMIT_BYTES}", field="data"
        )
    return encoded
