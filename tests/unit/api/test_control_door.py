"""The control door: who may come in, what it answers, what it refuses."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.api import control_door
from footfall.api.control_door import ControlDoor
from footfall.ingest.access_log_import import ImportRecord
from tests.unit.cli.fakes import World

TOKEN = "token-of-the-folder"
AUTH = {"authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def ask(
    world: World,
    method: str,
    path: str,
    body: bytes = b"",
    *,
    headers: dict[str, str] | None = None,
    client: str = "127.0.0.1",
) -> tuple[int, Any]:
    path, _, query = path.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": f"/api/control/{path}",
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in (headers or AUTH).items()],
        "client": (client, 1),
    }
    halves = [body[: len(body) // 2], body[len(body) // 2 :]]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": halves.pop(0), "more_body": bool(halves)}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await ControlDoor(world.control, TOKEN, 7)(scope, receive, send)
    return sent[0]["status"], msgspec.json.decode(sent[1]["body"])


async def test_answers_health_with_the_process_id(world: World) -> None:
    assert await ask(world, "GET", "health") == (200, {"pid": 7})
    assert (await ask(world, "GET", "health", client="::1"))[0] == 200


@pytest.mark.parametrize("client", ["203.0.113.9", "2001:db8::1", "testclient"])
async def test_nobody_from_elsewhere_sees_the_door(world: World, client: str) -> None:
    assert (await ask(world, "GET", "health", client=client))[0] == 404


@pytest.mark.parametrize("name", ["x-forwarded-for", "forwarded", "x-real-ip"])
async def test_nobody_comes_through_a_proxy(world: World, name: str) -> None:
    assert (await ask(world, "GET", "health", headers=AUTH | {name: "127.0.0.1"}))[0] == 404


@pytest.mark.parametrize("given", [{"a": "b"}, {"authorization": "Bearer wrong"}])
async def test_refuses_without_the_token(world: World, given: dict[str, str]) -> None:
    status, answer = await ask(world, "GET", "projects", headers=given)
    assert (status, answer["error"]) == (401, "unauthenticated")


async def test_takes_records_once(world: World) -> None:
    world.desk.create("Site")
    records = [
        ImportRecord(10**15 + n, "203.0.113.9", "http://a.example/", f"id{n}") for n in (1, 2)
    ]
    body = msgspec.json.Encoder().encode_lines([*records, records[0]])
    first = await ask(world, "POST", "import?project=1", body)
    assert first == (200, {"events": 2, "known": 1, "dropped": {}})
    second = await ask(world, "POST", "import?project=1", body)
    assert second == (200, {"events": 0, "known": 3, "dropped": {}})


async def test_a_busy_store_is_told_with_a_time_to_wait(world: World) -> None:
    world.desk.create("Site")
    world.store.refusals = 1
    body = msgspec.json.Encoder().encode_lines([ImportRecord(1, "203.0.113.9", "/", "x")])
    status, answer = await ask(world, "POST", "import?project=1", body)
    assert (status, answer) == (503, {"error": "unavailable", "message": "The disk is full."})


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "import?project=9", b"", 404),
        ("POST", "import?project=one", b"", 400),
        ("POST", "import", b"", 400),
        ("POST", "import?project=1", b'{"ts_us": 1}', 400),
        ("POST", "projects", b'{"name": "a", "colour": "b"}', 400),
        ("POST", "projects", b"\xff", 400),
        ("GET", "keys?project=none", b"", 404),
        ("POST", "keys/revoke", b'{"id": "key-1"}', 404),
        ("GET", "secrets", b"", 404),
        ("DELETE", "projects", b"", 404),
    ],
)
async def test_refuses_what_it_does_not_understand(
    world: World, method: str, path: str, body: bytes, status: int
) -> None:
    assert (await ask(world, method, path, body))[0] == status


async def test_refuses_a_body_that_is_too_large(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(control_door, "MAX_BODY_BYTES", 10)
    assert (await ask(world, "POST", "projects", b"x" * 11))[0] == 413
