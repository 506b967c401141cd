"""The page of journeys: the ways visits begin with, and what lies before and after one page."""

import asyncio
from dataclasses import dataclass

from litestar import get

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import render_count, render_share
from footfall.dashboard.links import Choice
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.report.catalogue import JOURNEYS
from footfall.dashboard.report.grid import Cell, Grid, Line, find_width
from footfall.dashboard.report.page import show_report
from footfall.dashboard.report.suggestion import load_values
from footfall.dashboard.screen import Screen
from footfall.errors import InvalidInputError
from footfall.reports.path import (
    LEAST_STEPS,
    MOST_STEPS,
    Direction,
    Flows,
    Journey,
    JourneyQuestion,
    Journeys,
    PathQuestion,
)

ROWS = 20
NEIGHBOURS = 10


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of a way."""

    path: str
    url: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way that visits took."""

    stops: tuple[Stop, ...]
    ends: bool
    """True: the visit ended with the last stop."""
    visits: str
    share: str
    width: int


@dataclass(frozen=True, slots=True)
class JourneysView:
    """What the page shows; `before` and `after` where a page was chosen."""

    path: str
    pages: tuple[str, ...]
    total: str
    ways: tuple[Way, ...]
    choices: tuple[Choice, ...]
    views: str
    before: Grid | None
    after: Grid | None
    clear_url: str


@get("/journeys")
async def show_journeys(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the ways through the site."""
    return await show_report(door, request, sight, JOURNEYS, load_journeys)


async def load_journeys(door: Door, screen: Screen) -> JourneysView:
    """Ask for the ways, and for the neighbours of the chosen page."""
    path, steps = screen.view.own_of("path"), _parse_steps(screen.view.own_of("steps") or "3")
    reports, scope = door.parts.reports, screen.scope()
    found: Journeys
    found, pages = await asyncio.gather(
        reports.ask(JourneyQuestion(scope, steps, path or None, ROWS)),
        load_values(door, screen, "page"),
    )
    before = after = None
    views = 0
    if path:
        came, went = await asyncio.gather(
            reports.ask(PathQuestion(scope, path, "backward", NEIGHBOURS)),
            reports.ask(PathQuestion(scope, path, "forward", NEIGHBOURS)),
        )
        views = went.total
        before = _make_neighbours(screen, came, "backward")
        after = _make_neighbours(screen, went, "forward")
    largest = max((j.visits for j in found.journeys), default=0)
    return JourneysView(
        path=path,
        pages=pages,
        total=render_count(found.total),
        ways=tuple(_make_way(screen, j, steps, largest) for j in found.journeys),
        choices=tuple(
            Choice(
                str(n),
                f"{n} pages",
                screen.url(screen.view.with_own(steps="" if n == 3 else str(n))),
                n == steps,
            )
            for n in range(LEAST_STEPS, MOST_STEPS + 1)
        ),
        views=render_count(views),
        before=before,
        after=after,
        clear_url=screen.url(screen.view.with_own(path="")),
    )


def _parse_steps(text: str) -> int:
    if (
        len(text) != 1
        or not LEAST_STEPS <= (int(text) if text in "0123456789" else 0) <= MOST_STEPS
    ):
        raise InvalidInputError(
            f"steps is '{text[:40]}'; use {LEAST_STEPS} to {MOST_STEPS}", field="steps"
        )
    return int(text)


def _make_way(screen: Screen, journey: Journey, steps: int, largest: int) -> Way:
    stops = (Stop(page, screen.url(screen.view.with_own(path=page))) for page in journey.pages)
    return Way(
        tuple(stops),
        len(journey.pages) < steps,
        render_count(journey.visits),
        render_share(journey.share),
        find_width(journey.visits, largest),
    )


def _make_neighbours(screen: Screen, flows: Flows, direction: Direction) -> Grid:
    nowhere = "The visit began here" if direction == "backward" else "The visit ended here"
    largest = max((flow.times for flow in flows.flows), default=0)
    lines = tuple(
        Line(
            name=flow.page or nowhere,
            cells=(Cell(render_count(flow.times)), Cell(render_share(flow.share), "soft")),
            width=find_width(flow.times, largest),
            url=screen.url(screen.view.with_own(path=flow.page)) if flow.page else "",
            hint=f"{flow.page}: before and after it",
        )
        for flow in flows.flows
    )
    return Grid("Page", ("Views", "Share"), lines)
