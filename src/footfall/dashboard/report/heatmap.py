"""The page of heatmaps: clicks of one page over a neutral canvas of its size, and the elements that
were clicked. The page itself is not shown: it may look different for everybody."""

from dataclasses import dataclass

from litestar import get

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import render_count
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.report.catalogue import HEATMAP
from footfall.dashboard.report.grid import Cell, Fact, Grid, Line, find_width
from footfall.dashboard.report.page import show_report
from footfall.dashboard.screen import Screen
from footfall.reports.heatmap import ClickPoint, Heatmap, HeatmapPagesQuestion, HeatmapQuestion
from footfall.reports.slice import Slice

PAGES = Slice(50)
POINTS = Slice(1_000)
"""Places drawn; the rest are the least clicked ones."""

DEFAULT_WIDTH = 1280
LEAST_WIDTH, LEAST_HEIGHT = 320, 640
WIDEST = 4_000
"""Pixels: hardly any window is wider."""
LONGEST = 12_000
"""Pixels of a page that are drawn; beyond it hardly anybody clicks."""
FOLD_STEP = 800
"""A line is drawn for each so many pixels, about a screen."""
HEATS = 5
"""Steps of warmth of a click."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that was clicked."""

    x: int
    y: int
    radius: int
    heat: int
    """1 to HEATS."""
    title: str


@dataclass(frozen=True, slots=True)
class HeatmapView:
    """What the page shows."""

    path: str
    pages: tuple[tuple[str, str, str, bool], ...]
    """Path, clicks, link, whether it is chosen."""
    facts: tuple[Fact, ...]
    width: int
    height: int
    folds: tuple[int, ...]
    spots: tuple[Spot, ...]
    grid: Grid
    note: str


@get("/heatmap")
async def show_heatmap(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show where people clicked."""
    return await show_report(door, request, sight, HEATMAP, load_heatmap)


async def load_heatmap(door: Door, screen: Screen) -> HeatmapView | None:
    """Ask for the pages with clicks, and for the clicks of one of them; None without any."""
    reports, scope = door.parts.reports, screen.scope()
    pages = await reports.ask(HeatmapPagesQuestion(scope, PAGES))
    path = screen.view.own_of("path") or (pages.rows[0].path if pages.rows else "")
    if not path:
        return None
    found: Heatmap = await reports.ask(HeatmapQuestion(scope, path, POINTS))
    drawn = [p for p in found.points.rows if p.y <= LONGEST and p.x <= WIDEST]
    width = max(found.viewport_width or DEFAULT_WIDTH, *(p.x for p in drawn), LEAST_WIDTH)
    height = max((p.y + 80 for p in drawn), default=LEAST_HEIGHT)
    height = max(LEAST_HEIGHT, height)
    largest = max((p.count for p in drawn), default=1)
    return HeatmapView(
        path=path,
        pages=tuple(
            (
                page.path,
                render_count(page.clicks),
                screen.url(screen.view.with_own(path=page.path)),
                page.path == path,
            )
            for page in pages.rows
        ),
        facts=(
            Fact("Clicks", render_count(found.total_clicks)),
            Fact("Elements", render_count(found.elements.total)),
            Fact("Usual width", f"{found.viewport_width}\u00a0px" if found.viewport_width else "–"),
        ),
        width=width,
        height=height,
        folds=tuple(range(FOLD_STEP, height, FOLD_STEP)),
        spots=tuple(_make_spot(p, largest, width) for p in sorted(drawn, key=lambda p: p.count)),
        grid=_make_grid(found),
        note=_describe(found, len(drawn)),
    )


def _make_spot(point: ClickPoint, largest: int, width: int) -> Spot:
    weight = point.count / largest
    heat = max(1, min(HEATS, round(weight * HEATS)))
    radius = round(width / 90 + width / 60 * weight)
    clicks = "1 click" if point.count == 1 else f"{render_count(point.count)} clicks"
    return Spot(point.x, point.y, radius, heat, f"{clicks} on {point.selector or 'the page'}")


def _make_grid(found: Heatmap) -> Grid:
    largest = max((e.clicks for e in found.elements.rows), default=0)
    lines = tuple(
        Line(
            name=e.selector or "No element",
            cells=(
                Cell(render_count(e.clicks)),
                Cell(render_count(e.visitors)),
                Cell(render_count(e.rage_clicks), "bad" if e.rage_clicks else "soft"),
            ),
            width=find_width(e.clicks, largest),
        )
        for e in found.elements.rows[:30]
    )
    return Grid("Element", ("Clicks", "Visitors", "Rage"), lines, found.elements.total)


def _describe(found: Heatmap, drawn: int) -> str:
    parts = []
    if drawn < found.points.total:
        parts.append(f"the {render_count(drawn)} most clicked places are drawn")
    missing = found.total_clicks - found.placed_clicks
    if missing:
        parts.append(f"the place of {render_count(missing)} clicks is not known")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
