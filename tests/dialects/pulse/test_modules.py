"""Module switches: what they answer, and what they do at once to data and to reports."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.projects.module import MODULE_NAMES
from tests.site import ADMIN_TOKEN, CHROME, Site, open_site
from tests.unit.http.asgi_call import Answered

VITAL = {"type": "web_vital", "name": "LCP", "value": 1842.5, "path": "/home"}
ADMIN = [("Authorization", f"Bearer {ADMIN_TOKEN}")]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as site:
        yield site


def path_of(site: Site, rest: str = "") -> str:
    return f"/projects/{site.project.id}/modules{rest}"


async def states_of(site: Site) -> dict[str, tuple[bool, str]]:
    listed = (await site.admin("GET", path_of(site)))["modules"]
    assert [list(m) for m in listed] == [["name", "enabled", "access"]] * 23
    return {m["name"]: (m["enabled"], m["access"]) for m in listed}


async def refuse(site: Site, method: str, path: str, body: Any, status: int) -> str:
    answered = await site.call(method, f"/api/admin{path}", body, headers=ADMIN)
    assert answered.status == status, answered.body
    return str(msgspec.json.decode(answered.body)["error"])


async def send_vital(site: Site) -> Answered:
    return await site.post("203.0.113.1", CHROME, VITAL)


async def count_vitals(site: Site) -> int:
    await site.footfall.loader.wait_loaded()
    sql = f"SELECT count(*) FROM events WHERE project = {site.project.number} AND name = 'LCP'"
    return int(site.footfall.warehouse.query(sql).rows[0][0])


async def test_lists_the_23_modules_with_their_defaults(site: Site) -> None:
    states = await states_of(site)
    assert tuple(states) == MODULE_NAMES
    on = {
        *("pageviews", "events", "sessions", "referrers", "devices", "geo", "realtime"),
        *("utm", "goals", "funnels", "retention", "exports", "alerts", "error_tracking"),
    }
    assert {name for name, state in states.items() if state == (True, "all")} == on
    assert {state for name, state in states.items() if name not in on} == {(False, "read")}


async def test_the_bulk_update_of_the_document_answers_with_the_list(site: Site) -> None:
    wish = {
        "modules": [
            {"name": "funnels", "enabled": True, "access": "all"},
            {"name": "ab_testing", "enabled": True, "access": "all"},
            {"name": "heatmaps", "enabled": False},
        ]
    }
    answered = await site.admin("PUT", path_of(site), wish)
    assert answered == await site.admin("GET", path_of(site))
    states = await states_of(site)
    assert states["ab_testing"] == (True, "all")
    assert states["heatmaps"] == (False, "read")


async def test_the_form_by_name_and_aliases_are_taken_too(site: Site) -> None:
    wish = {"web_vitals": {"enabled": True, "access": "write"}, "scroll": {"enabled": True}}
    await site.admin("PUT", path_of(site), {"modules": wish})
    states = await states_of(site)
    assert (states["webvitals"], states["scroll_depth"]) == ((True, "write"), (True, "all"))
    await site.admin("PUT", path_of(site), {"modules": [{"name": "core", "access": "read"}]})
    states = await states_of(site)
    assert {states[m] for m in ("pageviews", "geo", "realtime")} == {(True, "read")}


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"name": "shoes", "enabled": True}, "unknown module 'shoes'; accepted are pageviews"),
        ({"name": "utm", "access": "some"}, "unknown access 'some'; accepted are read, write, all"),
        ({"name": "utm", "enabled": "yes"}, "accepted is true or false"),
        ({"enabled": True}, "missing required field 'modules[1].name'"),
    ],
)
async def test_one_bad_entry_changes_nothing(site: Site, bad: Any, sentence: str) -> None:
    before = await states_of(site)
    wish = {"modules": [{"name": "heatmaps", "enabled": True}, bad]}
    assert sentence in await refuse(site, "PUT", path_of(site), wish, 400)
    assert await states_of(site) == before


async def test_enable_disable_and_access_answer_with_the_module(site: Site) -> None:
    on = await site.admin("POST", path_of(site, "/surveys/enable"))
    assert on == {"name": "surveys", "enabled": True, "access": "all"}
    read = await site.admin("PUT", path_of(site, "/surveys/access"), {"access": "read"})
    assert read == {"name": "surveys", "enabled": True, "access": "read"}
    off = await site.admin("POST", path_of(site, "/surveys/disable"))
    assert off == {"name": "surveys", "enabled": False, "access": "read"}
    again = await site.admin("POST", path_of(site, "/surveys/enable"))
    assert again == {"name": "surveys", "enabled": True, "access": "read"}
    alias = await site.admin("POST", path_of(site, "/web_vitals/enable"))
    assert alias == {"name": "webvitals", "enabled": True, "access": "all"}
    group = await site.admin("POST", path_of(site, "/core/disable"))
    assert group == {"name": "core", "enabled": False, "access": "all"}


async def test_an_unknown_module_or_project_is_not_found(site: Site) -> None:
    for method, path, body in (
        ("POST", "/shoes/enable", None),
        ("POST", "/shoes/disable", None),
        ("PUT", "/shoes/access", {"access": "all"}),
    ):
        sentence = await refuse(site, method, path_of(site, path), body, 404)
        assert sentence == "Module 'shoes' not found."
    assert await refuse(site, "GET", "/projects/nope/modules", None, 404) == (
        "Project 'nope' not found."
    )


async def test_a_bad_access_is_quoted(site: Site) -> None:
    path = path_of(site, "/utm/access")
    assert await refuse(site, "PUT", path, {"access": "none"}, 400) == (
        "Invalid request body: unknown access 'none'; accepted are read, write, all."
    )
    assert await refuse(site, "PUT", path, {}, 400) == (
        "Invalid request body: missing required field 'access'."
    )


async def test_a_switch_acts_on_the_next_event_and_the_drop_is_counted(site: Site) -> None:
    answered = await send_vital(site)
    assert (answered.status, answered.body) == (200, b'{"ok":true}')
    assert answered.headers["footfall-dropped"] == "module_off"
    assert site.footfall.counters.counts["pulse", "web_vital", "module_off"] == 1
    await site.admin("POST", path_of(site, "/webvitals/enable"))
    assert "footfall-dropped" not in (await send_vital(site)).headers
    await site.admin("PUT", path_of(site, "/webvitals/access"), {"access": "read"})
    assert (await send_vital(site)).headers["footfall-dropped"] == "module_off"
    await site.admin("PUT", path_of(site, "/webvitals/access"), {"access": "write"})
    assert "footfall-dropped" not in (await send_vital(site)).headers
    assert await count_vitals(site) == 2
    assert site.footfall.counters.counts["pulse", "web_vital", "module_off"] == 2


async def test_data_survive_switching_off_and_on(site: Site) -> None:
    await site.admin("POST", path_of(site, "/webvitals/enable"))
    await send_vital(site)
    await site.admin("POST", path_of(site, "/webvitals/disable"))
    await send_vital(site)
    assert await count_vitals(site) == 1
    await site.admin("POST", path_of(site, "/webvitals/enable"))
    vitals = await site.ask("vitals", {"range": "7d"})
    assert vitals["vitals"]["LCP"]["p75"] == 1842.5
    await send_vital(site)
    assert await count_vitals(site) == 2


async def test_core_reports_answer_when_their_modules_are_off(site: Site) -> None:
    await site.send(1, "203.0.113.1", CHROME, {"type": "pageview", "path": "/"})
    await site.admin("POST", path_of(site, "/core/disable"))
    assert (await site.read("/stats"))["current"]["pageviews"] == 1


async def test_switches_keep_what_else_the_settings_say(site: Site) -> None:
    project = f"/projects/{site.project.id}"
    settings = {"hosts": ["b.example"], "own": [1], "modules": [{"name": "scroll"}]}
    await site.admin("PUT", project, {"settings": settings})
    await site.admin("POST", path_of(site, "/search/enable"))
    kept = (await site.admin("GET", project))["settings"]
    assert (kept["hosts"], kept["own"]) == (["b.example"], [1])
