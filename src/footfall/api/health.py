"""Whether the program can do its work, for probes and operators: `/health` and `/api/health`
(open), and `/metrics` in the Prometheus text format (closed)."""

import asyncio
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from footfall.clock import Clock
from footfall.http.asgi import AsgiApp, Headers, Receive, Scope, Send
from footfall.http.auth import is_same_secret, parse_bearer
from footfall.http.response import JSON, Answer

PING_TIMEOUT_S = 5.0
"""A store that needs longer to answer a ping cannot answer a report either."""

_PLAIN = (b"content-type", b"text/plain; version=0.0.4; charset=utf-8")
_AUTHORIZATION = b"authorization"
_FRESH = (b"cache-control", b"no-store")
_DENIED = Answer(401, b'{"error":"Unauthorized"}', (JSON, _FRESH))


SampleKind = Literal["counter", "gauge"]


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure about the running program. Labels never name a person or an address."""

    name: str
    kind: SampleKind
    help: str
    value: float
    labels: tuple[tuple[str, str], ...] = ()


def make_health(
    clock: Clock, pings: Sequence[Callable[[], bool]], headers: Headers = ()
) -> AsgiApp:
    """Return the handler of `/health`: 200 when every store answers, else 503. `headers` are what a
    door wants on the answer."""

    async def health(scope: Scope, receive: Receive, send: Send) -> None:
        is_up = await _is_up(pings)
        body = {
            "status": "ok" if is_up else "unavailable",
            "timestamp": clock.now_us() // 1000,
            "database": is_up,
        }
        answer = Answer(200 if is_up else 503, json.dumps(body).encode(), (JSON, _FRESH, *headers))
        await answer.send(send)

    return health


async def _is_up(pings: Sequence[Callable[[], bool]]) -> bool:
    try:
        async with asyncio.timeout(PING_TIMEOUT_S):
            return all([await asyncio.to_thread(ping) for ping in pings])
    except TimeoutError:
        return False


def make_metrics(read_samples: Callable[[], Iterable[Sample]], token: str) -> AsgiApp:
    """Return the handler of `/metrics`; it wants the admin token as a bearer token."""

    async def metrics(scope: Scope, receive: Receive, send: Send) -> None:
        given = next(
            (v.decode("latin-1") for k, v in scope["headers"] if k == b"authorization"), ""
        )
        if not is_same_secret(parse_bearer(given), token):
            await _DENIED.send(send)
            return
        body = render_samples(read_samples()).encode()
        await Answer(200, body, (_PLAIN, _FRESH)).send(send)

    return metrics


def render_samples(samples: Iterable[Sample]) -> str:
    """Return samples in the Prometheus text format, version 0.0.4; families stay together."""
    families: dict[str, list[Sample]] = {}
    for sample in samples:
        families.setdefault(sample.name, []).append(sample)
    lines = []
    for name, family in families.items():
        lines += [f"# HELP {name} {family[0].help}", f"# TYPE {name} {family[0].kind}"]
        lines += [f"{name}{_labels(sample)} {sample.value:.10g}" for sample in family]
    return "\n".join(lines) + "\n"


def _labels(sample: Sample) -> str:
    if not sample.labels:
        return ""
    inner = ",".join(f'{key}="{_escape(value)}"' for key, value in sample.labels)
    return "{" + inner + "}"


def _escape(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
