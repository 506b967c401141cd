"""A receiver of webhooks on a free loopback port that behaves as a test says: it answers, stalls,
redirects, talks nonsense, hangs up, comes back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
REDIRECT = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
GARBAGE = b"this is no HTTP at all\r\n\r\n"
STALL, RESET, DRIP, BODY_STALL = b"stall", b"reset", b"drip", b"body stall"


def status(code: int) -> bytes:
    """Return an answer with this status and nothing else."""
    return b"HTTP/1.1 %d Status\r\nContent-Length: 0\r\n\r\n" % code


@dataclass
class Received:
    """One request as it came."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """What came, and how to answer."""

    port: int = 0
    answer: bytes = OK
    received: list[Received] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    delay_s: float = 0.0
    has_sent_all: bool = False
    """True when a whole answer went out, that of a well-behaved receiver."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            pairs = [line.partition(": ") for line in head[1:] if line]
            headers = {name.lower(): value for name, _, value in pairs}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.received.append(Received(head[0], headers, body))
            await asyncio.sleep(self.delay_s)
            await self._answer(writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.at_once -= 1
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        if self.answer == STALL:
            await asyncio.sleep(30)
        elif self.answer == RESET:
            writer.transport.abort()
        elif self.answer == DRIP:
            for byte in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 1000:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.05)
        elif self.answer == BODY_STALL:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            await writer.drain()
            await asyncio.sleep(30)
        else:
            writer.write(self.answer)
            await writer.drain()
            self.has_sent_all = True


@asynccontextmanager
async def open_receiver(answer: bytes = OK) -> AsyncIterator[Receiver]:
    """Listen while the block runs."""
    receiver = Receiver(answer=answer)
    running: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        running.add(task)
        try:
            await receiver.serve(reader, writer)
        except asyncio.CancelledError:
            pass
        finally:
            running.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for task in list(running):
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
