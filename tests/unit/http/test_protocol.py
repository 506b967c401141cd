"""The server's protocol over real connections: the short way, uvicorn's way, and both by turns."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import uvicorn

from footfall.http.asgi import Receive, Scope, Send
from footfall.http.front_door import FrontDoor, HotRoute
from footfall.http.meter import RequestMeter
from footfall.http.protocol import SHORT_BODY_BYTES, DoorProtocol
from footfall.http.response import Answer
from footfall.http.short import Reply, ShortRequest, step_through


class Desk:
    """Handlers that answer what they were asked."""

    def __init__(self) -> None:
        self.tasks: list[object] = []
        self.ended = 0
        self.scopes: list[Scope] = []

    async def echo(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.tasks.append(asyncio.current_task())
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        said = b"%s %s?%s %s" % (
            scope["method"].encode(),
            scope["path"].encode(),
            scope["query_string"],
            body,
        )
        await Answer(200, said, ((b"x-door", b"1"),)).send(send)

    async def hold(self, scope: Scope, receive: Receive, send: Send) -> None:
        future = asyncio.get_running_loop().create_future()
        self.gate_future = future
        await asyncio.sleep(0)
        await asyncio.to_thread(lambda: None)
        await future
        self.ended += 1
        await Answer(200, b"held").send(send)

    async def fail(self, scope: Scope, receive: Receive, send: Send) -> None:
        raise LookupError(dict(scope["headers"])[b"x-person"])

    async def split(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"x", b"a\r\nb: c")]}
        )

    async def forge(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Answer(200, b"", ((b"x", b"a\r\nb: c"),)).send(send)

    def count(self, request: ShortRequest, reply: Reply) -> None:
        self.tasks.append(asyncio.current_task())
        reply(Answer(200, b"%d" % len(request.body)))
        self.ended += 1

    def later(self, request: ShortRequest, reply: Reply) -> None:
        asyncio.get_running_loop().call_later(0.01, reply, Answer(200, b"later " + request.body))

    def trip(self, request: ShortRequest, reply: Reply) -> None:
        raise LookupError(request.body)

    def stammer(self, request: ShortRequest, reply: Reply) -> None:
        reply(Answer(200, b"once"))
        reply(Answer(200, b"twice"))

    def lie(self, request: ShortRequest, reply: Reply) -> None:
        reply(Answer(200, b"", ((b"x", b"a\r\nb: c"),)))

    def tell(self, request: ShortRequest, reply: Reply) -> None:
        reply(Answer(200, b"short " + request.headers[b"x-forwarded-for"]))

    async def tell_long(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = ShortRequest.of_scope(scope).headers
        await Answer(200, b"long " + headers[b"x-forwarded-for"]).send(send)

    async def keep(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        await Answer(200).send(send)

    async def silent(self, scope: Scope, receive: Receive, send: Send) -> None:
        return


class Client:
    """A connection that writes bytes and reads whole answers."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def write(self, text: str, body: bytes = b"") -> None:
        self.writer.write(text.replace("\n", "\r\n").encode() + body)

    def post(self, path: str, body: bytes = b"") -> None:
        self.write(f"POST {path} HTTP/1.1\nHost: x\nContent-Length: {len(body)}\n\n", body)

    async def read(self) -> tuple[int, dict[str, str], bytes]:
        head = await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 5)
        status, *lines = head.decode().rstrip("\r\n").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines)
        body = await self.reader.readexactly(int(headers.get("content-length", 0)))
        return int(status.split()[1]), headers, body

    async def is_closed(self) -> bool:
        return await asyncio.wait_for(self.reader.read(1), 5) == b""


class World:
    def __init__(self, keep_alive_s: int) -> None:
        self.desk = desk = Desk()
        self.meter = RequestMeter()
        routes = [
            HotRoute("/short", desk.echo, "open", begin=step_through(desk.echo)),
            HotRoute("/hot", desk.echo, "open"),
            HotRoute("/held", desk.hold, "open", begin=step_through(desk.hold)),
            HotRoute("/fail", desk.fail, "open", begin=step_through(desk.fail)),
            HotRoute("/split", desk.split, "open", begin=step_through(desk.split)),
            HotRoute("/forge", desk.forge, "open", begin=step_through(desk.forge)),
            HotRoute("/tell", desk.tell_long, "open", begin=desk.tell),
            HotRoute("/scope", desk.keep, "open", begin=step_through(desk.keep)),
            HotRoute("/hot-scope", desk.keep, "open"),
            HotRoute("/count", desk.echo, "open", begin=desk.count),
            HotRoute("/later", desk.echo, "open", begin=desk.later),
            HotRoute("/trip", desk.echo, "open", begin=desk.trip),
            HotRoute("/stammer", desk.echo, "open", begin=desk.stammer),
            HotRoute("/lie", desk.echo, "open", begin=desk.lie),
            HotRoute("/silent", desk.silent, "open", begin=step_through(desk.silent)),
        ]
        self.server = uvicorn.Server(
            uvicorn.Config(
                FrontDoor(routes, desk.echo, meter=self.meter),
                http=DoorProtocol,
                lifespan="off",
                access_log=False,
                proxy_headers=False,
                log_level="critical",
                port=0,
                timeout_keep_alive=keep_alive_s,
            )
        )
        self._clients: list[Client] = []

    async def __aenter__(self) -> "World":
        self.running = asyncio.ensure_future(self.server._serve())
        while not self.server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.005)
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            client.writer.close()
        self.server.should_exit = True
        await self.running

    async def connect(self) -> Client:
        port = self.server.servers[0].sockets[0].getsockname()[1]
        client = Client(*await asyncio.open_connection("127.0.0.1", port))
        self._clients.append(client)
        return client


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with World(keep_alive_s=5) as world:
        yield world


async def test_a_short_request_is_answered_without_a_task(world: World) -> None:
    client = await world.connect()
    client.post("/short?a=1", b"body")
    status, headers, body = await client.read()
    assert (status, body) == (200, b"POST /short?a=1 body")
    assert headers["x-door"] == "1"
    assert headers["server"] == "uvicorn"
    assert "date" in headers
    client.post("/hot", b"body")
    assert (await client.read())[2] == b"POST /hot? body"
    without, with_one = world.desk.tasks
    assert without is None
    assert with_one is not None
    assert world.meter.read().total_requests == 2


async def test_both_ways_take_turns_on_one_connection(world: World) -> None:
    client = await world.connect()
    for i in range(6):
        path = ("/short", "/hot", "/other")[i % 3]
        client.post(path, b"%d" % i)
        assert (await client.read())[2] == b"POST %s? %d" % (path.encode(), i)


async def test_a_request_may_come_in_pieces(world: World) -> None:
    client = await world.connect()
    for piece in ("POST /sho", "rt HTTP/1.1\nHost: x\nContent-", "Length: 4\n\nbo", "dy"):
        client.write(piece)
        await client.writer.drain()
        await asyncio.sleep(0.01)
    assert (await client.read())[2] == b"POST /short? body"


@pytest.mark.parametrize("first", ["/held", "/short"])
async def test_pipelined_requests_are_answered_in_order(world: World, first: str) -> None:
    client = await world.connect()
    client.post(first, b"1")
    for i in range(2, 6):
        client.post(("/short", "/hot")[i % 2], b"%d" % i)
    await asyncio.sleep(0.05)
    if first == "/held":
        world.desk.gate_future.set_result(None)
    bodies = [(await client.read())[2] for _ in range(5)]
    assert [body[-1:] for body in bodies] == [
        b"d" if first == "/held" else b"1",
        *b"2 3 4 5".split(),
    ]


async def test_what_is_not_short_goes_the_other_way(world: World) -> None:
    large = b"x" * (SHORT_BODY_BYTES + 1)
    client = await world.connect()
    client.post("/short", large)
    assert (await client.read())[2] == b"POST /short? " + large
    client.write("POST /short HTTP/1.1\nHost: x\nTransfer-Encoding: chunked\n\n4\nbody\n0\n\n")
    assert (await client.read())[2] == b"POST /short? body"
    client.write("POST /short HTTP/1.1\nHost: x\nExpect: 100-continue\nContent-Length: 2\n\n")
    assert (await client.reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100")
    client.write("ok")
    assert (await client.read())[2] == b"POST /short? ok"
    client.write("DELETE /short HTTP/1.1\nHost: x\n\n")
    assert (await client.read())[2] == b"DELETE /short? "
    assert None not in world.desk.tasks
    client.write("POST /short HTTP/1.0\nHost: x\nContent-Length: 2\n\nok")
    assert (await client.read())[2] == b"POST /short? ok"
    assert await client.is_closed()


async def test_the_largest_short_body_is_whole(world: World) -> None:
    body = b"y" * SHORT_BODY_BYTES
    client = await world.connect()
    client.post("/short", body)
    assert (await client.read())[2] == b"POST /short? " + body
    assert world.desk.tasks == [None]


async def test_a_request_that_closes_is_closed(world: World) -> None:
    client = await world.connect()
    client.write("GET /short HTTP/1.1\nHost: x\nConnection: close\n\n")
    _, headers, body = await client.read()
    assert body == b"GET /short? "
    assert headers["connection"] == "close"
    assert await client.is_closed()


@pytest.mark.parametrize("path", ["/fail", "/split", "/forge", "/silent"])
async def test_a_fault_is_answered_and_the_connection_lives(
    world: World, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = await world.connect()
    client.write(f"POST {path} HTTP/1.1\nHost: x\nX-Person: nobody@example.test\n\n")
    status, headers, body = await client.read()
    assert (status, body) == (500, b"Internal Server Error")
    assert "b" not in headers
    assert "nobody@example.test" not in caplog.text
    assert world.meter.read().total_errors == 1
    client.post("/short")
    assert (await client.read())[0] == 200


async def test_a_handler_ends_when_its_client_has_gone(world: World) -> None:
    client = await world.connect()
    client.post("/held")
    await asyncio.sleep(0.05)
    client.writer.close()
    await asyncio.sleep(0.05)
    world.desk.gate_future.set_result(None)
    await asyncio.sleep(0.05)
    assert world.desk.ended == 1


async def test_a_stop_waits_for_the_answer() -> None:
    async with World(keep_alive_s=5) as world:
        client = await world.connect()
        client.post("/held")
        await asyncio.sleep(0.05)
        world.server.should_exit = True
        await asyncio.sleep(0.3)
        assert not world.running.done()
        world.desk.gate_future.set_result(None)
        _, headers, body = await client.read()
        assert body == b"held"
        assert headers["connection"] == "close"
        assert await client.is_closed()


async def test_an_idle_connection_is_closed_and_a_busy_one_is_not() -> None:
    async with World(keep_alive_s=1) as world:
        idle, busy, slow = [await world.connect() for _ in range(3)]
        for client in (idle, busy):
            client.post("/short")
            await client.read()
        slow.post("/held")
        for _ in range(5):
            await asyncio.sleep(0.3)
            busy.post("/short")
            assert (await busy.read())[0] == 200
        assert await idle.is_closed()
        world.desk.gate_future.set_result(None)
        assert (await slow.read())[2] == b"held"


async def test_what_is_no_http_is_refused(world: World) -> None:
    client = await world.connect()
    client.write("what\n\n")
    assert (await client.reader.readuntil(b"\r\n")).startswith(b"HTTP/1.1 400")


async def test_a_handler_may_reply_at_once_or_later(world: World) -> None:
    client = await world.connect()
    client.post("/count", b"12345")
    assert (await client.read())[2] == b"5"
    client.post("/later", b"now")
    assert (await client.read())[2] == b"later now"
    client.post("/count", bytes(SHORT_BODY_BYTES + 1))
    assert (await client.read())[2].startswith(b"POST /count?")
    assert world.desk.ended == 1
    assert world.desk.tasks[0] is None


@pytest.mark.parametrize("path", ["/trip", "/lie"])
async def test_a_handler_that_fails_is_answered(
    world: World, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    client = await world.connect()
    client.post(path, b"secret@example.com")
    assert (await client.read())[0] == 500
    assert "Unexpected" in caplog.text
    assert "secret" not in caplog.text
    client.post("/count", b"1")
    assert (await client.read())[2] == b"1"


async def test_only_the_first_reply_is_sent(world: World, caplog: pytest.LogCaptureFixture) -> None:
    client = await world.connect()
    client.post("/stammer")
    assert (await client.read())[2] == b"once"
    assert "RuntimeError" in caplog.text
    client.post("/count", b"1")
    assert (await client.read())[2] == b"1"


async def test_requests_of_many_connections_start_in_the_order_they_came(world: World) -> None:
    clients = [await world.connect() for _ in range(20)]
    for number, client in enumerate(clients):
        client.post("/count", bytes(number))
    assert [(await client.read())[2] for client in clients] == [b"%d" % n for n in range(20)]


async def test_repeated_headers_go_the_other_way_with_all_their_values(world: World) -> None:
    client = await world.connect()
    client.write("POST /tell HTTP/1.1\nHost: x\nX-Forwarded-For: 1.1.1.1\nContent-Length: 0\n\n")
    assert (await client.read())[2] == b"short 1.1.1.1"
    client.write(
        "POST /tell HTTP/1.1\nHost: x\nX-Forwarded-For: 1.1.1.1\n"
        "x-forwarded-for: 2.2.2.2\nContent-Length: 0\n\n"
    )
    assert (await client.read())[2] == b"long 1.1.1.1, 2.2.2.2"


async def test_an_asgi_handler_sees_a_short_request_as_any_other(world: World) -> None:
    client = await world.connect()
    request = "POST /{} HTTP/1.1\nHost: x\nAccept-Language: de\nContent-Length: 0\n\n"
    scopes = []
    for path in ("scope", "hot-scope"):
        client.write(request.format(path))
        assert (await client.read())[0] == 200
        scopes.append(world.desk.scopes.pop())
    short, long = scopes
    same = ("type", "method", "query_string", "http_version", "scheme", "root_path")
    assert [short[key] for key in same] == [long[key] for key in same]
    assert dict(short["headers"]) == dict(long["headers"])
    assert short["client"][0] == long["client"][0] == "127.0.0.1"
