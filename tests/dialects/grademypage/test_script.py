"""`GET /api/analytics/script.js`: the script of one project, or one that does nothing."""

import asyncio
import gzip

import pytest

from tests.dialects.grademypage.conftest import Door
from tests.unit.http.asgi_call import Answered

PATH = "/api/analytics/script.js"


async def get(door: Door, query: str, *headers: tuple[str, str]) -> Answered:
    return await door.site.call("GET", PATH + query, headers=headers)


async def test_the_project_and_our_host_are_filled_in(door: Door) -> None:
    query = f"?projectId={door.project_id.upper()}"
    answered = await get(door, query, ("Host", "stats.example:8000"))
    assert answered.status == 200
    assert answered.headers["content-type"].startswith("application/javascript")
    assert answered.headers["cache-control"] == "public, max-age=300"
    assert answered.headers["access-control-allow-origin"] == "*"
    text = answered.body.decode()
    assert door.project_id in text
    assert "stats.example:8000" in text
    assert "%PROJECT%" not in text
    assert "%HOST%" not in text


@pytest.mark.parametrize("host", ['x";alert(1);"', "a b", "<script>", "x/y", "é"])
async def test_a_host_that_is_none_is_left_out(door: Door, host: str) -> None:
    answered = await get(door, f"?projectId={door.project_id}", ("Host", host))
    assert answered.status == 200
    assert host.encode() not in answered.body


@pytest.mark.parametrize(
    "query",
    ["", "?projectId=", "?projectId=nobody", "?projectId=7f9c24e5-2c31-4b8a-9d52-0123456789ab"],
)
async def test_a_page_without_a_project_gets_a_script_that_does_nothing(
    door: Door, query: str
) -> None:
    answered = await get(door, query)
    assert answered.status == 200
    assert answered.body.startswith(b"/* Footfall: no such project.")
    assert answered.headers["content-type"].startswith("application/javascript")


async def test_is_compressed_and_known_by_its_tag(door: Door) -> None:
    query = f"?projectId={door.project_id}"
    plain = await get(door, query)
    packed = await get(door, query, ("Accept-Encoding", "gzip"))
    assert gzip.decompress(packed.body) == plain.body
    again = await get(
        door, query, ("Accept-Encoding", "gzip"), ("If-None-Match", packed.headers["etag"])
    )
    assert (again.status, again.body) == (304, b"")


async def test_the_part_that_changes_pages_comes_while_an_experiment_runs(door: Door) -> None:
    query = f"?projectId={door.project_id}"
    core = await get(door, query)
    assert b"MutationObserver" not in core.body
    await asyncio.to_thread(door.add_experiment, kind="flag")
    assert (await get(door, query)).body == core.body
    await asyncio.to_thread(door.add_experiment)
    whole = await get(door, query)
    assert b"MutationObserver" in whole.body
    assert whole.headers["etag"] != core.headers["etag"]
