"""The server's HTTP protocol: uvicorn's own, with a short way for hot routes.

A request of a short route is small, whole when its handler starts, and answered at once in one
piece; so it needs no task, no events and no flow control of its own. The handler stays plain ASGI
and may wait for futures only. Everything else — other paths, large or chunked bodies, pipelined
requests, HTTP/1.0 — goes uvicorn's way, and both ways may take turns on one connection.
"""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, Final, NoReturn, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from footfall.http.asgi import Message, Scope
from footfall.http.front_door import FrontDoor, HotRoute
from footfall.http.response import Answer, log_fault

SHORT_BODY_BYTES: Final = 64 * 1024
"""Bodies up to this size are held whole before their handler starts."""

_METHODS = {b"POST": "POST", b"GET": "GET"}
_ASGI = {"version": "3.0", "spec_version": "2.3"}
_FAULT = Answer(500, b"Internal Server Error", ((b"content-type", b"text/plain; charset=utf-8"),))
_NO_EVENT = asyncio.Event()
"""What uvicorn sets to tell its own kind of cycle that something came; nobody waits for it here."""

_MOST_DIGITS = 5


class DoorProtocol(HttpToolsProtocol):
    """One connection. Made by uvicorn, whose application must be a FrontDoor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        door = cast("FrontDoor", self.app)
        self._short_routes = door.short_routes
        self.meter = door.meter
        self._default_headers: list[tuple[bytes, bytes]] = []
        self._default_lines = b""
        self._is_idle = False
        self._idle_since_s = 0.0

    # What the parser calls

    def on_message_begin(self) -> None:
        """Begin a request; what uvicorn needs for its way is made only when it goes that way."""
        self.url = b""
        self.headers = []
        self.expect_100_continue = False

    def on_headers_complete(self) -> None:
        """Choose the way."""
        path, _, query = self.url.partition(b"?")
        route = self._short_routes.get(path)
        method = _METHODS.get(self.parser.get_method())
        if route is not None and method is not None and self._is_short():
            scope: Scope = {
                "type": "http",
                "asgi": _ASGI,
                "http_version": "1.1",
                "server": self.server,
                "client": self.client,
                "scheme": self.scheme,
                "root_path": "",
                "headers": self.headers,
                "method": method,
                "path": route.path,
                "raw_path": path,
                "query_string": query,
            }
            self.cycle = cast("Any", _ShortCycle(self, scope, route))
            return
        url, headers, is_expecting = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, is_expecting
        self.headers.extend(headers)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Gather the body."""
        cycle: Any = self.cycle
        if type(cycle) is _ShortCycle:
            cycle.body += body
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Start the handler of a short request."""
        cycle: Any = self.cycle
        if type(cycle) is _ShortCycle:
            cycle.start()
        else:
            super().on_message_complete()

    def _is_short(self) -> bool:
        before, parser = self.cycle, self.parser
        if (
            (before is not None and not before.response_complete)
            or self.flow.write_paused
            or self.expect_100_continue
            or parser.should_upgrade()
            or not parser.should_keep_alive()
        ):
            return False
        for name, value in self.headers:
            if name == b"content-length":
                return len(value) <= _MOST_DIGITS and int(value) <= SHORT_BODY_BYTES
            if name == b"transfer-encoding":
                return False
        return True

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


class _ShortCycle:
    """One short request and its answer; what has no underscore is what uvicorn asks a cycle for,
    and `send_whole`, which `Answer` asks for."""

    __slots__ = (
        "_began_s",
        "_coroutine",
        "_protocol",
        "_route",
        "_scope",
        "body",
        "disconnected",
        "keep_alive",
        "message_event",
        "response_complete",
    )

    def __init__(self, protocol: DoorProtocol, scope: Scope, route: HotRoute) -> None:
        self._protocol = protocol
        self._scope = scope
        self._route = route
        self._began_s = time.monotonic()
        self.body = b""
        self.disconnected = False
        self.keep_alive = True
        self.message_event = _NO_EVENT
        self.response_complete = False

    def start(self) -> None:
        """Run the handler until it waits or is done."""
        running = self._route.app(self._scope, self._receive, self)
        self._coroutine = cast("Coroutine[Any, Any, None]", running)
        self._advance()

    def _advance(self, _awaited: object = None) -> None:
        # What a task does, without one: run to the next future, and go on when that is done.
        try:
            awaited = self._coroutine.send(None)
        except StopIteration:
            pass
        except Exception as error:
            log_fault(error)
        else:
            if awaited is None:
                self._protocol.loop.call_soon(self._advance)
            else:
                awaited._asyncio_future_blocking = False
                awaited.add_done_callback(self._advance)
            return
        if not self.response_complete:
            self.send_whole(_FAULT)

    async def _receive(self) -> Message:
        return {"type": "http.request", "body": self.body, "more_body": False}

    async def __call__(self, message: Message) -> NoReturn:
        """Refuse single messages: there is nothing here that could hold half an answer."""
        raise TypeError(f"a short route sent {message['type']!r} instead of an Answer")

    def send_whole(self, answer: Answer) -> None:
        """Write an answer and make the connection ready for the next request."""
        protocol, head = self._protocol, answer.head
        self.response_complete = True
        if protocol.meter is not None:
            protocol.meter.note(self._route.path, answer.status, self._began_s)
        if self.disconnected:
            return
        end = b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n"
        protocol.transport.write(b"".join((head, protocol.default_lines, end, answer.body)))
        if not self.keep_alive:
            protocol.transport.close()
        protocol.on_response_complete()
