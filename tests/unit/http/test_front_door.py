import pytest

from footfall.http.asgi import AsgiApp, Receive, Scope, Send
from footfall.http.cors import CorsRule
from footfall.http.front_door import CorsPath, FrontDoor, HotRoute
from footfall.http.response import Answer
from tests.unit.http.asgi_call import call, make_scope

ANY = CorsRule(("GET", "POST"), ("x-key",), ("retry-after",))
SOME = CorsRule(("GET",), ("x-key",), origins=frozenset({"https://a.example"}))


def answering(body: bytes) -> AsgiApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Answer(200, body).send(send)

    return app


@pytest.fixture
def door() -> FrontDoor:
    return FrontDoor(
        [HotRoute("/hot", answering(b"hot"), "ingest")],
        answering(b"app"),
        cors=[CorsPath("/hot", ANY), CorsPath("/any/", ANY), CorsPath("/some/", SOME)],
    )


@pytest.mark.parametrize(
    ("path", "body"), [("/hot", b"hot"), ("/hot/", b"app"), ("/hotter", b"app"), ("/", b"app")]
)
async def test_hot_paths_are_exact(door: FrontDoor, path: str, body: bytes) -> None:
    assert (await call(door, make_scope(path))).body == body


async def test_answers_preflights_of_hot_and_other_paths(door: FrontDoor) -> None:
    for path in ("/hot", "/any/thing"):
        answered = await call(door, make_scope(path, method="OPTIONS"))
        assert answered.status == 204
        assert answered.headers == {
            "access-control-allow-origin": "*",
            "access-control-expose-headers": "retry-after",
            "access-control-allow-methods": "GET, POST",
            "access-control-allow-headers": "x-key",
            "access-control-max-age": "86400",
        }


async def test_adds_the_rule_of_the_path_to_answers(door: FrontDoor) -> None:
    answered = await call(door, make_scope("/any/thing"))
    assert answered.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in (await call(door, make_scope("/"))).headers


async def test_a_list_of_origins_names_the_caller_or_nobody(door: FrontDoor) -> None:
    for origin, allowed in (("https://a.example", "https://a.example"), ("https://b.example", "")):
        for method in ("GET", "OPTIONS"):
            scope = make_scope("/some/x", method=method, headers=[("Origin", origin)])
            answered = await call(door, scope)
            assert answered.headers.get("access-control-allow-origin", "") == allowed
            assert answered.headers["vary"] == "Origin"


async def test_hands_a_lifespan_to_the_application() -> None:
    seen: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["type"])

    await call(FrontDoor([], app), {"type": "lifespan"})
    assert seen == ["lifespan"]


def test_refuses_two_handlers_of_one_path() -> None:
    route = HotRoute("/hot", answering(b""), "open")
    with pytest.raises(ValueError, match="share a path"):
        FrontDoor([route, route], answering(b""))


def test_every_hot_route_says_who_may_call_it(door: FrontDoor) -> None:
    assert [(r.path, r.access) for r in door.hot_routes] == [("/hot", "ingest")]
