"""Heatmaps: where people clicked on a page, and on which pages they clicked. Places are pixels of
the page, counted from its top left corner."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footfall.errors import MissingFieldError
from footfall.reports.family import Desk
from footfall.reports.scope import Scope
from footfall.reports.slice import FIRST_ROWS, Listing, Slice, ask_slice

RAGE_CLICKS = 3
RAGE_US = 1_000_000
"""The third click of a visit on one element within a second is a rage click, and so is every
further one: nobody double-clicks three times."""

SELECTORS = Slice(100)
"""Elements shown beside the places."""


@dataclass(frozen=True, slots=True)
class ClickPoint:
    """One pixel of the page and the element that was clicked there."""

    x: int
    y: int
    selector: str
    count: int


@dataclass(frozen=True, slots=True)
class ClickedElement:
    """One element of the page."""

    selector: str
    clicks: int
    visitors: int
    rage_clicks: int


@dataclass(frozen=True, slots=True)
class Heatmap:
    """The clicks on one page."""

    points: Listing[ClickPoint]
    elements: Listing[ClickedElement]
    total_clicks: int
    placed_clicks: int
    """Those whose place is known; a fraction of a page of unknown size has none."""
    viewport_width: int | None
    """The most frequent width, CSS pixels; of equally frequent ones the widest."""


@dataclass(frozen=True, slots=True)
class ClickedPage:
    """One page."""

    path: str
    clicks: int
    visitors: int


@dataclass(frozen=True, slots=True)
class HeatmapQuestion:
    """The clicks on one page, the most clicked places first."""

    scope: Scope
    path: str
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse no path, and too long a part. Raises InvalidInputError."""
        if not self.path:
            raise MissingFieldError("path")
        self.part.check()

    def run(self, desk: Desk) -> Heatmap:
        """Return the places asked for."""
        from footfall.reports import heatmap_sql as sql

        widths = desk.ask(sql.make_widths(desk, self.path))
        width = int(widths[0][0]) if widths else None
        rows = sql.make_points(desk, self.path, width)
        order = [rows.clicks.desc(), rows.y.asc(), rows.x.asc(), rows.selector.asc()]
        points, point_count = ask_slice(desk, rows, order, self.part)
        placed = desk.ask(rows.agg(clicks=rows.clicks.sum()))[0][0]
        elements = sql.make_elements(desk, self.path)
        listed, element_count = ask_slice(
            desk, elements, [elements.clicks.desc(), elements.selector.asc()], SELECTORS
        )
        return Heatmap(
            Listing(tuple(_read_point(row) for row in points), point_count),
            Listing(tuple(_read_element(row) for row in listed), element_count),
            int(desk.ask(elements.agg(clicks=elements.clicks.sum()))[0][0] or 0),
            int(placed or 0),
            width,
        )


@dataclass(frozen=True, slots=True)
class HeatmapPagesQuestion:
    """Pages by clicks."""

    scope: Scope
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse too long a part. Raises InvalidInputError."""
        self.part.check()

    def run(self, desk: Desk) -> Listing[ClickedPage]:
        """Return the pages asked for."""
        from footfall.reports.heatmap_sql import make_pages

        pages = make_pages(desk)
        rows, total = ask_slice(desk, pages, [pages.clicks.desc(), pages.path.asc()], self.part)
        return Listing(tuple(ClickedPage(p, int(c), int(v)) for p, c, v in rows), total)


def _read_point(row: Sequence[Any]) -> ClickPoint:
    x, y, selector, clicks = row
    return ClickPoint(int(x), int(y), selector, int(clicks))


def _read_element(row: Sequence[Any]) -> ClickedElement:
    selector, clicks, visitors, rage_clicks = row
    return ClickedElement(selector, int(clicks), int(visitors), int(rage_clicks))
