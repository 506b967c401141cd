"""Pulse's funnels: the document's calls against the whole program, figures counted by hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.dialects.pulse.funnel.render import render_result
from footfall.reports.definition import Saved
from footfall.reports.funnel import FunnelFigures, FunnelQuestion, FunnelStep
from footfall.reports.query import GoalFilter
from tests.site import CHROME, Site, open_site

SIGNUP: dict[str, Any] = {
    "name": "Signup Flow",
    "steps": [
        {"type": "pageview", "value": "/", "label": "Homepage"},
        {"type": "pageview", "value": "/pricing", "label": "Pricing Page"},
        {"type": "pageview", "value": "/signup", "label": "Signup Page"},
        {"type": "event", "value": "signup_complete", "label": "Signup Complete"},
    ],
}
DAY = "start_at=2026-03-01&end_at=2026-03-01"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as opened:
        yield opened


async def walk(site: Site, person: int, *steps: str, at_s: float = 0) -> None:
    """Let a person see pages and send events, a minute apart: '/page' or 'event'."""
    for number, step in enumerate(steps):
        kind = {"type": "pageview", "path": step}
        if not step.startswith("/"):
            kind = {"type": "event", "name": step, "path": "/x"}
        await site.send(at_s + 60 * number, f"198.51.100.{person}", CHROME, kind)


def make_figures(*visitors: int) -> FunnelFigures:
    """Read figures as the question reads a row of the warehouse."""
    steps = tuple(FunnelStep(str(i), GoalFilter(page="/")) for i, _ in enumerate(visitors))
    row = (*visitors, *(None for _ in visitors[1:]))
    return FunnelFigures(FunnelQuestion(scope=None, steps=steps)._read_steps(row))  # type: ignore[arg-type]


def test_the_documented_figures_follow_from_the_documented_visitors() -> None:
    labels = ("Homepage", "Pricing Page", "Signup Page", "Signup Complete")
    content = tuple(FunnelStep(label, GoalFilter(page="/")) for label in labels)
    saved = Saved("f1a2b3c4-5678-9abc-def0-1234567890ab", "Signup Flow", content, "", 0, 0)
    answer = render_result(saved, make_figures(3241, 1820, 834, 412))
    assert msgspec.to_builtins(answer) == {
        "funnel_id": "f1a2b3c4-5678-9abc-def0-1234567890ab",
        "name": "Signup Flow",
        "steps": [
            {"label": "Homepage", "visitors": 3241, "drop_off": 0, "conversion_rate": 100.0},
            {"label": "Pricing Page", "visitors": 1820, "drop_off": 1421, "conversion_rate": 56.2},
            {"label": "Signup Page", "visitors": 834, "drop_off": 986, "conversion_rate": 45.8},
            {"label": "Signup Complete", "visitors": 412, "drop_off": 422, "conversion_rate": 49.4},
        ],
        "overall_conversion": 12.7,
    }


async def test_a_funnel_is_saved_read_changed_and_deleted(site: Site) -> None:
    made = await site.manage("POST", "/funnels", SIGNUP, status=201)
    assert {k: made[k] for k in ("name", "steps")} == SIGNUP
    assert made["created_at"] == "2026-03-01T12:00:00Z"
    assert list(made) == ["id", "name", "steps", "created_at"]
    assert await site.read(f"/funnels/{made['id']}") == made
    assert await site.read(f"/funnels/fnl-{made['id']}") == made
    assert await site.read("/funnels") == {
        "data": [
            {
                "id": made["id"],
                "name": "Signup Flow",
                "steps": 4,
                "created_at": "2026-03-01T12:00:00Z",
            }
        ]
    }
    shorter = {"name": "Signup Flow v2", "steps": [SIGNUP["steps"][i] for i in (0, 2, 3)]}
    assert await site.manage("PUT", f"/funnels/{made['id']}", shorter) == {**made, **shorter}
    renamed = await site.manage("PUT", f"/funnels/{made['id']}", {"name": "Renamed"})
    assert (renamed["name"], renamed["steps"]) == ("Renamed", shorter["steps"])
    await site.manage("DELETE", f"/funnels/{made['id']}", status=204)
    for method, path in (("GET", ""), ("PUT", ""), ("DELETE", ""), ("GET", "/analyze")):
        body = {"name": "x"} if method == "PUT" else None
        error = await site.manage(method, f"/funnels/{made['id']}{path}", body, status=404)
        assert error == {"error": f"Funnel '{made['id']}' not found."}


async def test_visitors_are_counted_in_the_order_of_the_steps(site: Site) -> None:
    await walk(site, 1, "/", "/pricing", "/signup", "signup_complete")
    await walk(site, 2, "/", "/pricing?plan=pro", "/", "/signup")
    await walk(site, 3, "/pricing", "/")
    await walk(site, 4, "/", "/signup", "signup_complete")
    await walk(site, 5, "signup_complete", "/signup", "/pricing")
    funnel = await site.manage("POST", "/funnels", SIGNUP, status=201)
    assert await site.read(f"/funnels/{funnel['id']}/analyze?{DAY}") == {
        "funnel_id": funnel["id"],
        "name": "Signup Flow",
        "steps": [
            {"label": "Homepage", "visitors": 4, "drop_off": 0, "conversion_rate": 100.0},
            {"label": "Pricing Page", "visitors": 2, "drop_off": 2, "conversion_rate": 50.0},
            {"label": "Signup Page", "visitors": 2, "drop_off": 0, "conversion_rate": 100.0},
            {"label": "Signup Complete", "visitors": 1, "drop_off": 1, "conversion_rate": 50.0},
        ],
        "overall_conversion": 25.0,
    }
    empty = await site.read(
        f"/funnels/{funnel['id']}/analyze?start_at=2026-01-01&end_at=2026-01-02"
    )
    assert [s["visitors"] for s in empty["steps"]] == [0, 0, 0, 0]
    assert empty["overall_conversion"] == 0.0


async def test_one_pageview_does_not_serve_two_equal_steps(site: Site) -> None:
    await walk(site, 1, "/blog/a", "/blog/b")
    await walk(site, 2, "/blog/a")
    steps = [{"type": "url", "value": "/blog/%"}, {"type": "pageview", "value": "/blog/*"}]
    funnel = await site.manage("POST", "/funnels", {"name": "Two", "steps": steps}, status=201)
    assert funnel["steps"] == [
        {"type": "pageview", "value": "/blog/%", "label": "/blog/%"},
        {"type": "pageview", "value": "/blog/*", "label": "/blog/*"},
    ]
    result = await site.read(f"/funnels/{funnel['id']}/analyze?{DAY}")
    assert [s["visitors"] for s in result["steps"]] == [2, 1]


async def test_steps_at_the_borders_of_the_period_count_once(site: Site) -> None:
    # 12 hours after noon the next day begins.
    await walk(site, 1, "/", "/pricing", at_s=12 * 3600 - 60)
    funnel = await site.manage(
        "POST", "/funnels", {"name": "Two", "steps": SIGNUP["steps"][:2]}, status=201
    )
    for period, expected in (
        ("start_at=2026-03-01&end_at=2026-03-01", [1, 0]),
        ("start_at=2026-03-02&end_at=2026-03-02", [0, 0]),
        ("start_at=2026-03-01&end_at=2026-03-02", [1, 1]),
    ):
        result = await site.read(f"/funnels/{funnel['id']}/analyze?{period}")
        assert [s["visitors"] for s in result["steps"]] == expected, period


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"steps": SIGNUP["steps"]}, "missing required field 'name'."),
        ({"name": "x"}, "missing required field 'steps'."),
        ({"name": " ", "steps": SIGNUP["steps"]}, "name '' has 0 characters; accepted are 1 to"),
        ({"name": "x", "steps": []}, "a funnel has 0 steps; accepted are 2 to 10."),
        ({"name": "x", "steps": SIGNUP["steps"][:1]}, "a funnel has 1 steps; accepted are 2 to 10"),
        (
            {"name": "x", "steps": SIGNUP["steps"] * 3},
            "a funnel has 12 steps; accepted are 2 to 10",
        ),
        (
            {"name": "x", "steps": [SIGNUP["steps"][0], {"type": "click", "value": "#a"}]},
            "type of step 2 is 'click'; accepted are pageview and event.",
        ),
        (
            {"name": "x", "steps": [SIGNUP["steps"][0], {"type": "pageview", "value": " "}]},
            "steps[1].value is ''; accepted is a path, for example /pricing or /blog/*.",
        ),
        (
            {"name": "x", "steps": [SIGNUP["steps"][0], {"type": "event"}]},
            "missing required field 'steps[1].value'.",
        ),
    ],
)
async def test_bad_funnels_are_refused_in_words(site: Site, body: Any, sentence: str) -> None:
    error = await site.manage("POST", "/funnels", body, status=400)
    assert error["error"].startswith(f"Invalid request body: {sentence}"), error
    assert (await site.read("/funnels"))["data"] == []


async def test_another_project_sees_nothing_of_a_funnel(site: Site) -> None:
    made = await site.manage("POST", "/funnels", SIGNUP, status=201)
    other = site.footfall.projects.create("Other", "other.example")
    _, key = site.footfall.projects.create_key(other, "k", scopes=["query"])
    for method in ("GET", "PUT", "DELETE"):
        body = {"name": "mine"} if method == "PUT" else None
        answered = await site.call(
            method, f"/api/v1/funnels/{made['id']}", body, headers=[("X-Pulse-Key", key)]
        )
        assert answered.status == 404
    assert (await site.read(f"/funnels/{made['id']}"))["name"] == "Signup Flow"


async def test_the_module_says_who_may_read_and_write(site: Site) -> None:
    made = await site.manage("POST", "/funnels", SIGNUP, status=201)
    closed = {"error": "Module 'funnels' is not enabled for this project."}
    for state, reads, writes in (
        ({"enabled": True, "access": "read"}, 200, 403),
        ({"enabled": True, "access": "write"}, 403, 201),
        ({"enabled": False, "access": "all"}, 403, 403),
    ):
        site.footfall.projects.save_settings("shop", {"modules": {"funnels": state}})
        for method, path, status in (
            ("GET", f"/funnels/{made['id']}/analyze", reads),
            ("POST", "/funnels", writes),
        ):
            body = SIGNUP if method == "POST" else None
            answer = await site.manage(method, path, body, status=status)
            assert status != 403 or answer == closed
