"""Areas: who answers a path, and when an application is made."""

import asyncio
import threading
from collections.abc import Callable

import pytest
from litestar import Litestar, get

from footfall.http.area import Area, Areas
from tests.unit.http.asgi_call import call, make_scope


def make_maker(name: str, made: list[str]) -> Callable[[], Litestar]:
    def make() -> Litestar:
        made.append(f"{name} on {threading.current_thread() is threading.main_thread()}")

        @get(["/", "/{rest:path}"])
        async def answer() -> str:
            return name

        return Litestar([answer], openapi_config=None, logging_config=None)

    return make


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def areas(made: list[str]) -> Areas:
    prefixes = {"pages": ("/", "/pages"), "old": ("/api/old", "/x"), "rest": ()}
    return Areas([Area(n, p, make_maker(n, made)) for n, p in prefixes.items()])


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/", "pages"),
        ("", "pages"),
        ("//", "pages"),
        ("/pages", "pages"),
        ("/pages/", "pages"),
        ("//pages//a/b", "pages"),
        ("/pagesque", "rest"),
        ("/api/old", "old"),
        ("/api//old/a", "old"),
        ("/api/older", "rest"),
        ("/api", "rest"),
        ("/old", "rest"),
        ("/x/api/old", "old"),
        ("/nowhere", "rest"),
    ],
)
async def test_a_path_is_answered_by_its_area_alone(
    areas: Areas, made: list[str], path: str, name: str
) -> None:
    assert areas.find(path).name == name
    answered = await call(areas, make_scope(path or "/", method="GET"))
    assert (answered.status, answered.body) == (200, name.encode())
    assert made == [f"{name} on False"]


async def test_an_application_is_made_once_however_many_ask_first(
    areas: Areas, made: list[str]
) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(call(areas, make_scope("/x", method="GET"))) for _ in range(8)]
    assert {task.result().body for task in tasks} == {b"old"}
    assert made == ["old on False"]


def test_two_areas_may_not_share_a_prefix() -> None:
    one = Area("one", ("/a",), make_maker("one", []))
    other = Area("other", ("/b", "/a"), make_maker("other", []))
    with pytest.raises(ValueError, match="two areas share a prefix"):
        Areas([one, other])


async def test_an_area_that_could_not_be_made_is_tried_again(made: list[str]) -> None:
    make_second = make_maker("second", made)

    def make() -> Litestar:
        if made:
            return make_second()
        made.append("first")
        raise OSError("no more files")

    areas = Areas([Area("only", (), make)])
    with pytest.raises(OSError, match="no more files"):
        await call(areas, make_scope("/", method="GET"))
    assert (await call(areas, make_scope("/", method="GET"))).body == b"second"
