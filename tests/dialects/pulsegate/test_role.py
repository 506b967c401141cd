"""A walk over every route of analytics and replay: what each role sees, and what nobody sees."""

import re
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from footfall.areas import make_areas
from footfall.http.meter import RequestMeter
from tests.dialects.pulsegate.conftest import ADMIN, MARKETING, PulseGate

SEEN_BY_MARKETING = {
    "/analytics/overview",
    "/analytics/sessions/daily",
    "/analytics/pages/top",
    "/analytics/geo",
    "/analytics/engagement",
    "/analytics/sources",
    "/analytics/realtime",
    "/analytics/storage",
    "/analytics/anomalies",
}


def list_routes(app: Litestar) -> list[tuple[str, str]]:
    return sorted(
        (method, route.path_format)
        for route in app.routes
        for method in getattr(route, "methods", ())
        if route.path_format.startswith(("/analytics", "/replay/"))
        and method not in {"OPTIONS", "HEAD"}
        and not route.path_format.endswith("{rest}")
    )


async def ask(gate: PulseGate, method: str, path: str, key: str, body: Any = None) -> Any:
    url = re.sub(r"\{[^}]+\}", "x", path)
    return await gate.site.call(method, url, body, headers=[("X-API-Key", key)])


async def test_each_role_sees_what_it_may(gate: PulseGate) -> None:
    routes = list_routes(make_areas(gate.site.footfall, RequestMeter()).find("/analytics").load())
    paths = {path for _, path in routes}
    assert paths > SEEN_BY_MARKETING
    for method, path in routes:
        if path == "/analytics":
            continue
        admin = await ask(gate, method, path, ADMIN)
        assert admin.status in {200, 400, 404}, (method, path, admin.status)
        marketing = await ask(gate, method, path, MARKETING)
        if path in SEEN_BY_MARKETING:
            assert marketing.status == 200, (method, path)
        elif path.startswith("/analytics/marketing-keys"):
            assert (marketing.status, marketing.body) == (403, b'{"error":"Forbidden"}')
        assert (await ask(gate, method, path, "")).status == 401, (method, path)
        assert (await ask(gate, method, path, "wrong")).status == 401, (method, path)
        assert (await gate.site.call(method, f"{path}?key={ADMIN}")).status == 401


async def test_wrong_verb_is_not_allowed(gate: PulseGate) -> None:
    answer = await ask(gate, "DELETE", "/analytics/geo", ADMIN)
    assert (answer.status, answer.body) == (405, b'{"error":"Method not allowed"}')
    assert "GET" in answer.headers["allow"]


async def test_key_that_was_made_shows_its_pages_until_it_is_deleted(gate: PulseGate) -> None:
    path = "/analytics/marketing-keys"
    answer = await ask(gate, "POST", path, ADMIN, {"name": "Agency", "pages": ["sessions"]})
    assert answer.status == 201
    made = msgspec.json.decode(answer.body)
    key = made.pop("api_key")
    assert made["visible_pages"] == ["sessions"]
    assert msgspec.json.decode((await ask(gate, "GET", path, ADMIN)).body) == [made]
    assert key[12:] not in (await ask(gate, "GET", path, ADMIN)).body.decode()
    overview = msgspec.json.decode((await ask(gate, "GET", "/analytics/overview", key)).body)
    assert (overview["role"], overview["marketing_visible_pages"]) == ("marketing", ["sessions"])
    assert (await ask(gate, "GET", "/analytics/geo", key)).status == 403
    assert (await ask(gate, "DELETE", f"{path}/{made['id']}", key)).status == 403
    assert (await ask(gate, "DELETE", f"{path}/{made['id']}", ADMIN)).status == 200
    assert (await ask(gate, "DELETE", f"{path}/{made['id']}", ADMIN)).status == 404
    assert (await ask(gate, "GET", "/analytics/overview", key)).status == 401


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"name": ""}, "accepted are 1 to 200"),
        ({"name": "a", "pages": ["leads"]}, "page 'leads' is unknown; accepted are overview"),
        ({"name": "a", "pages": []}, "pages is empty"),
        ({}, "name"),
        (b"{", "JSON"),
    ],
)
async def test_bad_key_is_refused(gate: PulseGate, body: Any, sentence: str) -> None:
    answer = await ask(gate, "POST", "/analytics/marketing-keys", ADMIN, body)
    assert answer.status == 400
    assert sentence in msgspec.json.decode(answer.body)["error"]
