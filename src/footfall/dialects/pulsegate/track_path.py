"""What every path of PulseGate's tracking does before and after its own work, as plain ASGI: verb,
limit, body, and the answer with what is left of the limit."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import msgspec

from footfall.clock import Clock
from footfall.dialects.pulsegate.cors import ANSWER_HEADERS
from footfall.dialects.pulsegate.errors import (
    METHOD_NOT_ALLOWED,
    RATE_LIMITED,
    ErrorBody,
    render_sentence,
)
from footfall.errors import FootfallError, InvalidInputError, MissingFieldError
from footfall.http.asgi import Headers, Receive, Scope, Send
from footfall.http.body import read_body
from footfall.http.client_address import ClientAddress
from footfall.http.json_body import Decoder, parse_json
from footfall.http.response import JSON, Answer, log_fault
from footfall.http.status import retry_after_s, status_of
from footfall.http.window import Allowance, FixedWindow
from footfall.ingest.outcome import Dropped, Outcome
from footfall.ingest.page import parse_host
from footfall.ingest.request import Sender
from footfall.ingest.steps.shape import ID_LIMIT
from footfall.projects.directory import ProjectEntry

DOOR = "pulsegate"

WINDOW_S = 60

LIMITS = {
    "/track/session/start": 10,
    "/track/event": 120,
    "/track/events/batch": 30,
    "/track/session/end": 10,
    "/track/recording": 30,
}
"""Requests of one address a minute [doc]; of recordings [inferred]."""

Whitelist = Callable[[str], bool]
"""Tells whether an address is free of limits."""


_Body = TypeVar("_Body")


class SessionBody(Protocol):
    """What bodies that speak of a session share."""

    session_id: str | None
    visitor_id: str | None
    siteKey: str | None  # noqa: N815


@dataclass(frozen=True, slots=True)
class TrackDesk:
    """What stands before every path."""

    clock: Clock
    addresses: ClientAddress
    is_whitelisted: Whitelist


@dataclass(frozen=True, slots=True)
class TrackCall:
    """One request on its way."""

    scope: Scope
    headers: dict[bytes, bytes]
    address: str
    now_us: int

    def header(self, name: bytes) -> str:
        """Return a header by its lower-case name, '' for none."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def host(self) -> str:
        """Host of the page that sends."""
        page = (self.header(b"origin") or self.header(b"referer")).partition("://")[2]
        return parse_host(page.partition("/")[0])

    @property
    def now_ms(self) -> int:
        """When the request came."""
        return self.now_us // 1_000

    def make_sender(self, entry: ProjectEntry) -> Sender:
        """Return who sends, for a project."""
        return Sender(
            entry.project.number,
            DOOR,
            self.address,
            self.header(b"user-agent"),
            self.now_us,
            self.header(b"accept-language"),
            frozenset(name.decode("latin-1") for name in self.headers),
            own_hosts=entry.own_hosts,
        )


Reply = tuple[msgspec.Struct | dict[str, Any], Sequence[Outcome]]
"""The body of a 200, and what became of the signals."""

Take = Callable[[TrackCall, bytes], Awaitable[Reply]]


class TrackPath:
    """One path: what all of them do before and after their own work."""

    def __init__(self, desk: TrackDesk, path: str, take: Take, limit_bytes: int) -> None:
        self._desk = desk
        self._take = take
        self._limit_bytes = limit_bytes
        self._window = FixedWindow(desk.clock, LIMITS[path], WINDOW_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            allow = (b"allow", b"POST, OPTIONS")
            await _make_answer(405, ErrorBody(METHOD_NOT_ALLOWED), (allow,)).send(send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        desk = self._desk
        address = desk.addresses.find(scope, headers)
        told: Headers = ()
        if not desk.is_whitelisted(address):
            allowance = self._window.take(address)
            told = _render_allowance(allowance)
            if not allowance.is_allowed:
                await _make_answer(429, ErrorBody(RATE_LIMITED), told).send(send)
                return
        call = TrackCall(scope, headers, address, desk.clock.now_us())
        try:
            declared = headers.get(b"content-length")
            body = await read_body(receive, self._limit_bytes, declared)
            if body is None:
                return
            reply, outcomes = await self._take(call, body)
            answer = _make_answer(200, reply, (*told, *_render_outcomes(outcomes)))
        except Exception as error:
            answer = _render_error(error, told)
        await answer.send(send)


def _render_allowance(allowance: Allowance) -> Headers:
    told: Headers = (
        (b"x-ratelimit-remaining", str(allowance.remaining).encode()),
        (b"x-ratelimit-reset", str(allowance.reset_s).encode()),
    )
    if allowance.is_allowed:
        return told
    return ((b"retry-after", str(allowance.wait_s).encode()), *told)


def _render_outcomes(outcomes: Sequence[Outcome]) -> Headers:
    reasons = sorted({o.reason.value for o in outcomes if isinstance(o, Dropped)})
    return ((b"footfall-dropped", ", ".join(reasons).encode()),) if reasons else ()


def _render_error(error: Exception, told: Headers) -> Answer:
    status = status_of(error)
    if status == 500:
        log_fault(error)
    ours = error if isinstance(error, FootfallError) else FootfallError()
    seconds = retry_after_s(error)
    wait = () if seconds is None else ((b"retry-after", str(seconds).encode()),)
    closing = ((b"connection", b"close"),) if status == 413 else ()
    return _make_answer(status, ErrorBody(render_sentence(ours)), (*told, *wait, *closing))


def _make_answer(status: int, body: Any, headers: Headers) -> Answer:
    return Answer(status, msgspec.json.encode(body), (JSON, *ANSWER_HEADERS, *headers))


def decode_body(decoder: Decoder[_Body], raw: bytes) -> _Body:
    """Return a body. Raises InvalidInputError, MissingFieldError."""
    try:
        return parse_json(decoder, raw)
    except MissingFieldError:
        raise
    except InvalidInputError as error:
        if error.field is None:
            raise InvalidInputError(f"Invalid JSON body: {error.message}") from None
        raise


def require_session(body: SessionBody) -> str:
    """Return the session a body names. Raises MissingFieldError, InvalidInputError."""
    session_id = body.session_id
    if not session_id:
        raise MissingFieldError("session_id")
    check_id("session_id", session_id)
    return session_id


def check_id(field: str, value: str) -> None:
    """Refuse an id that nobody stores. Raises InvalidInputError."""
    if len(value) > ID_LIMIT:
        raise InvalidInputError(
            f"{field} '{value[:40]}…' has {len(value)} characters; accepted are {ID_LIMIT}",
            field=field,
        )
