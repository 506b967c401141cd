"""The server's HTTP protocol: uvicorn's own, with a short way for short requests (`http.short`).

Everything else — other paths, large or chunked bodies, repeated headers, pipelined requests,
HTTP/1.0 — goes uvicorn's way, and both ways may take turns on one connection. Handlers of short
requests start when a turn of the loop is over, those of all connections one after the other.
"""

import asyncio
import time
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from footfall.http.front_door import FrontDoor
from footfall.http.response import Answer, log_fault
from footfall.http.short import FAULT, Begin, ShortRequest

SHORT_BODY_BYTES: Final = 64 * 1024
"""Bodies up to this size are held whole before their handler starts."""

_USUAL_NAMES = (
    *("Host", "Connection", "Content-Length", "Content-Type", "Transfer-Encoding", "Expect"),
    *("User-Agent", "Accept", "Accept-Language", "Accept-Encoding", "Cache-Control", "Pragma"),
    *("Origin", "Referer", "Cookie", "DNT", "Sec-GPC", "Priority", "X-Pulse-Key"),
    *("Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Sec-Fetch-Storage-Access"),
    *("Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform", "X-Requested-With"),
    *("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via"),
)
_NAMES = {
    variant.encode(): name.lower().encode()
    for name in _USUAL_NAMES
    for variant in (name, name.lower(), name.title())
}
"""Lower-case names as the same objects each time, whose hashes need no computing."""

_METHODS = {b"POST": "POST", b"GET": "GET"}
_NO_EVENT = asyncio.Event()
"""What uvicorn sets to tell its own kind of cycle that something came; nobody waits for it here."""

_MOST_DIGITS = 5

_turns: "WeakKeyDictionary[ServerState, _Turn]" = WeakKeyDictionary()
"""By server, of which each has one loop."""


class DoorProtocol(HttpToolsProtocol):
    """One connection. Made by uvicorn, whose application must be a FrontDoor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        door = cast("FrontDoor", self.app)
        self._short_routes = door.short_routes
        self.meter = door.meter
        turn = _turns.get(self.server_state)
        if turn is None:
            turn = _turns[self.server_state] = _Turn()
        self._turn = turn
        self._found: dict[bytes, bytes] = {}
        self._repeated: list[tuple[bytes, bytes]] = []
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._default_lines = b""
        self._is_idle = False
        self._idle_since_s = 0.0

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin a request; what uvicorn needs for its way is made only when it goes that way."""
        self.url = b""
        self._found = {}
        self._repeated = []

    def on_header(self, name: bytes, value: bytes) -> None:
        """Gather the headers."""
        name = _NAMES.get(name) or name.lower()
        if name in self._found:
            self._repeated.append((name, value))
        else:
            self._found[name] = value

    def on_headers_complete(self) -> None:
        """Choose the way."""
        path, _, query = self.url.partition(b"?")
        route = self._short_routes.get(path)
        method = _METHODS.get(self.parser.get_method())
        if route is not None and method is not None and route.begin and self._is_short():
            peer = self.client[0] if self.client else ""
            request = ShortRequest(method, route.path, query, self._found, b"", peer)
            self.cycle = cast("Any", _ShortCycle(self, request, route.begin))
            return
        url = self.url
        super().on_message_begin()
        self.url = url
        for name, value in (*self._found.items(), *self._repeated):
            super().on_header(name, value)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Gather the body."""
        cycle: Any = self.cycle
        if type(cycle) is _ShortCycle:
            cycle.request.body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Let the handler of a short request start."""
        cycle: Any = self.cycle
        if type(cycle) is _ShortCycle:
            self._turn.add(cycle, self.loop)
        else:
            super().on_message_complete()

    def _is_short(self) -> bool:
        before, parser, found = self.cycle, self.parser, self._found
        if (
            (before is not None and not before.response_complete)
            or self._repeated
            or self.flow.write_paused
            or parser.should_upgrade()
            or not parser.should_keep_alive()
            or b"transfer-encoding" in found
            or b"expect" in found
        ):
            return False
        length = found.get(b"content-length", b"0")
        return len(length) <= _MOST_DIGITS and int(length) <= SHORT_BODY_BYTES

    # Answers

    @property
    def default_lines(self) -> bytes:
        """The headers that every answer has, as lines."""
        headers = self.server_state.default_headers
        if headers is not self._default_headers:
            self._default_headers = headers
            self._default_lines = b"".join(b"%s: %s\r\n" % pair for pair in headers)
        return self._default_lines

    # One timer for a connection, which looks when it fires, instead of one for each request

    def _unset_keepalive_if_required(self) -> None:
        self._is_idle = False

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of the timer with the connection."""
        timer, self.timeout_keep_alive_task = self.timeout_keep_alive_task, None
        if timer is not None:
            timer.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Start the next pipelined request, or wait for a new one for so long."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            cycle, app = self.pipeline.pop()
            self._start_asgi_task(cycle, app)
            return
        self._is_idle = True
        self._idle_since_s = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._set_timer(self.timeout_keep_alive)

    def timeout_keep_alive_handler(self) -> None:
        """Close the connection when nothing came for long enough."""
        self.timeout_keep_alive_task = None
        if self.transport.is_closing():
            return
        rest_s: float = self.timeout_keep_alive
        if self._is_idle:
            rest_s -= self.loop.time() - self._idle_since_s
        if rest_s > 0:
            self._set_timer(rest_s)
        else:
            self.transport.close()

    def _set_timer(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )


class _Turn:
    """The short requests of one turn of the loop, whose handlers start together after it: what
    one has fetched into the processor's caches, the next finds there."""

    __slots__ = ("_cycles",)

    def __init__(self) -> None:
        self._cycles: list[_ShortCycle] = []

    def add(self, cycle: "_ShortCycle", loop: asyncio.AbstractEventLoop) -> None:
        """Start a request when the turn is over."""
        if not self._cycles:
            loop.call_soon(self._start)
        self._cycles.append(cycle)

    def _start(self) -> None:
        cycles, self._cycles = self._cycles, []
        for cycle in cycles:
            cycle.start()


class _ShortCycle:
    """One short request and its answer; what has no underscore and is no verb is what uvicorn asks
    a cycle for."""

    __slots__ = (
        "_began_s",
        "_begin",
        "_protocol",
        "disconnected",
        "keep_alive",
        "message_event",
        "request",
        "response_complete",
    )

    def __init__(self, protocol: DoorProtocol, request: ShortRequest, begin: Begin) -> None:
        self._protocol = protocol
        self.request = request
        self._begin = begin
        self._began_s = time.monotonic()
        self.disconnected = False
        self.keep_alive = True
        self.message_event = _NO_EVENT
        self.response_complete = False

    def start(self) -> None:
        """Call the handler."""
        try:
            self._begin(self.request, self.reply)
        except Exception as error:
            log_fault(error)
            if not self.response_complete:
                self.reply(FAULT)

    def reply(self, answer: Answer) -> None:
        """Write the answer and make the connection ready for the next request."""
        protocol = self._protocol
        if self.response_complete:
            raise RuntimeError("a short request was answered twice")
        try:
            head = answer.head
        except ValueError as error:
            log_fault(error)
            answer = FAULT
            head = answer.head
        self.response_complete = True
        if protocol.meter is not None:
            protocol.meter.note(self.request.path, answer.status, self._began_s)
        if self.disconnected:
            return
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        protocol.transport.write(b"".join((head, protocol.default_lines, end, answer.body)))
        if not self.keep_alive:
            protocol.transport.close()
        protocol.on_response_complete()
