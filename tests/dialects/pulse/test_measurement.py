"""Pulse's reports of measurements, through the whole program: events go in by the documented
payloads, figures are worked out by hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from footfall.reports.vitals import Vital, rate
from tests.site import CHROME, IPHONE, Site, open_site

DAY = "start_at=2026-03-01&end_at=2026-03-01"
MODULES = ("webvitals", "error_tracking", "heatmaps", "search", "scroll_depth")
ANN, BEN = "198.51.100.1", "198.51.100.2"

NULL_ERROR = "TypeError: Cannot read properties of null (reading 'id')"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, modules=MODULES) as opened:
        yield opened


async def measure(site: Site, after_s: float, name: str, value: float, path: str = "/home") -> None:
    body = {"type": "web_vital", "name": name, "value": value, "rating": "good", "path": path}
    await site.send(after_s, ANN, CHROME, body)


async def begin_visits(site: Site) -> None:
    """Vitals and depths never begin a visit."""
    await site.send(0, ANN, CHROME, {"type": "pageview", "path": "/home"})
    await site.send(0, BEN, IPHONE, {"type": "pageview", "path": "/home"})


# Vitals


async def test_vitals_have_the_documented_shape_and_omit_what_was_not_measured(site: Site) -> None:
    await begin_visits(site)
    for number, value in enumerate((1000, 2000, 3000, 4000)):
        await measure(site, number, "LCP", value)
    for number, value in enumerate((0.02, 0.04, 0.31)):
        await measure(site, 10 + number, "CLS", value)
    assert (await site.read(f"/webvitals?{DAY}"))["vitals"] == {
        "LCP": {"p50": 2500, "p75": 3250, "p99": 3970, "rating": "needs-improvement"},
        # 0.04 + 0.5 · 0.27 = 0.175; 0.04 + 0.98 · 0.27 = 0.3046
        "CLS": {"p50": 0.04, "p75": 0.175, "p99": 0.3046, "rating": "needs-improvement"},
    }


async def test_vitals_by_page_count_their_samples(site: Site) -> None:
    await begin_visits(site)
    for number, value in enumerate((100, 200, 300)):
        await measure(site, number, "INP", value, "/dashboard?tab=1")
    await measure(site, 5, "LCP", 1842.55, "/")
    assert (await site.read(f"/webvitals/pages?{DAY}"))["data"] == [
        {
            "path": "/dashboard",
            "LCP_p75": None,
            "FCP_p75": None,
            "CLS_p75": None,
            "INP_p75": 250,
            "TTFB_p75": None,
            "samples": 3,
        },
        {
            "path": "/",
            "LCP_p75": 1842.5,
            "FCP_p75": None,
            "CLS_p75": None,
            "INP_p75": None,
            "TTFB_p75": None,
            "samples": 1,
        },
    ]
    assert len((await site.read(f"/webvitals/pages?{DAY}&limit=1"))["data"]) == 1


async def test_a_series_of_a_vital_has_the_days_on_which_it_was_measured(site: Site) -> None:
    await begin_visits(site)
    await measure(site, 1, "LCP", 2120)
    await site.send(2 * 86_400, ANN, CHROME, {"type": "pageview", "path": "/home"})
    await measure(site, 2 * 86_400 + 1, "LCP", 2310)
    await measure(site, 2 * 86_400 + 2, "TTFB", 9)
    path = "/webvitals/timeseries?metric=lcp&start_at=2026-03-01&end_at=2026-03-03"
    assert await site.read(path) == {
        "metric": "LCP",
        "data": [{"date": "2026-03-01", "p75": 2120}, {"date": "2026-03-03", "p75": 2310}],
    }


@pytest.mark.parametrize(
    ("vital", "value", "verdict"),
    [
        ("LCP", 2180, "good"),
        ("LCP", 2500, "good"),
        ("LCP", 2501, "needs-improvement"),
        ("LCP", 4001, "poor"),
        ("FCP", 1800, "good"),
        ("FCP", 3000, "needs-improvement"),
        ("CLS", 0.1, "good"),
        ("CLS", 0.26, "poor"),
        ("INP", 198, "good"),
        ("INP", 500, "needs-improvement"),
        ("TTFB", 801, "needs-improvement"),
        ("TTFB", 1801, "poor"),
    ],
)
def test_ratings_follow_the_published_thresholds(vital: Vital, value: float, verdict: str) -> None:
    assert rate(vital, value) == verdict


# Errors


def make_error(message: str = NULL_ERROR, **changes: Any) -> dict[str, Any]:
    return {
        "type": "js_error",
        "message": message,
        "stack": "TypeError: Cannot read\n at handleClick (app.js:142:18)",
        "filename": "https://acme.com/assets/app.js",
        "lineno": 142,
        "colno": 18,
        "path": "/dashboard",
        **changes,
    }


async def test_errors_are_grouped_by_their_exact_message(site: Site) -> None:
    await site.send(0, ANN, CHROME, make_error())
    await site.send(5, ANN, CHROME, make_error())
    await site.send(9, BEN, IPHONE, make_error())
    await site.send(11, BEN, IPHONE, make_error(NULL_ERROR + " "))
    await site.send(12, BEN, IPHONE, {"type": "pageview", "path": "/"})
    assert (await site.read(f"/errors?{DAY}"))["data"] == [
        {
            "message": NULL_ERROR,
            "count": 3,
            "unique_sessions": 2,
            "last_seen": "2026-03-01T12:00:09Z",
            "first_seen": "2026-03-01T12:00:00Z",
        },
        {
            "message": NULL_ERROR + " ",
            "count": 1,
            "unique_sessions": 1,
            "last_seen": "2026-03-01T12:00:11Z",
            "first_seen": "2026-03-01T12:00:11Z",
        },
    ]


async def test_messages_longer_than_a_name_stay_apart_and_whole(site: Site) -> None:
    long = "x" * 300
    await site.send(0, ANN, CHROME, make_error(long + "a"))
    await site.send(1, ANN, CHROME, make_error(long + "b"))
    await site.send(2, ANN, CHROME, make_error(long + "b"))
    groups = (await site.read(f"/errors?{DAY}"))["data"]
    assert [(g["message"], g["count"]) for g in groups] == [(long + "b", 2), (long + "a", 1)]
    detail = await site.read(f"/errors/detail?{DAY}&message={long}a")
    assert len(detail["instances"]) == 1


async def test_the_detail_of_an_error_lists_the_newest_first(site: Site) -> None:
    await site.send(0, ANN, CHROME, make_error(stack=None, lineno=None, colno=None, filename=None))
    await site.send(60, ANN, CHROME, make_error())
    detail = await site.read(f"/errors/detail?{DAY}&message={quote(NULL_ERROR)}")
    assert detail == {
        "message": NULL_ERROR,
        "instances": [
            {
                "timestamp": "2026-03-01T12:01:00Z",
                "path": "/dashboard",
                "filename": "https://acme.com/assets/app.js",
                "lineno": 142,
                "colno": 18,
                "stack": "TypeError: Cannot read\n at handleClick (app.js:142:18)",
                "browser": "Chrome 131",
                "os": "Windows 10",
            },
            {
                "timestamp": "2026-03-01T12:00:00Z",
                "path": "/dashboard",
                "filename": None,
                "lineno": None,
                "colno": None,
                "stack": None,
                "browser": "Chrome 131",
                "os": "Windows 10",
            },
        ],
    }
    one = await site.read(f"/errors/detail?{DAY}&message={quote(NULL_ERROR)}&limit=1&offset=1")
    assert [i["timestamp"] for i in one["instances"]] == ["2026-03-01T12:00:00Z"]


async def test_errors_over_time_fill_days_without_any(site: Site) -> None:
    await site.send(0, ANN, CHROME, make_error())
    await site.send(1, ANN, CHROME, make_error("other"))
    await site.send(2 * 86_400, ANN, CHROME, make_error())
    span = "start_at=2026-03-01&end_at=2026-03-03"
    assert (await site.read(f"/errors/timeseries?{span}"))["data"] == [
        {"date": "2026-03-01", "count": 2},
        {"date": "2026-03-02", "count": 0},
        {"date": "2026-03-03", "count": 1},
    ]
    only = (await site.read(f"/errors/timeseries?{span}&message=other"))["data"]
    assert [day["count"] for day in only] == [1, 0, 0]


async def test_the_error_rate_is_of_sessions_as_in_the_document(site: Site) -> None:
    """215 of 4,567 sessions give the document's 4.7, at a hundredth of its size: 2 of 43."""
    for number in range(43):
        await site.send(number, f"198.51.100.{number}", CHROME, {"type": "pageview", "path": "/"})
    for number in (1, 1, 1, 2):
        await site.send(50, f"198.51.100.{number}", CHROME, make_error(f"e{number}"))
    assert await site.read(f"/errors/stats?{DAY}") == {
        "total_errors": 4,
        "unique_errors": 2,
        "affected_sessions": 2,
        "error_rate": 4.7,
    }
    assert round(100 * 215 / 4567, 1) == 4.7


async def test_nothing_is_no_rate_and_no_error(site: Site) -> None:
    assert await site.read(f"/errors/stats?{DAY}") == {
        "total_errors": 0,
        "unique_errors": 0,
        "affected_sessions": 0,
        "error_rate": 0.0,
    }
    assert (await site.read(f"/errors?{DAY}"))["data"] == []
    assert (await site.read(f"/webvitals?{DAY}"))["vitals"] == {}
    empty = {"path": "/", "clicks": [], "total_clicks": 0, "viewport_width": None}
    assert await site.read(f"/heatmaps?path=/&{DAY}") == empty


async def test_a_session_from_before_midnight_is_counted_where_its_error_is(site: Site) -> None:
    midnight = 12 * 3_600
    await site.send(midnight - 60, ANN, CHROME, {"type": "pageview", "path": "/"})
    await site.send(midnight + 60, ANN, CHROME, make_error())
    stats = await site.read("/errors/stats?start_at=2026-03-02&end_at=2026-03-02")
    assert (stats["affected_sessions"], stats["error_rate"]) == (1, 100.0)


# Heatmaps


def make_click(x: float, y: float, **changes: Any) -> dict[str, Any]:
    return {
        "type": "click_event",
        "path": "/pricing",
        "x": x,
        "y": y,
        "element_selector": "button.cta-primary",
        "viewport_width": 1440,
        "viewport_height": 900,
        **changes,
    }


async def test_clicks_are_grouped_by_pixel_and_element(site: Site) -> None:
    for number, (x, y) in enumerate([(482, 320), (482.4, 319.5), (481.5, 320), (240, 580)]):
        await site.send(10 * number, ANN, CHROME, make_click(x, y))
    await site.send(90, ANN, CHROME, make_click(482, 320, element_selector="a", path="/pricing?x"))
    await site.send(91, BEN, IPHONE, make_click(9, 9, viewport_width=390, path="/"))
    assert await site.read(f"/heatmaps?path=/pricing&{DAY}") == {
        "path": "/pricing",
        "clicks": [
            {"x": 482, "y": 320, "selector": "button.cta-primary", "count": 3},
            {"x": 482, "y": 320, "selector": "a", "count": 1},
            {"x": 240, "y": 580, "selector": "button.cta-primary", "count": 1},
        ],
        "total_clicks": 5,
        "viewport_width": 1440,
    }
    assert (await site.read(f"/heatmaps/stats?{DAY}"))["data"] == [
        {"path": "/pricing", "total_clicks": 5},
        {"path": "/", "total_clicks": 1},
    ]


async def test_fractions_of_the_page_become_pixels(site: Site) -> None:
    fraction = make_click(0.335, 0.5, page_height=3000)
    await site.send(0, ANN, CHROME, fraction)  # 482.4, 1500
    await site.send(10, ANN, CHROME, make_click(0.335, 0.5))  # no page height: 450 of 900
    await site.send(20, ANN, CHROME, make_click(0.5, 0.5, viewport_width=None, page_height=100))
    await site.send(30, ANN, CHROME, make_click(0.5, 0.5, viewport_height=None))  # no height at all
    found = await site.read(f"/heatmaps?path=/pricing&{DAY}")
    assert {(c["x"], c["y"]) for c in found["clicks"]} == {(482, 1500), (482, 450), (720, 50)}
    assert found["total_clicks"] == 4


async def test_a_heatmap_of_one_kind_of_device(site: Site) -> None:
    await site.send(0, ANN, CHROME, make_click(482, 320))
    await site.send(0, BEN, IPHONE, make_click(90, 320, viewport_width=390))
    found = await site.read(f"/heatmaps?path=/pricing&device=Mobile&{DAY}")
    assert (found["total_clicks"], found["viewport_width"]) == (1, 390)


# Footfall's own


async def test_searches_say_which_found_nothing(site: Site) -> None:
    for number, count in enumerate((7, 0, None)):
        body = {"type": "search_query", "query": "pricing plans", "results_count": count}
        await site.send(number, ANN, CHROME, body | {"path": "/search"})
    await site.send(9, BEN, IPHONE, {"type": "search_query", "query": "refund", "results_count": 2})
    long = "y" * 280
    await site.send(9, BEN, IPHONE, {"type": "search_query", "query": long})
    assert await site.read(f"/search?{DAY}&limit=2") == {
        "data": [
            {
                "query": "pricing plans",
                "count": 3,
                "visitors": 1,
                "avg_results": 3.5,
                "no_results_rate": 50.0,
            },
            {
                "query": "refund",
                "count": 1,
                "visitors": 1,
                "avg_results": 2.0,
                "no_results_rate": 0.0,
            },
        ],
        "total": 3,
    }
    last = (await site.read(f"/search?{DAY}&offset=2"))["data"][0]
    assert (last["query"], last["avg_results"], last["no_results_rate"]) == (long, None, None)


async def test_scroll_depth_counts_the_deepest_point_of_a_visit_once(site: Site) -> None:
    await begin_visits(site)
    for after_s, ip, agent, depth in [
        (1, ANN, CHROME, 20),
        (2, ANN, CHROME, 87),
        (3, ANN, CHROME, 40),
        (4, BEN, IPHONE, 24.6),
    ]:
        body = {"type": "scroll_depth", "path": "/blog", "max_depth": depth}
        await site.send(after_s, ip, agent, body)
    assert await site.read(f"/scroll?{DAY}") == {
        "data": [
            {
                "path": "/blog",
                "sessions": 2,
                "avg_depth": 56.0,
                "median_depth": 56.0,
                "reached_25": 2,
                "reached_50": 1,
                "reached_75": 1,
                "reached_100": 0,
            }
        ],
        "total": 1,
    }


async def test_outgoing_links_name_the_pages_they_were_on(site: Site) -> None:
    link = {"type": "outlink", "url": "https://github.com/acme", "link_type": "external"}
    await site.send(0, ANN, CHROME, link | {"path": "/docs"})
    await site.send(1, ANN, CHROME, link | {"path": "/"})
    await site.send(2, BEN, IPHONE, link | {"path": "/docs"})
    file = {"type": "outlink", "url": "https://shop.example/a.pdf", "link_type": "download"}
    await site.send(3, BEN, IPHONE, file | {"path": "/docs"})
    assert await site.read(f"/outlinks?{DAY}") == {
        "data": [
            {
                "url": "https://github.com/acme",
                "link_type": "external",
                "clicks": 3,
                "visitors": 2,
                "pages": [{"path": "/docs", "clicks": 2}, {"path": "/", "clicks": 1}],
            },
            {
                "url": "https://shop.example/a.pdf",
                "link_type": "download",
                "clicks": 1,
                "visitors": 1,
                "pages": [{"path": "/docs", "clicks": 1}],
            },
        ],
        "total": 2,
    }


# Refusals


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/webvitals/timeseries", "Invalid request: missing required field 'metric'."),
        (
            "/webvitals/timeseries?metric=FID",
            "Invalid request: metric is 'FID'; accepted are LCP, FCP, CLS, INP, TTFB.",
        ),
        ("/errors/detail", "Invalid request: missing required field 'message'."),
        ("/heatmaps", "Invalid request: missing required field 'path'."),
    ],
)
async def test_what_is_missing_or_unknown_is_named(site: Site, path: str, sentence: str) -> None:
    headers = [("X-Pulse-Key", site.key)]
    answered = await site.call("GET", f"/api/v1{path}", headers=headers)
    assert (answered.status, msgspec.json.decode(answered.body)) == (400, {"error": sentence})


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("/webvitals", "webvitals"),
        ("/webvitals/pages", "webvitals"),
        ("/webvitals/timeseries?metric=LCP", "webvitals"),
        ("/heatmaps?path=/", "heatmaps"),
        ("/heatmaps/stats", "heatmaps"),
        ("/search", "search"),
        ("/scroll", "scroll_depth"),
        ("/errors", "error_tracking"),
        ("/errors/stats", "error_tracking"),
        ("/errors/detail?message=x", "error_tracking"),
        ("/errors/timeseries", "error_tracking"),
    ],
)
async def test_a_module_that_is_off_answers_nothing(site: Site, path: str, module: str) -> None:
    off = {"modules": {name: {"enabled": False, "access": "read"} for name in MODULES}}
    site.footfall.projects.save_settings("shop", off)
    headers = [("X-Pulse-Key", site.key)]
    answered = await site.call("GET", f"/api/v1{path}", headers=headers)
    sentence = f"Module '{module}' is not enabled for this project."
    assert (answered.status, msgspec.json.decode(answered.body)) == (403, {"error": sentence})
