"""Every route is closed unless it stands in the table of open ones: a stranger calls each, and a
key of each scope walks Pulse's routes in each state of their module."""

import re
from pathlib import Path

import httpx
import msgspec
import pytest

from footfall.app import open_footfall
from footfall.areas import make_areas
from footfall.config import parse_config
from footfall.dialects.pulse.errors import missing_module, missing_scope
from footfall.http.area import Areas
from footfall.http.meter import RequestMeter
from footfall.web import make_asgi
from tests.site import Site, open_site

OPEN = {
    ("GET", "/"): 303,
    ("GET", "/robots.txt"): 200,
    ("GET", "/docs"): 200,
    ("GET", "/docs/{name}"): 404,
    ("GET", "/api/docs/pulsegate.json"): 200,
    ("GET", "/api/docs/grademypage.json"): 200,
    ("GET", "/api/docs/echelon.json"): 200,
    ("GET", "/api/openapi.json"): 200,
    ("GET", "/api/docs"): 303,
    ("GET", "/api/docs/openapi.json"): 200,
    ("GET", "/api/catalogue"): 200,
    ("GET", "/api/flags"): 400,
    ("GET", "/api/health"): 200,
    ("GET", "/health"): 200,
    ("GET", "/forms/config"): 400,
    ("GET", "/form.js"): 200,
    ("GET", "/pulse.js"): 200,
    ("POST", "/api/analytics/track"): 400,
    ("GET", "/api/analytics/experiments/active"): 404,
    ("GET", "/ea.js"): 200,
    ("GET", "/b.gif"): 200,
    ("GET", "/e"): 405,
    ("GET", "/tracker.js"): 200,
    ("GET", "/track/config"): 200,
    ("GET", "/track/session/start"): 405,
    ("GET", "/track/event"): 405,
    ("GET", "/track/events/batch"): 405,
    ("GET", "/track/session/end"): 405,
    ("GET", "/track/recording"): 405,
    ("GET", "/replay"): 200,
    ("GET", "/admin/login"): 200,
    ("POST", "/lead"): 400,
    ("POST", "/lead.capture"): 400,
    ("POST", "/lead.capture/crm-callback"): 400,
    ("POST", "/lead.capture/make-callback"): 400,
    ("POST", "/webhooks/crm/lead"): 503,
    ("GET", "/dashboard/login"): 200,
    ("GET", "/dashboard/static/{name}"): 404,
    ("GET", "/dashboard/{rest}"): 404,
    **{
        ("GET", f"/shared/{{token}}{page}"): 404
        for page in (
            *("", "/filter", "/live", "/realtime", "/zones"),
            *("/{panel_key}", "/csv/{panel_key}"),
            *("/goals", "/funnels", "/funnels/{funnel_id}", "/vitals", "/errors", "/retention"),
            *("/journeys", "/campaigns", "/heatmap", "/search", "/scroll", "/links"),
        )
    },
}
"""Open to everybody, with what a stranger gets. The scripts are open too. A shared link
without its token is no link."""

NEEDS_FORM = {
    ("POST", "/dashboard/login"): 401,
    ("POST", "/dashboard/logout"): 303,
    ("POST", "/shared/{token}"): 404,
    ("POST", "/admin/login"): 401,
    ("POST", "/admin/logout"): 303,
}
"""Open as well, since they are how one gets in and out."""

REFUSALS = {401, 403}
LOGIN = "/dashboard/login"
PANEL = "sources"
"""A list that exists: an unknown one is not found, whoever asks."""


def list_routes(areas: Areas) -> list[tuple[str, str]]:
    return sorted(
        (method, route.path_format)
        for area in areas.areas
        for route in area.load().routes
        for method in getattr(route, "methods", ())
        if method not in {"OPTIONS", "HEAD"}
    )


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"FOOTFALL_DATA_DIR": str(tmp_path / "data"), "RATE_LIMIT_PER_SECOND": "0"}


async def test_every_route_is_found_in_its_own_area(environ: dict[str, str]) -> None:
    async with open_footfall(parse_config(environ)) as footfall:
        areas = make_areas(footfall, RequestMeter())
        for area in areas.areas:
            for route in area.load().routes:
                assert areas.find(route.path).name == area.name, route.path


async def test_no_route_lets_a_stranger_in_unless_it_is_in_the_table(
    environ: dict[str, str],
) -> None:
    async with open_footfall(parse_config(environ)) as footfall:
        door = make_asgi(footfall)
        routes = list_routes(make_areas(footfall, RequestMeter()))
        hot = [(("POST" if r.access == "ingest" else "GET"), r.path) for r in door.hot_routes]
        scripts = {("GET", r.path) for r in door.hot_routes if "script" in r.path}
        assert len(routes) > 30
        transport = httpx.ASGITransport(app=door)  # type: ignore[arg-type]
        surprises = []
        async with httpx.AsyncClient(transport=transport, base_url="http://here.test") as stranger:
            for method, path in [*routes, *hot]:
                url = re.sub(r"\{[^}]+\}", "x", path.replace("{panel_key}", PANEL))
                # Beyond the limits of attempts and of admin requests there is nothing to see.
                answer = await stranger.request(
                    method, url, headers={"Origin": "http://here.test"}, content=b"{}"
                )
                expected = {**OPEN, **NEEDS_FORM}.get((method, path))
                if (method, path) in scripts:
                    is_fine = answer.status_code == 200
                elif expected is not None:
                    is_fine = answer.status_code == expected
                else:
                    is_login = answer.headers.get("location", "").startswith(LOGIN)
                    is_hidden = path.startswith("/api/control/") and answer.status_code == 401
                    is_fine = answer.status_code in REFUSALS or is_login or is_hidden
                if not is_fine:
                    surprises.append(f"{method} {path} → {answer.status_code}")
        assert surprises == []


SCOPE_OF = {"query": "query", "ingest or query": "ingest"}
"""The scope that a refusal names, by the rule of a route."""

IS_OPEN = {
    "reads": {"off": False, "read": True, "write": False, "all": True},
    "writes": {"off": False, "read": False, "write": True, "all": True},
    "serves": {"off": False, "read": False, "write": True, "all": True},
}
"""Whether a route with this rule answers, by the state of its module."""


def list_pulse_rules(areas: Areas) -> list[tuple[str, str, dict[str, str]]]:
    return [
        (method, re.sub(r"\{[^}]+\}", "x", route.path_format), dict(handler.opt))
        for route in areas.find("/api/v1/stats").load().routes
        for handler in getattr(route, "route_handlers", ())
        for method in handler.http_methods
        if method not in {"OPTIONS", "HEAD"} and route.path_format.startswith("/api/v1/")
    ]


def error_of(body: bytes) -> str:
    return str(msgspec.json.decode(body)["error"]) if body.startswith(b'{"error":"') else ""


def make_secret(site: Site, scopes: list[str], modules: list[str] | None = None) -> str:
    _, secret = site.footfall.projects.create_key(
        site.project, "k", scopes=scopes, allowed_modules=modules
    )
    return secret


async def test_a_key_of_each_scope_walks_all_routes_of_pulse(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        secrets = {s: make_secret(site, [s]) for s in ("ingest", "query", "admin")}
        rules = list_pulse_rules(make_areas(site.footfall, RequestMeter()))
        assert len(rules) >= 8
        surprises = []
        for method, path, opt in rules:
            for scope, secret in secrets.items():
                answered = await site.call(method, path, {}, headers=[("X-Pulse-Key", secret)])
                may = scope == "admin" or scope in opt["access"]
                refusal = missing_scope(SCOPE_OF[opt["access"]])
                if answered.status >= 500 or (error_of(answered.body) == refusal) is may:
                    surprises.append(f"{method} {path} with {scope} → {answered.status}")
            for path_in_admin in ("/api/admin/projects", "/api/admin/projects/x/modules"):
                refused = await site.call(
                    "GET", path_in_admin, headers=[("Authorization", f"Bearer {secret}")]
                )
                assert refused.status == 401
        assert surprises == []


@pytest.mark.parametrize("state", ["off", "read", "write", "all"])
async def test_routes_of_a_module_answer_by_its_state(tmp_path: Path, state: str) -> None:
    async with open_site(tmp_path) as site:
        secret = make_secret(site, ["ingest", "query"])
        stranger = make_secret(site, ["ingest", "query"], ["pageviews"])
        rules = list_pulse_rules(make_areas(site.footfall, RequestMeter()))
        gated = [(m, p, w, o[w]) for m, p, o in rules for w in IS_OPEN if w in o]
        assert gated
        change = {"enabled": state != "off", **({"access": state} if state != "off" else {})}
        modules = {module: change for _, _, _, module in gated}
        await site.admin("PUT", f"/projects/{site.project.id}/modules", {"modules": modules})
        surprises = []
        for method, path, word, module in gated:
            off = f"Module '{module}' is not enabled for this project."
            expected = "" if IS_OPEN[word][state] else off
            for key, sentence in (
                (secret, expected),
                (stranger, expected or missing_module(module)),
            ):
                answered = await site.call(method, path, {}, headers=[("X-Pulse-Key", key)])
                refusal = error_of(answered.body) if answered.status == 403 else ""
                if refusal != sentence or answered.status >= 500:
                    surprises.append(f"{method} {path} ({module} {state}) → {answered.status}")
        assert surprises == []


async def test_no_route_of_pulse_is_without_a_rule(environ: dict[str, str]) -> None:
    async with open_footfall(parse_config(environ)) as footfall:
        for method, path, opt in list_pulse_rules(make_areas(footfall, RequestMeter())):
            assert opt.get("access") in SCOPE_OF, f"{method} {path}"
