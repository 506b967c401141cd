"""Reading request bodies. The limit holds while reading: what is too large is never held."""

from footfall.errors import TooLargeError
from footfall.http.asgi import Message, Receive


async def read_body(
    receive: Receive, limit_bytes: int, declared: bytes | None = None
) -> bytes | None:
    """Return the body; None when the client went away.

    `declared` is the Content-Length header: it spares reading what it already refuses.
    Raises TooLargeError as soon as more than `limit_bytes` have come.
    """
    check_declared(declared, limit_bytes)
    return await read_rest(await receive(), receive, limit_bytes)


def check_declared(declared: bytes | None, limit_bytes: int) -> None:
    """Refuse by the Content-Length header. Raises TooLargeError."""
    if declared is not None and declared.isdigit() and int(declared[:20]) > limit_bytes:
        raise _refusal(limit_bytes)


async def read_rest(message: Message, receive: Receive, limit_bytes: int) -> bytes | None:
    """Return the body that begins with `message`; None when the client went away.

    Raises TooLargeError as soon as more than `limit_bytes` have come.
    """
    if message["type"] != "http.request":
        return None
    body: bytes = message.get("body", b"")
    if len(body) > limit_bytes:
        raise _refusal(limit_bytes)
    if not message.get("more_body"):
        return body
    chunks, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        if message["type"] != "http.request":
            return None
        chunk: bytes = message.get("body", b"")
        size += len(chunk)
        if size > limit_bytes:
            raise _refusal(limit_bytes)
        chunks.append(chunk)
    return b"".join(chunks)


def _refusal(limit_bytes: int) -> TooLargeError:
    return TooLargeError(f"The body is larger than the {limit_bytes} bytes accepted here.")
