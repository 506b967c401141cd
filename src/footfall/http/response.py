"""Whole answers of plain ASGI handlers, built once and sent many times."""

import logging
from http import HTTPStatus
import traceback

from footfall.http.asgi import Headers, Message, Send

_log = logging.getLogger(__name__)

JSON = (b"content-type", b"application/json")


class Answer:
    """A status, headers and a body, as the two messages ASGI wants. Immutable by agreement:
    servers read messages and never change them."""

    __slots__ = ("_body", "_head", "_start")

    def __init__(self, status: int, body: bytes = b"", headers: Headers = ()) -> None:
        length = (b"content-length", str(len(body)).encode())
        sized = headers if status == 204 else (*headers, length)
        self._start: Message = {
            "type": "http.response.start",
            "status": status,
            "headers": list(sized),
        }
        self._body: Message = {"type": "http.response.body", "body": body}
        self._head = b""

    @property
    def status(self) -> int:
        return self._start["status"]

    @property
    def body(self) -> bytes:
        return self._body["body"]

    @property
    def head(self) -> bytes:
        """Status line and headers as they go over the wire, without the line that ends them."""
        if not self._head:
            status = self.status
            lines = b"".join([b"%s: %s\r\n" % pair for pair in self._start["headers"]])
            self._head = b"HTTP/1.1 %d %s\r\n%s" % (status, HTTPStatus(status).phrase.encode(), lines)
        return self._head

    async def send(self, send: Send) -> None:
        """Send the answer."""
        whole = getattr(send, "send_whole", None)
        if whole is not None:
            whole(self)
            return
        await send(self._start)
        await send(self._body)


def log_fault(error: BaseException) -> None:
    """Log a fault of ours: its type and place, never its message, which may quote a person."""
    place = "".join(traceback.format_tb(error.__traceback__))
    _log.error("Unexpected %s\n%s", type(error).__name__, place)
