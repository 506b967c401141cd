"""Three reports that are figures and one table: searches within the site, how far pages are read,
and the links that lead away from it."""

from litestar import get

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.figure import NOTHING, render_count, render_share
from footfall.dashboard.links import Choice
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.report.catalogue import LINKS, SCROLL, SEARCH
from footfall.dashboard.report.grid import Board, Cell, Fact, Grid, Line, find_width
from footfall.dashboard.report.page import show_report
from footfall.dashboard.screen import Screen
from footfall.errors import InvalidInputError
from footfall.reports.link import KINDS, Link, LinkKind, LinksQuestion
from footfall.reports.scroll import MARKS, ScrollFigures, ScrollQuestion
from footfall.reports.site_search import SearchFigures, SearchQuestion
from footfall.reports.slice import Slice

ROWS = Slice(50)

MANY_WITHOUT = 0.5
"""From this share of searches without a result on, a term is marked."""


@get("/search")
async def show_search(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show what was searched for."""
    return await show_report(door, request, sight, SEARCH, load_search, template="board")


@get("/scroll")
async def show_scroll(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show how far pages were read."""
    return await show_report(door, request, sight, SCROLL, load_scroll, template="board")


@get("/links")
async def show_links(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the links that lead away, and the downloads."""
    return await show_report(door, request, sight, LINKS, load_links, template="board")


async def load_search(door: Door, screen: Screen) -> Board:
    """Ask for the terms."""
    found = await door.parts.reports.ask(SearchQuestion(screen.scope(), ROWS))
    totals, terms = found.totals, found.terms
    largest = max((t.figures.searches for t in terms.rows), default=0)
    lines = tuple(
        Line(t.term, _make_search(t.figures), find_width(t.figures.searches, largest))
        for t in terms.rows
    )
    facts = (
        Fact("Searches", render_count(totals.searches)),
        Fact("Visitors who searched", render_count(totals.visitors)),
        Fact(
            "Without a result",
            render_share(totals.share_without_results),
            f"{render_count(totals.without_results)} of {render_count(totals.counted)}"
            if totals.counted
            else "Searches do not tell their results",
        ),
    )
    heads = ("Searches", "Visitors", "Results", "Without result")
    return Board(facts if lines else (), Grid("Term", heads, lines, terms.total))


def _make_search(figures: SearchFigures) -> tuple[Cell, ...]:
    share, mean = figures.share_without_results, figures.mean_results
    return (
        Cell(render_count(figures.searches)),
        Cell(render_count(figures.visitors)),
        Cell(NOTHING if mean is None else f"{mean:.1f}", "soft"),
        Cell(render_share(share), "bad" if share is not None and share >= MANY_WITHOUT else "soft"),
    )


async def load_scroll(door: Door, screen: Screen) -> Board:
    """Ask for the depths."""
    found = await door.parts.reports.ask(ScrollQuestion(screen.scope(), ROWS))
    totals, pages = found.totals, found.pages
    lines = tuple(
        Line(p.path, _make_depths(p.figures), round(p.figures.mean_depth or 0)) for p in pages.rows
    )
    marks = [
        Fact(f"Read to {mark}\u00a0%", render_share(_divide(count, totals.visits)))
        for mark, count in zip(MARKS, totals.reached, strict=True)
    ]
    facts = (Fact("Median depth", _render_depth(totals.median_depth)), *marks)
    heads = ("Visits", "Median", *(f"to {mark}\u00a0%" for mark in MARKS))
    return Board(facts if lines else (), Grid("Page", heads, lines, pages.total))


def _make_depths(figures: ScrollFigures) -> tuple[Cell, ...]:
    return (
        Cell(render_count(figures.visits)),
        Cell(_render_depth(figures.median_depth)),
        *(Cell(render_share(_divide(n, figures.visits)), "soft") for n in figures.reached),
    )


def _render_depth(depth: float | None) -> str:
    return NOTHING if depth is None else f"{round(depth)}\u00a0%"


def _divide(above: int, below: int) -> float | None:
    return above / below if below else None


async def load_links(door: Door, screen: Screen) -> Board:
    """Ask for links, downloads, or both."""
    kinds = _parse_kinds(screen.view.own_of("kind"))
    found = await door.parts.reports.ask(LinksQuestion(screen.scope(), kinds, ROWS))
    largest = max((link.clicks for link in found.links.rows), default=0)
    lines = tuple(_make_link(link, largest) for link in found.links.rows)
    facts = (
        Fact("Clicks", render_count(found.clicks)),
        Fact("Visitors", render_count(found.visitors)),
        Fact("Different links", render_count(found.links.total)),
    )
    titles = {"": "All", "outlink": "Links", "download": "Downloads"}
    chosen = screen.view.own_of("kind")
    choices = tuple(
        Choice(k, title, screen.url(screen.view.with_own(kind=k)), k == chosen)
        for k, title in titles.items()
    )
    grid = Grid("Link", ("Clicks", "Visitors", "Pages"), lines, found.links.total)
    return Board(facts if lines else (), grid, choices)


def _parse_kinds(text: str) -> tuple[LinkKind, ...]:
    if not text:
        return KINDS
    for kind in KINDS:
        if kind == text:
            return (kind,)
    raise InvalidInputError(f"kind is '{text[:40]}'; use {', '.join(KINDS)}", field="kind")


def _make_link(link: Link, largest: int) -> Line:
    places = ", ".join(f"{page.path or 'unknown'} ({page.clicks:,})" for page in link.pages[:3])
    what = "download from" if link.kind == "download" else "from"
    return Line(
        name=link.url,
        cells=(
            Cell(render_count(link.clicks)),
            Cell(render_count(link.visitors)),
            Cell(render_count(link.page_count), "soft"),
        ),
        width=find_width(link.clicks, largest),
        note=f"{what} {places}" if places else "",
    )
