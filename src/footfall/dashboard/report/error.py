"""The pages of JavaScript errors: groups of equal messages, and one message with where and in which
browsers it happened. Whether an error matters is told by the visits it met."""

import asyncio
from collections import Counter
from dataclasses import dataclass

from litestar import get

from footfall.dashboard.chart import Chart
from footfall.dashboard.context import TheSight
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import render_count, render_share
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.report.catalogue import ERRORS
from footfall.dashboard.report.curve import make_curve
from footfall.dashboard.report.grid import Cell, Fact, Grid, Line, find_width, make_spark
from footfall.dashboard.report.page import show_report
from footfall.dashboard.screen import Screen
from footfall.model.time_range import from_us
from footfall.reports.error import (
    ErrorGroup,
    ErrorInstance,
    ErrorPoint,
    ErrorQuestion,
    ErrorSeriesQuestion,
    ErrorsQuestion,
)
from footfall.reports.slice import Slice

ROWS = Slice(25)
INSTANCES = Slice(200)
"""The newest occurrences that pages and browsers are counted from."""

SHOWN = 10
"""Of them, those that stand on the page one by one."""


@dataclass(frozen=True, slots=True)
class ErrorsView:
    """All groups."""

    facts: tuple[Fact, ...]
    chart: Chart
    grid: Grid


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time it happened."""

    at: str
    path: str
    browser: str
    place: str
    """File, line and column; '' when unknown."""


@dataclass(frozen=True, slots=True)
class ErrorView:
    """One message."""

    message: str
    chart: Chart
    total: str
    counted: str
    """What the two tables are counted from, in words."""
    stack: str
    browsers: Grid
    pages: Grid
    occurrences: tuple[Occurrence, ...]
    back_url: str


@get("/errors")
async def show_errors(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the errors of the period, or one of them when the address names it."""
    if request.query_params.get("message"):
        return await show_report(door, request, sight, ERRORS, load_error, template="error")
    return await show_report(door, request, sight, ERRORS, load_errors)


async def load_errors(door: Door, screen: Screen) -> ErrorsView:
    """Ask for the groups, and for each one's curve."""
    reports, scope, interval = door.parts.reports, screen.scope(), screen.interval
    found, series = await asyncio.gather(
        reports.ask(ErrorsQuestion(scope, ROWS)),
        reports.ask(ErrorSeriesQuestion(screen.scope(screen.period.chart), interval)),
    )
    groups, totals = found.groups, found.totals
    curves = await asyncio.gather(
        *(reports.ask(ErrorSeriesQuestion(scope, interval, g.message)) for g in groups.rows)
    )
    largest = max((group.count for group in groups.rows), default=0)
    lines = tuple(
        _make_line(screen, group, curve, largest)
        for group, curve in zip(groups.rows, curves, strict=True)
    )
    facts = (
        Fact("Errors", render_count(totals.errors)),
        Fact("Different messages", render_count(totals.messages)),
        Fact(
            "Visits with an error",
            render_share(totals.error_rate),
            f"{render_count(totals.affected_sessions)} of {render_count(totals.sessions)}",
        ),
    )
    heads = ("Errors", "Visits", "Visitors", "Last seen")
    grid = Grid("Message", heads, lines, groups.total, has_spark=True)
    return ErrorsView(facts, _make_chart(screen, series), grid)


def _make_line(
    screen: Screen, group: ErrorGroup, curve: tuple[ErrorPoint, ...], largest: int
) -> Line:
    return Line(
        name=group.message,
        cells=(
            Cell(render_count(group.count)),
            Cell(render_count(group.sessions)),
            Cell(render_count(group.visitors)),
            Cell(render_moment(screen, group.last_seen_us), "soft"),
        ),
        width=find_width(group.count, largest),
        url=screen.url(screen.view.with_own(message=group.message)),
        hint="Where it happened",
        spark=make_spark([point.count for point in curve]),
    )


async def load_error(door: Door, screen: Screen) -> ErrorView:
    """Ask for one message."""
    reports, message = door.parts.reports, screen.view.own_of("message")
    found, series = await asyncio.gather(
        reports.ask(ErrorQuestion(screen.scope(), message, INSTANCES)),
        reports.ask(
            ErrorSeriesQuestion(screen.scope(screen.period.chart), screen.interval, message)
        ),
    )
    rows = found.rows
    of_all = f"the newest {render_count(len(rows))} of " if found.total > len(rows) else ""
    return ErrorView(
        message=message,
        chart=_make_chart(screen, series),
        total=render_count(found.total),
        counted=f"Counted from {of_all}{render_count(found.total)} occurrences.",
        stack=next((row.stack for row in rows if row.stack), ""),
        browsers=_count("Browser", [f"{r.browser or 'Unknown'} on {r.os or '?'}" for r in rows]),
        pages=_count("Page", [row.path or "Unknown" for row in rows]),
        occurrences=tuple(_make_occurrence(screen, row) for row in rows[:SHOWN]),
        back_url=screen.url(screen.view.with_own(message="")),
    )


def _make_chart(screen: Screen, series: tuple[ErrorPoint, ...]) -> Chart:
    points = [(point.label, point.start_us, point.count) for point in series]
    return make_curve(
        "Errors", points, screen.interval, render=render_count, now_us=screen.calendar.now_us
    )


def _count(noun: str, values: list[str]) -> Grid:
    counts = Counter(values).most_common(8)
    largest = counts[0][1] if counts else 0
    lines = (Line(v, (Cell(render_count(n)),), find_width(n, largest)) for v, n in counts)
    return Grid(noun, ("Errors",), tuple(lines))


def _make_occurrence(screen: Screen, row: ErrorInstance) -> Occurrence:
    numbers = [str(n) for n in (row.line, row.column) if n is not None]
    place = ":".join([row.filename, *numbers]) if row.filename else ""
    return Occurrence(render_moment(screen, row.ts_us), row.path, row.browser, place)


def render_moment(screen: Screen, us: int) -> str:
    """Write an instant in the zone of the page: '21 Nov, 14:05'."""
    at = from_us(us).astimezone(screen.calendar.zone)
    return f"{at.day} {at:%b}, {at:%H:%M}"
