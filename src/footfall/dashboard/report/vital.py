"""The page of web vitals: five figures against their thresholds, one of them over time, and all of
them by page or another dimension. The 75th percentile is what is judged."""

import asyncio
from dataclasses import dataclass

from litestar import get

from footfall.dashboard.chart import Chart
from footfall.dashboard.context import TheSight
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import NOTHING, render_count, render_share
from footfall.dashboard.links import Choice
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.panel import name_of, title_of
from footfall.dashboard.report.catalogue import VITALS
from footfall.dashboard.report.curve import make_curve
from footfall.dashboard.report.grid import Cell, Grid, Line, find_width
from footfall.dashboard.report.page import show_report
from footfall.dashboard.screen import Screen
from footfall.errors import InvalidInputError
from footfall.reports.slice import Listing, Slice
from footfall.reports.vitals import (
    THRESHOLDS,
    Rating,
    Vital,
    VitalFigures,
    VitalsByQuestion,
    VitalsLine,
    VitalsQuestion,
    VitalsSeriesQuestion,
    parse_vital,
    rate,
)

TITLES: dict[Vital, tuple[str, str]] = {
    "LCP": ("Largest paint", "until the main content stands"),
    "FCP": ("First paint", "until something stands"),
    "CLS": ("Layout shift", "how much the page jumps"),
    "INP": ("Interaction", "until a click shows effect"),
    "TTFB": ("First byte", "until the server answers"),
}

TONES: dict[Rating, tuple[str, str]] = {
    "good": ("good", "Good"),
    "needs-improvement": ("fair", "Could be better"),
    "poor": ("bad", "Poor"),
}

BREAKDOWNS = ("page", "device", "browser", "country")
ROWS = Slice(25)


@dataclass(frozen=True, slots=True)
class Gauge:
    """One vital."""

    key: str
    title: str
    about: str
    value: str
    tone: str
    verdict: str
    scale: str
    """What is good, in words."""
    good: int
    fair: int
    bad: int
    """Shares of the measurements in whole percents; together 100."""
    samples: str
    url: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class VitalsView:
    """What the page shows."""

    gauges: tuple[Gauge, ...]
    chart: Chart
    choices: tuple[Choice, ...]
    grid: Grid


@get("/vitals")
async def show_vitals(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show how fast pages felt."""
    return await show_report(door, request, sight, VITALS, load_vitals)


async def load_vitals(door: Door, screen: Screen) -> VitalsView:
    """Ask for all vitals, for the chosen one over time, and for the chosen dimension."""
    offered = [d for d in BREAKDOWNS if d == "page" or screen.viewer.shows_dimension(d)]
    by = screen.view.own_of("by") or "page"
    if by not in offered:
        raise InvalidInputError(f"by is '{by[:40]}'; use one of {', '.join(offered)}", field="by")
    vital = parse_vital(screen.view.own_of("vital") or "LCP", field="vital")
    reports, scope = door.parts.reports, screen.scope()
    figures, series, lines = await asyncio.gather(
        reports.ask(VitalsQuestion(scope)),
        reports.ask(
            VitalsSeriesQuestion(screen.scope(screen.period.chart), vital, screen.interval)
        ),
        reports.ask(VitalsByQuestion(scope, by, ROWS)),
    )
    found = {f.vital: f for f in figures}
    chart = make_curve(
        f"{vital}, 75th percentile",
        [(p.label, p.start_us, p.p75) for p in series],
        screen.interval,
        render=lambda value: render_vital(vital, value),
        now_us=screen.calendar.now_us,
    )
    choices = tuple(
        Choice(
            d, title_of(d), screen.url(screen.view.with_own(by=d if d != "page" else "")), d == by
        )
        for d in offered
    )
    gauges = tuple(_make_gauge(screen, v, found.get(v), is_chosen=v == vital) for v in THRESHOLDS)
    return VitalsView(gauges if found else (), chart, choices, _make_grid(by, lines))


def render_vital(vital: Vital, value: float | None) -> str:
    """Write a value of a vital: '2.4 s', '180 ms', '0.08'."""
    if value is None:
        return NOTHING
    if vital == "CLS":
        return f"{value:.2f}"
    return f"{value / 1000:.2f}\u00a0s" if value >= 1000 else f"{round(value)}\u00a0ms"


def _make_gauge(
    screen: Screen, vital: Vital, figures: VitalFigures | None, *, is_chosen: bool
) -> Gauge:
    good_to, poor_from = (render_vital(vital, limit) for limit in THRESHOLDS[vital])
    title, about = TITLES[vital]
    url = screen.url(screen.view.with_own(vital=vital if vital != "LCP" else ""))
    scale = f"good to {good_to}, poor beyond {poor_from}"
    if figures is None:
        return Gauge(
            *(vital, title, about, NOTHING, "soft", "Not measured", scale, 0, 0, 0),
            samples="0",
            url=url,
            is_chosen=is_chosen,
        )
    tone, verdict = TONES[figures.rating]
    good = round(figures.good / figures.samples * 100)
    bad = min(100 - good, round(figures.poor / figures.samples * 100))
    return Gauge(
        *(vital, title, about, render_vital(vital, figures.p75), tone, verdict, scale),
        *(good, 100 - good - bad, bad),
        samples=f"{render_count(figures.samples)} measured, "
        f"{render_share(figures.good / figures.samples)} good",
        url=url,
        is_chosen=is_chosen,
    )


def _make_grid(by: str, found: Listing[VitalsLine]) -> Grid:
    largest = max((line.samples for line in found.rows), default=0)
    lines = tuple(
        Line(
            name=name_of(by, line.value),
            cells=(
                *(_make_cell(vital, line.p75[vital]) for vital in THRESHOLDS),
                Cell(render_count(line.samples), "soft"),
            ),
            width=find_width(line.samples, largest),
        )
        for line in found.rows
    )
    return Grid(title_of(by), (*THRESHOLDS, "Measured"), lines, found.total)


def _make_cell(vital: Vital, value: float | None) -> Cell:
    if value is None:
        return Cell(NOTHING, "soft")
    return Cell(render_vital(vital, value), TONES[rate(vital, value)][0])
