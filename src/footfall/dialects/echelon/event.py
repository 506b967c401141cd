"""The body of `/e`: what happened on a page, a list of events of fourteen types. What is too large
or of another type is skipped, the rest is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from footfall.dialects.echelon.pixel import PATH_LIMIT, parse_session
from footfall.dialects.echelon.site import DEFAULT_SITE, parse_site
from footfall.errors import InvalidInputError
from footfall.ingest.request import Signal

BODY_LIMIT_BYTES = 16_384
EVENTS_LIMIT = 20
DATA_LIMIT_BYTES = 2_048
NAME_LIMIT = 128
"""[doc] for the first two, [original] for the others."""

CLS_SCALE = 1_000
"""Scripts send CLS as thousandths [original]."""

ENGAGEMENT_LIMIT_S = 86_400

_encode: Final = msgspec.json.Encoder().encode


class EventBody(msgspec.Struct, rename="camel", gc=False):
    """One event."""

    type: str = ""
    data: Any = None
    session_id: str | None = None
    utm_campaign: str | None = None


class Beacon(msgspec.Struct, rename="camel", gc=False):
    """The body of `/e`."""

    events: list[Any] = []
    site_id: str | None = None
    tok: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedEvent:
    """One event in our words."""

    signal: Signal
    campaign: str
    """The campaign that it names; '' for none."""
    experiment: str
    variant: str
    """What its page shows; '' for no experiment."""
    is_custom: bool
    """True when its name is the page's own word."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A beacon in our words."""

    site: str
    token: str
    session: str
    """Session of the first event, which the proof is of."""
    events: tuple[ParsedEvent, ...]
    skipped: int
    """Events of unknown types, too large, or beyond the limit."""


_BEACON: Final = msgspec.json.Decoder(Beacon)


def parse_beacon(body: bytes) -> Parsed:
    """Read the body. Raises InvalidInputError for what is no JSON object."""
    try:
        beacon = _BEACON.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidInputError(
            f"the body is no JSON object with a list of events: {error}"
        ) from None
    events: list[ParsedEvent] = []
    for given in beacon.events[:EVENTS_LIMIT]:
        try:
            event = msgspec.convert(given, EventBody)
        except msgspec.ValidationError:
            continue
        signal = _parse_event(event)
        if signal is not None:
            pair = _find_pair(event.data)
            events.append(
                ParsedEvent(signal, event.utm_campaign or "", *pair, event.type == "custom")
            )
    site = parse_site(beacon.site_id or "") or DEFAULT_SITE
    for parsed in events:
        parsed.signal.site = site
    first = events[0].signal.session_id if events else ""
    skipped = len(beacon.events) - len(events)
    return Parsed(site, beacon.tok or "", first, tuple(events), skipped)


def _parse_event(event: EventBody) -> Signal | None:
    fill = TYPES.get(event.type)
    data = event.data if isinstance(event.data, dict) else {}
    props = _encode(data)
    if fill is None or len(props) > DATA_LIMIT_BYTES:
        return None
    signal = Signal("event", event.type, session_id=parse_session(event.session_id or ""))
    path = data.get("path")
    if isinstance(path, str) and path.startswith("/"):
        signal.url = path[:PATH_LIMIT]
    if data:
        signal.props = props
    fill(signal, data)
    return signal


def _find_pair(data: object) -> tuple[str, str]:
    """Return the experiment and the variant that an event's data name."""
    if not isinstance(data, dict):
        return "", ""
    experiment, variant = data.get("experiment_id"), data.get("variant_id")
    if not isinstance(experiment, str) or not isinstance(variant, str):
        return "", ""
    is_short = len(experiment) <= NAME_LIMIT and len(variant) <= NAME_LIMIT
    return (experiment, variant) if is_short else ("", "")


def _fill_event(signal: Signal, data: dict[str, Any]) -> None:
    """A person did something."""
    signal.is_interactive = True


def _fill_sign(signal: Signal, data: dict[str, Any]) -> None:
    """Something happened that shows no intention."""


def _fill_custom(signal: Signal, data: dict[str, Any]) -> None:
    name = data.get("name")
    signal.name = name[:NAME_LIMIT] if isinstance(name, str) and name else "custom"
    signal.is_interactive = True


def _fill_end(signal: Signal, data: dict[str, Any]) -> None:
    """The page was left: seconds it was looked at."""
    signal.kind = "engagement"
    spent_s = _number(data.get("dwell_s", data.get("dwell", 0)))
    signal.engagement_ms = int(min(max(spent_s, 0), ENGAGEMENT_LIMIT_S) * 1_000)


def _fill_scroll(signal: Signal, data: dict[str, Any]) -> None:
    signal.kind, signal.name = "scroll_depth", ""
    signal.value = min(max(_number(data.get("depth", data.get("percent", 0))), 0), 100)


def _fill_vital(signal: Signal, data: dict[str, Any]) -> None:
    signal.kind = "web_vital"
    name = str(data.get("name", data.get("metric", "")))[:16].upper()
    value = _number(data.get("value", 0))
    signal.name = name
    signal.value = value / CLS_SCALE if name == "CLS" else value


def _fill_link(kind: str) -> Callable[[Signal, dict[str, Any]], None]:
    def fill(signal: Signal, data: dict[str, Any]) -> None:
        signal.kind = kind
        signal.name = str(data.get("url", ""))[:PATH_LIMIT]
        signal.is_interactive = True

    return fill


TYPES: Final[dict[str, Callable[[Signal, dict[str, Any]], None]]] = {
    "bounce": _fill_end,
    "session_end": _fill_end,
    "session_resume": _fill_sign,
    "scroll_depth": _fill_scroll,
    "click": _fill_event,
    "ad_click": _fill_event,
    "form_focus": _fill_event,
    "form_blur": _fill_sign,
    "form_submit": _fill_event,
    "hover": _fill_sign,
    "outbound": _fill_link("outlink"),
    "download": _fill_link("download"),
    "web_vital": _fill_vital,
    "custom": _fill_custom,
}
"""The fourteen types [original]; every other is skipped."""


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else 0.0  # type: ignore[arg-type]
