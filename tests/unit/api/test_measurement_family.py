"""Families of measurements in the words of our API, through the whole program."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.site import CHROME, IPHONE, Site, open_site

ANN, BEN = "198.51.100.1", "198.51.100.2"
TODAY = {"range": "today"}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    modules = ["webvitals", "heatmaps", "search", "scroll_depth"]
    async with open_site(tmp_path, modules=modules) as opened:
        await opened.send(0, ANN, CHROME, {"type": "pageview", "path": "/"})
        await opened.send(0, BEN, IPHONE, {"type": "pageview", "path": "/"})
        yield opened


async def click(site: Site, after_s: float, selector: str = "a.buy", ip: str = ANN) -> None:
    body: dict[str, Any] = {"type": "click_event", "path": "/", "x": 10, "y": 20}
    await site.send(after_s, ip, CHROME, body | {"element_selector": selector})


async def test_vitals_by_device(site: Site) -> None:
    for number, (ip, agent, value) in enumerate(
        [(ANN, CHROME, 100), (ANN, CHROME, 200), (BEN, IPHONE, 900)]
    ):
        body = {"type": "web_vital", "name": "TTFB", "value": value, "path": "/"}
        await site.send(number, ip, agent, body)
    answer = await site.ask("vitals-by", {**TODAY, "dimension": "device", "limit": 1})
    none = dict.fromkeys(("LCP", "FCP", "CLS", "INP"))
    assert answer["rows"] == [{"value": "Desktop", "p75": none | {"TTFB": 175}, "samples": 2}]
    assert answer["total_rows"] == 2
    vitals = (await site.ask("vitals", TODAY))["vitals"]["TTFB"]
    assert (vitals["good"], vitals["needs_improvement"], vitals["poor"]) == (2, 1, 0)


async def test_the_third_click_within_a_second_is_rage(site: Site) -> None:
    for after_s in (1, 1.4, 2, 2.2, 9):
        await click(site, after_s)
    await click(site, 2.1, "b")
    await click(site, 2.3, ip=BEN)
    answer = await site.ask("heatmap", {**TODAY, "page": "/"})
    assert answer["elements"] == [
        # At 2.0 the third since 1.0, at 2.2 the third since 1.4.
        {"selector": "a.buy", "clicks": 6, "visitors": 2, "rage_clicks": 2},
        {"selector": "b", "clicks": 1, "visitors": 1, "rage_clicks": 0},
    ]
    assert (answer["total_clicks"], answer["placed_clicks"]) == (7, 7)
    assert answer["viewport_width"] is None


async def test_shares_are_of_all_rows_not_of_those_shown(site: Site) -> None:
    for number, message in enumerate(("a", "a", "a", "b")):
        await site.send(number, ANN, CHROME, {"type": "js_error", "message": message})
        await site.send(number, ANN, CHROME, {"type": "search_query", "query": message})
        link = {"type": "outlink", "url": f"https://{message}.example/", "path": "/"}
        await site.send(number, ANN, CHROME, link)
    for family in ("errors", "searches", "links"):
        answer = await site.ask(family, {**TODAY, "limit": 1})
        assert (answer["rows"][0]["share"], answer["total_rows"]) == (0.75, 2), family
    totals = (await site.ask("errors", TODAY))["totals"]
    assert (totals["affected_sessions"], totals["sessions"], totals["error_rate"]) == (1, 2, 0.5)


async def test_a_part_that_is_too_long_is_refused(site: Site) -> None:
    headers = [("Authorization", f"Bearer {site.key}")]
    body = {"project": "shop", **TODAY, "limit": 10_001}
    answered = await site.call("POST", "/api/reports/scroll", body, headers=headers)
    assert answered.status == 400
    assert b"limit is 10001; 1 to 10000 are accepted" in answered.body
