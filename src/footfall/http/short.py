"""Short requests: small, whole when their handler starts, and answered at once in one piece. A
handler of them is a function that is called with a reply to call, now or in a later turn of the
loop; the server needs no task, no events and no flow control for it (`http.protocol`)."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, Self, cast

import msgspec

from footfall.http.asgi import AsgiApp, Message, Scope
from footfall.http.response import Answer, log_fault

Reply = Callable[[Answer], None]
"""Sends the answer; to be called once, from the server's loop."""


class ShortRequest(msgspec.Struct, gc=False):
    """A request, whole."""

    method: str
    path: str
    query: bytes
    headers: dict[bytes, bytes]
    """By their names in lower case; what came several times is joined by commas."""
    body: bytes
    peer: str
    """Address at the other end of the connection, '' for none."""

    @classmethod
    def of_scope(cls, scope: Scope) -> Self:
        """Return the request of an ASGI scope, without its body."""
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = b"%s, %s" % (headers[name], value) if name in headers else value
        client = scope.get("client")
        return cls(
            scope["method"],
            scope["path"],
            scope["query_string"],
            headers,
            b"",
            client[0] if client else "",
        )

    def make_scope(self) -> Scope:
        """Return the request as an ASGI scope."""
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "client": (self.peer, 0) if self.peer else None,
            "scheme": "http",
            "root_path": "",
            "headers": list(self.headers.items()),
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": self.query,
        }


Begin = Callable[[ShortRequest, Reply], None]
"""A handler. It may raise before it has replied."""

FAULT = Answer(500, b"Internal Server Error", ((b"content-type", b"text/plain; charset=utf-8"),))


def step_through(app: AsgiApp) -> Begin:
    """Return a handler that runs an ASGI application without a task.

    The application may wait for futures only, not use timeouts or task groups, and must send an
    `Answer`.
    """

    def begin(request: ShortRequest, reply: Reply) -> None:
        _Steps(app, request, reply).advance()

    return begin


class _Steps:
    """An application on its way, and what it sends to."""

    __slots__ = ("_body", "_coroutine", "_has_replied", "_reply")

    def __init__(self, app: AsgiApp, request: ShortRequest, reply: Reply) -> None:
        self._body = request.body
        self._reply = reply
        self._has_replied = False
        running = app(request.make_scope(), self._receive, self)
        self._coroutine = cast("Coroutine[Any, Any, None]", running)

    def advance(self, awaited: Any = None) -> None:
        """Run to the next future, and go on when that is done: what a task does."""
        try:
            awaited = self._coroutine.send(None)
        except StopIteration:
            pass
        except Exception as error:
            log_fault(error)
        else:
            if awaited is None:
                asyncio.get_running_loop().call_soon(self.advance)
            else:
                awaited._asyncio_future_blocking = False
                awaited.add_done_callback(self.advance)
            return
        if not self._has_replied:
            self._reply(FAULT)

    async def _receive(self) -> Message:
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def __call__(self, message: Message) -> NoReturn:
        """Refuse single messages: there is nothing here that could hold half an answer."""
        raise TypeError(f"a short route sent {message['type']!r} instead of an Answer")

    def send_whole(self, answer: Answer) -> None:
        """Send the answer; `Answer.send` asks for this."""
        self._has_replied = True
        self._reply(answer)
