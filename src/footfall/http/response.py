"""Whole answers of plain ASGI handlers, built once and sent many times."""

import logging
import traceback
from http import HTTPStatus

from footfall.http.asgi import Headers, Message, Send

_log = logging.getLogger(__name__)

JSON = (b"content-type", b"application/json")


class Answer:
    """A status, headers and a body, as the two messages ASGI wants. Immutable by agreement:
    servers read messages and never change them."""

    __slots__ = ("_body", "_head", "_start", "body", "status")

    def __init__(self, status: int, body: bytes = b"", headers: Headers = ()) -> None:
        length = (b"content-length", str(len(body)).encode())
        sized = headers if status == 204 else (*headers, length)
        self.status = status
        self.body = body
        self._start: Message = {
            "type": "http.response.start",
            "status": status,
            "headers": list(sized),
        }
        self._body: Message = {"type": "http.response.body", "body": body}
        self._head = b""

    @property
    def head(self) -> bytes:
        """Status line and headers as HTTP/1.1 writes them, without the empty line that ends them.

        Raises ValueError when a header would end its line.
        """
        if not self._head:
            pairs = self._start["headers"]
            if any(b"\r" in value or b"\n" in value for _, value in pairs):
                raise ValueError("a header holds a line break")
            lines = b"".join([b"%s: %s\r\n" % pair for pair in pairs])
            phrase = HTTPStatus(self.status).phrase.encode()
            self._head = b"HTTP/1.1 %d %s\r\n%s" % (self.status, phrase, lines)
        return self._head

    async def send(self, send: Send) -> None:
        """Send the answer, in one piece where the server takes one (`http.protocol`)."""
        send_whole = getattr(send, "send_whole", None)
        if send_whole is not None:
            send_whole(self)
            return
        await send(self._start)
        await send(self._body)


def log_fault(error: BaseException) -> None:
    """Log a fault of ours: its type and place, never its message, which may quote a person."""
    place = "".join(traceback.format_tb(error.__traceback__))
    _log.error("Unexpected %s\n%s", type(error).__name__, place)
