"""Pulse's experiments through the whole program: the documented shapes and figures by hand."""

import re
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.dialects.pulse.experiment.render import render_results
from footfall.experiments import register
from footfall.experiments.analysis import analyse
from footfall.experiments.experiment import Plan, Variant
from footfall.experiments.status import PERMISSIVE
from footfall.experiments.tally import Arm, Cell, Tally
from footfall.model.time_range import TimeRange
from tests.site import CHROME, Site, open_site
from tests.unit.experiments.builder import make_experiment

UUID = r"exp-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
DOCUMENTED = {
    "name": "CTA Button Color",
    "description": "Test whether blue, green, or orange CTA converts best",
    "variants": [
        {"name": "control_blue", "weight": 34},
        {"name": "variant_green", "weight": 33},
        {"name": "variant_orange", "weight": 33},
    ],
    "goal_id": "g9a8b7c6-5432-1fed-cba0-987654321012",
}


@pytest.fixture(autouse=True)
def salt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same salt each time: who sees what is chance, and a test must not be."""
    monkeypatch.setattr(register, "draw_salt", lambda: "0f1e2d3c4b5a6978")


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, modules=["ab_testing"]) as opened:
        yield opened


async def assign(site: Site, experiment: str, visitor_id: str | None, status: int = 200) -> Any:
    body = None if visitor_id is None else {"visitor_id": visitor_id}
    path = f"/api/v1/experiments/{experiment}/assign"
    answered = await site.post("198.51.100.1", CHROME, body, path)
    assert answered.status == status, answered.body
    return msgspec.json.decode(answered.body)


async def test_the_documented_experiment_goes_its_documented_way(site: Site) -> None:
    made = await site.manage("POST", "/experiments", DOCUMENTED, status=201)
    assert re.fullmatch(UUID, made["id"])
    assert made == {
        "id": made["id"],
        "name": "CTA Button Color",
        "status": "draft",
        "variants": DOCUMENTED["variants"],
        "goal_id": DOCUMENTED["goal_id"],
        "created_at": "2026-03-01T12:00:00Z",
    }
    listed = await site.read("/experiments")
    line = {k: made[k] for k in ("id", "name", "status", "created_at")}
    assert listed == {"data": [{**line, "variants": 3}]}
    path = f"/experiments/{made['id']}"
    whole = await site.read(path)
    assert whole == {
        **made,
        "description": DOCUMENTED["description"],
        "started_at": None,
        "ended_at": None,
    }
    assert await site.read(f"/experiments/{made['id'].removeprefix('exp-')}") == whole
    for after_s, status in ((60, "running"), (120, "paused"), (180, "running"), (240, "completed")):
        site.set_clock(after_s)
        whole = await site.manage("PUT", f"{path}/status", {"status": status})
        assert whole["status"] == status
    assert whole["started_at"] == "2026-03-01T12:01:00Z"
    assert whole["ended_at"] == "2026-03-01T12:04:00Z"
    await site.manage("DELETE", path, status=204)
    gone = await site.manage("GET", path, status=404)
    assert gone == {"error": f"Experiment '{made['id']}' not found."}


async def test_what_cannot_be_is_said_in_a_sentence(site: Site) -> None:
    async def refuse(method: str, path: str, body: Any) -> str:
        answer = await site.manage(method, path, body, status=400)
        return str(answer["error"])

    variants = DOCUMENTED["variants"]
    assert await refuse("POST", "/experiments", {"variants": variants}) == (
        "Invalid request body: missing required field 'name'."
    )
    assert await refuse("POST", "/experiments", {"name": "x"}) == (
        "Invalid request body: missing required field 'variants'."
    )
    bad = {"name": "x", "variants": [{"name": "a", "weight": -1}]}
    assert "weight -1 of variant 'a'" in await refuse("POST", "/experiments", bad)
    made = await site.manage("POST", "/experiments", DOCUMENTED, status=201)
    path = f"/experiments/{made['id']}"
    assert await refuse("PUT", f"{path}/status", {"status": "paused"}) == (
        "Invalid request body: an experiment that is draft cannot become 'paused'; "
        "after draft comes running."
    )
    assert "unknown status 'on'" in await refuse("PUT", f"{path}/status", {"status": "on"})
    assert "is draft; visitors are assigned only" in str(await assign(site, made["id"], "v", 400))
    await site.manage("PUT", f"{path}/status", {"status": "running"})
    assert "running cannot be deleted" in str(await site.manage("DELETE", path, status=400))


async def test_the_module_must_be_on(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        for method, path in (("GET", "/experiments"), ("POST", "/experiments/x/assign")):
            answer = await site.manage(method, path, status=403)
            assert answer == {"error": "Module 'ab_testing' is not enabled for this project."}


async def start(site: Site, **changes: Any) -> str:
    """Start an experiment that counts the event 'buy', made as another door makes it."""
    plan = Plan(
        name="Button",
        variants=(Variant("", "blue", 50), Variant("", "green", 50)),
        metric="buy",
        status="running",
    )
    made = site.footfall.experiments.create(site.project.number, replace(plan, **changes))
    return made.id


async def test_a_visitor_keeps_its_variant_and_is_counted_once(site: Site) -> None:
    experiment = await start(site)
    answers = [await assign(site, experiment, "anna") for _ in range(3)]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]["experiment_id"] == f"exp-{experiment}"
    by_query = await site.post(
        "198.51.100.1", CHROME, None, f"/api/v1/experiments/{experiment}/assign?visitor_id=anna"
    )
    assert msgspec.json.decode(by_query.body) == answers[0]
    results = await site.read(f"/experiments/{experiment}/results")
    assert sum(r["visitors"] for r in results["results"]) == 1


async def test_without_an_id_the_visitor_is_the_one_of_collect(site: Site) -> None:
    experiment = await start(site)
    answer = await assign(site, experiment, None)
    event = {"type": "event", "name": "buy", "path": "/"}
    await site.send(5, "198.51.100.1", CHROME, event)
    results = await site.read(f"/experiments/{experiment}/results")
    line = next(r for r in results["results"] if r["variant"] == answer["variant"])
    assert (line["visitors"], line["conversions"], line["conversion_rate"]) == (1, 1, 100.0)


async def test_results_are_what_was_sent(site: Site) -> None:
    """Fifty visitors; every fifth buys for 10 at once, one buys twice, one bought before."""
    await buy(site, 0, "early", 99)
    site.set_clock(1)
    experiment = await start(site)
    await buy(site, 2, "early", 99)
    shown: dict[str, str] = {}
    for number in range(50):
        site.set_clock(10 + number)
        shown[f"v{number}"] = (await assign(site, experiment, f"v{number}"))["variant"]
    shown["early"] = (await assign(site, experiment, "early"))["variant"]
    for number in range(0, 50, 5):
        await buy(site, 100 + number, f"v{number}", 10)
    await buy(site, 200, "v0", 5.5)
    await buy(site, 201, "stranger", 1_000)
    visitors = Counter(shown.values())
    buyers = Counter(shown[f"v{n}"] for n in range(0, 50, 5))
    revenue = {v: 10.0 * buyers[v] + (5.5 if shown["v0"] == v else 0) for v in visitors}
    results = await site.read(f"/experiments/{experiment}/results")
    lines = results.pop("results")
    assert results == {
        "experiment_id": f"exp-{experiment}",
        "name": "Button",
        "status": "running",
    }
    for line, variant in zip(lines, ("blue", "green"), strict=True):
        significance = line.pop("significance", None)
        assert significance == (None if variant == "blue" else "too_early")
        assert line == {
            "variant": variant,
            "visitors": visitors[variant],
            "conversions": buyers[variant],
            "conversion_rate": round(buyers[variant] / visitors[variant] * 100, 2),
            "revenue": revenue[variant],
        }
    assert visitors["blue"] > 10 < visitors["green"]
    # Only those assigned in the first twenty seconds of the experiment, and what they did then.
    part = await site.read(
        f"/experiments/{experiment}/results?start_at=2026-03-01T12:00:00Z"
        "&end_at=2026-03-01T12:00:20Z"
    )
    assert sum(r["visitors"] for r in part["results"]) == 10
    assert sum(r["conversions"] for r in part["results"]) == 0


async def test_nothing_after_the_end_is_counted(site: Site) -> None:
    experiment = await start(site)
    await assign(site, experiment, "a")
    site.set_clock(60)
    await site.manage("PUT", f"/experiments/{experiment}/status", {"status": "completed"})
    await buy(site, 61, "a", 10)
    results = await site.read(f"/experiments/{experiment}/results")
    assert [r["conversions"] for r in results["results"]] == [0, 0]
    await assign(site, experiment, "b", 400)


async def test_a_visitor_keeps_its_variant_when_weights_and_traffic_change(site: Site) -> None:
    experiment = await start(site)
    before = {}
    for number in range(60):
        before[number] = (await assign(site, experiment, f"v{number}"))["variant"]
    site.set_clock(60)
    site.footfall.experiments.change_split(
        site.project.number, experiment, weights={"blue": 9, "green": 1}, traffic_percent=50
    )
    after = {n: (await assign(site, experiment, f"v{n}"))["variant"] for n in before}
    assert after == before
    new = Counter([(await assign(site, experiment, f"new{n}"))["variant"] for n in range(120)])
    assert new["blue"] > new["green"] * 4
    results = await site.read(f"/experiments/{experiment}/results")
    assert 60 + 30 < sum(r["visitors"] for r in results["results"]) < 60 + 90


async def test_an_archived_experiment_of_another_door_reads_as_completed(site: Site) -> None:
    experiment = await start(site, id="hero", kind="flag")
    site.footfall.experiments.change_status(site.project.number, experiment, "archived", PERMISSIVE)
    whole = await site.read("/experiments/hero")
    assert (whole["id"], whole["status"], whole["goal_id"]) == ("hero", "completed", None)


async def buy(site: Site, after_s: float, visitor_id: str, amount: float) -> None:
    event = {
        "type": "event",
        "name": "buy",
        "path": "/",
        "visitor_id": visitor_id,
        "revenue_amount": amount,
        "revenue_currency": "EUR",
    }
    await site.send(after_s, "198.51.100.7", CHROME, event)


def test_the_documented_results_follow_from_their_counts() -> None:
    """1102/34, 1067/41 and 1072/29 visitors and conversions with the revenue of the document."""
    counts = ((1102, 34, 1_632_660_000), (1067, 41, 1_968_590_000), (1072, 29, 1_392_710_000))
    experiment = replace(make_experiment(34, 33, 33), id="a1b2c3d4-5678-9012-efab-cd3456789012")
    arms = tuple(
        Arm(variant, (Cell(0, False, 0, 0, n - hits), Cell(0, True, 0, 0, hits)), 0, revenue)
        for variant, (n, hits, revenue) in zip(experiment.variants, counts, strict=True)
    )
    results = render_results(
        analyse(experiment, [("buy", Tally(arms, 0))], TimeRange(0, 86_400_000_000))
    )
    assert results.experiment_id == "exp-a1b2c3d4-5678-9012-efab-cd3456789012"
    assert [(r.visitors, r.conversions, r.conversion_rate, r.revenue) for r in results.results] == [
        (1102, 34, 3.09, 1632.66),
        (1067, 41, 3.84, 1968.59),
        (1072, 29, 2.71, 1392.71),
    ]


@pytest.mark.parametrize(
    ("goal_type", "config", "converted"),
    [
        ("pageview", {"path": "/thanks*"}, {"reader", "buyer"}),
        ("event", {"event_name": "buy"}, {"buyer", "trier"}),
        ("event", {"event_name": "buy", "event_data_match": {"plan": "pro"}}, {"buyer"}),
        ("duration", {"threshold_seconds": 60}, {"reader", "buyer", "trier"}),
        ("pages_per_session", {"threshold_pages": 2}, {"reader"}),
    ],
)
async def test_a_saved_goal_is_what_counts(
    site: Site, goal_type: str, config: dict[str, Any], converted: set[str]
) -> None:
    goal = {"name": "Goal", "goal_type": goal_type, "config": config}
    made = await site.manage("POST", "/goals", goal, status=201)
    body = DOCUMENTED | {"goal_id": made["id"]}
    experiment = (await site.manage("POST", "/experiments", body, status=201))["id"]
    status = {"status": "running"}
    await site.manage("PUT", f"/experiments/{experiment}/status", status)
    for visitor in ("reader", "buyer", "trier", "nobody"):
        await assign(site, experiment, visitor)

    async def act(after_s: int, visitor: str, **fields: Any) -> None:
        payload = {"visitor_id": visitor, "payload": {"path": "/", **fields.pop("payload", {})}}
        await site.send(after_s, "198.51.100.9", CHROME, {"type": "pageview", **payload, **fields})

    await act(10, "reader")
    await act(80, "reader", payload={"path": "/thanks/you"})
    await act(90, "buyer", payload={"path": "/thanks"})
    plan = {"name": "buy", "data": {"plan": "pro"}}
    await act(95, "buyer", type="event", payload=plan)
    await act(96, "trier", type="event", payload={"name": "buy", "data": {"plan": "free"}})
    site.set_clock(200)
    results = (await site.read(f"/experiments/{experiment}/results"))["results"]
    assert sum(r["visitors"] for r in results) == 4
    assert sum(r["conversions"] for r in results) == len(converted)
    await site.manage("DELETE", f"/goals/{made['id']}", status=204)
    results = (await site.read(f"/experiments/{experiment}/results"))["results"]
    assert sum(r["conversions"] for r in results) == 0
