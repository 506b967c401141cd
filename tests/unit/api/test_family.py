"""Every family of reports through the whole program: its documented example is answered."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.api.family.table import FAMILIES
from footfall.experiments.experiment import Plan, Variant
from tests.site import CHROME, Site, open_site


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, modules=["webvitals"]) as opened:
        yield opened


async def add_what_examples_name(site: Site) -> None:
    variants = (Variant("", "blue", 1), Variant("", "green", 1))
    plan = Plan("Button", variants, id="checkout-button")
    await asyncio.to_thread(site.footfall.experiments.create, site.project.number, plan)


async def ask(site: Site, path: str, body: dict[str, Any], key: str | None = None) -> Any:
    headers = [("Authorization", f"Bearer {key or site.key}")]
    answered = await site.call("POST", path, body, headers=headers)
    return answered.status, msgspec.json.decode(answered.body)


@pytest.mark.parametrize("family", FAMILIES, ids=lambda f: f.name)
async def test_the_documented_example_is_answered(site: Site, family: Any) -> None:
    await add_what_examples_name(site)
    body = {**family.example, "project": site.project.slug}
    status, answer = await ask(site, family.path, body)
    assert status == 200, answer
    assert answer["project"] == site.project.id


async def test_names_what_it_does_not_know(site: Site) -> None:
    status, answer = await ask(site, "/api/reports/nothing", {"project": "shop", "range": "7d"})
    assert (status, answer["error"]["code"]) == (404, "not_found")
    status, answer = await ask(
        site, "/api/reports/vitals", {"project": "shop", "range": "7d", "colour": "red"}
    )
    assert (status, answer["error"]["field"]) == (400, "colour")
    status, answer = await ask(site, "/api/reports/vitals", {"project": "shop", "range": "7d"}, "x")
    assert status == 401


async def test_quantiles_of_vitals_interpolate(site: Site) -> None:
    for number, value in enumerate((1_000, 2_000, 3_000, 4_000)):
        vital = {"type": "web_vital", "name": "LCP", "value": value, "path": "/"}
        await site.send(number, "198.51.100.1", CHROME, vital)
    answer = await site.ask("vitals", {"range": "today"})
    assert answer["vitals"] == {
        "LCP": {"p50": 2500.0, "p75": 3250.0, "p99": 3970.0, "samples": 4}
        | {"rating": "needs-improvement"}
        | {"good": 2, "needs_improvement": 2, "poor": 0}
    }
