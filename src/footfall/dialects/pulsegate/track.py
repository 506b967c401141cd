"""The hot paths of PulseGate, `POST /track/…`, as plain ASGI: limit, body, identity, signals,
intake, answer. They ask for no key; each address may call each of them so often a minute [doc]."""

import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeVar

import msgspec

from footfall.bots.vpn import VpnJudge
from footfall.clock import US_PER_SECOND, Clock
from footfall.dialects.pulsegate.cors import ANSWER_HEADERS
from footfall.dialects.pulsegate.errors import (
    METHOD_NOT_ALLOWED,
    RATE_LIMITED,
    ErrorBody,
    render_sentence,
)
from footfall.dialects.pulsegate.identity import hash_device, hash_visitor, render_event_id
from footfall.dialects.pulsegate.known_session import KnownSessions
from footfall.dialects.pulsegate.parse import (
    MS_LIMIT,
    Circumstance,
    Weighed,
    check_event,
    parse_event,
    parse_events,
)
from footfall.dialects.pulsegate.session_id import SessionIds
from footfall.dialects.pulsegate.wire import BatchBody, EndBody, EventBody, StartBody
from footfall.errors import (
    FootfallError,
    ForbiddenError,
    InvalidInputError,
    MissingFieldError,
    UnavailableError,
)
from footfall.http.asgi import Headers, Receive, Scope, Send
from footfall.http.body import read_body
from footfall.http.client_address import ClientAddress
from footfall.http.front_door import HotRoute
from footfall.http.json_body import Decoder, parse_json
from footfall.http.response import JSON, Answer, log_fault
from footfall.http.status import retry_after_s, status_of
from footfall.http.window import Allowance, FixedWindow
from footfall.ingest.outcome import Accepted, Dropped, Outcome
from footfall.ingest.page import parse_host
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender
from footfall.ingest.steps.shape import ID_LIMIT
from footfall.projects.directory import Directory, ProjectEntry
from footfall.projects.register import DEFAULT_SLUG

DOOR: Final = "pulsegate"

BODY_LIMIT_BYTES = 64 * 1024
"""What browsers let a page send while it is left."""

BATCH_LIMIT_BYTES = 1024 * 1024
"""A hundred events of 10 kB each."""

WINDOW_S = 60

LIMITS = {
    "/track/session/start": 10,
    "/track/event": 120,
    "/track/events/batch": 30,
    "/track/session/end": 10,
}
"""Requests of one address a minute [doc]."""

Whitelist = Callable[[str], bool]
"""Tells whether an address is free of limits."""

FindSite = Callable[[str], int | None]
"""Gives the number of a site key's project; None for a key that nobody made."""

_Body = TypeVar("_Body")


class _SessionBody(Protocol):
    session_id: str | None
    visitor_id: str | None
    siteKey: str | None  # noqa: N815


@dataclass(frozen=True, slots=True)
class PulsegateIngest:
    """What all paths need."""

    intake: Intake
    directory: Directory
    clock: Clock
    addresses: ClientAddress
    session_ids: SessionIds
    vpn: VpnJudge
    is_whitelisted: Whitelist
    find_site: FindSite
    sessions: KnownSessions


@dataclass(frozen=True, slots=True)
class _Call:
    """One request on its way."""

    scope: Scope
    headers: dict[bytes, bytes]
    address: str
    now_us: int

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def host(self) -> str:
        """Host of the page that sends."""
        page = (self.header(b"origin") or self.header(b"referer")).partition("://")[2]
        return parse_host(page.partition("/")[0])

    @property
    def now_ms(self) -> int:
        return self.now_us // 1_000

    def make_sender(self, entry: ProjectEntry) -> Sender:
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


_Reply = tuple[dict[str, Any], Sequence[Outcome]]
_Take = Callable[[_Call, bytes], Awaitable[_Reply]]


class _Path:
    """One path: what all of them do before and after their own work."""

    def __init__(
        self, ingest: PulsegateIngest, path: str, take: _Take, limit_bytes: int = BODY_LIMIT_BYTES
    ) -> None:
        self._ingest = ingest
        self._take = take
        self._limit_bytes = limit_bytes
        self._window = FixedWindow(ingest.clock, LIMITS[path], WINDOW_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            allow = (b"allow", b"POST, OPTIONS")
            await _make_answer(405, ErrorBody(METHOD_NOT_ALLOWED), (allow,)).send(send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        ingest = self._ingest
        address = ingest.addresses.find(scope, headers)
        told: Headers = ()
        if not ingest.is_whitelisted(address):
            allowance = self._window.take(address)
            told = _render_allowance(allowance)
            if not allowance.is_allowed:
                await _make_answer(429, ErrorBody(RATE_LIMITED), told).send(send)
                return
        call = _Call(scope, headers, address, ingest.clock.now_us())
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


class _Tracking:
    """What the four paths do."""

    def __init__(self, ingest: PulsegateIngest) -> None:
        self._ingest = ingest
        self._starts = msgspec.json.Decoder(StartBody)
        self._events = msgspec.json.Decoder(EventBody)
        self._batches = msgspec.json.Decoder(BatchBody)
        self._ends = msgspec.json.Decoder(EndBody)

    async def start(self, call: _Call, raw: bytes) -> _Reply:
        """Begin a session: identity, VPN score, one signal."""
        ingest = self._ingest
        body = _decode(self._starts, raw)
        fingerprint = body.fingerprint_id or call.header(b"x-fingerprint-id")
        if not fingerprint:
            raise MissingFieldError("fingerprint_id")
        _check_id("fingerprint_id", fingerprint)
        if not body.page:
            raise MissingFieldError("page")
        entry = self._find_project(body.siteKey, None)
        device = body.device_info
        agent = (device.user_agent if device else None) or call.header(b"user-agent")
        session_id = ingest.session_ids.make(entry.project.number, call.now_us)
        visitor_id = hash_visitor(fingerprint)
        sender = call.make_sender(entry)
        score = ingest.vpn.judge(sender, visitor_id)
        circumstance = Circumstance(session_id, visitor_id, body.page, call.host, 0)
        signal = circumstance.make_signal("session_start", body.page, None)
        signal.referrer = body.referrer or ""
        signal.language = (device.language if device else None) or ""
        signal.screen = _render_screen(body)
        signal.value = float(score.points)
        signal.props = msgspec.json.encode({"vpn": score.reasons}) if score.points else b""
        outcomes = await ingest.intake.take(sender, (signal,))
        ingest.sessions.put(session_id, visitor_id, body.page)
        reply = {
            "session_id": session_id,
            "visitor_id": visitor_id,
            "device_id": hash_device(agent, fingerprint),
            "timestamp": call.now_ms,
        }
        return reply, outcomes

    async def event(self, call: _Call, raw: bytes) -> _Reply:
        """Take one event."""
        body = _decode(self._events, raw)
        session_id = _require_session(body)
        check_event(body)
        entry, circumstance = self._find_circumstance(call, body, session_id, body.sent_at)
        signal = parse_event(body, circumstance)
        (outcome,) = await self._ingest.intake.take(call.make_sender(entry), (signal,))
        self._ingest.sessions.move(session_id, body.page or "")
        event_id = render_event_id(outcome.event_id) if isinstance(outcome, Accepted) else None
        return {"event_id": event_id or str(uuid.uuid4()), "timestamp": call.now_ms}, (outcome,)

    async def batch(self, call: _Call, raw: bytes) -> _Reply:
        """Take up to a hundred events, all of them valid or none."""
        body = _decode(self._batches, raw)
        session_id = _require_session(body)
        entry, circumstance = self._find_circumstance(call, body, session_id, body.sent_at)
        weighed = parse_events(body.events, circumstance)
        signals = [one.signal for one in weighed]
        outcomes = await self._ingest.intake.take(call.make_sender(entry), signals)
        pages = [event.page for event in body.events or () if event.page]
        self._ingest.sessions.move(session_id, pages[-1] if pages else "")
        return {"accepted": _count(weighed, outcomes), "timestamp": call.now_ms}, outcomes

    async def end(self, call: _Call, raw: bytes) -> _Reply:
        """End a session."""
        body = _decode(self._ends, raw)
        session_id = _require_session(body)
        entry, circumstance = self._find_circumstance(call, body, session_id, body.sent_at)
        signal = circumstance.make_signal("session_end", body.exit_page, body.timestamp)
        outcomes = await self._ingest.intake.take(call.make_sender(entry), (signal,))
        ended_us = call.now_us if signal.ts_us is None else signal.ts_us
        return {"session_id": session_id, "ended_at": ended_us // 1_000}, outcomes

    def _find_circumstance(
        self, call: _Call, body: _SessionBody, session_id: str, sent_at: float | None
    ) -> tuple[ProjectEntry, Circumstance]:
        ingest = self._ingest
        begin = ingest.session_ids.read(session_id)
        entry = self._find_project(body.siteKey, begin.project if begin else None)
        known = ingest.sessions.find(session_id)
        # Whose a session is, is settled when it begins; a stranger's is whoever its events say.
        visitor_id = known.visitor_id or body.visitor_id or call.header(b"x-visitor-id")
        _check_id("visitor_id", visitor_id)
        skew_us = 0
        if sent_at is not None:
            skew_us = call.now_us - int(min(max(sent_at, 0), MS_LIMIT) * 1_000)
        return entry, Circumstance(
            session_id,
            visitor_id,
            known.page or call.header(b"referer"),
            call.host,
            begin.second * US_PER_SECOND if begin else 0,
            skew_us,
        )

    def _find_project(self, site_key: str | None, number: int | None) -> ProjectEntry:
        """Return the project of a site key, else of a session that began, else the default one.

        Raises ForbiddenError for a site key that nobody made.
        """
        ingest = self._ingest
        if site_key:
            number = ingest.find_site(site_key)
            if number is None:
                raise ForbiddenError(f"Unknown site key '{site_key[:60]}'")
        entry = None if number is None else ingest.directory.find_number(number)
        entry = entry or ingest.directory.find_slug(DEFAULT_SLUG)
        if entry is None:
            raise UnavailableError
        return entry


def make_track_routes(ingest: PulsegateIngest) -> tuple[HotRoute, ...]:
    """Return the paths of tracking."""
    tracking = _Tracking(ingest)
    own: tuple[tuple[str, _Take, int], ...] = (
        ("/track/session/start", tracking.start, BODY_LIMIT_BYTES),
        ("/track/event", tracking.event, BODY_LIMIT_BYTES),
        ("/track/events/batch", tracking.batch, BATCH_LIMIT_BYTES),
        ("/track/session/end", tracking.end, BODY_LIMIT_BYTES),
    )
    return tuple(
        HotRoute(path, _Path(ingest, path, t, size), "open", is_short=True) for path, t, size in own
    )


def _decode(decoder: Decoder[_Body], raw: bytes) -> _Body:
    try:
        return parse_json(decoder, raw)
    except MissingFieldError:
        raise
    except InvalidInputError as error:
        if error.field is None:
            raise InvalidInputError(f"Invalid JSON body: {error.message}") from None
        raise


def _require_session(body: _SessionBody) -> str:
    session_id = body.session_id
    if not session_id:
        raise MissingFieldError("session_id")
    _check_id("session_id", session_id)
    return session_id


def _check_id(field: str, value: str) -> None:
    if len(value) > ID_LIMIT:
        raise InvalidInputError(
            f"{field} '{value[:40]}…' has {len(value)} characters; accepted are {ID_LIMIT}",
            field=field,
        )


def _render_screen(body: StartBody) -> str:
    screen = body.screen
    if screen is None or not screen.width or not screen.height:
        return ""
    return f"{screen.width:.0f}x{screen.height:.0f}"


def _count(weighed: Sequence[Weighed], outcomes: Sequence[Outcome]) -> int:
    pairs = zip(weighed, outcomes, strict=True)
    return sum(one.events for one, outcome in pairs if isinstance(outcome, Accepted))


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
