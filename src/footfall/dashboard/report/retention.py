"""The page of retention: a table of how many came back after so many days, and below it what the
visitors of each week or month did. What has not happened yet stays empty."""

import asyncio
from dataclasses import dataclass
from datetime import date

from litestar import get

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import FACES, render_count, render_share, render_value
from footfall.dashboard.links import Choice
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.period import render_day
from footfall.dashboard.report.catalogue import RETENTION
from footfall.dashboard.report.grid import Cell, Grid, Line, find_width
from footfall.dashboard.report.page import show_report
from footfall.dashboard.screen import Screen
from footfall.errors import InvalidInputError
from footfall.reports import cohort, retention
from footfall.reports.cohort import CohortQuestion
from footfall.reports.query import Interval
from footfall.reports.retention import RetentionCohort, RetentionQuestion

DAYS: dict[Interval, tuple[int, ...]] = {
    Interval.DAY: (1, 2, 3, 4, 5, 6, 7, 14),
    Interval.WEEK: (1, 7, 14, 21, 28, 42, 56),
    Interval.MONTH: (1, 7, 14, 30, 60, 90),
}
"""Columns by the length of a cohort."""

SHADES = 10
"""Steps of colour; the darkest stands for FULL."""
FULL = 0.5
"""Half of a cohort coming back is as much as hardly any site sees."""

COUNTED = ("pageviews", "sessions", "events", "revenue")


@dataclass(frozen=True, slots=True)
class HeatCell:
    """How many of a cohort came back on a day."""

    text: str
    count: str
    shade: int
    is_ahead: bool
    """True: the day has not come for everybody yet."""


@dataclass(frozen=True, slots=True)
class HeatLine:
    """One cohort."""

    title: str
    visitors: str
    is_partial: bool
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class RetentionView:
    """What the page shows."""

    days: tuple[int, ...]
    lines: tuple[HeatLine, ...]
    choices: tuple[Choice, ...]
    grid: Grid | None
    """What the cohorts did; None where that module is off or not theirs to see."""
    metrics: tuple[Choice, ...]


@get("/retention")
async def show_retention(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show how many come back."""
    return await show_report(door, request, sight, RETENTION, load_retention)


async def load_retention(door: Door, screen: Screen) -> RetentionView:
    """Ask for the table of returns, and for the cohorts where they are on."""
    period = _parse_period(screen.view.own_of("cohort") or "week")
    question = RetentionQuestion(screen.scope(), period, DAYS[period])
    readable = await door.parts.modules.list_readable(screen.project.number)
    has_cohorts = "cohorts" in readable and screen.viewer.shows("cohorts")
    cohorts, grid = await asyncio.gather(
        door.parts.reports.ask(question),
        _load_grid(door, screen, period) if has_cohorts else asyncio.sleep(0, None),
    )
    return RetentionView(
        days=DAYS[period],
        lines=tuple(_make_line(cohort, period) for cohort in cohorts),
        choices=tuple(
            Choice(
                i.value,
                {"day": "Days", "week": "Weeks", "month": "Months"}[i.value],
                screen.url(screen.view.with_own(cohort="" if i.value == "week" else i.value)),
                i is period,
            )
            for i in retention.PERIODS
        ),
        grid=grid,
        metrics=_make_metrics(screen),
    )


def _parse_period(text: str) -> Interval:
    for interval in retention.PERIODS:
        if interval.value == text:
            return interval
    raise InvalidInputError(f"cohort is '{text[:40]}'; use day, week or month", field="cohort")


def _make_line(cohort: RetentionCohort, period: Interval) -> HeatLine:
    cells = tuple(_make_cell(cohort.returned[day], cohort.visitors) for day in DAYS[period])
    title = render_start(cohort.start, period)
    return HeatLine(title, render_count(cohort.visitors), cohort.is_partial, cells)


def _make_cell(count: int | None, visitors: int) -> HeatCell:
    if count is None:
        return HeatCell("", "", 0, is_ahead=True)
    share = count / visitors
    shade = min(SHADES, -(-int(share * 1000) * SHADES // int(FULL * 1000)))
    return HeatCell(render_share(share), render_count(count), shade, is_ahead=False)


def render_start(start: str, period: Interval) -> str:
    """Write the first day of a cohort: '2 Nov 2026', 'November 2026'."""
    day = date.fromisoformat(start)
    return f"{day:%B %Y}" if period is Interval.MONTH else render_day(day)


def _find_metric(screen: Screen) -> str:
    metric = screen.view.own_of("counts") or COUNTED[0]
    if metric not in COUNTED or not screen.viewer.shows_metric(metric):
        raise InvalidInputError(
            f"counts is '{metric[:40]}'; use one of {', '.join(COUNTED)}", field="counts"
        )
    return metric


def _make_metrics(screen: Screen) -> tuple[Choice, ...]:
    chosen = _find_metric(screen)
    return tuple(
        Choice(
            m,
            FACES[m].title,
            screen.url(screen.view.with_own(counts="" if m == COUNTED[0] else m)),
            m == chosen,
        )
        for m in COUNTED
        if screen.viewer.shows_metric(m)
    )


async def _load_grid(door: Door, screen: Screen, period: Interval) -> Grid:
    metric = _find_metric(screen)
    length = period if period in cohort.PERIODS else Interval.WEEK
    found = await door.parts.reports.ask(CohortQuestion(screen.scope(), length, metric))
    face = FACES[metric]
    largest = max((c.visitors for c in found), default=0)
    lines = tuple(
        Line(
            name=render_start(c.start, length) + (" · so far" if c.is_partial else ""),
            cells=(
                Cell(render_count(c.visitors)),
                Cell(render_value(face.unit, c.total)),
                Cell("–" if c.per_visitor is None else f"{c.per_visitor:,.2f}"),
            ),
            width=find_width(c.visitors, largest),
        )
        for c in found
    )
    heads = ("Visitors", face.title, "For each visitor")
    return Grid("Month" if length is Interval.MONTH else "Week", heads, lines)
