"""Echelon's API from what was tracked: every figure against a story that can be counted by hand."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.dialects.echelon.password import hash_password
from tests.dialects.echelon.beacon import HEADERS, pack, send, view
from tests.site import IPHONE, Site, open_site
from tests.unit.http.asgi_call import Answered

SECRET = "the-secret-of-the-tests"
ONE = "11111111-2222-4333-8444-555555555555"
TWO = "22222222-2222-4333-8444-555555555555"
VARIANT = {"experiment_id": "e", "variant_id": "a"}
THREE = "33333333-2222-4333-8444-555555555555"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, settings={"ECHELON_SECRET": SECRET}) as opened:
        yield opened


async def call(
    site: Site, method: str, path: str, body: Any = None, *, secret: str = SECRET
) -> Answered:
    headers = [("Authorization", f"Bearer {secret}")] if secret else []
    return await site.call(method, f"/api{path}", body, headers=headers)


async def read(site: Site, path: str, *, status: int = 200) -> Any:
    answered = await call(site, "GET", path)
    assert answered.status == status, answered.body
    assert answered.headers["access-control-allow-origin"] == "null"
    return msgspec.json.decode(answered.body)


async def change(site: Site, method: str, path: str, body: Any = None, *, status: int) -> Any:
    answered = await call(site, method, path, body)
    assert answered.status == status, answered.body
    return msgspec.json.decode(answered.body)


async def tell_the_story(site: Site) -> None:
    """One person sees three pages, another one page on a phone, a third proves nothing and is
    too quick; a page of the shop's own project is seen as well."""
    await view(site, "/", sid=ONE, _v="1000", ref=pack("https://www.google.com/"))
    site.set_clock(30)
    await view(site, "/pricing", sid=ONE, _v="2000")
    site.set_clock(60)
    await view(site, "/", sid=ONE, _v="spa")
    phone = (("User-Agent", IPHONE), *HEADERS[1:])
    await view(site, "/", sid=TWO, _v="3000", ip="198.51.100.2", headers=phone, sw=390, sh=844)
    bare = (("User-Agent", HEADERS[0][1]), ("Accept", "*/*"))
    await view(site, "/", sid=THREE, _v="800", ip="198.51.100.3", headers=bare, token="0" * 32)
    await view(site, "/shop", s="shop", sid=ONE)
    custom = {"type": "custom", "data": {"name": "signup", "path": "/pricing"}, "sessionId": ONE}
    await send(site, custom, {"type": "click", "sessionId": ONE})


async def test_overview_counts_people_only(site: Site) -> None:
    await tell_the_story(site)
    answer = await read(site, "/stats/overview?site_id=default&days=2")
    trend = answer.pop("daily_trend")
    assert answer == {
        "site_id": "default",
        "period_days": 2,
        "visits": 4,
        "unique_visitors": 2,
        "avg_interaction_ms": 2000,
        "top_paths": [
            {"path": "/", "views": 3, "visitors": 2},
            {"path": "/pricing", "views": 1, "visitors": 1},
        ],
        "devices": [
            {"device_type": "desktop", "visits": 3},
            {"device_type": "mobile", "visits": 1},
        ],
        "countries": [{"country_code": "", "visits": 4, "visitors": 2}],
        "referrers": [
            {"referrer_type": "search", "views": 3},
            {"referrer_type": "direct_or_unknown", "views": 1},
        ],
        "os_systems": [
            {"os_name": "Windows", "views": 3, "visitors": 1},
            {"os_name": "iOS", "views": 1, "visitors": 1},
        ],
        "browsers": [
            {"browser": "Chrome", "views": 3, "visitors": 1},
            {"browser": "Safari", "views": 1, "visitors": 1},
        ],
        "resolutions": [
            {"resolution": "1920x1080", "views": 3, "visitors": 1},
            {"resolution": "390x844", "views": 1, "visitors": 1},
        ],
    }
    assert trend == [
        {"date": "2026-02-28", "visits": 0, "visitors": 0},
        {"date": "2026-03-01", "visits": 4, "visitors": 2},
    ]
    own = await read(site, "/stats/overview?site_id=shop")
    assert (own["visits"], own["top_paths"][0]["path"]) == (1, "/shop")


async def test_realtime_and_summary(site: Site) -> None:
    await tell_the_story(site)
    assert await read(site, "/stats/realtime?site_id=default") == {
        "site_id": "default",
        "active_visitors": 2,
        "pageviews": 4,
        "active_paths": [{"path": "/", "views": 3}, {"path": "/pricing", "views": 1}],
    }
    last_day = {"total_views": 6, "human_views": 5, "bot_views": 1, "unique_visitors": 3}
    summary = await read(site, "/stats/summary")
    assert summary["last_24h"] == last_day
    assert set(summary["buffers"]) == {"views", "events"}
    vitals = await read(site, "/stats/vitals")
    assert vitals["last_24h"] == last_day
    assert vitals["totalRequests"] >= 8
    assert vitals["totalErrors"] == 0
    assert vitals["p50Ms"] <= vitals["p99Ms"] <= vitals["maxMs"]
    assert {p["path"] for p in vitals["slowPaths"]} >= {"/b.gif", "/e"}
    site.set_clock(400)
    assert (await read(site, "/stats/realtime?site_id=default"))["active_visitors"] == 0


async def test_buffers_hold_what_is_acknowledged_and_not_yet_loaded(tmp_path: Path) -> None:
    settings = {"ECHELON_SECRET": SECRET, "ECHELON_EVENT_FLUSH_MS": "600000"}
    async with open_site(tmp_path, settings=settings) as opened:
        assert (await read(opened, "/stats/summary"))["buffers"] == {"views": 0, "events": 0}
        await tell_the_story(opened)
        # The report below the figure waits for what it counts, so the second look finds nothing.
        assert (await read(opened, "/stats/vitals"))["buffers"] == {"views": 6, "events": 2}
        assert (await read(opened, "/stats/vitals"))["buffers"] == {"views": 0, "events": 0}
        await view(opened, "/", sid=ONE)
        trap = {"kind": "pageview", "door": "echelon", "text": ',"kind":"pageview","door":'}
        await send(opened, {"type": "custom", "sessionId": ONE, "data": {"name": "x", **trap}})
        opened.footfall.spool.rotate()
        await send(opened, {"type": "click", "sessionId": ONE})
        assert (await read(opened, "/stats/summary"))["buffers"] == {"views": 1, "events": 2}


async def test_the_live_page(site: Site) -> None:
    await tell_the_story(site)
    answer = await read(site, "/stats/dashboard?site_id=default")
    assert answer["now"] == {"activeVisitors": 2, "estimatedBots": 1, "pageviews": 4}
    assert len(answer["hourly"]["visitors"]) == 60
    assert len(answer["daily"]["events"]) == 24
    assert sum(m["count"] for m in answer["hourly"]["events"]) == 2
    assert {v["path"] for v in answer["recentVisitors"]} == {"/"}
    assert len(answer["recentVisitors"]) == 2
    assert [e["eventType"] for e in answer["recentEvents"]] == ["click", "signup"]


async def test_suspicious_visitors_are_explained_left_out_and_let_in(site: Site) -> None:
    await tell_the_story(site)
    (suspect,) = await read(site, "/bots/suspicious?site_id=default")
    visitor = suspect.pop("visitor_id")
    assert re.fullmatch(r"[0-9a-f]{16}", visitor)
    assert suspect == {
        "max_bot_score": 65,
        "pageviews": 1,
        "first_seen": "2026-03-01T12:01:00Z",
        "last_seen": "2026-03-01T12:01:00Z",
        "sites": "default",
        "devices": "desktop",
        "countries": "",
        "os_names": "Windows",
        "browsers": "Chrome",
        "is_excluded": False,
    }
    seen = await read(site, f"/bots/visitor/{visitor}")
    assert (seen["is_excluded"], len(seen["views"]), seen["events"]) == (False, 1, [])
    detail = await read(site, f"/bots/score-detail?view_id={seen['views'][0]['id']}")
    assert detail == {"score": 65, "detail": {"timing": 20, "headers": 20, "pow": 25}}
    listed = await read(site, "/bots/suspicious?min_score=0&limit=200")
    person = next(
        v["visitor_id"] for v in listed if v["max_bot_score"] == 0 and v["pageviews"] == 3
    )
    made = await change(
        site, "POST", "/bots/exclude", {"visitor_id": person, "label": "Our own"}, status=201
    )
    assert made == {"excluded": person}
    assert (await read(site, "/stats/overview?site_id=default"))["visits"] == 1
    excluded = await read(site, "/bots/excluded")
    assert [(e["label"], e["pageviews"], e["max_bot_score"]) for e in excluded] == [
        ("Our own", 3, 0)
    ]
    assert (await read(site, f"/bots/visitor/{person}"))["exclusion"]["label"] == "Our own"
    await change(site, "DELETE", f"/bots/exclude/{person}", status=200)
    assert (await read(site, "/stats/overview?site_id=default"))["visits"] == 4
    gone = await change(site, "DELETE", f"/bots/exclude/{person}", status=200)
    assert gone == {"included": person}


async def test_campaigns_are_registered_and_taken_apart(site: Site) -> None:
    body = {"id": "spring-2026", "name": "Spring Launch", "utm_campaign": "spring-2026"}
    assert await change(site, "POST", "/campaigns", body, status=201) == {"created": "spring-2026"}
    (listed,) = await read(site, "/campaigns")
    assert listed == body | {
        "site_id": "default",
        "status": "active",
        "created_at": "2026-03-01T12:00:00Z",
    }
    assert await read(site, "/campaigns/spring-2026") == listed
    tags = {"uc": pack("spring-2026"), "us": pack("news"), "um": pack("email"), "ut": pack("shoes")}
    await view(site, "/", sid=ONE, **tags)
    await view(site, "/pricing", sid=ONE, **tags)
    await view(site, "/", sid=TWO, ip="198.51.100.2")
    signup = {"type": "custom", "data": {"name": "signup"}, "sessionId": ONE}
    await send(site, signup, {**signup, "data": {"name": "buy"}})
    (stats,) = await read(site, "/stats/campaigns?days=7")
    assert (stats["views"], stats["visitors"], stats["status"]) == (2, 1, "active")
    detail = await read(site, "/stats/campaigns?id=spring-2026&days=1")
    assert detail == {
        "campaign_id": "spring-2026",
        "bySource": [{"utm_source": "news", "views": 2, "visitors": 1}],
        "byMedium": [{"utm_medium": "email", "views": 2, "visitors": 1}],
        "dailyTrend": [{"date": "2026-03-01", "views": 2, "visitors": 1}],
        "topPaths": [
            {"path": "/", "views": 1, "visitors": 1},
            {"path": "/pricing", "views": 1, "visitors": 1},
        ],
        "byContent": [{"utm_content": "none", "views": 2}],
        "byTerm": [{"utm_term": "shoes", "views": 2}],
    }
    events = await read(site, "/stats/campaign-events?site_id=default")
    assert [(e["campaign_id"], e["visitors"], e["events"], e["event_rate"]) for e in events] == [
        ("spring-2026", 1, 2, 1.0),
        (None, 1, 0, 0.0),
    ]
    assert [t["event_type"] for t in events[0]["event_types"]] == ["buy", "signup"]
    assert await change(
        site, "PATCH", "/campaigns/spring-2026", {"status": "paused"}, status=200
    ) == {"updated": "spring-2026"}
    assert await change(site, "DELETE", "/campaigns/spring-2026", status=200) == {
        "deleted": "spring-2026"
    }
    assert await read(site, "/campaigns") == []


CHECKOUT = {
    "experiment_id": "checkout-v2",
    "name": "Checkout Redesign",
    "description": "Test new checkout flow",
    "metric_event_type": "purchase",
    "allocation_percent": 100,
    "variants": [
        {"variant_id": "control", "name": "Original", "weight": 50, "is_control": True},
        {"variant_id": "redesign", "name": "New Flow", "weight": 50, "config": {"n": 1}},
    ],
}


async def test_experiments_count_sessions(site: Site) -> None:
    made = await change(site, "POST", "/experiments", CHECKOUT, status=201)
    assert made == {"created": "checkout-v2"}
    assert (await change(site, "POST", "/experiments", CHECKOUT, status=409))["error"] == "conflict"
    (listed,) = await read(site, "/experiments")
    assert listed["status"] == "draft"
    assert [v["config"] for v in listed["variants"]] == [None, {"n": 1}]
    assert await read(site, "/stats/experiments") == []
    set_active = await change(
        site, "PATCH", "/experiments/checkout-v2", {"status": "active"}, status=200
    )
    assert set_active == {"updated": "checkout-v2"}
    (listed,) = await read(site, "/experiments")
    assert (listed["status"], listed["started_at"]) == ("active", "2026-03-01T12:00:00Z")
    for number in range(5):
        session = f"0000000{number}-2222-4333-8444-555555555555"
        shown = {"experiment_id": "checkout-v2"}
        shown |= {"variant_id": "control" if number < 2 else "redesign"}
        site.set_clock(10 + number)
        view_ = {"type": "custom", "data": {"name": "shown", **shown}, "sessionId": session}
        await send(site, view_, view_, ip=f"198.51.100.{number}")
        if number in {1, 2, 3}:
            bought = {"type": "custom", "data": {"name": "purchase"}, "sessionId": session}
            await send(site, bought, ip=f"198.51.100.{number}")
    site.set_clock(60)
    (figures,) = await read(site, "/stats/experiments")
    assert figures["metric_event_type"] == "purchase"
    assert [
        (v["variant_id"], v["impressions"], v["conversions"], v["conversion_rate"])
        for v in figures["variants"]
    ] == [("control", 2, 1, 0.5), ("redesign", 3, 2, 0.666667)]
    assert [(v["relative_uplift"], v["significance"]) for v in figures["variants"]] == [
        (None, None),
        (0.333333, "Not yet — need more data (N < 100 impressions)"),
    ]
    assert await read(site, "/stats/experiments?experiment_id=nothing") == []
    await change(site, "PATCH", "/experiments/checkout-v2", {"status": "archived"}, status=200)
    assert await read(site, "/stats/experiments") == []
    (again,) = await read(site, "/stats/experiments?experiment_id=checkout-v2")
    assert (again["status"], again["variants"]) == ("archived", figures["variants"])


async def test_measurements_of_builds(site: Site) -> None:
    size = {"category": "build", "metric": "bundle_size", "value": 142.5, "unit": "kb"}
    later = size | {"value": 150, "commit_hash": "abc", "branch": "main", "metadata": {"n": 1}}
    assert await change(site, "POST", "/perf", [size, later], status=200) == {"inserted": 2}
    found = await read(site, "/perf?category=build&metric=bundle_size&limit=1")
    assert [(m["value"], m["commit_hash"], m["metadata"]) for m in found] == [
        (150.0, "abc", {"n": 1})
    ]
    assert await read(site, "/perf?category=other") == []
    assert await read(site, "/perf?since=2026-03-02") == []
    trends = await read(site, "/perf/trends")
    assert [m["value"] for m in trends["build/bundle_size"]] == [142.5, 150.0]


async def test_a_sites_rules_are_cleaned(site: Site) -> None:
    assert await read(site, "/sites/my-site") == {"site_id": "my-site", "consent_css": None}
    style = "div { color: red; background: u\\rl(https://x.example/) } /* hidden */ @import 'x';"
    await change(site, "PATCH", "/sites/my-site", {"consent_css": style}, status=200)
    kept = (await read(site, "/sites/my-site"))["consent_css"]
    assert "color: red" in kept
    assert not re.search(r"url\(|@import|hidden|\\", kept)
    await change(site, "PATCH", "/sites/my-site", {"consent_css": "a" * 5_000}, status=200)
    assert len((await read(site, "/sites/my-site"))["consent_css"]) == 4_096
    await change(site, "PATCH", "/sites/my-site", {"consent_css": None}, status=200)
    assert (await read(site, "/sites/my-site"))["consent_css"] is None


def make_batch(*events: dict[str, Any], **context: Any) -> dict[str, Any]:
    return {
        "v": 1,
        "batch_id": ONE,
        "sent_at": "2026-03-01T12:00:00Z",
        "context": {"session_id": TWO, "site_id": "default", **context},
        "events": [
            {"event_id": f"{i:08d}-2222-4333-8444-555555555555", "type": "custom"}
            | {"ts": "2026-03-01T11:59:00Z"}
            | event
            for i, event in enumerate(events)
        ],
    }


async def test_bulk_counts_each_event_once(site: Site) -> None:
    batch = make_batch(
        {
            "type": "page_view",
            "path": "/ci",
            "experiments": [{"experiment_id": "e"} | {"variant_id": "a"}],
        },
        {"type": "deploy", "data": {"ok": True}},
    )
    assert await change(site, "POST", "/ingest", batch, status=200) == {
        "accepted": 2,
        "duplicate": 0,
    }
    batch["events"].append({**batch["events"][1], "event_id": THREE})
    assert await change(site, "POST", "/ingest", batch, status=200) == {
        "accepted": 1,
        "duplicate": 2,
    }
    overview = await read(site, "/stats/overview?site_id=default")
    assert (overview["visits"], overview["top_paths"][0]["path"]) == (1, "/ci")


NAMELESS = {"id": "a", "name": "", "utm_campaign": "x"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "code"),
    [
        ("GET", "/stats/overview", None, 400, "missing_param"),
        ("GET", "/stats/overview?site_id=a%20b", None, 400, "invalid_site_id"),
        ("GET", "/stats/overview?site_id=a&days=0", None, 400, "invalid_param"),
        ("GET", "/stats/overview?site_id=a&days=731", None, 400, "invalid_param"),
        ("GET", "/stats/realtime", None, 400, "missing_param"),
        ("GET", "/stats/campaigns?id=nothing", None, 404, "not_found"),
        ("GET", "/stats/campaigns?days=91", None, 400, "invalid_param"),
        ("POST", "/campaigns", {"name": "x", "utm_campaign": "x"}, 400, "invalid_payload"),
        ("POST", "/campaigns", {"id": "a b", "name": "x", "utm_campaign": "x"}, 400, "invalid_id"),
        (
            "POST",
            "/campaigns",
            {"id": "a", "name": "", "utm_campaign": "x"},
            400,
            "invalid_payload",
        ),
        ("POST", "/campaigns", b"no json", 400, "invalid_payload"),
        ("POST", "/campaigns", b" " * 70_000, 413, "payload_too_large"),
        ("PATCH", "/campaigns/nothing", {"status": "active"}, 404, "not_found"),
        ("PATCH", "/campaigns/nothing", {"status": "gone"}, 400, "invalid_payload"),
        ("DELETE", "/campaigns/nothing", None, 404, "not_found"),
        ("POST", "/experiments", CHECKOUT | {"experiment_id": "a b"}, 400, "invalid_id"),
        ("POST", "/experiments", CHECKOUT | {"variants": []}, 400, "invalid_payload"),
        ("POST", "/experiments", CHECKOUT | {"metric_event_type": ""}, 400, "invalid_payload"),
        ("PATCH", "/experiments/nothing", {"status": "active"}, 404, "not_found"),
        ("PATCH", "/experiments/nothing", {"status": "gone"}, 400, "invalid_payload"),
        ("GET", "/bots/suspicious?limit=201", None, 400, "invalid_param"),
        ("GET", "/bots/suspicious?min_score=x", None, 400, "invalid_param"),
        ("POST", "/bots/exclude", {}, 400, "invalid_payload"),
        ("POST", "/bots/exclude", {"visitor_id": "x" * 129}, 400, "invalid_payload"),
        ("GET", "/bots/score-detail", None, 400, "missing_param"),
        ("GET", "/bots/score-detail?view_id=7", None, 404, "not_found"),
        ("POST", "/perf", [], 400, "invalid_payload"),
        ("POST", "/perf", [{"category": "a"}], 400, "invalid_payload"),
        ("GET", "/perf?since=yesterday", None, 400, "invalid_param"),
        ("GET", "/sites/a%20b", None, 400, "invalid_site_id"),
        ("POST", "/ingest", {"v": 1}, 400, "invalid_payload"),
        ("POST", "/ingest", make_batch() | {"v": 2}, 400, "invalid_payload"),
        ("POST", "/ingest", make_batch(), 400, "invalid_payload"),
        ("POST", "/ingest", make_batch({"type": "1x"}), 400, "invalid_payload"),
        ("POST", "/ingest", make_batch({"ts": "now"}), 400, "invalid_payload"),
        ("POST", "/ingest", make_batch({"event_id": "x"}), 400, "invalid_payload"),
        ("POST", "/ingest", b" " * 1_048_577, 413, "payload_too_large"),
    ],
)
async def test_errors_are_those_of_the_document(
    site: Site, method: str, path: str, body: Any, status: int, code: str
) -> None:
    answered = await call(site, method, path, body)
    assert (answered.status, msgspec.json.decode(answered.body)["error"]) == (status, code)


async def test_a_campaign_exists_once(site: Site) -> None:
    body = {"id": "a", "name": "A", "utm_campaign": "x"}
    await change(site, "POST", "/campaigns", body, status=201)
    for clash in (body | {"utm_campaign": "y"}, body | {"id": "b"}):
        assert (await change(site, "POST", "/campaigns", clash, status=409))["error"] == "conflict"


async def test_strangers_are_told_nothing(site: Site) -> None:
    for secret in ("", "wrong", "pa_live_x"):
        answered = await call(site, "GET", "/stats/summary", secret=secret)
        assert answered.status == 401
        assert msgspec.json.decode(answered.body) == {"error": "unauthorized"}


async def test_public_mode_reads_and_never_writes(tmp_path: Path) -> None:
    settings = {"ECHELON_SECRET": SECRET, "ECHELON_PUBLIC_MODE": "true"}
    async with open_site(tmp_path, settings=settings) as site:
        summary = await call(site, "GET", "/stats/summary", secret="")
        assert set(msgspec.json.decode(summary.body)) == {"last_24h"}
        refused = await call(site, "GET", "/stats/vitals", secret="")
        assert (refused.status, refused.body) == (403, b'{"error":"redacted"}')
        written = await call(site, "POST", "/campaigns", {"id": "a"})
        assert (written.status, msgspec.json.decode(written.body)["error"]) == (403, "read_only")


async def test_signing_in_by_password(tmp_path: Path) -> None:
    settings = {"ECHELON_USERNAME": "ada", "ECHELON_PASSWORD_HASH": hash_password("open sesame")}
    async with open_site(tmp_path, settings=settings) as site:
        page = [("Host", "here.test"), ("Origin", "http://here.test")]
        assert (await site.call("GET", "/admin/login")).status == 200

        async def sign_in(password: str, headers: Any = page) -> Answered:
            form = f"username=ada&password={password}".encode()
            return await site.call("POST", "/admin/login", form, headers=headers)

        assert (await sign_in("open+sesame", [("Host", "here.test")])).status == 403
        assert (await sign_in("wrong")).status == 401
        answered = await sign_in("open+sesame")
        assert answered.status == 303
        cookie = answered.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        assert "Max-Age=86400" in cookie
        kept = ("Cookie", cookie.partition(";")[0])

        async def visit(method: str, *headers: tuple[str, str]) -> Answered:
            body = {"visitor_id": "x"} if method == "POST" else None
            path = "/api/bots/exclude" if method == "POST" else "/api/stats/summary"
            return await site.call(method, path, body, headers=[kept, *headers])

        assert (await visit("GET")).status == 200
        refused = await visit("POST", ("Host", "here.test"))
        assert msgspec.json.decode(refused.body) == {
            "error": "CSRF validation failed — origin mismatch"
        }
        elsewhere = ("Origin", "http://elsewhere.test")
        assert (await visit("POST", ("Host", "here.test"), elsewhere)).status == 403
        referer = ("Referer", "http://here.test/page")
        assert (await visit("POST", ("Host", "here.test"), referer)).status == 201
        site.set_clock(29 * 60)
        renewed = (await visit("GET")).headers["set-cookie"]
        kept = ("Cookie", renewed.partition(";")[0])
        site.set_clock(58 * 60)
        assert (await visit("GET")).status == 200
        site.set_clock(60 * 60)
        assert (await visit("GET")).status == 401
        answers = [(await sign_in("wrong")).status for _ in range(6)]
        assert answers == [401] * 5 + [429]
