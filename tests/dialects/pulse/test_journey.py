"""Pulse's retention, cohorts and paths: the document's rules, and figures counted by hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.clock import US_PER_DAY
from footfall.dialects.pulse.journey.render import render_cohorts, render_flows, render_retention
from footfall.reports.cohort import Cohort
from footfall.reports.path import Flow, Flows
from footfall.reports.query import Interval
from footfall.reports.retention import RetentionCohort
from tests.site import CHROME, NOON, Site, open_site

MODULES = ("retention", "cohorts", "paths")
DAY_S = 86_400


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path, modules=MODULES, at_us=NOON - 40 * US_PER_DAY) as opened:
        yield opened


async def visit(site: Site, day: float, who: str, *paths: str, **event: Any) -> None:
    """Let somebody with an id of their own see pages, `day` days after 1 March, noon."""
    for number, path in enumerate(paths):
        payload = {"path": path, **event}
        kind = "event" if event else "pageview"
        body = {"type": kind, "visitor_id": who, "payload": payload}
        await site.send(day * DAY_S + 60 * number, "198.51.100.1", CHROME, body)


def test_the_documented_cohorts_follow_from_the_documented_counts() -> None:
    cohorts = [
        Cohort("2026-01-01", 2890, 3921, is_partial=False),
        Cohort("2026-02-01", 3105, 4234, is_partial=False),
        Cohort("2026-03-01", 3241, 4567, is_partial=True),
    ]
    assert msgspec.to_builtins(render_cohorts(cohorts, Interval.MONTH)) == [
        {"period": "2026-01", "visitors": 2890, "total": 3921, "avg_per_visitor": 1.36},
        {"period": "2026-02", "visitors": 3105, "total": 4234, "avg_per_visitor": 1.36},
        {"period": "2026-03", "visitors": 3241, "total": 4567, "avg_per_visitor": 1.41},
    ]


def test_the_documented_flows_follow_from_the_documented_counts() -> None:
    counts = {"": 640, "/signup": 456, "/": 312, "/features": 234, "/docs": 178}
    flows = tuple(Flow(page, n, n, n / 1820) for page, n in counts.items())
    assert msgspec.to_builtins(render_flows(Flows(1820, flows), "forward")) == [
        {"next_path": "/signup", "visitors": 456, "percentage": 25.1},
        {"next_path": "/", "visitors": 312, "percentage": 17.1},
        {"next_path": "/features", "visitors": 234, "percentage": 12.9},
        {"next_path": "/docs", "visitors": 178, "percentage": 9.8},
        {"next_path": "(exit)", "visitors": 640, "percentage": 35.2},
    ]


def test_a_day_that_has_not_come_is_null() -> None:
    returned = {1: 281, 7: 175, 14: 131, 30: 91, 60: 59, 90: None}
    shown = render_retention(RetentionCohort("2026-02-02", 412, returned, is_partial=False))
    assert msgspec.to_builtins(shown) == {
        "cohort": "2026-02-02",
        "initial_visitors": 412,
        "D1": 68.2,
        "D7": 42.5,
        "D14": 31.8,
        "D30": 22.1,
        "D60": 14.3,
        "D90": None,
    }


async def test_retention_counts_from_each_visitors_own_first_day(site: Site) -> None:
    # Monday 2 February is day -27; a, b, c come first in that week, d in the week after.
    for day, who in (
        (-27, "a"),
        (-26, "a"),  # a: D1
        (-20, "a"),  # a: D7
        (-25, "b"),
        (-18, "b"),  # b: D7
        (-24, "c"),
        (-21.6, "c"),  # the third day: no column
        (-19, "d"),
        (-18, "d"),  # d: D1
    ):
        await visit(site, day, who, "/")
    site.set_clock(0)
    answer = await site.read("/retention?period=weekly&start_at=2026-02-01&end_at=2026-03-01")
    assert answer == {
        "period": "weekly",
        "cohorts": [
            {
                "cohort": "2026-02-02",
                "initial_visitors": 3,
                "D1": 33.3,
                "D7": 66.7,
                "D14": 0.0,
                "D30": None,
                "D60": None,
                "D90": None,
            },
            {
                "cohort": "2026-02-09",
                "initial_visitors": 1,
                "D1": 100.0,
                "D7": 0.0,
                "D14": 0.0,
                "D30": None,
                "D60": None,
                "D90": None,
            },
        ],
    }
    daily = await site.read("/retention?period=daily&start_at=2026-02-01&end_at=2026-03-01")
    assert [(c["cohort"], c["D7"]) for c in daily["cohorts"]] == [
        ("2026-02-02", 100.0),
        ("2026-02-04", 100.0),
        ("2026-02-05", 0.0),
        ("2026-02-10", 0.0),
    ]
    monthly = await site.read("/retention?period=monthly&start_at=2026-02-01")
    assert [(c["cohort"], c["initial_visitors"]) for c in monthly["cohorts"]] == [("2026-02-01", 4)]


async def test_who_came_before_the_period_is_no_newcomer_in_it(site: Site) -> None:
    await visit(site, -20, "old", "/")
    await visit(site, -5, "old", "/")
    await visit(site, -5, "new", "/")
    site.set_clock(0)
    answer = await site.read("/retention?start_at=2026-02-20&end_at=2026-03-01")
    assert [c["initial_visitors"] for c in answer["cohorts"]] == [1]


async def test_cohorts_count_the_visitors_of_each_period(site: Site) -> None:
    await visit(site, -20, "a", "/", "/b")
    await visit(site, -19, "a", "/")
    await visit(site, -19, "b", "/", name="purchase", revenue_amount=5.25)
    await visit(site, -12, "b", "/")
    site.set_clock(0)
    dates = "start_at=2026-02-09&end_at=2026-02-22"
    expected = {
        "pageviews": [(2, 3, 1.5), (1, 1, 1.0)],
        "sessions": [(2, 3, 1.5), (1, 1, 1.0)],
        "events": [(2, 1, 0.5), (1, 0, 0.0)],
        "revenue": [(2, 5.25, 2.62), (1, 0.0, 0.0)],
    }
    for metric, figures in expected.items():
        answer = await site.read(f"/cohorts?metric={metric}&{dates}")
        assert (answer["group_by"], answer["metric"]) == ("week", metric)
        assert [c["period"] for c in answer["cohorts"]] == ["2026-02-09", "2026-02-16"]
        keys = ("visitors", "total", "avg_per_visitor")
        assert [tuple(c[k] for k in keys) for c in answer["cohorts"]] == figures
    month = await site.read(f"/cohorts?group_by=month&{dates}")
    assert month == {
        "group_by": "month",
        "metric": "pageviews",
        "cohorts": [{"period": "2026-02", "visitors": 2, "total": 4, "avg_per_visitor": 2.0}],
    }


async def test_paths_are_shares_of_all_views_of_the_page(site: Site) -> None:
    await visit(site, 0, "a", "/", "/pricing", "/signup")
    await visit(site, 0, "b", "/pricing", "/pricing", "/docs", "/pricing")
    await visit(site, 0, "c", "/", "/pricing?x=1", "/signup")
    dates = "start_at=2026-03-01&end_at=2026-03-01"
    assert await site.read(f"/paths?path=/pricing&{dates}") == {
        "path": "/pricing",
        "direction": "forward",
        "flows": [
            {"next_path": "/signup", "visitors": 2, "percentage": 50.0},
            {"next_path": "/docs", "visitors": 1, "percentage": 25.0},
            {"next_path": "(exit)", "visitors": 1, "percentage": 25.0},
        ],
    }
    assert (await site.read(f"/paths?path=/pricing&limit=1&{dates}"))["flows"] == [
        {"next_path": "/signup", "visitors": 2, "percentage": 50.0}
    ]
    backward = await site.read(f"/paths?path=/pricing&direction=backward&{dates}")
    assert backward["flows"] == [
        {"next_path": "/", "prev_path": "/", "visitors": 2, "percentage": 50.0},
        {"next_path": "/docs", "prev_path": "/docs", "visitors": 1, "percentage": 25.0},
        {"next_path": "(entry)", "prev_path": "(entry)", "visitors": 1, "percentage": 25.0},
    ]
    assert (await site.read("/paths?path=/nothing"))["flows"] == []


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/paths", "missing required field 'path'."),
        ("/paths?path=/&direction=up", "direction is 'up'; accepted are forward, backward."),
        ("/retention?period=yearly", "period is 'yearly'; accepted are daily, weekly, monthly."),
        ("/cohorts?group_by=day", "group_by is 'day'; accepted are week, month."),
        (
            "/cohorts?metric=love",
            "metric is 'love'; accepted are pageviews, sessions, events, revenue.",
        ),
    ],
)
async def test_bad_parameters_are_refused_in_words(site: Site, path: str, sentence: str) -> None:
    error = await site.manage("GET", path, status=400)
    assert error == {"error": f"Invalid request: {sentence}"}


@pytest.mark.parametrize("module", MODULES)
async def test_the_module_can_be_switched_off(site: Site, module: str) -> None:
    site.footfall.projects.save_settings("shop", {"modules": {module: {"enabled": False}}})
    error = await site.manage("GET", f"/{module}?path=/", status=403)
    assert error == {"error": f"Module '{module}' is not enabled for this project."}
