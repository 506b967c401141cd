"""Who is there now: people of the last five minutes, the last half hour by minute, and where they
are. Nothing of it depends on the period of the other pages."""

from dataclasses import replace

from litestar import get

from footfall.clock import US_PER_MINUTE
from footfall.dashboard.chart import make_chart
from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import FACES
from footfall.dashboard.overview import load_parts, make_table
from footfall.dashboard.page import AnyRequest, Page, find_target, render_screen
from footfall.dashboard.panel import Tab
from footfall.dashboard.screen import Screen
from footfall.dashboard.viewer import Sight
from footfall.errors import NotFoundError
from footfall.model.time_range import TimeRange
from footfall.reports.query import Interval

WINDOW_US = 30 * US_PER_MINUTE
BUDGET_S = 5.0
"""This page refreshes as a whole, so that it waits for its pieces rather than showing bones."""


@get("/live")
async def show_live(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Return the counter of people now."""
    screen = await _open(door, request, sight)
    live = await door.parts.live.active_visitors(screen.project.number)
    return render_screen("part/live.html", screen, {"live": live})


@get("/realtime")
async def show_realtime(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the last half hour."""
    screen = await _open(door, request, sight)
    reports = door.parts.reports
    now_us = door.parts.clock.now_us()
    minute_us = now_us - now_us % US_PER_MINUTE
    window = TimeRange(minute_us - WINDOW_US + US_PER_MINUTE, now_us)
    # Somebody who may not see pageviews sees people by minute.
    (metric,) = screen.viewer.pick_metrics(("pageviews",))
    series = replace(
        screen.series_query(metric), range=window, compare=None, interval=Interval.MINUTE
    )
    tabs = [(p, p.tab("source")) for p in screen.viewer.list_panels()]
    parts = await load_parts(
        {
            "series": reports.run(series),
            **{p.key: _load(door, screen, tab, window) for p, tab in tabs},
        },
        budget_s=BUDGET_S,
    )
    context = await make_context(door, sight, screen, "realtime")
    result = parts["series"].content
    chart = make_chart(FACES[metric], result, now_us) if result else None  # type: ignore[arg-type]
    values = {**context, "chart": chart, "tabs": tabs, "parts": parts, "face": FACES[metric]}
    is_piece = find_target(request) == "now"
    return render_screen("part/now.html" if is_piece else "realtime.html", screen, values)


async def _open(door: Door, request: AnyRequest, sight: Sight) -> Screen:
    if not sight.viewer.shows("realtime"):
        raise NotFoundError("Report", "realtime")
    return await open_screen(door, request, sight)


async def _load(door: Door, screen: Screen, tab: Tab, window: TimeRange) -> object:
    metrics = screen.viewer.pick_metrics(tab.metrics)
    query = replace(screen.table_query(tab.dimension, metrics, limit=9), range=window)
    return make_table(screen, tab, await door.parts.reports.run(query), limit=8)
