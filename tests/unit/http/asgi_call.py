"""Calls an ASGI application in this process, without a socket."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from footfall.http.asgi import AsgiApp, Message


@dataclass
class Answered:
    """What the application answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


def make_scope(
    path: str,
    *,
    method: str = "POST",
    query: str = "",
    headers: Sequence[tuple[str, str]] = (),
    client: tuple[str, int] | None = ("203.0.113.9", 40_000),
) -> dict[str, Any]:
    """Make the scope of one request."""
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(n.lower().encode(), v.encode("latin-1")) for n, v in headers],
        "client": client,
        "server": ("127.0.0.1", 80),
        "state": {},
    }


async def call(app: AsgiApp, scope: dict[str, Any], chunks: Sequence[bytes] = (b"",)) -> Answered:
    """Send one request whose body comes in `chunks` and collect the answer."""
    messages: list[Message] = [
        {"type": "http.request", "body": chunk, "more_body": i + 1 < len(chunks)}
        for i, chunk in enumerate(chunks)
    ]
    answered = Answered()
    is_over = asyncio.Event()

    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        # As servers do: the caller stays until the answer is there.
        await is_over.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered.status = message["status"]
            answered.headers = {
                name.decode().lower(): value.decode() for name, value in message["headers"]
            }
        else:
            answered.body += message.get("body", b"")
            if not message.get("more_body"):
                is_over.set()

    await app(scope, receive, send)
    return answered
