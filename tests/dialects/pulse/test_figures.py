"""From Pulse's payloads to Pulse's reports, through the real pipeline, spool, warehouse and
reports: every figure of the core API against a story that can be counted by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from footfall.clock import US_PER_DAY
from tests.site import CHROME, IPHONE, NOON, Site, open_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, at_us=NOON - US_PER_DAY) as opened:
        yield opened


async def tell_the_story(site: Site) -> None:
    """One visitor on a computer sees three pages and buys; one on a phone sees one page and is
    seen by nothing else; yesterday the first one was here too."""
    await site.send(-86_400, "198.51.100.1", CHROME, {"type": "pageview", "path": "/"})
    view = {"type": "pageview", "path": "/?utm_source=news", "referrer": "https://www.google.com/"}
    await site.send(0, "198.51.100.1", CHROME, view)
    await site.send(30, "198.51.100.1", CHROME, {"type": "pageview", "path": "/pricing"})
    await site.send(90, "198.51.100.1", CHROME, {"type": "pageview", "path": "/"})
    buy = {"type": "event", "name": "purchase", "path": "/", "revenue_amount": 9.5}
    await site.send(100, "198.51.100.1", CHROME, buy)
    phone = {"events": [{"type": "pageview", "payload": {"path": "/"}, "id": "once"}]}
    await site.send(120, "198.51.100.2", IPHONE, phone, "/api/batch")
    site.clock.set_us(NOON + 200 * 1_000_000)


DAY = "start_at=2026-03-01&end_at=2026-03-01"


async def test_every_figure_of_the_core_api(site: Site) -> None:
    await tell_the_story(site)
    assert await site.read(f"/stats?{DAY}") == {
        "current": {
            "pageviews": 4,
            "visitors": 2,
            "sessions": 2,
            "bounce_rate": 50.0,
            "avg_duration": 50.0,
            "events": 1,
        },
        "previous": {
            "pageviews": 1,
            "visitors": 1,
            "sessions": 1,
            "bounce_rate": 100.0,
            "avg_duration": 0.0,
            "events": 0,
        },
    }
    series = await site.read("/stats/timeseries?start_at=2026-02-27&end_at=2026-03-01")
    assert series["data"] == [
        {"date": "2026-02-27", "pageviews": 0, "visitors": 0, "sessions": 0},
        {"date": "2026-02-28", "pageviews": 1, "visitors": 1, "sessions": 1},
        {"date": "2026-03-01", "pageviews": 4, "visitors": 2, "sessions": 2},
    ]
    assert await site.read(f"/pages?{DAY}&limit=1") == {
        "data": [{"path": "/", "views": 3, "unique_views": 2, "avg_duration": 30.0}],
        "total": 2,
    }
    assert (await site.read(f"/pages?{DAY}&limit=1&offset=1"))["data"] == [
        {"path": "/pricing", "views": 1, "unique_views": 1, "avg_duration": 60.0}
    ]
    assert (await site.read(f"/referrers?{DAY}"))["data"] == [
        {"source": "(direct)", "visitors": 1, "pageviews": 1},
        {"source": "google.com", "visitors": 1, "pageviews": 3},
    ]
    assert (await site.read(f"/events?{DAY}"))["data"] == [
        {"name": "purchase", "count": 1, "unique": 1}
    ]
    assert await site.read(f"/devices?{DAY}") == {
        "browsers": [
            {"name": "Chrome", "visitors": 1, "percentage": 50.0},
            {"name": "Safari", "visitors": 1, "percentage": 50.0},
        ],
        "operating_systems": [
            {"name": "Windows", "visitors": 1, "percentage": 50.0},
            {"name": "iOS", "visitors": 1, "percentage": 50.0},
        ],
        "device_types": [
            {"name": "Desktop", "visitors": 1, "percentage": 50.0},
            {"name": "Mobile", "visitors": 1, "percentage": 50.0},
        ],
    }
    assert (await site.read(f"/geo?{DAY}"))["data"] == [
        {"country": "XX", "visitors": 2, "percentage": 100.0}
    ]
    assert await site.read("/realtime") == {"active_visitors": 2}
    site.clock.set_us(NOON + 500 * 1_000_000)
    assert await site.read("/realtime") == {"active_visitors": 0}


async def test_a_path_without_a_pageview_is_no_page(site: Site) -> None:
    await site.send(0, "198.51.100.1", CHROME, {"type": "pageview", "path": "/"})
    event = {"type": "event", "name": "n", "path": "/only-an-event"}
    await site.send(1, "198.51.100.1", CHROME, event)
    pages = await site.read("/pages?start_at=2026-03-01&end_at=2026-03-01")
    assert (pages["total"], [p["path"] for p in pages["data"]]) == (1, ["/"])


async def test_what_a_project_leaves_out_is_not_counted(site: Site) -> None:
    await site.send(0, "198.51.100.1", CHROME, {"type": "pageview", "path": "/admin/x"})
    site.footfall.projects.save_settings("shop", {"exclude": {"paths": ["/admin*"]}})
    answered = await site.post("198.51.100.1", CHROME, {"type": "pageview", "path": "/admin/x"})
    assert answered.headers["footfall-dropped"] == "excluded"
    assert (await site.read(f"/stats?{DAY}"))["current"]["pageviews"] == 1
