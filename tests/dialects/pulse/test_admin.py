"""The admin API: projects and keys, as in Pulse's document."""

import asyncio
import re
from typing import Any

import msgspec
import pytest

from footfall.clock import FixedClock
from footfall.dialects.pulse.access import PulseAccess
from footfall.errors import ConfigError
from footfall.http.limit import RateLimiter
from footfall.projects.directory import Directory
from tests.dialects.pulse.conftest import ADMIN_TOKEN, NOW_US, Api
from tests.unit.http.asgi_call import Answered

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
NOW = "2025-11-21T04:40:00Z"


def body_of(answered: Answered, status: int = 200) -> Any:
    assert answered.status == status, answered.body
    assert answered.headers["content-type"] == "application/json"
    return msgspec.json.decode(answered.body)


async def test_registers_a_project(api: Api) -> None:
    wish = {"name": "My SaaS App", "domain": "app.example.com"}
    project = body_of(await api.admin("POST", "/projects", wish), 201)
    assert re.fullmatch(UUID, project.pop("id"))
    assert project == {**wish, "created_at": NOW}


async def test_lists_projects_with_the_default_first(api: Api) -> None:
    listed = body_of(await api.admin("GET", "/projects"))["data"]
    assert [p["name"] for p in listed] == ["default", "Shop"]
    assert list(listed[0]) == ["id", "name", "domain", "created_at"]


async def test_shows_one_project_with_its_settings(api: Api) -> None:
    wish = {"name": "X", "domain": "x.example", "settings": {"hosts": ["y.example"], "k": [1]}}
    project = body_of(await api.admin("POST", "/projects", wish), 201)
    detail = body_of(await api.admin("GET", f"/projects/{project['id']}"))
    assert detail == {
        **project,
        "slug": "x",
        "time_zone": "UTC",
        "settings": wish["settings"],
        "updated_at": NOW,
    }


async def test_creates_a_key_and_shows_it_once(api: Api) -> None:
    path = f"/projects/{api.door.project.id}/keys"
    wish = {
        "name": "Production Ingest",
        "scopes": ["ingest"],
        "expires_at": "2027-01-01T00:00:00Z",
        "allowed_modules": None,
    }
    created = body_of(await api.admin("POST", path, wish), 201)
    secret = created.pop("key")
    assert re.fullmatch(r"pa_live_[A-Za-z0-9_-]{24}", secret)
    assert re.fullmatch("key-" + UUID, created["id"])
    assert created == {**wish, "id": created["id"], "created_at": NOW}
    assert (await api.door.collect({"type": "pageview", "path": "/"}, key=secret)).status == 200
    answered = await api.admin("GET", path)
    assert secret.encode() not in answered.body
    assert body_of(answered)["data"][-1] == {
        **created,
        "key_prefix": f"{secret[:12]}...",
        "last_used_at": NOW,
    }


async def test_a_key_is_for_ingest_and_every_module_unless_said(api: Api) -> None:
    path = f"/projects/{api.door.project.id}/keys"
    created = body_of(await api.admin("POST", path, {"name": "k"}), 201)
    assert (created["scopes"], created["allowed_modules"]) == (["ingest"], None)
    assert created["expires_at"] is None
    wish = {"name": "k", "allowed_modules": ["scroll", "utm"], "expires_at": "2027-01-01"}
    created = body_of(await api.admin("POST", path, wish), 201)
    assert created["allowed_modules"] == ["scroll_depth", "utm"]
    assert created["expires_at"] == "2027-01-01T00:00:00Z"


@pytest.mark.parametrize("is_nested", [False, True])
async def test_a_revoked_key_stops_at_once(api: Api, *, is_nested: bool) -> None:
    project = f"/projects/{api.door.project.id}"
    created = body_of(await api.admin("POST", f"{project}/keys", {"name": "k"}), 201)
    path = f"{project if is_nested else ''}/keys/{created['id']}"
    answered = await api.admin("DELETE", path)
    assert (answered.status, answered.body) == (204, b"")
    refused = await api.door.collect({"type": "pageview", "path": "/"}, key=created["key"])
    assert refused.status == 401
    assert body_of(await api.admin("DELETE", path), 404) == {
        "error": f"Key '{created['id']}' not found."
    }


async def test_does_not_revoke_through_another_project(api: Api) -> None:
    key = api.door.projects.list_keys(api.door.project)[0]
    answered = await api.admin("DELETE", f"/projects/default/keys/{key.id}")
    assert answered.status == 404
    assert len(api.door.projects.list_keys(api.door.project)) == 2


@pytest.mark.parametrize("path", ["/projects/nope", "/projects/nope/keys"])
async def test_says_which_project_is_missing(api: Api, path: str) -> None:
    assert body_of(await api.admin("GET", path), 404) == {"error": "Project 'nope' not found."}


@pytest.mark.parametrize(
    "header", [None, "Bearer wrong", "Bearer ", f"Basic {ADMIN_TOKEN}", ADMIN_TOKEN, "Bearer \xe9"]
)
async def test_wants_the_admin_token(api: Api, header: str | None) -> None:
    headers = [] if header is None else [("Authorization", header)]
    routes = [
        ("GET", "/projects"),
        ("POST", "/projects"),
        ("GET", "/projects/x"),
        ("GET", "/projects/x/keys"),
        ("POST", "/projects/x/keys"),
        ("DELETE", "/keys/x"),
        ("DELETE", "/projects/x/keys/x"),
    ]
    for method, path in routes:
        answered = await api.call(method, f"/api/admin{path}", headers=headers)
        assert body_of(answered, 401) == {"error": "Unauthorized"}


def test_an_empty_admin_token_is_refused_at_the_start() -> None:
    clock = FixedClock(0)
    limiter = RateLimiter(clock, 1)
    with pytest.raises(ConfigError, match="PULSE_ADMIN_TOKEN is empty"):
        PulseAccess(Directory(), clock, "", limiter, limiter)


async def test_a_project_key_opens_nothing_here(api: Api) -> None:
    _, secret = api.door.projects.create_key(api.door.project, "a", scopes=["admin"])
    headers = [("X-Pulse-Key", secret), ("Authorization", f"Bearer {secret}")]
    assert (await api.call("GET", "/api/admin/projects", headers=headers)).status == 401


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"domain": "a.example"}, "missing required field 'name'."),
        ({"name": "x"}, "missing required field 'domain'."),
        ({"name": "x", "domain": " "}, "missing required field 'domain'."),
        ({"name": 3, "domain": "x"}, "field 'name' is a whole number; accepted is text."),
        ({"name": "x", "domain": "a b"}, "domain 'a b' is no host name; write for example"),
        ({"name": " ", "domain": "x"}, "name '' has 0 characters; accepted are 1 to 200."),
        ({"name": "x", "domain": "x", "settings": []}, "accepted is an object."),
        ({"name": "x", "domain": "x", "settings": {"modules": {"y": {}}}}, "unknown module 'y'"),
        ({"name": "x", "domain": "x", "time_zone": "Nowhere"}, "unknown time zone 'Nowhere'"),
        ([], "it is a list; accepted is an object."),
        (b"{", "it is not valid JSON: Input data was truncated."),
        (None, "it is empty; send a JSON object."),
    ],
)
async def test_says_what_is_wrong_with_a_project(api: Api, body: Any, sentence: str) -> None:
    error = body_of(await api.admin("POST", "/projects", body), 400)["error"]
    assert error.startswith("Invalid request body: ")
    assert sentence in error
    assert len(api.door.projects.list_projects()) == 2


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "missing required field 'name'."),
        ({"name": "k", "scopes": ["all"]}, "unknown scope 'all'; accepted are ingest, query"),
        ({"name": "k", "scopes": [3]}, "field 'scopes[0]' is a whole number; accepted is text."),
        ({"name": "k", "allowed_modules": ["x"]}, "unknown module 'x'; accepted are pageviews"),
        ({"name": "k", "expires_at": "soon"}, "expires_at 'soon' is no date; accepted is ISO"),
    ],
)
async def test_says_what_is_wrong_with_a_key(api: Api, body: Any, sentence: str) -> None:
    path = f"/projects/{api.door.project.id}/keys"
    error = body_of(await api.admin("POST", path, body), 400)["error"]
    assert error.startswith("Invalid request body: ")
    assert sentence in error


async def test_the_21st_admin_request_of_a_second_waits(api: Api) -> None:
    for _ in range(20):
        assert (await api.admin("GET", "/projects")).status == 200
    answered = await api.admin("GET", "/projects")
    assert body_of(answered, 429) == {"error": "Rate limit exceeded. Retry after 1 second."}
    assert answered.headers["retry-after"] == "1"
    stranger = await api.call("GET", "/api/admin/projects")
    assert stranger.status == 401
    api.door.clock.set_us(NOW_US + 1_000_000)
    assert (await api.admin("GET", "/projects")).status == 200


async def test_projects_made_at_once_have_their_own_slugs(api: Api) -> None:
    wish = {"name": "Same", "domain": "same.example"}
    answers = await asyncio.gather(*(api.admin("POST", "/projects", wish) for _ in range(10)))
    assert [a.status for a in answers] == [201] * 10
    slugs = {p.slug for p in api.door.projects.list_projects() if p.name == "Same"}
    assert len(slugs) == 10


async def test_a_browser_may_call_from_anywhere(api: Api) -> None:
    answered = await api.call("OPTIONS", "/api/admin/projects")
    assert answered.status == 204
    assert answered.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, OPTIONS"
    assert answered.headers["access-control-allow-headers"] == (
        "content-type, authorization, x-pulse-key"
    )
    refused = await api.call("GET", "/api/admin/projects", headers=[("Origin", "https://a.b")])
    assert refused.headers["access-control-allow-origin"] == "*"


async def test_unknown_paths_and_methods_answer_in_the_same_form(api: Api) -> None:
    answered = await api.admin("GET", "/nothing")
    assert body_of(answered, 404) == {"error": "There is no endpoint /api/admin/nothing."}
    answered = await api.admin("PATCH", "/projects")
    assert body_of(answered, 405) == {"error": "Method PATCH is not allowed here."}


def test_every_route_says_who_may_call_it(api: Api) -> None:
    rules = {
        (method, route.path): handler.opt.get("access")
        for route in api.litestar.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods
        if method != "OPTIONS" and route.path.startswith("/api/")
    }
    assert len(rules) >= 32
    assert len(rules) >= 34
    for (_, path), rule in rules.items():
        if path.startswith("/api/admin"):
            assert rule == "admin_token", path
        else:
            assert rule in {"query", "ingest or query"}, path
    assert {r.access for r in api.app.hot_routes} == {"ingest"}


def test_every_route_beside_the_core_names_its_module(api: Api) -> None:
    # Outlinks belong to no module of the document.
    core = {"stats", "pages", "referrers", "events", "devices", "geo", "realtime", "outlinks"}
    unnamed = [
        (method, route.path)
        for route in api.litestar.routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods
        if method != "OPTIONS" and route.path.startswith("/api/v1/")
        if route.path.split("/")[3] not in core
        if {"reads", "writes", "serves"}.isdisjoint(handler.opt)
    ]
    assert unnamed == []
