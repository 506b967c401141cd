"""Pages as addresses: how often each was seen, and in how many visits. Unlike the dimension `page`
it tells the same path on two hosts apart."""

from dataclasses import dataclass

from footfall.errors import InvalidInputError
from footfall.reports.family import Desk
from footfall.reports.scope import Scope

LIMIT = 1_000


@dataclass(frozen=True, slots=True)
class SeenPage:
    """One page."""

    site: str
    """Host name; '' where the sender gave none."""
    path: str
    views: int
    visits: int
    """Distinct sessions that saw it; views outside any session are in none."""


@dataclass(frozen=True, slots=True)
class PagesQuestion:
    """The pages of the scope, the most seen first; ties by site, then path."""

    scope: Scope
    limit: int = 20

    def check(self) -> None:
        """Refuse a limit out of range. Raises InvalidInputError."""
        if not 1 <= self.limit <= LIMIT:
            raise InvalidInputError(
                f"limit is {self.limit}; 1 to {LIMIT} are accepted", field="limit"
            )

    def run(self, desk: Desk) -> tuple[SeenPage, ...]:
        """Return the pages."""
        from footfall.reports.page_view_sql import make_pages

        return tuple(
            SeenPage(str(site), str(path), int(views), int(visits))
            for site, path, views, visits in desk.ask(make_pages(desk, self.limit))
        )
