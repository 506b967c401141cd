"""Whole answers of plain ASGI handlers, built once and sent many times."""

import logging
import traceback

from footfall.http.asgi import Headers, Message, Send

_log = logging.getLogger(__name__)

JSON = (b"content-type", b"application/json")


class Answer:
    """A status, headers and a body, as the two messages ASGI wants. Immutable by agreement:
    servers read messages and never change them."""

    __slots__ = ("_body", "_start")

    def __init__(self, status: int, body: bytes = b"", headers: Headers = ()) -> None:
        length = (b"content-length", str(len(body)).encode())
        sized = headers if status == 204 else (*headers, length)
        self._start: Message = {
            "type": "http.response.start",
            "status": status,
            "headers": list(sized),
        }
        self._body: Message = {"type": "http.response.body", "body": body}

    async def send(self, send: Send) -> None:
        """Send the answer."""
        await send(self._start)
        await send(self._body)


def log_fault(error: BaseException) -> None:
    """Log a fault of ours: its type and place, never its message, which may quote a person."""
    place = "".join(traceback.format_tb(error.__traceback__))
    _log.error("Unexpected %s\n%s", type(error).__name__, place)
