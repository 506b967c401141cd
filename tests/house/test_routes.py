"""Every route is closed unless it stands in the table of open ones: a stranger calls each."""

import re
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from footfall.app import open_footfall
from footfall.config import parse_config
from footfall.web import make_asgi, make_litestar

OPEN = {
    ("GET", "/"): 303,
    ("GET", "/robots.txt"): 200,
    ("GET", "/docs"): 200,
    ("GET", "/api/openapi.json"): 200,
    ("GET", "/api/catalogue"): 200,
    ("GET", "/api/flags"): 400,
    ("GET", "/api/health"): 200,
    ("GET", "/health"): 200,
    ("POST", "/api/analytics/track"): 400,
    ("GET", "/api/analytics/experiments/active"): 404,
    ("GET", "/ea.js"): 200,
    ("GET", "/b.gif"): 200,
    ("GET", "/e"): 405,
    ("GET", "/admin/login"): 200,
    ("GET", "/dashboard/login"): 200,
    ("GET", "/dashboard/static/{name}"): 404,
    ("GET", "/dashboard/{rest}"): 404,
}
"""Open to everybody, with what a stranger gets. The scripts are open too."""

NEEDS_FORM = {
    ("POST", "/dashboard/login"): 401,
    ("POST", "/dashboard/logout"): 303,
    ("POST", "/admin/login"): 401,
    ("POST", "/admin/logout"): 303,
}
"""Open as well, since they are how one gets in and out."""

REFUSALS = {401, 403}
LOGIN = "/dashboard/login"
PANEL = "sources"
"""A list that exists: an unknown one is not found, whoever asks."""


def list_routes(app: Litestar) -> list[tuple[str, str]]:
    return sorted(
        (method, route.path_format)
        for route in app.routes
        for method in getattr(route, "methods", ())
        if method not in {"OPTIONS", "HEAD"}
    )


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    return {"FOOTFALL_DATA_DIR": str(tmp_path / "data"), "RATE_LIMIT_PER_SECOND": "0"}


async def test_no_route_lets_a_stranger_in_unless_it_is_in_the_table(
    environ: dict[str, str],
) -> None:
    async with open_footfall(parse_config(environ)) as footfall:
        door = make_asgi(footfall)
        routes = list_routes(make_litestar(footfall))
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
