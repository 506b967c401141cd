"""What visitors searched for on the site, and whether they found anything. Terms are compared to
the letter, as they were typed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footfall.reports.family import Desk
from footfall.reports.scope import Scope
from footfall.reports.slice import FIRST_ROWS, Listing, Slice, ask_slice


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Figures of searches."""

    searches: int
    visitors: int
    counted: int
    """Searches that told how many results they had."""
    without_results: int
    """Those of them that had none."""
    results: int
    """Results of the counted searches together."""

    @property
    def share_without_results(self) -> float | None:
        """Searches without results by counted ones, 0 to 1; None when none was counted."""
        return self.without_results / self.counted if self.counted else None

    @property
    def mean_results(self) -> float | None:
        """Results of a counted search; None when none was counted."""
        return self.results / self.counted if self.counted else None


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One term."""

    term: str
    figures: SearchFigures


@dataclass(frozen=True, slots=True)
class SearchList:
    """Terms, the most frequent first, and the figures over all of them."""

    terms: Listing[SearchTerm]
    totals: SearchFigures


@dataclass(frozen=True, slots=True)
class SearchQuestion:
    """The terms of the scope."""

    scope: Scope
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse too long a part. Raises InvalidInputError."""
        self.part.check()

    def run(self, desk: Desk) -> SearchList:
        """Return the terms asked for and the totals."""
        from footfall.reports.site_search_sql import make_terms, make_totals

        terms = make_terms(desk)
        rows, total = ask_slice(desk, terms, [terms.searches.desc(), terms.term.asc()], self.part)
        listed = tuple(SearchTerm(term, _read_figures(row)) for term, *row in rows)
        return SearchList(Listing(listed, total), _read_figures(desk.ask(make_totals(desk))[0]))


def _read_figures(row: Sequence[Any]) -> SearchFigures:
    return SearchFigures(*(int(value or 0) for value in row))
