"""Funnels, goals, retention, cohorts, paths and journeys in the words of our API, through the real
pipeline; figures counted by hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.site import CHROME, IPHONE, NOON, Site, open_site

DAY_US = 86_400_000_000


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, at_us=NOON - 2 * DAY_US) as opened:
        yield opened


async def visit(
    site: Site, at_s: float, who: str, *steps: str, agent: str = CHROME, gap_s: float = 60
) -> None:
    """Let somebody with an id of their own see pages ('/page') and send events ('event')."""
    for number, step in enumerate(steps):
        is_page = step.startswith("/")
        payload: dict[str, Any] = {"path": step} if is_page else {"name": step}
        body = {"type": "pageview" if is_page else "event", "visitor_id": who, "payload": payload}
        await site.send(at_s + gap_s * number, "198.51.100.1", agent, body)


async def refuse(site: Site, family: str, body: dict[str, Any], status: int = 400) -> Any:
    answered = await site.call(
        "POST",
        f"/api/reports/{family}",
        {"project": "shop", "range": "today", **body},
        headers=[("Authorization", f"Bearer {site.key}")],
    )
    assert answered.status == status, answered.body
    return msgspec.json.decode(answered.body)["error"]


async def test_a_saved_funnel_by_device(site: Site) -> None:
    await visit(site, 0, "a", "/", "/pricing", "signup", agent=CHROME)
    await visit(site, 0, "b", "/", "/pricing", agent=IPHONE, gap_s=120)
    await visit(site, 0, "c", "/", agent=CHROME)
    steps = [
        {"type": "pageview", "value": "/", "label": "Start"},
        {"type": "pageview", "value": "/pri*"},
        {"type": "event", "value": "signup"},
    ]
    saved = await site.manage("POST", "/funnels", {"name": "F", "steps": steps}, status=201)
    body = {"range": "today", "funnel": saved["id"], "dimension": "device"}
    answer = await site.ask("funnel", body)
    assert [list(step.values()) for step in answer["steps"]] == [
        ["Start", 3, 0, 1.0, 1.0, None],
        ["/pri*", 2, 1, 2 / 3, 2 / 3, 90.0],
        ["signup", 1, 1, 0.5, 1 / 3, 60.0],
    ]
    assert answer["overall"] == 1 / 3
    assert [(g["value"], [s["visitors"] for s in g["steps"]]) for g in answer["groups"]] == [
        ("Desktop", [2, 1, 1]),
        ("Mobile", [1, 1, 0]),
    ]
    timed = await site.ask("funnel", {**body, "window_minutes": 1})
    assert [step["visitors"] for step in timed["steps"]] == [3, 1, 0]
    mobile = {"dimension": "device", "operator": "is", "values": ["Mobile"]}
    filtered = await site.ask("funnel", {**body, "filters": mobile})
    assert [step["visitors"] for step in filtered["steps"]] == [1, 1, 0]


async def test_a_filter_on_a_page_keeps_the_other_pages_of_its_visits(site: Site) -> None:
    await visit(site, 0, "a", "/", "/blog", "/pricing")
    await visit(site, 0, "b", "/", "/pricing")
    blog = {"dimension": "page", "operator": "is", "values": ["/blog"]}
    body = {"range": "today", "filters": blog}
    steps = [{"page": "/"}, {"page": "/pricing"}]
    funnel = await site.ask("funnel", {**body, "steps": steps})
    assert [step["visitors"] for step in funnel["steps"]] == [1, 1]
    journeys = await site.ask("journeys", body)
    assert [j["pages"] for j in journeys["journeys"]] == [["/", "/blog", "/pricing"]]
    goal = await site.ask("goal", {**body, "goal": {"page": "/pricing"}})
    assert (goal["total"]["conversions"], goal["total"]["visitors"]) == (1, 1)


async def test_a_goal_over_time_marks_the_running_day(site: Site) -> None:
    await visit(site, -86_400, "a", "/", "buy")
    await visit(site, 0, "a", "/", "buy")
    await visit(site, 0, "b", "/")
    answer = await site.ask("goal", {"range": "2d", "goal": {"event": "buy"}, "interval": "day"})
    assert [
        (line["label"], line["conversions"], line["visitors"], line["rate"], line["partial"])
        for line in answer["lines"]
    ] == [("2026-02-28", 1, 1, 1.0, False), ("2026-03-01", 1, 2, 0.5, True)]


async def test_retention_says_whom_it_cannot_know_again(site: Site) -> None:
    await visit(site, -86_400, "a", "/")
    await visit(site, 0, "a", "/")
    await visit(site, 0, "b", "/")
    answer = await site.ask("retention", {"range": "3d", "period": "day", "days": [1, 2]})
    assert answer["cohorts"] == [
        {
            "cohort": "2026-02-28",
            "visitors": 1,
            "returned": [
                {"day": 1, "visitors": 1, "share": 1.0},
                {"day": 2, "visitors": None, "share": None},
            ],
            "partial": False,
        },
        {
            "cohort": "2026-03-01",
            "visitors": 1,
            "returned": [
                {"day": 1, "visitors": None, "share": None},
                {"day": 2, "visitors": None, "share": None},
            ],
            "partial": True,
        },
    ]
    assert "no id of its own" in answer["notes"][0]
    empty = await site.ask("retention", {"range": {"start": "2026-01-01", "end": "2026-01-02"}})
    assert (empty["cohorts"], empty["notes"]) == ([], [])


async def test_paths_journeys_and_cohorts(site: Site) -> None:
    await visit(site, 0, "a", "/", "/b", "/b", "/c")
    await visit(site, 0, "b", "/", "/b")
    paths = await site.ask("paths", {"range": "today", "page": "/b"})
    assert paths["total"] == 2
    assert paths["flows"] == [
        {"page": None, "times": 1, "visitors": 1, "share": 0.5},
        {"page": "/c", "times": 1, "visitors": 1, "share": 0.5},
    ]
    journeys = await site.ask("journeys", {"range": "today", "page": "/b*", "steps": 2})
    assert journeys["journeys"] == [
        {"pages": ["/b"], "visits": 1, "visitors": 1, "share": 0.5},
        {"pages": ["/b", "/c"], "visits": 1, "visitors": 1, "share": 0.5},
    ]
    cohorts = await site.ask("cohorts", {"range": "today", "period": "month"})
    assert cohorts["cohorts"] == [
        {"cohort": "2026-03-01", "visitors": 2, "total": 6, "per_visitor": 3.0, "partial": True}
    ]


async def test_refuses_in_words_what_cannot_be_asked(site: Site) -> None:
    error = await refuse(site, "funnel", {"funnel": "nothing"}, 404)
    assert error["message"] == "Funnel 'nothing' not found."
    error = await refuse(site, "funnel", {"funnel": "x", "steps": [{"page": "/"}]})
    assert (error["field"], "both steps and" in error["message"]) == ("funnel", True)
    error = await refuse(site, "goal", {"goal": {"id": "x", "page": "/"}})
    assert error["field"] == "goal"
    error = await refuse(site, "goal", {"goal": {}})
    assert error["message"].startswith("a goal names a page or an event")
    error = await refuse(
        site, "goal", {"goal": {"page": "/"}, "interval": "day", "dimension": "page"}
    )
    assert error["field"] == "dimension"
    error = await refuse(site, "retention", {"days": [0]})
    assert error["message"] == "days names 0; accepted are 1 to 366"
    error = await refuse(site, "paths", {"page": ""})
    assert error["field"] == "page"
    error = await refuse(site, "journeys", {"steps": 6})
    assert error["message"] == "steps is 6; accepted are 2 to 5"
