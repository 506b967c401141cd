"""Who sees which of PulseGate's analytics, to the letter of its documents."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from tests.site import Site, open_site

ADMIN = "admin-key-of-the-tests"
MARKETING = "marketing-key-of-the-tests"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    keys = {"ANALYTICS_API_KEY": ADMIN, "ANALYTICS_MARKETING_API_KEY": MARKETING}
    async with open_site(tmp_path, settings=keys) as opened:
        yield opened


async def test_says_that_a_key_is_required(site: Site) -> None:
    answer = await site.call("GET", "/analytics/overview")
    assert answer.status == 401
    assert msgspec.json.decode(answer.body) == {
        "error": "API key required. Use Authorization: Bearer <key> or X-API-Key header."
    }
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("header", [("Authorization", "Bearer no"), ("X-API-Key", "no")])
async def test_says_that_a_key_is_wrong(site: Site, header: tuple[str, str]) -> None:
    answer = await site.call("GET", "/analytics/overview", headers=[header])
    assert answer.status == 401
    assert msgspec.json.decode(answer.body) == {"error": "Invalid API key"}
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("key", [ADMIN, MARKETING])
@pytest.mark.parametrize("form", ["Authorization", "X-API-Key"])
async def test_finds_nothing_at_an_unknown_path(site: Site, key: str, form: str) -> None:
    value = f"Bearer {key}" if form == "Authorization" else key
    answer = await site.call("GET", "/analytics/nothing", headers=[(form, value)])
    assert answer.status == 404
    assert msgspec.json.decode(answer.body) == {"error": "Not found"}


async def test_every_answer_names_methods_and_headers_to_all_pages(site: Site) -> None:
    for method, path in (("GET", "/analytics/overview"), ("OPTIONS", "/analytics/overview")):
        answer = await site.call(method, path)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert answer.headers["access-control-allow-methods"] == "GET, POST, PATCH, DELETE, OPTIONS"
        assert answer.headers["access-control-allow-headers"] == (
            "Content-Type, X-Fingerprint-ID, X-Visitor-ID, Authorization, X-API-Key"
        )
    assert answer.status == 204
