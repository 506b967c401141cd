"""From Pulse's payloads to signals. Whatever a body may hold ends here: as signals within limits,
or as an error that quotes what was wrong and says what is accepted."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import msgspec

from footfall.dialects.pulse.wire import (
    BATCH_LIMIT,
    PAYLOAD_TYPES,
    Batch,
    ClickEvent,
    ClickFields,
    Engagement,
    EngagementFields,
    ErrorFields,
    Event,
    EventFields,
    Identify,
    IdentifyFields,
    JsError,
    Outlink,
    OutlinkFields,
    Page,
    Pageview,
    PageviewFields,
    Payload,
    ScrollDepth,
    ScrollDepthFields,
    SearchFields,
    SearchQuery,
    SurveyResponse,
    SurveyResponseFields,
    WebVital,
    WebVitalFields,
)
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.http.json_body import Decoder, parse_json
from footfall.ingest.request import Signal
from footfall.model.event import REVENUE_SCALE
from footfall.projects.domain import parse_domain
from footfall.surveys.submission import Submission

PATH_LIMIT = 2048
TITLE_LIMIT = 500
NAME_LIMIT = 255
SELECTOR_LIMIT = 500
QUERY_LIMIT = 500
LANGUAGE_LIMIT = 10
SCREEN_LIMIT = 20
VISITOR_LIMIT = 64
"""Characters that Pulse's own columns hold [original]. Labels are cut to it; what tells two
things apart (a path, a name, a visitor) is refused beyond it, as cutting would merge them."""

ID_LIMIT = 128
"""Characters of an event's id; two UUIDs with room to spare."""

UTM_LIMIT = 255
MESSAGE_LIMIT = 500
STACK_LIMIT_BYTES = 4_096
FILENAME_LIMIT = 1_024
"""Ours: enough for what a person reads, and together within what an event's properties hold."""

REVENUE_LIMIT = 1_000_000_000
"""Largest amount of one event: keeps a sum of nine thousand of them within 64 bits."""

ENGAGEMENT_LIMIT_MS = 86_400_000
"""A day; a page that was visible longer has been left on a screen."""

MS_LIMIT = 4_102_444_800_000
"""The year 2100: a later clock is no clock, and must not overflow."""

VITALS = ("LCP", "FCP", "CLS", "INP", "TTFB")
RATINGS = ("good", "needs-improvement", "poor")

_PAYLOAD: Final[Decoder[Payload]] = msgspec.json.Decoder(Payload)
_BATCH: Final = msgspec.json.Decoder(Batch)
_AUTHORITY = re.compile(r"[^/?#\[]{1,300}(?=[/?#]|\Z)")
"""Host, user and port of a URL; longer ones are no host, and must not fill the cache."""

_encode: Final = msgspec.json.Encoder().encode


def parse_payload(body: bytes) -> Payload:
    """Read the body of `/api/collect`. Raises InvalidInputError, MissingFieldError."""
    return parse_json(_PAYLOAD, body, types=PAYLOAD_TYPES)


def parse_batch(body: bytes) -> list[Payload]:
    """Read the body of `/api/batch`. Raises InvalidInputError, MissingFieldError."""
    batch = parse_json(_BATCH, body, types=PAYLOAD_TYPES)
    if not 1 <= len(batch.events) <= BATCH_LIMIT:
        raise InvalidInputError(
            f"events holds {len(batch.events)} payloads; accepted are 1 to {BATCH_LIMIT}",
            field="events",
        )
    return batch.events


def parse_signal(payload: Payload) -> Signal:
    """Turn one payload into a signal. Raises InvalidInputError, MissingFieldError."""
    kind = KINDS[type(payload)]
    fields: Any = payload.payload or payload
    path = fields.path or ""
    signal = Signal(kind.kind, "", path)
    # Only what is there: most fields of most payloads are not, and cutting nothing takes 50 ns.
    if fields.title:
        signal.title = fields.title[:TITLE_LIMIT]
    if fields.referrer:
        signal.referrer = fields.referrer[:PATH_LIMIT]
    if payload.timestamp is not None:
        signal.ts_us = _parse_time(payload.timestamp)
    if payload.id is not None or payload.event_id is not None:
        signal.client_id = _parse_id(payload)
    if payload.visitor_id:
        signal.visitor_id = payload.visitor_id
    if (
        fields.utm_source
        or fields.utm_medium
        or fields.utm_campaign
        or fields.utm_content
        or fields.utm_term
    ):
        _put_tags(signal, fields)
    if fields.screen:
        signal.screen = fields.screen[:SCREEN_LIMIT]
    if fields.language:
        signal.language = fields.language[:LANGUAGE_LIMIT]
    if kind.has_page_url and fields.url:
        signal.url = fields.url
        signal.site = find_host(fields.url)
    kind.fill(signal, fields)
    if len(signal.visitor_id) > VISITOR_LIMIT:
        raise _too_long("visitor_id", signal.visitor_id, VISITOR_LIMIT)
    if len(path) > PATH_LIMIT and len(path.partition("?")[0]) > PATH_LIMIT:
        raise _too_long("path", path, PATH_LIMIT)
    return signal


def _put_tags(signal: Signal, fields: Page) -> None:
    signal.utm_source = (fields.utm_source or "")[:UTM_LIMIT]
    signal.utm_medium = (fields.utm_medium or "")[:UTM_LIMIT]
    signal.utm_campaign = (fields.utm_campaign or "")[:UTM_LIMIT]
    signal.utm_content = (fields.utm_content or "")[:UTM_LIMIT]
    signal.utm_term = (fields.utm_term or "")[:UTM_LIMIT]


def find_host(address: str) -> str:
    """Return the host name of a full URL in lower case; '' when there is none ('null', a path)."""
    scheme, mark, rest = address.partition("://")
    if not mark or not scheme.isalnum():
        return ""
    authority = _AUTHORITY.match(rest)
    return _parse_host(authority[0]) if authority else ""


@lru_cache(4_096)
def _parse_host(authority: str) -> str:
    try:
        return parse_domain(authority).rpartition("@")[2].partition(":")[0]
    except InvalidInputError:
        return ""


def _fill_pageview(signal: Signal, fields: PageviewFields) -> None:
    _require(signal.url, "path")
    signal.is_interactive = True


def _fill_event(signal: Signal, fields: EventFields) -> None:
    signal.name = _require_name(fields.name, "name", NAME_LIMIT)
    signal.is_interactive = fields.interactive is not False
    amount, currency = fields.revenue_amount, fields.revenue_currency
    if fields.data:
        signal.props = _encode(fields.data)
        if amount is None and isinstance(revenue := fields.data.get("revenue"), dict):
            amount, currency = _parse_sdk_revenue(revenue)
    if amount is not None:
        if not -REVENUE_LIMIT <= amount <= REVENUE_LIMIT:
            raise _out_of_range("revenue_amount", amount, -REVENUE_LIMIT, REVENUE_LIMIT)
        signal.revenue_micros = round(amount * REVENUE_SCALE)
        signal.currency = _parse_currency(currency or "USD")


def _fill_identify(signal: Signal, fields: IdentifyFields) -> None:
    signal.name = str(fields.user_id or "")[:NAME_LIMIT]
    if fields.traits:
        signal.props = _encode(fields.traits)


def _fill_web_vital(signal: Signal, fields: WebVitalFields) -> None:
    signal.name = _require(fields.name, "name").upper()
    if signal.name not in VITALS:
        raise _unknown("name", fields.name, VITALS)
    signal.value = _require_number(fields.value, "value")
    if signal.value < 0:
        raise InvalidInputError(
            f"value is {fields.value}; accepted are numbers from 0 on", field="value"
        )
    if fields.rating:
        if fields.rating not in RATINGS:
            raise _unknown("rating", fields.rating, RATINGS)
        signal.props = _encode({"rating": fields.rating})


def _fill_scroll_depth(signal: Signal, fields: ScrollDepthFields) -> None:
    _require(signal.url, "path")
    signal.value = _require_number(fields.max_depth, "max_depth")
    if not 0 <= signal.value <= 100:
        raise _out_of_range("max_depth", signal.value, 0, 100)


def _fill_search(signal: Signal, fields: SearchFields) -> None:
    signal.name = query = _require(fields.query, "query")[:QUERY_LIMIT]
    signal.value = fields.results_count or 0.0
    signal.props = _encode_known(
        query=_beyond_name(query), results_count=_plain(fields.results_count)
    )


def _fill_outlink(signal: Signal, fields: OutlinkFields) -> None:
    signal.name = url = _require_name(fields.url, "url", PATH_LIMIT)
    signal.props = _encode_known(url=_beyond_name(url))
    if fields.link_type == "download":
        signal.kind = "download"


def _fill_error(signal: Signal, fields: ErrorFields) -> None:
    signal.name = message = _require(fields.message, "message")[:MESSAGE_LIMIT]
    stack = (fields.stack or "").encode()[:STACK_LIMIT_BYTES].decode(errors="ignore")
    signal.props = _encode_known(
        message=_beyond_name(message),
        stack=stack or None,
        filename=fields.filename and fields.filename[:FILENAME_LIMIT],
        lineno=_plain(fields.lineno),
        colno=_plain(fields.colno),
    )


def _fill_click(signal: Signal, fields: ClickFields) -> None:
    _require(signal.url, "path")
    signal.name = (fields.element_selector or "")[:SELECTOR_LIMIT]
    signal.props = _encode_known(
        x=_plain(_require_number(fields.x, "x")),
        y=_plain(_require_number(fields.y, "y")),
        viewport_width=_plain(fields.viewport_width),
        viewport_height=_plain(fields.viewport_height),
        page_height=_plain(fields.page_height),
    )


def _fill_survey_response(signal: Signal, fields: SurveyResponseFields) -> None:
    signal.name = _require_name(fields.survey_id, "survey_id", NAME_LIMIT)
    if fields.answers is None:
        raise MissingFieldError("answers")
    answers = []
    for answer in fields.answers:
        if "question_id" not in answer:
            raise MissingFieldError("question_id")
        answers.append((str(answer["question_id"]), answer.get("value")))
    signal.value = 1.0 if fields.completed else 0.0
    signal.form = Submission(signal.name, answers, bool(fields.completed))


def _fill_engagement(signal: Signal, fields: EngagementFields) -> None:
    spent = _require_number(fields.engagement_ms, "engagement_ms")
    if spent < 0:
        raise _out_of_range("engagement_ms", spent, 0, ENGAGEMENT_LIMIT_MS)
    signal.engagement_ms = int(min(spent, ENGAGEMENT_LIMIT_MS))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a payload type becomes."""

    kind: str
    """Our word for it."""
    module: str
    """The module that must take data; '' = none, it is always on."""
    fill: Callable[[Signal, Any], None]
    has_page_url: bool = True
    """False when the field `url` means something else than the page."""


KINDS: Final[dict[type[Page], Kind]] = {
    Pageview: Kind("pageview", "pageviews", _fill_pageview),
    Event: Kind("event", "events", _fill_event),
    Identify: Kind("identify", "sessions", _fill_identify),
    WebVital: Kind("web_vital", "webvitals", _fill_web_vital),
    ScrollDepth: Kind("scroll_depth", "scroll_depth", _fill_scroll_depth),
    SearchQuery: Kind("search", "search", _fill_search),
    Outlink: Kind("outlink", "", _fill_outlink, has_page_url=False),
    JsError: Kind("error", "error_tracking", _fill_error),
    ClickEvent: Kind("click", "heatmaps", _fill_click),
    SurveyResponse: Kind("survey_response", "surveys", _fill_survey_response),
    Engagement: Kind("engagement", "sessions", _fill_engagement),
}


def _parse_id(payload: Payload) -> str:
    given = payload.id if payload.id is not None else payload.event_id
    if given is None:
        return ""
    client_id = str(given)
    if len(client_id) > ID_LIMIT:
        raise _too_long("id", client_id, ID_LIMIT)
    return client_id


def _parse_time(timestamp_ms: float) -> int:
    return int(min(max(timestamp_ms, 0), MS_LIMIT) * 1_000)


def _parse_sdk_revenue(revenue: dict[str, Any]) -> tuple[float | None, str | None]:
    """Read `{amount, currency}` as Pulse's SDK puts it among an event's properties."""
    amount, currency = revenue.get("amount"), revenue.get("currency")
    is_number = isinstance(amount, int | float) and not isinstance(amount, bool)
    return (amount if is_number else None), (currency if isinstance(currency, str) else None)


def _parse_currency(text: str) -> str:
    if len(text) != 3 or not (text.isascii() and text.isalpha()):
        raise InvalidInputError(
            f"revenue_currency is '{text[:40]}'; accepted are three letters such as USD",
            field="revenue_currency",
        )
    return text.upper()


def _require(text: str | None, field: str) -> str:
    if not text:
        raise MissingFieldError(field)
    return text


def _require_name(text: str | None, field: str, limit: int) -> str:
    if len(name := _require(text, field)) > limit:
        raise _too_long(field, name, limit)
    return name


def _require_number(number: float | None, field: str) -> float:
    if number is None:
        raise MissingFieldError(field)
    return number


def _plain(number: float | None) -> float | int | None:
    """Return a whole number without its decimal point."""
    return int(number) if number is not None and number.is_integer() else number


def _beyond_name(text: str) -> str | None:
    """Return a text that is too long for the name, which is cut; then it is a property too."""
    return text if len(text) > NAME_LIMIT else None


def _encode_known(**values: Any) -> bytes:
    known = {name: value for name, value in values.items() if value is not None}
    return _encode(known) if known else b""


def _too_long(field: str, text: str, limit: int) -> InvalidInputError:
    return InvalidInputError(
        f"{field} '{text[:40]}…' has {len(text)} characters; accepted are {limit}", field=field
    )


def _out_of_range(field: str, value: float, least: float, most: float) -> InvalidInputError:
    return InvalidInputError(
        f"{field} is {_plain(value)}; accepted are {least} to {most}", field=field
    )


def _unknown(field: str, text: str | None, accepted: tuple[str, ...]) -> InvalidInputError:
    return InvalidInputError(
        f"unknown {field} '{(text or '')[:40]}'; accepted are {', '.join(accepted)}", field=field
    )
