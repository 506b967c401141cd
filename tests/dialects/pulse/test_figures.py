"""From Pulse's payloads to Pulse's reports, through the real pipeline, spool, warehouse and
reports: every figure of the core API against a story that can be counted by hand."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from footfall.app import Footfall, open_footfall
from footfall.clock import US_PER_DAY, FixedClock
from footfall.config import parse_config
from footfall.dialects.pulse.access import PulseAccess
from footfall.dialects.pulse.collect import PulseIngest
from footfall.dialects.pulse.cors import make_pulse_cors
from footfall.dialects.pulse.problem import render_problem
from footfall.dialects.pulse.routes import (
    make_pulse_cors_paths,
    make_pulse_hot_routes,
    make_pulse_router,
)
from footfall.http.client_address import ClientAddress
from footfall.http.front_door import FrontDoor
from footfall.http.limit import RateLimiter
from tests.unit.http.asgi_call import Answered, call, make_scope

NOON = 1_772_323_200_000_000 + 12 * 3_600_000_000
"""2026-03-01 12:00 UTC."""

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


@dataclass
class Site:
    """A running Footfall with one project behind Pulse's door."""

    app: FrontDoor
    footfall: Footfall
    clock: FixedClock
    key: str

    async def send(
        self, after_s: int, ip: str, agent: str, body: dict[str, Any], path: str = "/api/collect"
    ) -> None:
        """Post one body, `after_s` seconds after noon."""
        self.clock.set_us(NOON + after_s * 1_000_000)
        answered = await self.post(ip, agent, body, path)
        assert answered.status == 200, answered.body
        assert "footfall-dropped" not in answered.headers

    async def post(
        self, ip: str, agent: str, body: dict[str, Any], path: str = "/api/collect"
    ) -> Answered:
        """Post one body now."""
        headers = [
            ("X-Pulse-Key", self.key),
            ("User-Agent", agent),
            ("Accept", "*/*"),
            ("Accept-Language", "en-US,en;q=0.9"),
            ("Sec-Fetch-Mode", "cors"),
            ("Origin", "https://shop.example"),
        ]
        scope = make_scope(path, headers=headers, client=(ip, 1))
        return await call(self.app, scope, (msgspec.json.encode(body),))

    async def read(self, path: str) -> Any:
        """Read a report."""
        path, _, query = path.partition("?")
        headers = [("X-Pulse-Key", self.key)]
        scope = make_scope(f"/api/v1{path}", method="GET", query=query, headers=headers)
        answered = await call(self.app, scope)
        assert answered.status == 200, answered.body
        return msgspec.json.decode(answered.body)


def make_door(footfall: Footfall) -> FrontDoor:
    clock, cors = footfall.clock, make_pulse_cors()
    ingest = PulseIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=clock,
        limiter=RateLimiter(clock, 100),
        addresses=ClientAddress(),
        cors=cors,
        drops=footfall.counters,
    )
    access = PulseAccess(
        directory=footfall.directory,
        clock=clock,
        admin_token="t",
        query_limiter=RateLimiter(clock, 100),
        admin_limiter=RateLimiter(clock, 20),
    )
    router = make_pulse_router(
        projects=footfall.projects, reports=footfall.reports, clock=clock, access=access
    )
    litestar = Litestar([router], exception_handlers={Exception: render_problem})
    return FrontDoor(make_pulse_hot_routes(ingest), litestar, cors=make_pulse_cors_paths(cors))


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    clock = FixedClock(NOON - US_PER_DAY)
    config = parse_config({"FOOTFALL_DATA_DIR": str(tmp_path)})
    async with open_footfall(config, clock) as footfall:
        project = footfall.projects.create("Shop", "shop.example")
        scopes = ["ingest", "query"]
        _, key = await asyncio.to_thread(footfall.projects.create_key, project, "k", scopes=scopes)
        yield Site(make_door(footfall), footfall, clock, key)


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
