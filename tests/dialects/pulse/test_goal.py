"""Pulse's goals: the document's calls against the whole program, figures counted by hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.dialects.pulse.goal.render import render_goal, render_stats
from footfall.reports.definition import Saved
from footfall.reports.goal import GoalFigures
from footfall.reports.query import GoalFilter
from tests.site import CHROME, Site, open_site

DAY = "start_at=2026-03-01&end_at=2026-03-01"
PURCHASE = {
    "name": "Completed Purchase",
    "goal_type": "event",
    "config": {"event_name": "purchase"},
}


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as opened:
        yield opened


async def view(site: Site, at_s: float, person: int, path: str) -> None:
    await site.send(at_s, f"198.51.100.{person}", CHROME, {"type": "pageview", "path": path})


async def buy(site: Site, at_s: float, person: int, amount: float, **more: Any) -> None:
    event = {"type": "event", "name": "purchase", "revenue_amount": amount, **more}
    await site.send(at_s, f"198.51.100.{person}", CHROME, event)


async def make_goal(site: Site, goal_type: str, **config: Any) -> str:
    body = {"name": "A goal", "goal_type": goal_type, "config": config}
    made = await site.manage("POST", "/goals", body, status=201)
    assert (made["goal_type"], made["config"]) == (goal_type, config)
    return str(made["id"])


async def read_stats(site: Site, goal_id: str, period: str = DAY) -> tuple[Any, ...]:
    stats = await site.read(f"/goals/{goal_id}/stats?{period}")
    assert stats.pop("goal_id") == goal_id
    assert stats.pop("name") == "A goal"
    assert list(stats) == ["conversions", "unique_visitors", "total_revenue", "conversion_rate"]
    return tuple(stats.values())


def test_the_documented_figures_follow_from_the_documented_counts() -> None:
    saved = Saved("g9a8b7c6", "Completed Purchase", GoalFilter(event="purchase"), "", 0, 0)
    figures = GoalFigures(89, 84, 3241, {"USD": 4_287_560_000})
    assert msgspec.to_builtins(render_stats(saved, figures)) == {
        "goal_id": "g9a8b7c6",
        "name": "Completed Purchase",
        "conversions": 89,
        "unique_visitors": 84,
        "total_revenue": 4287.56,
        "conversion_rate": 2.59,
    }


@pytest.mark.parametrize(
    ("goal", "words"),
    [
        (GoalFilter(page="/a"), ("pageview", {"path": "/a"})),
        (
            GoalFilter(event="buy", props=(("plan", "pro"),)),
            ("event", {"event_name": "buy", "event_data_match": {"plan": "pro"}}),
        ),
        (GoalFilter(min_duration_s=9), ("duration", {"threshold_seconds": 9})),
        (GoalFilter(min_pageviews=3), ("pages_per_session", {"threshold_pages": 3})),
    ],
)
def test_a_goal_of_another_door_is_shown_in_documented_words(goal: Any, words: Any) -> None:
    shown = render_goal(Saved("g", "n", goal, "", 0, 0))
    assert (shown.goal_type, shown.config) == words


async def test_a_goal_is_saved_read_changed_and_deleted(site: Site) -> None:
    made = await site.manage("POST", "/goals", PURCHASE, status=201)
    assert list(made) == ["id", "name", "goal_type", "config", "created_at"]
    assert made == {**PURCHASE, "id": made["id"], "created_at": "2026-03-01T12:00:00Z"}
    assert await site.read("/goals") == {"data": [made]}
    assert await site.read(f"/goals/goal-{made['id']}") == made
    renamed = await site.manage("PUT", f"/goals/{made['id']}", {"name": "Paid"})
    assert renamed == {**made, "name": "Paid"}
    config = {"event_name": "paid"}
    changed = await site.manage("PUT", f"/goals/{made['id']}", {"config": config})
    assert changed == {**made, "name": "Paid", "config": config}
    other = {"goal_type": "duration", "config": {"threshold_seconds": 120}}
    assert await site.manage("PUT", f"/goals/{made['id']}", other) == {**changed, **other}
    await site.manage("DELETE", f"/goals/{made['id']}", status=204)
    for path in ("", "/stats"):
        error = await site.manage("GET", f"/goals/{made['id']}{path}", status=404)
        assert error == {"error": f"Goal '{made['id']}' not found."}


async def test_a_session_converts_once_and_every_purchase_pays(site: Site) -> None:
    await view(site, 0, 1, "/")
    await buy(site, 10, 1, 19.99)
    await buy(site, 20, 1, 5)
    await buy(site, 4000, 1, 1)  # another session
    await buy(site, 30, 2, 100, revenue_currency="EUR")
    await view(site, 0, 3, "/")
    goal = await make_goal(site, "event", event_name="purchase")
    assert await read_stats(site, goal) == (3, 2, 125.99, 66.67)
    answer = await site.ask("goal", {"range": "today", "goal": {"id": goal}})
    assert answer["total"] == {
        "conversions": 3,
        "converted_visitors": 2,
        "visitors": 3,
        "rate": 2 / 3,
        "revenue": {"USD": 25.99, "EUR": 100.0},
    }


async def test_properties_choose_among_events(site: Site) -> None:
    await buy(site, 0, 1, 1, data={"plan": "pro", "seats": 9, "trial": True})
    await buy(site, 0, 2, 1, data={"plan": "free", "seats": 9.0})
    for match, count in (
        ({"plan": "pro"}, 1),
        ({"seats": 9}, 2),
        ({"seats": 9, "trial": True}, 1),
        ({"plan": "PRO"}, 0),
    ):
        goal = await make_goal(site, "event", event_name="purchase", event_data_match=match)
        assert (await read_stats(site, goal))[0] == count, match


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"path": "/pricing"}, (2, 2, 0.0, 66.67)),
        ({"path": "/pricing?x=1"}, (2, 2, 0.0, 66.67)),
        ({"url_pattern": "/pri%"}, (2, 2, 0.0, 66.67)),
        ({"url_pattern": "%"}, (3, 3, 0.0, 100.0)),
        ({"path": "/blog/*/end"}, (0, 0, 0.0, 0.0)),
        ({"path": "https://shop.example/pricing"}, (2, 2, 0.0, 66.67)),
        ({"path": "/a%20b"}, (1, 1, 0.0, 33.33)),
    ],
)
async def test_pages_match_exactly_or_by_wildcard(site: Site, config: Any, expected: Any) -> None:
    await view(site, 0, 1, "/pricing?plan=1")
    await view(site, 5, 1, "/pricing")
    await view(site, 0, 2, "/pricing")
    await view(site, 0, 3, "/a%20b")
    goal = await make_goal(site, "pageview", **config)
    assert await read_stats(site, goal) == expected


async def test_a_session_at_the_threshold_is_long_enough(site: Site) -> None:
    for person, length_s in ((1, 119), (2, 120), (3, 121)):
        await view(site, 0, person, "/")
        await view(site, length_s, person, "/b")
    assert await read_stats(site, await make_goal(site, "duration", threshold_seconds=120)) == (
        (2, 2, 0.0, 66.67)
    )
    for name in ("threshold_pages", "min_pages", "threshold"):
        goal = await make_goal(site, "pages_per_session", **{name: 2})
        assert (await read_stats(site, goal))[0] == 3
    assert (await read_stats(site, await make_goal(site, "pages_per_session", min_pages=3)))[0] == 0


async def test_a_conversion_counts_in_the_period_of_its_event(site: Site) -> None:
    midnight_s = 12 * 3600
    await view(site, midnight_s - 60, 1, "/")
    await buy(site, midnight_s, 1, 7)
    goal = await make_goal(site, "event", event_name="purchase")
    assert await read_stats(site, goal, DAY) == (0, 0, 0.0, 0.0)
    next_day = "start_at=2026-03-02&end_at=2026-03-02"
    assert await read_stats(site, goal, next_day) == (1, 1, 7.0, 100.0)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"goal_type": "event", "config": {}}, "missing required field 'name'."),
        ({"name": "x", "config": {}}, "missing required field 'goal_type'."),
        ({"name": "x", "goal_type": "event"}, "missing required field 'config'."),
        (
            {"name": "x", "goal_type": "click", "config": {}},
            "goal_type is 'click'; accepted are pageview, event, duration, pages_per_session.",
        ),
        (
            {"name": "x", "goal_type": "event", "config": {}},
            "missing required field 'config.event_name'.",
        ),
        (
            {"name": "x", "goal_type": "pageview", "config": {"path": 5}},
            "config.path is '5'; accepted is text.",
        ),
        (
            {"name": "x", "goal_type": "duration", "config": {"threshold_seconds": -1}},
            "config.threshold_seconds is '-1'; accepted is a whole number from 1 on.",
        ),
        (
            {"name": "x", "goal_type": "duration", "config": {"threshold_seconds": "1e999"}},
            "config.threshold_seconds is '1e999'; accepted is a whole number from 1 on.",
        ),
        (
            {
                "name": "x",
                "goal_type": "event",
                "config": {"event_name": "a", "event_data_match": {"k": [1]}},
            },
            "config.event_data_match.k is '[1]'; accepted is text, a number, true or false.",
        ),
    ],
)
async def test_bad_goals_are_refused_in_words(site: Site, body: Any, sentence: str) -> None:
    error = await site.manage("POST", "/goals", body, status=400)
    assert error == {"error": f"Invalid request body: {sentence}"}


async def test_a_saved_goal_is_a_filter_of_any_question(site: Site) -> None:
    await view(site, 0, 1, "/")
    await buy(site, 10, 1, 5)
    await view(site, 0, 2, "/")
    goal = await make_goal(site, "event", event_name="purchase")
    long = await make_goal(site, "duration", threshold_seconds=10)
    headers = [("Authorization", f"Bearer {site.key}")]

    async def ask(goal_id: str) -> tuple[int, Any]:
        question = {
            "project": "shop",
            "metrics": ["visitors"],
            "range": "today",
            "filters": {"not": {"goal": {"id": goal_id}}},
        }
        answered = await site.call("POST", "/api/query", question, headers=headers)
        return answered.status, msgspec.json.decode(answered.body)

    for saved in (goal, long):
        status, answer = await ask(saved)
        assert (status, answer["totals"]) == (200, {"visitors": 1})
    status, answer = await ask("nothing")
    assert (status, answer["error"]["message"]) == (404, "Goal 'nothing' not found.")
