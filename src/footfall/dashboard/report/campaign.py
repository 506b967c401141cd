"""The page of campaigns: visits by the tags of the links that brought them, and how many of them
reached a goal of one's choice."""

import asyncio
from dataclasses import dataclass

from litestar import get

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import FACES, NOTHING, render_count, render_share, render_value
from footfall.dashboard.links import Choice
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.panel import title_of
from footfall.dashboard.report.catalogue import CAMPAIGNS
from footfall.dashboard.report.goal import render_revenue
from footfall.dashboard.report.grid import Cell, Grid, Line, find_width
from footfall.dashboard.report.page import show_report
from footfall.dashboard.screen import Screen
from footfall.errors import InvalidInputError
from footfall.reports.definition import Saved
from footfall.reports.goal import GoalFigures, GoalQuestion
from footfall.reports.query import DimensionFilter, GoalFilter, Row

TAGS = ("utm_campaign", "utm_source", "utm_medium", "utm_content", "utm_term")
METRICS = ("visitors", "sessions", "pageviews", "bounce_rate")
ROWS = 50


@dataclass(frozen=True, slots=True)
class CampaignsView:
    """What the page shows."""

    grid: Grid
    choices: tuple[Choice, ...]
    aims: tuple[Choice, ...]
    """The goals that can be chosen; () where there are none."""
    aim_name: str


@get("/campaigns")
async def show_campaigns(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show tagged visits by one of their tags."""
    return await show_report(door, request, sight, CAMPAIGNS, load_campaigns)


async def load_campaigns(door: Door, screen: Screen) -> CampaignsView:
    """Ask for the values of a tag, and for the goal's conversions by the same."""
    by = screen.view.own_of("by") or TAGS[0]
    if by not in TAGS:
        raise InvalidInputError(f"by is '{by[:40]}'; use one of {', '.join(TAGS)}", field="by")
    goals = await _list_goals(door, screen)
    aim = _find_aim(screen, goals)
    tagged = DimensionFilter(by, "is_not", ("",))
    metrics = screen.viewer.pick_metrics(METRICS)
    query = screen.table_query(by, metrics, limit=ROWS, also=(tagged,))
    result = await door.parts.reports.run(query)
    reached: dict[str, GoalFigures] = {}
    if aim and result.rows:
        among = DimensionFilter(by, "is", tuple(row.dimensions[0] for row in result.rows))
        scope = screen.scope(also=(among,))
        answer = await door.parts.reports.ask(GoalQuestion(scope, aim.content, dimension=by))
        reached = {line.label: line.figures for line in answer.lines}
    largest = max((row.metrics[0] or 0 for row in result.rows), default=0)
    lines = tuple(
        _make_line(screen, by, metrics, row, largest, reached.get(row.dimensions[0]))
        for row in result.rows
    )
    aim_heads = ("Conversions", "Rate", "Revenue") if aim else ()
    heads = (*(FACES[m].title for m in metrics), *aim_heads)
    return CampaignsView(
        grid=Grid(title_of(by), heads, _pad(lines, len(heads)), result.total_rows),
        choices=tuple(
            Choice(
                t,
                title_of(t),
                screen.url(screen.view.with_own(by=t if t != TAGS[0] else "")),
                t == by,
            )
            for t in TAGS
        ),
        aims=tuple(
            Choice(g.id, g.name, screen.url(screen.view.with_own(aim=g.id)), g is aim)
            for g in goals
        ),
        aim_name=aim.name if aim else "",
    )


async def _list_goals(door: Door, screen: Screen) -> list[Saved[GoalFilter]]:
    readable = await door.parts.modules.list_readable(screen.project.number)
    if "goals" not in readable or not screen.viewer.shows("goals"):
        return []
    return await asyncio.to_thread(door.parts.goals.list_saved, screen.project.number)


def _find_aim(screen: Screen, goals: list[Saved[GoalFilter]]) -> Saved[GoalFilter] | None:
    wanted = screen.view.own_of("aim")
    return next((g for g in goals if g.id == wanted), goals[0] if goals else None)


def _make_line(
    screen: Screen,
    by: str,
    metrics: tuple[str, ...],
    row: Row,
    largest: float,
    figures: GoalFigures | None,
) -> Line:
    value = row.dimensions[0]
    cells = [
        Cell(render_value(FACES[m].unit, v)) for m, v in zip(metrics, row.metrics, strict=True)
    ]
    if figures:
        cells += [
            Cell(render_count(figures.conversions)),
            Cell(render_share(figures.rate)),
            Cell(render_revenue(figures)),
        ]
    kept = screen.view.with_filter(DimensionFilter(by, "is", (value,)))
    width = find_width(row.metrics[0] or 0, largest)
    return Line(value, tuple(cells), width, screen.url(kept), f"{value}: show only this")


def _pad(lines: tuple[Line, ...], length: int) -> tuple[Line, ...]:
    """Fill the lines that no goal has a figure for."""
    nothing = Cell(NOTHING, "soft")
    return tuple(
        Line(
            line.name,
            (*line.cells, *([nothing] * (length - len(line.cells)))),
            line.width,
            line.url,
            line.hint,
        )
        for line in lines
    )
