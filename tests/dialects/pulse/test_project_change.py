"""Changing and erasing projects through the admin API, over the real stores."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from tests.site import ADMIN_TOKEN, CHROME, Site, open_site

VIEW = {"type": "pageview", "path": "/"}
ADMIN = [("Authorization", f"Bearer {ADMIN_TOKEN}")]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as site:
        yield site


def count_events(site: Site, number: int) -> int:
    sql = f"SELECT count(*) FROM events WHERE project = {number}"
    return int(site.footfall.warehouse.query(sql).rows[0][0])


async def test_renames_a_project_and_keeps_its_addresses(site: Site) -> None:
    path = f"/projects/{site.project.id}"
    before = await site.admin("GET", path)
    wish = {"name": "Store", "domain": "https://Store.example/", "time_zone": "Asia/Kathmandu"}
    after = await site.admin("PUT", path, {**wish, "hosts": ["shop.example"]})
    assert after == {
        **before,
        **wish,
        "domain": "store.example",
        "settings": {**before["settings"], "hosts": ["shop.example"]},
        "updated_at": after["updated_at"],
    }
    assert after == await site.admin("GET", path)
    assert after["slug"] == "shop"
    entry = site.footfall.directory.find_host("www.shop.example")
    assert entry is not None
    assert entry.project.number == site.project.number


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"name": " "}, "name '' has 0 characters; accepted are 1 to 200."),
        ({"domain": "a b"}, "domain 'a b' is no host name"),
        ({"time_zone": "Mars/Base"}, "unknown time zone 'Mars/Base'"),
        ({"hosts": ["a b"]}, "domain 'a b' is no host name"),
        ({"hosts": "a.example"}, "field 'hosts' is text; accepted is a list"),
        ({"settings": {"modules": {"shoes": {}}}}, "unknown module 'shoes'"),
    ],
)
async def test_a_bad_change_changes_nothing(site: Site, body: object, sentence: str) -> None:
    path = f"/projects/{site.project.id}"
    before = await site.admin("GET", path)
    answered = await site.admin("PUT", path, body, status=400)
    assert sentence in answered["error"]
    assert await site.admin("GET", path) == before


async def test_erasing_wants_the_name_and_leaves_nothing(site: Site) -> None:
    other = await site.admin("POST", "/projects", {"name": "B", "domain": "b.ex"}, status=201)
    key = await site.admin(
        "POST", f"/projects/{other['id']}/keys", {"name": "k", "scopes": ["admin"]}, status=201
    )
    await site.send(1, "203.0.113.1", CHROME, VIEW)
    for _ in range(2):
        await site.post("203.0.113.2", CHROME, VIEW, headers=[("X-Pulse-Key", key["key"])])
    await site.footfall.loader.wait_loaded()
    number = site.footfall.projects.find(other["id"]).number
    assert count_events(site, number) == 2
    path = f"/projects/{other['id']}"
    missing = await site.admin("DELETE", path, status=400)
    assert missing["error"].startswith("Invalid request: confirm is missing; ")
    wrong = await site.admin("DELETE", f"{path}?confirm=Shop", status=400)
    assert "confirm is 'Shop'" in wrong["error"]
    assert "it must be its name, 'B'" in wrong["error"]
    assert count_events(site, number) == 2
    assert await site.admin("DELETE", f"{path}?confirm=B", status=204) is None
    assert count_events(site, number) == 0
    assert count_events(site, site.project.number) == 1
    refused = await site.post("203.0.113.2", CHROME, VIEW, headers=[("X-Pulse-Key", key["key"])])
    assert refused.status == 401
    gone = await site.admin("GET", path, status=404)
    assert gone["error"] == f"Project '{other['id']}' not found."
    with site.footfall.records.transaction() as t:
        assert t.count("api_keys", {"project": number}) == 0
    site.footfall.projects.reload()
    assert len(await _list(site)) == 2


async def test_an_event_on_its_way_is_erased_as_well(site: Site) -> None:
    other = await site.admin("POST", "/projects", {"name": "B", "domain": "b.ex"}, status=201)
    key = await site.admin("POST", f"/projects/{other['id']}/keys", {"name": "k"}, status=201)
    await site.post("203.0.113.2", CHROME, VIEW, headers=[("X-Pulse-Key", key["key"])])
    number = site.footfall.projects.find(other["id"]).number
    await site.admin("DELETE", f"/projects/{other['id']}?confirm=B", status=204)
    await site.footfall.loader.wait_loaded()
    assert count_events(site, number) == 0


async def test_the_default_project_stays(site: Site) -> None:
    answered = await site.admin("DELETE", "/projects/default?confirm=default", status=400)
    assert answered["error"] == "Invalid request: project 'default' cannot be deleted."
    assert msgspec.json.encode(await _list(site)).count(b'"default"') == 1


async def _list(site: Site) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = (await site.admin("GET", "/projects"))["data"]
    return listed
