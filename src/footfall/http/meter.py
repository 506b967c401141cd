"""How long requests take: counts since the start, and the times of the last five minutes. It holds
paths without their parameters and nothing of who asked."""

import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from footfall.http.asgi import AsgiApp, Message, Receive, Scope, Send

WINDOW_S = 300
SAMPLES_LIMIT = 20_000
"""Requests of the window that are remembered, 0.5 MB; of a faster server the latest count."""

PATH_LIMIT = 100
SLOW_PATHS = 10


@dataclass(frozen=True, slots=True)
class SlowPath:
    """A path by the time its requests take."""

    path: str
    average_ms: float
    count: int


@dataclass(frozen=True, slots=True)
class MeterFigures:
    """What the meter says; times in milliseconds, over the last five minutes."""

    total_requests: int
    """Since the start."""
    total_errors: int
    """Answers of 500 and more since the start."""
    recent_requests: int
    average_ms: float
    p50_ms: float
    p95_ms: float
    p99_ms: float
    maximum_ms: float
    per_second: float
    error_share: float
    """0 to 1, of the recent requests."""
    slow_paths: tuple[SlowPath, ...]
    uptime_s: int


class RequestMeter:
    """Measures requests."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()
        self._requests = 0
        self._errors = 0
        # A ring of plain numbers: a tuple for each request would be 150 bytes that were last
        # touched 20,000 requests ago.
        self._ended_s = array("d", bytes(8 * SAMPLES_LIMIT))
        self._took_s = array("d", bytes(8 * SAMPLES_LIMIT))
        self._statuses = array("H", bytes(2 * SAMPLES_LIMIT))
        self._paths = [""] * SAMPLES_LIMIT

    async def measure(self, app: AsgiApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an application answer a request, and note how long it took."""
        status = 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        began_s = time.monotonic()
        try:
            await app(scope, receive, send_noting)
        finally:
            self.note(scope["path"][:PATH_LIMIT], status, began_s)

    def note(self, path: str, status: int, began_s: float) -> None:
        """Note a request that is answered; `began_s` is by `time.monotonic`."""
        now_s = time.monotonic()
        at = self._requests % SAMPLES_LIMIT
        self._requests += 1
        if status >= 500:
            self._errors += 1
        self._ended_s[at] = now_s
        self._took_s[at] = now_s - began_s
        self._statuses[at] = status
        self._paths[at] = path

    def read(self) -> MeterFigures:
        """Return the figures."""
        now_s = time.monotonic()
        recent = [sample for sample in self._list_samples() if sample[0] > now_s - WINDOW_S]
        times_ms = sorted(sample[1] * 1_000 for sample in recent)
        count = len(recent)
        uptime_s = now_s - self._began_s
        return MeterFigures(
            total_requests=self._requests,
            total_errors=self._errors,
            recent_requests=count,
            average_ms=sum(times_ms) / count if count else 0.0,
            p50_ms=_find_quantile(times_ms, 0.5),
            p95_ms=_find_quantile(times_ms, 0.95),
            p99_ms=_find_quantile(times_ms, 0.99),
            maximum_ms=times_ms[-1] if times_ms else 0.0,
            per_second=count / max(min(uptime_s, WINDOW_S), 1.0),
            error_share=sum(s[2] >= 500 for s in recent) / count if count else 0.0,
            slow_paths=_find_slow_paths(recent),
            uptime_s=int(uptime_s),
        )

    def _list_samples(self) -> list[tuple[float, float, int, str]]:
        """Return (when it ended, seconds it took, status, path), the oldest first."""
        samples = list(zip(self._ended_s, self._took_s, self._statuses, self._paths, strict=True))
        if self._requests <= SAMPLES_LIMIT:
            return samples[: self._requests]
        at = self._requests % SAMPLES_LIMIT
        return samples[at:] + samples[:at]


def _find_quantile(ordered: Sequence[float], level: float) -> float:
    return ordered[min(int(level * len(ordered)), len(ordered) - 1)] if ordered else 0.0


def _find_slow_paths(recent: Sequence[tuple[float, float, int, str]]) -> tuple[SlowPath, ...]:
    spent: dict[str, list[float]] = {}
    for _, seconds, status, path in recent:
        if status != 404:  # a stranger's invention is no path of ours
            spent.setdefault(path, []).append(seconds)
    paths = [SlowPath(p, sum(t) * 1_000 / len(t), len(t)) for p, t in spent.items()]
    return tuple(sorted(paths, key=lambda p: (-p.average_ms, p.path))[:SLOW_PATHS])
