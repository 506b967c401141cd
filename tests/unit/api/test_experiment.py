"""Experiments and flags through our own API, with figures worked out by hand, and the same
experiment read through Pulse."""

from collections import Counter
from collections.abc import AsyncIterator
from math import isclose
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from scipy import stats

from footfall.experiments import register
from footfall.experiments.assignment import assign
from tests.site import CHROME, Site, open_site
from tests.unit.http.asgi_call import Answered

GRADEMYPAGE = {
    "name": "Headline",
    "type": "copy",
    "targetUrl": "/pricing",
    "urlMatchType": "exact",
    "trafficPercentage": 80,
    "variants": [
        {"name": "Original", "isControl": True, "weight": 50, "changes": []},
        {
            "name": "Short",
            "isControl": False,
            "weight": 50,
            "changes": [{"selector": "h1", "changeType": "text", "value": "Buy"}],
        },
    ],
}
BUTTON = {
    "id": "button",
    "name": "Button",
    "metric": "buy",
    "status": "running",
    "variants": [
        {"id": "blue", "name": "Blue", "weight": 50},
        {"id": "green", "name": "Green", "weight": 50},
    ],
}


@pytest.fixture(autouse=True)
def salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same salt each time: who sees what is chance, and a test must not be."""
    monkeypatch.setattr(register, "draw_salt", lambda: "0f1e2d3c4b5a6978")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, modules=["ab_testing"]) as opened:
        yield opened


def path_of(site: Site, rest: str = "") -> str:
    return f"/projects/{site.project.id}/experiments{rest}"


async def test_an_experiment_in_grademypages_shape_is_kept_whole(site: Site) -> None:
    made = await site.admin("POST", path_of(site), GRADEMYPAGE, status=201)
    assert {k: made[k] for k in ("name", "type", "targetUrl", "urlMatchType")} == {
        k: GRADEMYPAGE[k] for k in ("name", "type", "targetUrl", "urlMatchType")
    }
    assert (made["status"], made["trafficPercentage"]) == ("draft", 80)
    assert [v["isControl"] for v in made["variants"]] == [True, False]
    assert made["variants"][1]["changes"] == [
        {"selector": "h1", "changeType": "text", "value": "Buy"}
    ]
    assert all(v["id"] for v in made["variants"])
    listed = await site.admin("GET", path_of(site))
    assert listed == {"experiments": [made]}
    running = await site.admin("PUT", path_of(site, f"/{made['id']}/status"), {"status": "active"})
    assert (running["status"], running["startedAt"]) == ("running", "2026-03-01T12:00:00Z")
    assert await site.admin("GET", path_of(site, f"/{made['id']}")) == running
    seen = await site.read(f"/experiments/exp-{made['id']}")
    assert (seen["status"], [v["name"] for v in seen["variants"]]) == (
        "running",
        ["Original", "Short"],
    )


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"type": "video"}, "unknown type 'video'; accepted are copy, css, layout, flag"),
        ({"urlMatchType": "regex"}, "unknown urlMatchType 'regex'"),
        ({"trafficPercentage": 120}, "trafficPercentage 120 is out of range"),
        ({"trafficPercentage": 10**30}, "trafficPercentage 1000"),
        ({"status": "live"}, "unknown status 'live'"),
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"variants": []}, "0 variants; accepted are 1 to 20"),
        ({"variants": [{"name": "a"}]}, "missing required field 'variants[0].weight'"),
        (
            {"variants": [{"name": "a", "weight": 1, "changes": [
                {"selector": "h1", "changeType": "zoom", "value": "2"}]}]},
            "unknown changeType 'zoom'; accepted are text, html, style, class, css",
        ),
    ],
)  # fmt: skip
async def test_a_mistake_is_named(site: Site, change: dict[str, Any], sentence: str) -> None:
    answer = await site.admin("POST", path_of(site), {**GRADEMYPAGE, **change}, status=400)
    assert sentence in answer["error"]
    assert await site.admin("GET", path_of(site)) == {"experiments": []}


async def test_only_the_admin_token_opens_management(site: Site) -> None:
    for method, rest in (("GET", ""), ("POST", ""), ("PUT", "/x/status"), ("DELETE", "/x")):
        answered = await site.call(
            method,
            f"/api/admin{path_of(site, rest)}",
            {},
            headers=[("Authorization", f"Bearer {site.key}")],
        )
        assert (answered.status, answered.body) == (401, b'{"error":"Unauthorized"}')


async def test_an_id_is_taken_once(site: Site) -> None:
    await site.admin("POST", path_of(site), BUTTON, status=201)
    answer = await site.admin("POST", path_of(site), BUTTON, status=409)
    assert answer == {"error": "Experiment 'button' exists already."}
    await site.admin("DELETE", path_of(site, "/button"), status=400)
    await site.admin("PUT", path_of(site, "/button/status"), {"status": "archived"})
    await site.admin("DELETE", path_of(site, "/button"), status=204)
    assert await site.admin("GET", path_of(site, "/button"), status=404) == {
        "error": "Experiment 'button' not found."
    }


async def expose(site: Site, after_s: float, visitor_id: str) -> str:
    site.set_clock(after_s)
    path = "/api/v1/experiments/button/assign"
    answered = await site.post("198.51.100.1", CHROME, {"visitor_id": visitor_id}, path)
    assert answered.status == 200, answered.body
    return str(msgspec.json.decode(answered.body)["variant"])


async def send(site: Site, after_s: float, name: str, visitor_id: str, **more: Any) -> None:
    event = {"type": "event", "name": name, "path": "/", "visitor_id": visitor_id, **more}
    await site.send(after_s, "198.51.100.1", CHROME, event)


async def test_the_report_and_pulse_give_the_same_figures(site: Site) -> None:
    await site.admin("POST", path_of(site), BUTTON, status=201)
    shown = {f"v{n}": await expose(site, n, f"v{n}") for n in range(120)}
    visitors = Counter(shown.values())
    bought: Counter[str] = Counter()
    for number, (visitor, variant) in enumerate(shown.items()):
        # More of the green ones buy.
        if number % 5 < (2 if variant == "Blue" else 3):
            bought[variant] += 1
            price = {"revenue_amount": 20.5, "revenue_currency": "EUR"}
            await send(site, 150 + number, "buy", visitor, **price)
    await send(site, 300, "signup", "v1")
    answer = await site.ask("experiment", {"experiment": "exp-button", "metrics": ["signup"]})
    pulse = (await site.read("/experiments/button/results"))["results"]
    own = answer["metrics"][0]
    assert (own["name"], answer["metrics"][1]["name"]) == ("buy", "signup")
    for line, theirs in zip(own["variants"], pulse, strict=True):
        name = line["name"]
        assert (line["units"], line["conversions"]) == (visitors[name], bought[name])
        assert (theirs["visitors"], theirs["conversions"]) == (visitors[name], bought[name])
        assert theirs["conversion_rate"] == round(line["rate"] * 100, 2)
        assert line["revenue"] == theirs["revenue"] == 20.5 * bought[name]
        wilson = stats.binomtest(bought[name], visitors[name]).proportion_ci(0.95, "wilson")
        assert isclose(line["rate_interval"]["low"], wilson.low, rel_tol=1e-9)
        assert isclose(line["rate_interval"]["high"], wilson.high, rel_tol=1e-9)
    blue, green = own["variants"]
    assert blue["control"]
    assert blue["comparison"] is None
    comparison = green["comparison"]
    rates = [bought[name] / visitors[name] for name in ("Blue", "Green")]
    assert isclose(comparison["uplift"]["value"], rates[1] / rates[0] - 1)
    assert comparison["verdict"] == pulse[1]["significance"] == "undecided"
    assert comparison["p_sequential"] > comparison["p_value"]
    assert comparison["significance"] == "Not yet — need more data (N < 100 impressions)"
    assert answer["sample_ratio"]["observed"] == [visitors["Blue"], visitors["Green"]]
    assert answer["sample_ratio"]["expected"] == [60.0, 60.0]
    assert not answer["sample_ratio"]["alarm"]
    assert answer["contaminated"] == 0
    signups = [v["conversions"] for v in answer["metrics"][1]["variants"]]
    assert sum(signups) == 1
    size = answer["sample_size"]
    assert (size["base_conversions"], size["base_units"]) == (bought["Blue"], visitors["Blue"])
    assert size["missing"] == size["needed_per_variant"] - min(visitors.values())


async def test_a_filter_chooses_exposures_and_not_conversions(site: Site) -> None:
    await site.admin("POST", path_of(site), BUTTON, status=201)
    await expose(site, 1, "a")
    server = {"type": "event", "name": "buy", "path": "/", "visitor_id": "a"}
    answered = await site.post("203.0.113.200", "python-requests/2.32", server)
    assert answered.status == 200
    browsers = {"dimension": "browser", "operator": "is", "values": ["Chrome"]}
    answer = await site.ask("experiment", {"experiment": "button", "filters": browsers})
    lines = answer["metrics"][0]["variants"]
    assert sum(line["units"] for line in lines) == 1
    assert sum(line["conversions"] for line in lines) == 1
    others = {**browsers, "values": ["Firefox"]}
    answer = await site.ask("experiment", {"experiment": "button", "filters": others})
    assert sum(line["units"] for line in answer["metrics"][0]["variants"]) == 0


async def test_questions_that_cannot_be_are_refused(site: Site) -> None:
    await site.admin("POST", path_of(site), BUTTON, status=201)
    for body, status, part in (
        ({"experiment": "nope"}, 404, "Experiment 'nope' not found"),
        ({"experiment": "button", "uplift": 0}, 400, "uplift 0 is out of range"),
        ({"experiment": "button", "metrics": [str(n) for n in range(10)]}, 400, "11 metrics"),
        ({"experiment": "button", "unit": "page"}, 400, "unit"),
    ):
        answered = await site.call(
            "POST",
            "/api/reports/experiment",
            {"project": site.project.slug, **body},
            headers=[("Authorization", f"Bearer {site.key}")],
        )
        assert answered.status == status
        assert part in answered.body.decode()


async def ask_flags(site: Site, **given: str) -> Answered:
    return await site.call("GET", f"/api/flags?{urlencode(given)}")


async def test_a_flag_is_on_for_its_share_of_the_visitors(site: Site) -> None:
    flag = {
        "id": "new-checkout",
        "name": "New checkout",
        "type": "flag",
        "status": "running",
        "trafficPercentage": 30,
        "variants": [{"id": "on", "name": "On", "weight": 1, "config": {"steps": 2}}],
    }
    await site.admin("POST", path_of(site), flag, status=201)
    await site.admin("POST", path_of(site), {**BUTTON, "status": "running"}, status=201)
    on = 0
    for number in range(500):
        answered = await ask_flags(site, projectId=site.project.id, visitorId=f"v{number}")
        assert answered.status == 200
        flags = msgspec.json.decode(answered.body)["flags"]
        assert list(flags) == ["new-checkout"]
        expected = {"enabled": True, "variant": "on", "config": {"steps": 2}}
        is_on = flags["new-checkout"] == expected
        assert is_on or flags["new-checkout"] == dict.fromkeys(expected) | {"enabled": False}
        on += is_on
    assert 120 < on < 180
    assert answered.headers["cache-control"] == "private, max-age=60"
    assert answered.headers["access-control-allow-origin"] == "*"
    stats_of_flag = await site.ask("experiment", {"experiment": "new-checkout"})
    assert stats_of_flag["metrics"][0]["variants"][0]["units"] == 0
    await site.admin("PUT", path_of(site, "/new-checkout/split"), {"trafficPercentage": 100})
    answered = await ask_flags(site, projectId=site.project.id, visitorId="anyone")
    assert b'"enabled":true' in answered.body
    await site.admin("PUT", path_of(site, "/new-checkout/status"), {"status": "paused"})
    answered = await ask_flags(site, projectId=site.project.id, visitorId="anyone")
    assert answered.body == b'{"flags":{}}'


async def test_a_flag_with_variants_gives_the_one_that_assignment_gives(site: Site) -> None:
    flag = {**BUTTON, "type": "flag", "targetUrl": "/shop", "urlMatchType": "starts_with"}
    await site.admin("POST", path_of(site), flag, status=201)
    (experiment,) = site.footfall.experiments.list_running(site.project.number)
    for visitor in ("a", "b", "ü"):
        answered = await ask_flags(
            site, projectId=site.project.id, visitorId=visitor, url="https://x.example/shop/1"
        )
        variant = assign(experiment, visitor)
        assert variant is not None
        assert msgspec.json.decode(answered.body)["flags"]["button"]["variant"] == variant.id
    elsewhere = await ask_flags(site, projectId=site.project.id, visitorId="a", url="/about")
    assert msgspec.json.decode(elsewhere.body)["flags"]["button"]["enabled"] is False


@pytest.mark.parametrize(
    ("given", "status", "sentence"),
    [
        ({"visitorId": "a"}, 400, "missing required field 'projectId'"),
        ({"projectId": "x"}, 400, "missing required field 'visitorId'"),
        ({"projectId": "x", "visitorId": "a"}, 404, "Project 'x' not found."),
        ({"projectId": "x", "visitorId": "a" * 256}, 400, "visitorId has 256 characters"),
    ],
)
async def test_a_bad_question_for_flags_is_named(
    site: Site, given: dict[str, str], status: int, sentence: str
) -> None:
    answered = await ask_flags(site, **given)
    assert answered.status == status
    assert sentence in msgspec.json.decode(answered.body)["error"]
    assert answered.headers["cache-control"] == "no-store"


async def test_flags_are_limited_for_each_project(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"RATE_LIMIT_PER_SECOND": "3"}) as site:
        given = {"projectId": site.project.id, "visitorId": "a"}
        statuses = [(await ask_flags(site, **given)).status for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        site.set_clock(2)
        assert (await ask_flags(site, **given)).status == 200
