"""Who is there now: people of the last five minutes, the last half hour by minute, and where they
are. Nothing of it depends on the period of the other pages."""

from dataclasses import replace

from litestar import get

from footfall.clock import US_PER_MINUTE
from footfall.dashboard.chart import make_chart
from footfall.dashboard.context import make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.figure import FACES
from footfall.dashboard.overview import load_parts, make_table
from footfall.dashboard.page import AnyRequest, Page, find_target, render_page
from footfall.dashboard.panel import PANELS, Tab
from footfall.dashboard.screen import ROOT, Screen
from footfall.model.time_range import TimeRange
from footfall.reports.query import Interval

WINDOW_US = 30 * US_PER_MINUTE
BUDGET_S = 5.0
"""This page refreshes as a whole, so that it waits for its pieces rather than showing bones."""


@get(f"{ROOT}/p/{{slug:str}}/live")
async def show_live(request: AnyRequest, door: TheDoor, slug: InPath) -> Page:
    """Return the counter of people now."""
    user = await door.require_user(request)
    project = await door.require_project(user, slug)
    live = await door.parts.live.active_visitors(project.number)
    return render_page("part/live.html", {"home": f"{ROOT}/p/{slug}", "live": live})


@get(f"{ROOT}/p/{{slug:str}}/realtime")
async def show_realtime(request: AnyRequest, door: TheDoor, slug: InPath) -> Page:
    """Show the last half hour."""
    screen = await open_screen(door, request, slug)
    reports = door.parts.reports
    now_us = door.parts.clock.now_us()
    minute_us = now_us - now_us % US_PER_MINUTE
    window = TimeRange(minute_us - WINDOW_US + US_PER_MINUTE, now_us)
    series = replace(
        screen.series_query("pageviews"), range=window, compare=None, interval=Interval.MINUTE
    )
    tabs = [(p, p.tabs[1] if p.key == "sources" else p.tabs[0]) for p in PANELS]
    parts = await load_parts(
        {
            "series": reports.run(series),
            **{p.key: _load(door, screen, tab, window) for p, tab in tabs},
        },
        budget_s=BUDGET_S,
    )
    context = await make_context(door, screen, "realtime")
    result = parts["series"].content
    chart = make_chart(FACES["pageviews"], result, now_us) if result else None  # type: ignore[arg-type]
    values = {**context, "chart": chart, "tabs": tabs, "parts": parts}
    is_piece = find_target(request) == "now"
    return render_page("part/now.html" if is_piece else "realtime.html", values)


async def _load(door: Door, screen: Screen, tab: Tab, window: TimeRange) -> object:
    query = replace(screen.table_query(tab.dimension, tab.metrics, limit=9), range=window)
    return make_table(screen, tab, await door.parts.reports.run(query), limit=8)
