"""One experiment behind three vocabularies: what Echelon's door made is read through Pulse's
results, Echelon's statistics and our own report, and shows GradeMyPage's script its variants."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.dialects.echelon.beacon import send, solve
from tests.site import Site, open_site

SECRET = "the-secret-of-the-tests"
EXPERIMENT = {
    "experiment_id": "checkout-v2",
    "name": "Checkout",
    "metric_event_type": "purchase",
    "site_id": "shop",
    "variants": [
        {"variant_id": "control", "name": "Original", "weight": 50, "is_control": True},
        {"variant_id": "redesign", "name": "New Flow", "weight": 50},
    ],
}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    settings = {"ECHELON_SECRET": SECRET, "ECHELON_RATE_LIMIT_MAX": "0"}
    async with open_site(tmp_path, modules=["ab_testing"], settings=settings) as opened:
        yield opened


async def call_echelon(site: Site, method: str, path: str, body: Any = None) -> Any:
    headers = [("Authorization", f"Bearer {SECRET}")]
    answered = await site.call(method, f"/api{path}", body, headers=headers)
    assert answered.status in {200, 201}, answered.body
    return msgspec.json.decode(answered.body)


async def test_every_door_tells_the_same_figures(site: Site) -> None:
    await call_echelon(site, "POST", "/experiments", EXPERIMENT)
    await call_echelon(site, "PATCH", "/experiments/checkout-v2", {"status": "active"})
    shown, bought = {"control": 0, "redesign": 0}, {"control": 0, "redesign": 0}
    for number in range(240):
        variant = "control" if number % 2 else "redesign"
        session = f"{number:08d}-2222-4333-8444-555555555555"
        ip = f"198.51.{100 + number // 200}.{number % 200 + 1}"
        data = {"name": "seen", "experiment_id": "checkout-v2", "variant_id": variant}
        event = {"type": "custom", "data": data, "sessionId": session}
        site.set_clock(number)
        await send(site, event, ip=ip, siteId="shop", tok=solve(site, session, "shop"))
        shown[variant] += 1
        if number % 5 == 0 or (variant == "redesign" and number % 3 == 0):
            sale = {"type": "custom", "data": {"name": "purchase"}, "sessionId": session}
            await send(site, sale, ip=ip, siteId="shop", tok=solve(site, session, "shop"))
            bought[variant] += 1
    site.set_clock(1_000)
    (of_echelon,) = await call_echelon(site, "GET", "/stats/experiments")
    of_pulse = await site.read("/experiments/exp-checkout-v2/results")
    own = await site.ask("experiment", {"experiment": "checkout-v2", "range": "today"})
    assert min(shown.values()) >= 100
    for variant in EXPERIMENT["variants"]:  # type: ignore[attr-defined]
        key, name = variant["variant_id"], variant["name"]
        expected = (shown[key], bought[key])
        echelon = next(v for v in of_echelon["variants"] if v["variant_id"] == key)
        assert (echelon["impressions"], echelon["conversions"]) == expected
        assert echelon["conversion_rate"] == round(bought[key] / shown[key], 6)
        pulse = next(r for r in of_pulse["results"] if r["variant"] == name)
        assert (pulse["visitors"], pulse["conversions"]) == expected
        assert pulse["conversion_rate"] == round(bought[key] / shown[key] * 100, 2)
        ours = next(v for v in own["metrics"][0]["variants"] if v["id"] == key)
        assert (ours["units"], ours["conversions"]) == expected
    uplift = (bought["redesign"] / shown["redesign"]) / (bought["control"] / shown["control"]) - 1
    assert of_echelon["variants"][1]["relative_uplift"] == round(uplift, 6)
    assert of_echelon["variants"][1]["significance"].startswith("Statistically significant")
    active = await site.call(
        "GET", f"/api/analytics/experiments/active?projectId={site.project.id}"
    )
    (listed,) = msgspec.json.decode(active.body)["experiments"]
    assert [v["id"] for v in listed["variants"]] == ["control", "redesign"]
