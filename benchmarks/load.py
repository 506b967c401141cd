"""A bounded load from one process over loopback: keep-alive connections that each send the next
request when the answer to the last one is in. Runs as its own process on its own core."""

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from pathlib import Path

import uvloop


class Connection(asyncio.Protocol):
    """One keep-alive connection that sends requests in a row until it is told to stop."""

    def __init__(self, requests: "itertools.cycle[bytes]", done: "asyncio.Future[None]") -> None:
        self._requests = requests
        self._done = done
        self._rest = b""
        self._whole_size = 0
        self._sent_at = 0.0
        self.latencies_s: list[float] = []
        self.failures = 0
        self.is_stopping = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]
        self._sent_at = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        if self._rest:
            data = self._rest + data
        # Answers of one kind have one length; only the first is taken apart.
        if len(data) != self._whole_size:
            size = _find_size(data)
            if size is None or len(data) < size:
                self._rest = data
                return
            self._whole_size = size
        self._rest = b""
        if data[9:12] != b"200":
            self.failures += 1
        now = time.perf_counter()
        self.latencies_s.append(now - self._sent_at)
        if self.is_stopping:
            self._transport.close()
        else:
            self._sent_at = now
            self._transport.write(next(self._requests))

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_result(None)


def _find_size(data: bytes) -> int | None:
    """Return the bytes of an answer that begins with `data`; None when its head is not whole."""
    head_end = data.find(b"\r\n\r\n")
    if head_end < 0:
        return None
    at = data.lower().find(b"content-length:", 0, head_end)
    length = int(data[at + 15 : data.find(b"\r\n", at)]) if at >= 0 else 0
    return head_end + 4 + length


async def run_load(
    port: int, requests: list[bytes], connections: int, seconds: float
) -> dict[str, float]:
    """Load 127.0.0.1:`port` and return requests/s, failures and latencies in milliseconds."""
    loop = asyncio.get_running_loop()
    cycle = itertools.cycle(requests)
    ended = []
    protocols: list[Connection] = []
    for _ in range(connections):
        done = loop.create_future()
        ended.append(done)
        _, protocol = await loop.create_connection(
            lambda done=done: Connection(cycle, done),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
        protocols.append(protocol)
    await asyncio.sleep(min(1.0, seconds / 4))
    for protocol in protocols:
        protocol.latencies_s.clear()
    started = time.perf_counter()
    await asyncio.sleep(seconds)
    latencies = sorted(x for p in protocols for x in p.latencies_s)
    elapsed = time.perf_counter() - started
    for protocol in protocols:
        protocol.is_stopping = True
    await asyncio.wait(ended, timeout=5)
    return {
        "requests_per_s": len(latencies) / elapsed,
        "failures": sum(p.failures for p in protocols),
        "p50_ms": 1000 * latencies[len(latencies) // 2],
        "p99_ms": 1000 * latencies[int(len(latencies) * 0.99)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--requests", type=Path, required=True, help="JSON list of raw requests")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--core", type=int, default=1)
    options = parser.parse_args()
    os.sched_setaffinity(0, {options.core})
    requests = [text.encode() for text in json.loads(options.requests.read_text())]
    figures = uvloop.run(run_load(options.port, requests, options.connections, options.seconds))
    json.dump(figures, sys.stdout)


if __name__ == "__main__":
    main()
