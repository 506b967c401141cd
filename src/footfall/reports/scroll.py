"""How far pages were read: the deepest point that each visit reached on each page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footfall.reports.family import Desk
from footfall.reports.scope import Scope
from footfall.reports.slice import FIRST_ROWS, Listing, Slice, ask_slice

MARKS = (25, 50, 75, 100)
"""Percent of the page."""


@dataclass(frozen=True, slots=True)
class ScrollFigures:
    """How deep visits came; depths are whole percents of the page, halves rounded up."""

    visits: int
    """Visits that told a depth, counted once for each page."""
    depth_sum: int
    median_depth: float | None
    """By linear interpolation; None without visits."""
    reached: tuple[int, ...]
    """Visits that came at least to each of MARKS."""

    @property
    def mean_depth(self) -> float | None:
        """Mean of the deepest points; None without visits."""
        return self.depth_sum / self.visits if self.visits else None


@dataclass(frozen=True, slots=True)
class ScrolledPage:
    """One page."""

    path: str
    figures: ScrollFigures


@dataclass(frozen=True, slots=True)
class ScrollList:
    """Pages, the most measured first, and the figures over all of them."""

    pages: Listing[ScrolledPage]
    totals: ScrollFigures


@dataclass(frozen=True, slots=True)
class ScrollQuestion:
    """The pages of the scope."""

    scope: Scope
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse too long a part. Raises InvalidInputError."""
        self.part.check()

    def run(self, desk: Desk) -> ScrollList:
        """Return the pages asked for and the totals."""
        from footfall.reports.scroll_sql import make_pages, make_totals

        pages = make_pages(desk)
        rows, total = ask_slice(desk, pages, [pages.visits.desc(), pages.path.asc()], self.part)
        listed = tuple(ScrolledPage(path, _read_figures(row)) for path, *row in rows)
        return ScrollList(Listing(listed, total), _read_figures(desk.ask(make_totals(desk))[0]))


def _read_figures(row: Sequence[Any]) -> ScrollFigures:
    visits, depth_sum, median, *reached = row
    return ScrollFigures(
        int(visits),
        int(depth_sum or 0),
        None if median is None else float(median),
        tuple(int(count) for count in reached),
    )
