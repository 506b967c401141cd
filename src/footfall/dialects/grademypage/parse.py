"""From GradeMyPage's events to signals. Whatever a body may hold ends here: as signals within
limits, or as an error that quotes what was wrong and says what is accepted."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import blake2b
from ipaddress import ip_address
from typing import Any, Final

import msgspec

from footfall.dialects.grademypage.wire import ServerEvent, TrackEvent, TrackRequest, Utm
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.experiments.exposure import KIND, VARIANT_PROPERTY
from footfall.http.json_body import QUOTE_LIMIT, parse_json
from footfall.ingest.page import PATH_LIMIT, TAG_LIMIT, URL_LIMIT, split_address
from footfall.ingest.request import Signal
from footfall.ingest.steps.shape import NAME_LIMIT, PROPS_LIMIT_BYTES, PROPS_LIMIT_KEYS
from footfall.model.event import REVENUE_SCALE
from footfall.model.time_range import to_us

BATCH_LIMIT = 100
"""Events of one request [inferred]."""

ID_LIMIT = 128
"""Characters of a visitor's, session's or variant's id; two UUIDs with room to spare."""

KEY_LIMIT = 255
"""Characters of an idempotency key: what those who call back use (Stripe's limit is 255)."""

REVENUE_LIMIT = 1_000_000_000
"""Largest amount of one event: keeps a sum of nine thousand of them within 64 bits."""

ENGAGEMENT_LIMIT_S = 86_400
"""A day; a page that was visible longer has been left on a screen."""

MS_LIMIT = 4_102_444_800_000
"""The year 2100: a later clock is no clock, and must not overflow."""

CONVERSION = "conversion"

EVENT_TYPE = "event_type"
"""The property that keeps the type of a custom event that has a name of its own, and of every
conversion, so that all of them can be filtered by one condition."""

_TRACK: Final = msgspec.json.Decoder(TrackRequest)
_SERVER_EVENT: Final = msgspec.json.Decoder(ServerEvent)
_encode: Final = msgspec.json.Encoder().encode


def parse_track(body: bytes) -> TrackRequest:
    """Read the body of `/api/analytics/track`. Raises InvalidInputError, MissingFieldError."""
    request = parse_json(_TRACK, body)
    if not 1 <= len(request.events) <= BATCH_LIMIT:
        raise InvalidInputError(
            f"events holds {len(request.events)} events; accepted are 1 to {BATCH_LIMIT}",
            field="events",
        )
    return request


def parse_signals(request: TrackRequest) -> list[Signal]:
    """Turn a batch into signals: all of them, or an error that names the place."""
    return [_parse_item(index, event) for index, event in enumerate(request.events)]


def parse_track_event(event: TrackEvent) -> Signal:
    """Turn one event of a browser into a signal. Raises InvalidInputError, MissingFieldError."""
    _check("eventType", event.event_type, NAME_LIMIT)
    _check("pathname", event.pathname, PATH_LIMIT)
    _check("fullUrl", event.full_url, URL_LIMIT)
    _check("sessionId", event.session_id, ID_LIMIT)
    _check("visitorId", event.visitor_id, ID_LIMIT)
    signal = Signal("event", url=_find_url(event.pathname, event.full_url))
    signal.site = split_address(event.full_url)[0]
    signal.referrer = (event.referrer or "")[:PATH_LIMIT]
    signal.ts_us = int(min(max(event.timestamp, 0), MS_LIMIT) * 1_000)
    signal.client_id = _identify(event)
    signal.visitor_id = event.visitor_id
    signal.session_id = event.session_id
    if event.utm is not None:
        _put_tags(signal, event.utm)
    fill = _FILLERS.get(event.event_type, _fill_custom)
    fill(signal, event.event_type, event.event_name or "", event.event_data or {})
    return signal


def parse_server_event(body: bytes) -> ServerEvent:
    """Read the body of `/api/analytics/server-events`.

    Raises InvalidInputError, MissingFieldError.
    """
    event = parse_json(_SERVER_EVENT, body)
    _check("eventType", event.event_type, NAME_LIMIT)
    _check("eventName", event.event_name, NAME_LIMIT)
    for field, text, limit in (
        ("idempotencyKey", event.idempotency_key, KEY_LIMIT),
        ("page", event.page, URL_LIMIT),
        ("experimentId", event.experiment_id, ID_LIMIT),
        ("variantId", event.variant_id, ID_LIMIT),
    ):
        if text:
            _check(field, text, limit)
    visitor = event.visitor
    if visitor is not None:
        if visitor.id:
            _check("visitor.id", visitor.id, ID_LIMIT)
        if visitor.ip:
            visitor.ip = _parse_address(visitor.ip)
    return event


def parse_server_signal(event: ServerEvent, exposure: Mapping[str, str]) -> Signal:
    """Turn an event of a backend into a signal; `exposure` are the properties that attribute it.

    Raises InvalidInputError.
    """
    data = {**(event.event_data or {}), **(event.properties or {}), **exposure}
    signal = Signal("event", url=event.page or "")
    if event.timestamp:
        signal.ts_us = parse_time(event.timestamp)
    if event.idempotency_key:
        # A prefix, so that no key is ever the identity of a browser's event.
        signal.client_id = _digest("server", event.idempotency_key)
    _fill_custom(signal, event.event_type, event.event_name, data)
    return signal


def parse_time(text: str) -> int:
    """Return an ISO 8601 instant in microseconds; without a zone it is UTC.

    Raises InvalidInputError.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
        return to_us(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"timestamp '{text[:QUOTE_LIMIT]}' is no time; accepted is ISO 8601, for example "
            "2026-03-01T12:00:00Z",
            field="timestamp",
        ) from None


def _parse_item(index: int, event: TrackEvent) -> Signal:
    try:
        return parse_track_event(event)
    except MissingFieldError as error:
        raise MissingFieldError(f"events[{index}].{error.field}") from None
    except InvalidInputError as error:
        raise InvalidInputError(f"events[{index}].{error.message}", field=error.field) from None


def _identify(event: TrackEvent) -> str:
    """Return what two copies of an event share: visitor, time as sent, type and path [doc]."""
    stated = event.timestamp
    time = str(int(stated)) if stated.is_integer() else repr(stated)
    return _digest("track", event.visitor_id, time, event.event_type, event.pathname)


def _digest(*parts: str) -> str:
    # Each part with its length, so that no two lists of parts read the same.
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _find_url(pathname: str, full_url: str) -> str:
    """Return the full URL; where the pathname says otherwise, that counts [doc: it is the key]."""
    address, _, query = full_url.partition("#")[0].partition("?")
    if split_address(address)[1] == pathname:
        return full_url
    path = pathname if pathname.startswith("/") else f"/{pathname}"
    scheme, mark, rest = address.partition("://")
    start = f"{scheme}://{rest.partition('/')[0]}" if mark else ""
    return f"{start}{path}?{query}" if query and "?" not in path else start + path


def _put_tags(signal: Signal, utm: Utm) -> None:
    signal.utm_source = (utm.source or "")[:TAG_LIMIT]
    signal.utm_medium = (utm.medium or "")[:TAG_LIMIT]
    signal.utm_campaign = (utm.campaign or "")[:TAG_LIMIT]
    signal.utm_term = (utm.term or "")[:TAG_LIMIT]
    signal.utm_content = (utm.content or "")[:TAG_LIMIT]


def _fill_pageview(signal: Signal, event_type: str, name: str, data: dict[str, Any]) -> None:
    signal.kind = "pageview"
    signal.is_interactive = True
    signal.props = _encode_props(data)


def _fill_scroll(signal: Signal, event_type: str, name: str, data: dict[str, Any]) -> None:
    if "depth" not in data:
        # The document asks for no depth; without one nothing was measured.
        _fill_custom(signal, event_type, name, data)
        signal.is_interactive = False
        return
    signal.kind = "scroll_depth"
    signal.value = _parse_number("eventData.depth", data["depth"], 100)


def _fill_engagement(signal: Signal, event_type: str, name: str, data: dict[str, Any]) -> None:
    signal.kind = "engagement"
    if "engagementSeconds" in data:
        spent_s = _parse_number(
            "eventData.engagementSeconds", data["engagementSeconds"], ENGAGEMENT_LIMIT_S
        )
        signal.engagement_ms = round(spent_s * 1_000)


def _fill_impression(signal: Signal, event_type: str, name: str, data: dict[str, Any]) -> None:
    signal.kind = KIND
    signal.name = _parse_id("experimentId", data)
    signal.props = _encode({VARIANT_PROPERTY: _parse_id("variantId", data)})


def _fill_custom(signal: Signal, event_type: str, name: str, data: dict[str, Any]) -> None:
    _check("eventName", name or event_type, NAME_LIMIT)
    signal.name = name or event_type
    signal.is_interactive = True
    if event_type == CONVERSION or (name and name != event_type):
        data = {EVENT_TYPE: event_type, **data}
    signal.props = _encode_props(data)
    _put_revenue(signal, data)


_FILLERS: Final[dict[str, Callable[[Signal, str, str, dict[str, Any]], None]]] = {
    "pageview": _fill_pageview,
    "scroll": _fill_scroll,
    "engagement": _fill_engagement,
    "experiment_impression": _fill_impression,
}


def _put_revenue(signal: Signal, data: dict[str, Any]) -> None:
    """Read `revenue`, or `value` with a `currency`, as people write them. An amount that is none
    stays a property like any other."""
    currency = data.get("currency")
    amount = data.get("revenue", data.get("value") if currency else None)
    if isinstance(amount, bool) or not isinstance(amount, int | float):
        return
    if -REVENUE_LIMIT <= amount <= REVENUE_LIMIT:
        signal.revenue_micros = round(amount * REVENUE_SCALE)
        signal.currency = currency if isinstance(currency, str) else "USD"


def _encode_props(data: dict[str, Any]) -> bytes:
    if not data:
        return b""
    props = _encode(data)
    if len(props) > PROPS_LIMIT_BYTES or len(data) > PROPS_LIMIT_KEYS:
        raise InvalidInputError(
            f"eventData has {len(data)} keys and {len(props)} bytes; "
            f"accepted are {PROPS_LIMIT_KEYS} keys and {PROPS_LIMIT_BYTES} bytes",
            field="eventData",
        )
    return props


def _parse_number(field: str, value: object, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        text = _encode(value).decode()[:QUOTE_LIMIT]
        raise InvalidInputError(
            f"{field} is {text}; accepted is a number from 0 to {most:g}", field=field
        )
    return float(value)


def _parse_id(name: str, data: dict[str, Any]) -> str:
    field = f"eventData.{name}"
    value = data.get(name)
    if value is None:
        raise MissingFieldError(field)
    if not isinstance(value, str):
        text = _encode(value).decode()[:QUOTE_LIMIT]
        raise InvalidInputError(f"{field} is {text}; accepted is text", field=field)
    _check(field, value, ID_LIMIT)
    return value


def _parse_address(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        raise InvalidInputError(
            f"visitor.ip '{text[:40]}' is no address; accepted are IPv4 and IPv6",
            field="visitor.ip",
        ) from None


def _check(field: str, text: str, limit: int) -> None:
    if not text:
        raise MissingFieldError(field)
    if len(text) > limit:
        raise InvalidInputError(
            f"{field} '{text[:40]}…' has {len(text)} characters; accepted are {limit}", field=field
        )
