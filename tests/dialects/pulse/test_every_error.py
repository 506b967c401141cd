"""Every documented error sentence and limit of Pulse, through the whole running Footfall."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.site import ADMIN_TOKEN, CHROME, NOON, Site, open_site
from tests.unit.http.asgi_call import Answered

VIEW = {"type": "pageview", "path": "/"}
ADMIN = ("Authorization", f"Bearer {ADMIN_TOKEN}")
UUID = "f1a2b3c4-5678-9abc-def0-1234567890ab"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as site:
        yield site


def error_of(answered: Answered, status: int) -> str:
    assert answered.status == status, (answered.status, answered.body)
    assert answered.headers["content-type"] == "application/json"
    body = msgspec.json.decode(answered.body)
    assert list(body) == ["error"]
    return str(body["error"])


def make_secret(site: Site, *scopes: str, **how: Any) -> str:
    return site.footfall.projects.create_key(site.project, "k", scopes=scopes, **how)[1]


MISSING = "Missing API key. Provide it via X-Pulse-Key header or ?key= query parameter."
INGEST = "API key does not have the required 'ingest' scope for this endpoint."
QUERY = "API key does not have the required 'query' scope for this endpoint."


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/api/collect"),
        ("POST", "/api/batch"),
        ("GET", "/api/v1/stats"),
        ("POST", "/api/v1/sharing"),
    ],
)
async def test_keys_that_open_nothing(site: Site, method: str, path: str) -> None:
    body = VIEW if method == "POST" else None
    assert error_of(await site.call(method, path, body), 401) == MISSING
    gone, late = make_secret(site, "admin"), make_secret(site, "admin", expires_at_us=NOON)
    key = next(k for k in site.footfall.projects.list_keys(site.project) if k.prefix[:12] in gone)
    site.footfall.projects.revoke_key(key.id)
    for secret in ("pa_live_nobodymadethiskeyever", gone, late):
        for way in ({"headers": [("X-Pulse-Key", secret)]}, {}):
            url = path if way else f"{path}?key={secret}"
            answered = await site.call(method, url, body, **way)
            assert error_of(answered, 401) == "Invalid API key."


async def test_scopes_and_modules(site: Site) -> None:
    ingest = [("X-Pulse-Key", make_secret(site, "ingest"))]
    query = [("X-Pulse-Key", make_secret(site, "query"))]
    limited = [("X-Pulse-Key", make_secret(site, "admin", allowed_modules=["utm"]))]
    call = site.call
    assert error_of(await call("GET", "/api/v1/pages", headers=ingest), 403) == QUERY
    assert error_of(await call("POST", "/api/collect", VIEW, headers=query), 403) == INGEST
    off = "Module 'sharing' is not enabled for this project."
    assert error_of(await call("GET", "/api/v1/sharing", headers=query), 403) == off
    await site.admin("POST", f"/projects/{site.project.id}/modules/sharing/enable")
    other = "API key does not have access to module 'sharing'"
    assert error_of(await call("GET", "/api/v1/sharing", headers=limited), 403) == other
    vital = {"type": "web_vital", "name": "LCP", "value": 1}
    answered = await call("POST", "/api/collect", vital, headers=limited)
    assert error_of(answered, 403) == "API key does not have access to module 'webvitals'"


async def test_the_admin_realm_has_one_word(site: Site) -> None:
    for header in ("", "Bearer", "Bearer wrong", f"Basic {ADMIN_TOKEN}", f"Bearer {site.key}"):
        headers = [("Authorization", header)] if header else []
        for method, path in (("GET", "/projects"), ("DELETE", "/keys/x"), ("PUT", "/projects/x")):
            answered = await site.call(method, f"/api/admin{path}", {}, headers=headers)
            assert error_of(answered, 401) == "Unauthorized"


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "sentence"),
    [
        ("POST", "/projects", {"domain": "a.b"}, 400, "missing required field 'name'."),
        ("POST", "/projects", b"{", 400, "it is not valid JSON: Input data was truncated."),
        ("POST", "/projects", None, 400, "it is empty; send a JSON object."),
        ("GET", f"/projects/{UUID}", None, 404, f"Project '{UUID}' not found."),
        ("DELETE", f"/keys/{UUID}", None, 404, f"Key '{UUID}' not found."),
        ("GET", "/nothing", None, 404, "There is no endpoint /api/admin/nothing."),
        ("PATCH", "/projects", None, 405, "Method PATCH is not allowed here."),
        ("DELETE", "/projects", None, 405, "Method DELETE is not allowed here."),
    ],
)
async def test_admin_errors(
    site: Site, method: str, path: str, body: Any, status: int, sentence: str
) -> None:
    answered = await site.call(method, f"/api/admin{path}", body, headers=[ADMIN])
    prefix = "Invalid request body: " if status == 400 else ""
    assert error_of(answered, status) == prefix + sentence


@pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "", "application/xml", "x"])
async def test_bodies_are_json_whatever_they_are_called(site: Site, content_type: str) -> None:
    headers = [("Content-Type", content_type)] if content_type else []
    assert (await site.post("203.0.113.1", CHROME, VIEW, headers=headers)).status == 200
    made = await site.call(
        "POST", "/api/admin/projects", {"name": "n", "domain": "d.ex"}, headers=[ADMIN, *headers]
    )
    assert made.status == 201, made.body


async def test_a_body_over_the_limit_is_refused_before_it_is_read(site: Site) -> None:
    large = b'{"type":"pageview","path":"/' + b"x" * 70_000 + b'"}'
    answered = await site.post("203.0.113.1", CHROME, large)
    assert error_of(answered, 413) == "The body is larger than the 65536 bytes accepted here."
    huge = b'{"name":"' + b"x" * 11_000_000 + b'"}'
    answered = await site.call("POST", "/api/admin/projects", huge, headers=[ADMIN])
    assert error_of(answered, 413) == "The body is too large."


@pytest.mark.parametrize(
    "path", ["/api/v1/stats", "/api/admin/projects", "/api/collect", "/api/v1/nothing"]
)
async def test_options_opens_every_path_to_browsers(site: Site, path: str) -> None:
    answered = await site.call("OPTIONS", path, headers=[("Origin", "https://a.example")])
    assert (answered.status, answered.body) == (204, b"")
    assert answered.headers["access-control-allow-origin"] == "*"
    assert answered.headers["access-control-allow-methods"] == "GET, POST, PUT, DELETE, OPTIONS"


async def test_unknown_paths_and_methods_answer_as_errors(site: Site) -> None:
    key = [("X-Pulse-Key", site.key)]
    answered = await site.call("GET", "/api/v1/nothing", headers=key)
    assert error_of(answered, 404) == "There is no endpoint /api/v1/nothing."
    answered = await site.call("POST", "/api/v1/stats", {}, headers=key)
    assert error_of(answered, 405) == "Method POST is not allowed here."
    answered = await site.call("GET", "/api/collect", headers=key)
    assert error_of(answered, 405) == "Method GET is not allowed here; send POST."
    for path in ("/api/v1/stats", "/api/admin/projects"):
        answered = await site.call("HEAD", path, headers=[*key, ADMIN])
        assert answered.status in {200, 405}


DAY_FORMS = ("2026-03-01", "20260301", "2026-W09-7", "2026W097")
INSTANTS = (
    "2026-03-01T00:00:00Z",
    "2026-03-01T00:00:00.000Z",
    "2026-03-01T00:00:00",
    "2026-03-01T00:00Z",
    "2026-03-01T01:00:00%2B01:00",
    "2026-03-01T01:00:00+01:00",
    "2026-02-28T19:00:00-05:00",
    "20260301T000000Z",
    "2026-03-01 00:00:00",
)


@pytest.mark.parametrize("text", [*DAY_FORMS, *INSTANTS])
async def test_every_form_of_a_date_means_the_same_instant(site: Site, text: str) -> None:
    await site.send(-12 * 3600 - 1, "203.0.113.1", CHROME, VIEW)
    await site.send(-12 * 3600 + 1, "203.0.113.2", CHROME, VIEW)
    site.set_clock(0)
    url = text.replace(" ", "%20")
    found = await site.read(f"/stats?start_at={url}&end_at=2026-03-01T12:00:00Z")
    assert found["current"]["pageviews"] == 1


@pytest.mark.parametrize("field", ["start_at", "end_at"])
@pytest.mark.parametrize("text", ["yesterday", "2026-13-01", "2026-02-30", "01.03.2026", "1"])
async def test_a_bad_date_is_quoted_and_never_a_default(site: Site, field: str, text: str) -> None:
    for path in ("stats", "stats/timeseries", "pages", "referrers", "events", "devices", "geo"):
        answered = await site.call(
            "GET", f"/api/v1/{path}?{field}={text}", headers=[("X-Pulse-Key", site.key)]
        )
        sentence = f"Invalid request: {field} '{text}' is no date; accepted is ISO 8601"
        assert error_of(answered, 400).startswith(sentence)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("limit=0", "limit is 0; accepted are 1 to 1000."),
        ("limit=-1", "limit is -1; accepted are 1 to 1000."),
        ("limit=ten", "limit is 'ten'; accepted is a whole number."),
        ("limit=1.5", "limit is '1.5'; accepted is a whole number."),
        ("offset=-1", "offset is -1; accepted are 0 to 1000000000."),
        ("offset=x", "offset is 'x'; accepted is a whole number."),
    ],
)
async def test_a_bad_limit_or_offset_is_quoted(site: Site, query: str, sentence: str) -> None:
    answered = await site.call("GET", f"/api/v1/pages?{query}", headers=[("X-Pulse-Key", site.key)])
    assert error_of(answered, 400) == f"Invalid request: {sentence}"


async def test_limits_per_second_are_100_100_and_20(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"RATE_LIMIT_PER_SECOND": ""}) as site:
        key = [("X-Pulse-Key", site.key)]
        for method, path, body, headers, limit in (
            ("POST", "/api/collect", VIEW, key, 100),
            ("GET", "/api/v1/realtime", None, key, 100),
            ("GET", "/api/admin/projects", None, [ADMIN], 20),
        ):
            for _ in range(limit):
                assert (await site.call(method, path, body, headers=headers)).status == 200
            refused = await site.call(method, path, body, headers=headers)
            assert error_of(refused, 429) == "Rate limit exceeded. Retry after 1 second."
            assert refused.headers["retry-after"] == "1"
        other = site.footfall.projects.find("default")
        _, secret = site.footfall.projects.create_key(other, "k", scopes=["query"])
        free = await site.call("GET", "/api/v1/realtime", headers=[("X-Pulse-Key", secret)])
        assert free.status == 200
        site.set_clock(1)
        assert (await site.call("GET", "/api/v1/realtime", headers=key)).status == 200


CALLS = (("POST", "/api/collect"), ("GET", "/api/v1/stats"), ("OPTIONS", "/api/collect"))


@pytest.mark.parametrize(
    ("environment", "origin", "allowed"),
    [
        ("production", "https://shop.example", "https://shop.example"),
        ("production", "https://evil.example", None),
        ("production", "https://shop.example.evil.example", None),
        ("development", "https://evil.example", "*"),
    ],
)
async def test_production_may_limit_origins(
    tmp_path: Path, environment: str, origin: str, allowed: str | None
) -> None:
    origins = "https://shop.example, https://b.example/"
    settings = {"ENVIRONMENT": environment, "ALLOWED_ORIGINS": origins}
    async with open_site(tmp_path, settings=settings) as site:
        for method, path in CALLS:
            body = VIEW if method == "POST" else None
            headers = [("X-Pulse-Key", site.key), ("Origin", origin)]
            answered = await site.call(method, path, body, headers=headers)
            assert answered.headers.get("access-control-allow-origin") == allowed
            assert answered.status in {200, 204}
