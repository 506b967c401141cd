"""`/b.gif` and `/e` from the wire to reports: what is recorded, what marked, what left out."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.dialects.echelon.beacon import HEADERS, SESSION, pack, send, view
from tests.site import CHROME, Site, open_site

DAY = {"start": "2026-03-01", "end": "2026-03-01"}
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as opened:
        yield opened


async def ask(site: Site, *metrics: str, bots: str = "exclude", **more: Any) -> Any:
    body = {"project": "default", "metrics": metrics, "range": DAY, "bots": bots, **more}
    headers = [("Authorization", "Bearer admin-token-of-the-tests")]
    answered = await site.call("POST", "/api/query", body, headers=headers)
    assert answered.status == 200, answered.body
    return msgspec.json.decode(answered.body)


async def test_a_view_is_in_every_report(site: Site) -> None:
    answered = await view(site, "/pricing?plan=pro&utm_source=x")
    assert (answered.status, len(answered.body)) == (200, 43)
    assert answered.headers["content-type"] == "image/gif"
    assert answered.headers["cache-control"] == "no-store"
    assert answered.headers["access-control-allow-origin"] == "https://shop.example"
    assert answered.headers["access-control-allow-credentials"] == "true"
    assert "footfall-dropped" not in answered.headers
    pages = await ask(site, "pageviews", "visitors", dimensions=["page"])
    assert [(r["dimensions"]["page"], r["metrics"]) for r in pages["rows"]] == [
        ("/pricing", {"pageviews": 1, "visitors": 1})
    ]
    sources = await ask(site, "visitors", dimensions=["source"])
    assert sources["rows"][0]["dimensions"]["source"] == "news.example"
    assert (await ask(site, "visitors", bots="only"))["totals"]["visitors"] == 0


async def test_sessions_are_those_of_the_script(site: Site) -> None:
    await view(site, "/")
    site.set_clock(3_600)
    await view(site, "/later")
    other = "11111111-2222-4333-8444-555555555555"
    await view(site, "/other", sid=other)
    totals = (await ask(site, "sessions", "pageviews"))["totals"]
    assert totals == {"sessions": 2, "pageviews": 3}


async def test_a_project_with_the_sites_name_gets_its_views(site: Site) -> None:
    await view(site, "/", s="shop")
    await view(site, "/", s="no-project-of-this-name")
    assert (await ask(site, "pageviews", project="shop"))["totals"]["pageviews"] == 1
    rows = (await ask(site, "pageviews", dimensions=["hostname"]))["rows"]
    assert [r["dimensions"]["hostname"] for r in rows] == ["no-project-of-this-name"]


@pytest.mark.parametrize(
    ("changes", "score"),
    [
        ({}, 0),
        ({"token": ""}, 15),
        ({"token": "0" * 32}, 25),
        ({"_v": "820"}, 20),
        ({"_v": "990"}, 8),
        ({"_v": "spa"}, 0),
        ({"sw": "0"}, 10),
        ({"ref": None, "path": "/a/b"}, 5),
    ],
)
async def test_each_sign_is_scored_as_documented(
    site: Site, changes: dict[str, Any], score: int
) -> None:
    path = changes.pop("path", "/")
    await view(site, path, **changes)
    site.set_clock(1)
    rows = site.footfall.warehouse
    await site.footfall.loader.wait_loaded()
    assert rows.query("SELECT bot_score FROM events").rows == [(score,)]


async def test_bots_are_kept_apart_and_can_be_counted(site: Site) -> None:
    robot = (("User-Agent", GOOGLEBOT), *HEADERS[1:])
    answered = await view(site, "/", headers=robot, token="")
    assert (answered.status, len(answered.body)) == (200, 43)
    assert (await ask(site, "pageviews"))["totals"]["pageviews"] == 0
    only = await ask(site, "pageviews", bots="only", dimensions=["bot_reasons"])
    assert only["rows"][0]["dimensions"]["bot_reasons"].startswith("crawler")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "malformed"),
        ("p=%21%21", "malformed"),
        (f"p={pack('no-slash')}", "malformed"),
        (f"p={pack('/')}", "no_interaction"),
        (f"p={pack('/')}&_v=799", "no_interaction"),
        (f"p={pack('/')}&_v=3600001", "no_interaction"),
        (f"p={pack('/')}&_v=-5", "no_interaction"),
        (f"p={pack('/')}&_v=1500&s=smoke-test", "excluded"),
        ("p=" + "A" * 9_000, "malformed"),
    ],
)
async def test_the_pixel_comes_whatever_was_sent(site: Site, query: str, reason: str) -> None:
    answered = await site.call("GET", f"/b.gif?{query}", headers=HEADERS)
    assert (answered.status, len(answered.body)) == (200, 43)
    assert answered.headers["footfall-dropped"] == reason
    assert site.footfall.counters.counts["echelon", "pageview", reason] == 1


async def test_a_space_stands_for_a_plus_and_padding_may_miss(site: Site) -> None:
    path = "/" + "".join(chr(c) for c in range(0xC0, 0x100))
    packed = pack(path).rstrip("=").replace("+", " ")
    await view(site, p=packed)
    assert (await ask(site, "pageviews", dimensions=["page"]))["rows"][0]["dimensions"] == {
        "page": path
    }


async def test_a_cookie_is_set_only_when_the_page_asks(site: Site) -> None:
    assert "set-cookie" not in (await view(site, sid=None)).headers
    cookie = (await view(site, sid=None, ck="1")).headers["set-cookie"]
    assert cookie.endswith(
        "; HttpOnly; SameSite=None; Secure; Partitioned; Max-Age=2592000; Path=/"
    )
    visitor = cookie.partition(";")[0]
    kept = (*HEADERS, ("Cookie", visitor))
    again = await view(site, sid=None, ck="1", headers=kept, ip="203.0.113.5")
    assert again.headers["set-cookie"].startswith(visitor)
    assert (await ask(site, "visitors"))["totals"]["visitors"] == 2


async def test_beyond_a_hundred_requests_a_minute_the_pixel_records_nothing(site: Site) -> None:
    answers = [await view(site, token="x") for _ in range(101)]
    assert [a.headers.get("footfall-dropped") for a in answers] == [None] * 100 + ["rate_limited"]
    refused = await send(site, {"type": "click"})
    assert (refused.status, refused.headers["retry-after"]) == (429, "60")
    site.set_clock(60)
    assert (await send(site, {"type": "click"})).status == 204


FROM_PROXY = (("CF-IPCountry", "nl"), ("CF-Bot-Score", "5"))


@pytest.mark.parametrize(
    ("settings", "headers", "found"),
    [
        ({}, FROM_PROXY, ("", 0, "")),
        ({"ECHELON_TRUST_GEO_HEADERS": "on"}, FROM_PROXY, ("NL", 0, "")),
        ({"ECHELON_BEHIND_CLOUDFLARE": "on"}, FROM_PROXY, ("NL", 30, "proxy_likely")),
        ({"ECHELON_BEHIND_CLOUDFLARE": "on"}, (("X-Country-Code", "NL"),), ("", 0, "")),
        (
            {"ECHELON_TRUST_GEO_HEADERS": "on", "ECHELON_SUSPECT_COUNTRIES": "nl,be"},
            FROM_PROXY,
            ("NL", 30, "suspect_country"),
        ),
        ({"ECHELON_TRUST_GEO_HEADERS": "on"}, (("X-Country-Code", "T1"),), ("", 0, "")),
        (
            {"ECHELON_BEHIND_CLOUDFLARE": "on"},
            (("CF-Verified-Bot", "true"), ("CF-Bot-Score", "1")),
            ("", 15, "proxy_verified"),
        ),
        ({"ECHELON_BEHIND_CLOUDFLARE": "on"}, (("CF-Bot-Score", "2"),), ("", 50, "proxy_certain")),
        (
            {"ECHELON_BEHIND_CLOUDFLARE": "on"},
            (("CF-Bot-Score", "50"),),
            ("", 10, "proxy_doubtful"),
        ),
        ({"ECHELON_BEHIND_CLOUDFLARE": "on"}, (("CF-Bot-Score", "51"),), ("", 0, "")),
        ({"ECHELON_BOT_UA_PATTERNS": "Chrome/131, Nothing"}, (), ("", 100, "crawler")),
    ],
)
async def test_a_proxy_is_believed_only_where_a_setting_says_so(
    tmp_path: Path, settings: dict[str, str], headers: Any, found: tuple[str, int, str]
) -> None:
    async with open_site(tmp_path, settings=settings) as site:
        await view(site, headers=(*HEADERS, *headers))
        await site.footfall.loader.wait_loaded()
        rows = site.footfall.warehouse.query("SELECT country, bot_score, bot_reasons FROM events")
        assert rows.rows == [found]


async def test_only_registered_and_active_campaigns_are_recorded(site: Site) -> None:
    campaigns = site.footfall.campaigns
    project = site.footfall.projects.find("default").number
    campaigns.create(project, "spring", name="Spring", utm_campaign="spring", site="default")
    tags = {"uc": pack("spring"), "us": pack("news"), "um": pack("email")}
    await view(site, "/?utm_campaign=other", **tags)
    site.set_clock(1)
    other = "11111111-2222-4333-8444-555555555555"
    await view(site, "/?utm_campaign=autumn", uc=pack("autumn"), sid=other, ip="203.0.113.7")
    rows = (await ask(site, "visitors", dimensions=["utm_campaign"]))["rows"]
    assert [r["dimensions"]["utm_campaign"] for r in rows] == ["", "spring"]
    campaigns.change_status("spring", "paused")
    third = "21111111-2222-4333-8444-555555555555"
    await view(site, "/", **tags, sid=third, ip="203.0.113.8")
    rows = (await ask(site, "sessions", dimensions=["utm_campaign"]))["rows"]
    assert [r["metrics"]["sessions"] for r in rows] == [2, 1]


async def test_every_type_of_event_becomes_what_it_is(site: Site) -> None:
    await view(site)
    answered = await send(
        site,
        {"type": "custom", "data": {"name": "signup", "path": "/join", "plan": "pro"}},
        {"type": "click", "data": {"label": "buy"}},
        {"type": "scroll_depth", "data": {"depth": 75}},
        {"type": "outbound", "data": {"url": "https://elsewhere.example/", "host": "elsewhere"}},
        {"type": "download", "data": {"url": "https://shop.example/a.pdf"}},
        {"type": "web_vital", "data": {"name": "CLS", "value": 120, "rating": "good"}},
        {"type": "session_end", "data": {"dwell_s": 42}},
        {"type": "teleport", "data": {}},
        {"type": "custom", "data": {"name": "big", "text": "x" * 3_000}},
    )
    assert (answered.status, answered.body) == (204, b"")
    await site.footfall.loader.wait_loaded()
    found = site.footfall.warehouse.query(
        "SELECT kind, name, value, engagement_ms, path FROM events "
        "WHERE kind <> 'pageview' ORDER BY event_id"
    ).rows
    assert found == [
        ("event", "signup", 0.0, 0, "/join"),
        ("event", "click", 0.0, 0, ""),
        ("scroll_depth", "", 75.0, 0, ""),
        ("outlink", "https://elsewhere.example/", 0.0, 0, ""),
        ("download", "https://shop.example/a.pdf", 0.0, 0, ""),
        ("web_vital", "CLS", 0.12, 0, ""),
        ("engagement", "session_end", 0.0, 42_000, ""),
    ]
    assert site.footfall.counters.counts["echelon", "event", "malformed"] == 2
    assert (await ask(site, "sessions"))["totals"]["sessions"] == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"no json", 400),
        (b"[]", 400),
        (b"{}", 204),
        (b'{"events":[]}', 204),
        (b'{"events":[1,null,"x"]}', 204),
        (b'{"events":[{"type":"click","sessionId":7}]}', 204),
        (b" " * 16_385, 413),
    ],
)
async def test_bodies_are_answered_as_documented(site: Site, body: bytes, status: int) -> None:
    answered = await site.call("POST", "/e", body, headers=HEADERS)
    assert (answered.status, answered.body) == (status, b"")


async def test_only_twenty_events_of_a_beacon_are_read(site: Site) -> None:
    await send(site, *[{"type": "click"} for _ in range(25)])
    assert (await ask(site, "events"))["totals"]["events"] == 20


async def test_preflights_and_strangers_methods(site: Site) -> None:
    for path in ("/b.gif", "/e"):
        answered = await site.call("OPTIONS", path, headers=[("Origin", "https://a.example")])
        assert answered.status == 204
        assert answered.headers["access-control-allow-origin"] == "https://a.example"
        assert answered.headers["access-control-max-age"] == "86400"
    assert (await site.call("GET", "/e")).status == 405
    assert (await site.call("GET", "/b.gif")).headers["access-control-allow-origin"] == "*"


async def test_an_operator_may_discard_bots_and_choose_sites(tmp_path: Path) -> None:
    settings = {
        "ECHELON_BOT_DISCARD_THRESHOLD": "50",
        "ECHELON_ALLOWED_SITES": "default",
        "ECHELON_POW_MISSING_POINTS": "50",
    }
    async with open_site(tmp_path, settings=settings) as site:
        assert (await view(site, token="")).headers["footfall-dropped"] == "bot"
        assert (await view(site, s="other")).headers["footfall-dropped"] == "excluded"
        assert "footfall-dropped" not in (await view(site, ip="203.0.113.77")).headers
        assert (await ask(site, "pageviews", bots="include"))["totals"]["pageviews"] == 1


def test_the_session_of_the_tests_is_one_that_scripts_make() -> None:
    assert len(SESSION) == 36
    assert "Chrome" in CHROME
