"""Pulse's campaigns through the whole program: figures counted by hand."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from footfall.clock import US_PER_DAY
from tests.site import CHROME, NOON, Site, open_site

DAYS = "start_at=2026-02-28&end_at=2026-03-02"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, at_us=NOON - US_PER_DAY) as opened:
        await tell_the_story(opened)
        yield opened


async def tell_the_story(site: Site) -> None:
    """Two people come by the spring sale, one of them on two days, one by a launch, one by
    nothing."""
    sale = "utm_source=google&utm_medium=cpc&utm_campaign=spring_sale"
    for at_s, person, path in (
        (-86_400, 1, f"/?{sale}"),
        (0, 1, f"/?{sale}"),
        (30, 1, "/pricing"),
        (0, 2, f"/?{sale}"),
        (0, 3, "/?utm_source=newsletter&utm_medium=email&utm_campaign=product_launch"),
        (0, 4, "/"),
    ):
        body = {"type": "pageview", "path": path}
        await site.send(at_s, f"198.51.100.{person}", CHROME, body)


async def test_campaigns_are_those_that_visits_came_by(site: Site) -> None:
    # The address of the first visitor is another visitor on another day.
    assert await site.read(f"/campaigns?{DAYS}") == {
        "data": [
            {
                "campaign": "spring_sale",
                "visitors": 3,
                "pageviews": 4,
                "bounce_rate": 66.7,
                "avg_duration": 10.0,
            },
            {
                "campaign": "product_launch",
                "visitors": 1,
                "pageviews": 1,
                "bounce_rate": 100.0,
                "avg_duration": 0.0,
            },
        ]
    }
    assert len((await site.read(f"/campaigns?{DAYS}&limit=1"))["data"]) == 1


async def test_sources_and_mediums(site: Site) -> None:
    assert await site.read(f"/campaigns/sources?{DAYS}") == {
        "data": [
            {"source": "google", "visitors": 3, "pageviews": 4},
            {"source": "newsletter", "visitors": 1, "pageviews": 1},
        ]
    }
    assert await site.read(f"/campaigns/mediums?{DAYS}") == {
        "data": [
            {"medium": "cpc", "visitors": 3, "pageviews": 4},
            {"medium": "email", "visitors": 1, "pageviews": 1},
        ]
    }


async def test_the_series_of_a_source_has_every_day(site: Site) -> None:
    assert await site.read(f"/campaigns/timeseries?utm_source=google&{DAYS}") == {
        "data": [
            {"date": "2026-02-28", "visitors": 1, "pageviews": 1},
            {"date": "2026-03-01", "visitors": 2, "pageviews": 3},
            {"date": "2026-03-02", "visitors": 0, "pageviews": 0},
        ]
    }


async def test_the_series_wants_a_source(site: Site) -> None:
    error = await site.manage("GET", "/campaigns/timeseries", status=400)
    assert error == {"error": "Invalid request: missing required field 'utm_source'."}


async def test_the_module_can_be_switched_off(site: Site) -> None:
    site.footfall.projects.save_settings("shop", {"modules": {"utm": {"enabled": False}}})
    for path in ("", "/sources", "/mediums", "/timeseries?utm_source=google"):
        error = await site.manage("GET", f"/campaigns{path}", status=403)
        assert error == {"error": "Module 'utm' is not enabled for this project."}
