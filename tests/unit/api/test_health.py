import json
from typing import Any

from footfall.api.health import Sample, make_health, make_metrics, render_samples
from footfall.clock import FixedClock
from footfall.http.asgi import AsgiApp, Message


async def call(app: AsgiApp, *headers: tuple[bytes, bytes]) -> tuple[int, bytes]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b""}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "headers": list(headers)}
    await app(scope, receive, send)
    return sent[0]["status"], sent[1]["body"]


async def test_health_is_ok_when_every_store_answers() -> None:
    status, body = await call(make_health(FixedClock(1_763_700_000_123_456), [lambda: True]))
    assert status == 200
    assert json.loads(body) == {"status": "ok", "timestamp": 1_763_700_000_123, "database": True}


async def test_health_says_503_when_a_store_is_down() -> None:
    status, body = await call(make_health(FixedClock(0), [lambda: True, lambda: False]))
    assert status == 503
    assert json.loads(body)["database"] is False


async def test_metrics_are_closed_without_the_token() -> None:
    app = make_metrics(lambda: [Sample("a", "gauge", "A.", 1)], "secret")
    assert (await call(app))[0] == 401
    assert (await call(app, (b"authorization", b"Bearer wrong")))[0] == 401
    status, body = await call(app, (b"authorization", b"Bearer secret"))
    assert status == 200
    assert body == b"# HELP a A.\n# TYPE a gauge\na 1\n"


def test_label_values_are_escaped() -> None:
    text = render_samples([Sample("a", "counter", "A.", 2, (("reason", 'x"y\\z'),))])
    assert text.endswith('a{reason="x\\"y\\\\z"} 2\n')
