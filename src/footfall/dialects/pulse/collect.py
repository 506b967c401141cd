"""The hot paths of Pulse, `/api/collect` and `/api/batch`, as plain ASGI: key, limit, body,
signals, intake, answer. An event that a project does not want is accepted and dropped, and the
header Footfall-Dropped says why: a tracker must not see errors."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Final, Protocol
from urllib.parse import unquote_plus

import msgspec

from footfall.clock import Clock
from footfall.dialects.pulse.errors import missing_module, missing_scope, render_error
from footfall.dialects.pulse.parse import (
    KINDS,
    find_host,
    parse_batch,
    parse_payload,
    parse_signal,
)
from footfall.dialects.pulse.wire import Payload
from footfall.errors import (
    ForbiddenError,
    InvalidInputError,
    MissingCredentialError,
    MissingFieldError,
    UnauthenticatedError,
)
from footfall.http.asgi import Headers, Receive, Scope, Send
from footfall.http.body import read_body
from footfall.http.client_address import ClientAddress
from footfall.http.cors import CorsRule
from footfall.http.limit import RateLimiter
from footfall.http.response import JSON, Answer
from footfall.http.short import Reply, ShortRequest
from footfall.ingest.outcome import Accepted, Dropped, DropReason, Outcome
from footfall.ingest.port import Intake, Taking
from footfall.ingest.request import Sender, Signal
from footfall.projects.directory import Directory, Grant

DOOR: Final = "pulse"

COLLECT_LIMIT_BYTES = 64 * 1024
"""What browsers let a page send while it is left (fetch keepalive, sendBeacon)."""

BATCH_LIMIT_BYTES = 1024 * 1024
"""A hundred payloads of 10 kB each."""

_CACHED = 2_048
"""Kinds of browsers remembered: what their headers say is the same in every request, and decoding
it takes 1.2 µs. No address is among it."""

_CACHED_BYTES = 1_024
"""Headers longer than this are decoded each time, so that nobody fills the memory with them."""

_PAGE_BYTES = 300
"""Of an Origin or Referer: enough for every scheme, host and port."""


class DropCounter(Protocol):
    """Counts what this door drops itself; the intake counts everything else."""

    def add(self, door: str, kind: str, reason: DropReason | None = None, count: int = 1) -> None:
        """Count outcomes."""
        ...


@dataclass(frozen=True, slots=True)
class PulseIngest:
    """What both hot paths need."""

    intake: Intake
    directory: Directory
    clock: Clock
    limiter: RateLimiter
    """Ingest requests by project number."""
    addresses: ClientAddress
    cors: CorsRule
    drops: DropCounter


class _Call(msgspec.Struct, gc=False):
    """One request that may send data."""

    request: ShortRequest
    grant: Grant
    now_us: int
    reply: Reply
    reasons: Sequence[DropReason | None] = ()
    """Why the project does not want a signal, for each; empty when it wants all."""


class PulseCollect:
    """`POST /api/collect`: one payload."""

    def __init__(self, ingest: PulseIngest) -> None:
        self._ingest = ingest
        self._intake = ingest.intake
        self._now_us = ingest.clock.now_us
        self._directory = ingest.directory
        self._limiter = ingest.limiter
        self._addresses = ingest.addresses
        self._is_same_for_all = ingest.cors.is_for_any_origin
        self._body_limit = COLLECT_LIMIT_BYTES
        self._ok = b'{"ok":true}'
        self._ok_answer = Answer(200, self._ok, (JSON, *ingest.cors.answer_headers(None)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = ShortRequest.of_scope(scope)
        if request.method != "POST":
            await _refuse_method(request.method).send(send)
            return
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        try:
            call = self._admit(request, partial(_resolve, answered))
            declared = request.headers.get(b"content-length")
            body = await read_body(receive, self._body_limit, declared)
        except Exception as error:
            await self._refuse(request, error).send(send)
            return
        if body is not None:
            request.body = body
            self._take(call)
            await (await answered).send(send)

    def begin(self, request: ShortRequest, reply: Reply) -> None:
        """Answer one short request."""
        if request.method != "POST":
            reply(_refuse_method(request.method))
            return
        try:
            call = self._admit(request, reply)
        except Exception as error:
            reply(self._refuse(request, error))
        else:
            self._take(call)

    def _admit(self, request: ShortRequest, reply: Reply) -> _Call:
        now_us = self._now_us()
        grant = find_ingest_grant(self._directory, request.headers, request.query, now_us)
        self._limiter.take(grant.entry.project.number)
        return _Call(request, grant, now_us, reply)

    def _take(self, call: _Call) -> None:
        try:
            signals = self._read(call)
            if call.reasons:
                pairs = zip(signals, call.reasons, strict=True)
                signals = [signal for signal, reason in pairs if reason is None]
                if not signals:
                    call.reply(self._render(call, _merge(call.reasons, ())))
                    return
            taking = self._intake.take(_make_sender(call, self._addresses), signals)
        except Exception as error:
            call.reply(self._refuse(call.request, error))
        else:
            taking.add_done_callback(partial(self._finish, call))

    def _read(self, call: _Call) -> Sequence[Signal]:
        """Return all signals and put why some are not wanted."""
        payload = parse_payload(call.request.body)
        signal = parse_signal(payload)
        reason = find_drop(payload, call.grant)
        if reason is not None:
            self._ingest.drops.add(DOOR, signal.kind, reason)
            call.reasons = (reason,)
        return (signal,)

    def _finish(self, call: _Call, taking: Taking) -> None:
        try:
            outcomes: Sequence[Outcome] = taking.result()
            if call.reasons:
                outcomes = _merge(call.reasons, outcomes)
            answer = self._render(call, outcomes)
        except Exception as error:
            answer = self._refuse(call.request, error)
        call.reply(answer)

    def _render(self, call: _Call, outcomes: Sequence[Outcome]) -> Answer:
        if self._is_same_for_all and type(outcomes[0]) is Accepted:
            return self._ok_answer
        return self._make_answer(self._ok, call, outcomes)

    def _make_answer(self, body: bytes, call: _Call, outcomes: Sequence[Outcome]) -> Answer:
        cors = self._ingest.cors.answer_headers(call.request.headers.get(b"origin"))
        return Answer(200, body, (JSON, *cors, *_dropped_header(outcomes)))

    def _refuse(self, request: ShortRequest, error: Exception) -> Answer:
        cors = self._ingest.cors.answer_headers(request.headers.get(b"origin"))
        return render_error(error, path=request.path, method="POST", cors=cors)


class PulseBatch(PulseCollect):
    """`POST /api/batch`: up to a hundred payloads, all of them valid or none stored."""

    def __init__(self, ingest: PulseIngest) -> None:
        super().__init__(ingest)
        self._body_limit = BATCH_LIMIT_BYTES

    def _read(self, call: _Call) -> Sequence[Signal]:
        payloads = parse_batch(call.request.body)
        signals = [_parse_item(i, payload) for i, payload in enumerate(payloads)]
        reasons = [find_drop(payload, call.grant) for payload in payloads]
        for signal, reason in zip(signals, reasons, strict=True):
            if reason is not None:
                self._ingest.drops.add(DOOR, signal.kind, reason)
                call.reasons = reasons
        return signals

    def _render(self, call: _Call, outcomes: Sequence[Outcome]) -> Answer:
        accepted = sum(type(outcome) is Accepted for outcome in outcomes)
        body = b'{"ok":true,"accepted":%d}' % accepted
        return self._make_answer(body, call, outcomes)


def find_ingest_grant(
    directory: Directory, headers: dict[bytes, bytes], query: bytes, now_us: int
) -> Grant:
    """Return what the request's key opens. Raises when there is none that may send data."""
    secret = headers.get(b"x-pulse-key") or find_query_key(query)
    if not secret:
        raise MissingCredentialError
    grant = directory.find_grant(secret.decode("latin-1"), now_us)
    if grant is None:
        raise UnauthenticatedError
    if not grant.can_ingest:
        raise ForbiddenError(missing_scope("ingest"))
    return grant


def find_query_key(query: bytes) -> bytes:
    """Return the value of the query parameter `key`, b'' without one."""
    for pair in query.split(b"&"):
        if pair.startswith(b"key="):
            value = pair[4:]
            return unquote_plus(value.decode("latin-1")).encode() if b"%" in value else value
    return b""


def find_drop(payload: Payload, grant: Grant) -> DropReason | None:
    """Return why the project does not want a payload; None when it does.

    Raises ForbiddenError when the key is limited to other modules.
    """
    module = KINDS[type(payload)].module
    if module:
        if grant.allowed_modules is not None and module not in grant.allowed_modules:
            raise ForbiddenError(missing_module(module))
        if module not in grant.entry.writable_modules:
            return DropReason.MODULE_OFF
    return DropReason.NO_CONSENT if payload.consent_granted is False else None


def _make_sender(call: _Call, addresses: ClientAddress) -> Sender:
    headers = call.request.headers
    get = headers.get
    page = (get(b"origin") or get(b"referer") or b"")[:_PAGE_BYTES]
    agent, language = get(b"user-agent", b""), get(b"accept-language", b"")
    names = tuple(headers)
    if len(agent) + len(language) + len(b"".join(names)) <= _CACHED_BYTES:
        browser = _find_browser(page, agent, language, names)
    else:
        browser = _parse_browser(page, agent, language, names)
    entry = call.grant.entry
    return Sender(
        entry.project.number,
        DOOR,
        addresses.find_behind(call.request.peer, get(b"x-forwarded-for", b"")),
        browser.user_agent,
        call.now_us,
        browser.accept_language,
        browser.headers_seen,
        browser.site or entry.host,
        entry.own_hosts,
    )


class _Browser(msgspec.Struct, frozen=True, gc=False):
    site: str
    user_agent: str
    accept_language: str
    headers_seen: frozenset[str]


def _parse_browser(
    page: bytes, user_agent: bytes, accept_language: bytes, names: tuple[bytes, ...]
) -> _Browser:
    return _Browser(
        find_host(page.decode("latin-1")),
        user_agent.decode("latin-1"),
        accept_language.decode("latin-1"),
        frozenset([name.decode("latin-1") for name in names]),
    )


_find_browser = lru_cache(_CACHED)(_parse_browser)


def _parse_item(index: int, payload: Payload) -> Signal:
    try:
        return parse_signal(payload)
    except MissingFieldError as error:
        raise MissingFieldError(f"events[{index}].{error.field}") from None
    except InvalidInputError as error:
        raise InvalidInputError(f"events[{index}]: {error.message}", field=error.field) from None


def _merge(reasons: Sequence[DropReason | None], outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
    """Return an outcome for each signal: dropped here, else the next that the intake gave."""
    taken = iter(outcomes)
    return [Dropped(reason) if reason is not None else next(taken) for reason in reasons]


def _dropped_header(outcomes: Sequence[Outcome]) -> Headers:
    counts = Counter(o.reason.value for o in outcomes if isinstance(o, Dropped))
    if not counts:
        return ()
    if len(outcomes) == 1:
        text = next(iter(counts))
    else:
        text = ", ".join(f"{word}={count}" for word, count in sorted(counts.items()))
    return ((b"footfall-dropped", text.encode()),)


def _refuse_method(method: str) -> Answer:
    body = msgspec.json.encode({"error": f"Method {method} is not allowed here; send POST."})
    return Answer(405, body, (JSON, (b"allow", b"POST, OPTIONS")))


def _resolve(answered: "asyncio.Future[Answer]", answer: Answer) -> None:
    if not answered.done():  # else the request was cancelled
        answered.set_result(answer)
