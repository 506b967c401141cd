"""`GET /api/analytics/experiments/active`: what runs, in the documented shape."""

import asyncio
import gzip

import msgspec
import pytest

from footfall.experiments.experiment import Change, Variant
from footfall.experiments.status import PERMISSIVE
from tests.dialects.grademypage.conftest import Door, read
from tests.unit.http.asgi_call import Answered

PATH = "/api/analytics/experiments/active"


async def get(door: Door, project_id: str, *headers: tuple[str, str]) -> Answered:
    return await door.site.call("GET", f"{PATH}?projectId={project_id}", headers=headers)


async def test_lists_what_runs_in_the_documented_shape(door: Door) -> None:
    variants = (
        Variant("a", "Control", 3, is_control=True),
        Variant(
            "b",
            "Bold",
            1,
            changes=(
                Change("h1", "text", "Buy now"),
                Change(".cta", "style", "red", "color"),
            ),
        ),
    )
    experiment = await asyncio.to_thread(
        door.add_experiment,
        variants=variants,
        target_url="/pricing",
        url_match="starts_with",
        traffic_percent=50,
    )
    (shown,) = read(await get(door, door.project_id))["experiments"]
    assert shown.pop("salt") == experiment.salt
    assert [variant.pop("ranges") for variant in shown["variants"]] == [
        [[0, 7500]],
        [[7500, 10000]],
    ]
    assert shown == {
        "id": experiment.id,
        "name": "Headline",
        "type": "copy",
        "targetUrl": "/pricing",
        "urlMatchType": "starts_with",
        "trafficPercentage": 50,
        "variants": [
            {"id": "a", "name": "Control", "isControl": True, "weight": 3, "changes": []},
            {
                "id": "b",
                "name": "Bold",
                "isControl": False,
                "weight": 1,
                "changes": [
                    {"selector": "h1", "changeType": "text", "value": "Buy now"},
                    {
                        "selector": ".cta",
                        "changeType": "style",
                        "value": "red",
                        "property": "color",
                    },
                ],
            },
        ],
    }


async def test_a_pause_ends_it_and_flags_are_none(door: Door) -> None:
    paused = await asyncio.to_thread(door.add_experiment)
    await asyncio.to_thread(door.add_experiment, kind="flag", name="Flag")
    await asyncio.to_thread(door.add_experiment, status="draft", name="Draft")
    assert len(read(await get(door, door.project_id))["experiments"]) == 1
    change = door.site.footfall.experiments.change_status
    await asyncio.to_thread(change, paused.project, paused.id, "paused", PERMISSIVE)
    assert read(await get(door, door.project_id)) == {"experiments": []}


async def test_caches_may_keep_it_for_a_minute(door: Door) -> None:
    answered = await get(door, door.project_id)
    assert answered.headers["cache-control"] == "public, max-age=60, stale-while-revalidate=30"
    assert answered.headers["access-control-allow-origin"] == "*"
    tag = answered.headers["etag"]
    assert tag.startswith('"')
    again = await get(door, door.project_id, ("If-None-Match", tag))
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    await asyncio.to_thread(door.add_experiment)
    changed = await get(door, door.project_id, ("If-None-Match", tag))
    assert changed.status == 200
    assert changed.headers["etag"] != tag


async def test_is_compressed_on_request(door: Door) -> None:
    await asyncio.to_thread(door.add_experiment)
    plain = await get(door, door.project_id)
    packed = await get(door, door.project_id, ("Accept-Encoding", "gzip, br"))
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["etag"] != plain.headers["etag"]
    assert gzip.decompress(packed.body) == plain.body


async def test_an_unknown_project_runs_nothing(door: Door) -> None:
    answered = await get(door, "7f9c24e5-2c31-4b8a-9d52-0123456789ab")
    assert (answered.status, answered.body) == (200, b'{"experiments":[]}')


@pytest.mark.parametrize("project_id", ["", "default", "7f9c24e5-2c31-4b8a-9d52-xyz"])
async def test_an_id_that_is_none_is_not_found(door: Door, project_id: str) -> None:
    answered = await get(door, project_id)
    assert answered.status == 404
    assert read(answered) == {"error": f"Project '{project_id}' not found."}


async def test_head_has_no_body(door: Door) -> None:
    path = f"{PATH}?projectId={door.project_id}"
    answered = await door.site.call("HEAD", path)
    assert (answered.status, answered.body) == (200, b"")
    assert msgspec.json.encode(answered.headers["etag"])
