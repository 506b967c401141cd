"""Ways through the site: where visits went from a page or came to it from, and the journeys they
begin with. Pages are the pageviews of the range in the visits kept, in their order; a page loaded
again is no step."""

from dataclasses import dataclass
from typing import Literal

from footfall.errors import InvalidInputError
from footfall.reports.family import Desk
from footfall.reports.filter import MAX_VALUE_LENGTH
from footfall.reports.scope import Scope

Direction = Literal["forward", "backward"]

DIRECTIONS: tuple[Direction, ...] = ("forward", "backward")
LEAST_STEPS = 2
MOST_STEPS = 5
"""A sixth column of a flow chart holds hardly anybody."""

MAX_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Flow:
    """One neighbour of the pivot."""

    page: str
    """'' when the visit ended at the pivot, or began with it."""
    times: int
    """Views of the pivot that had this neighbour."""
    visitors: int
    share: float
    """Of all views of the pivot, whether their neighbour is shown or not; 0 to 1."""


@dataclass(frozen=True, slots=True)
class Flows:
    """The neighbours of a pivot."""

    total: int
    """Views of the pivot; one that was loaded again counts once."""
    flows: tuple[Flow, ...]
    """The most frequent first; ties by the page."""


@dataclass(frozen=True, slots=True)
class PathQuestion:
    """Where visits went from a page (forward), or where they came from (backward)."""

    scope: Scope
    page: str
    """Path of the pivot, `*` allowed."""
    direction: Direction = "forward"
    limit: int = 10

    def check(self) -> None:
        """Refuse what is no pivot. Raises InvalidInputError that names the field."""
        _check_page(self.page)
        if self.direction not in DIRECTIONS:
            raise InvalidInputError(
                f"direction is '{self.direction[:60]}'; accepted are {', '.join(DIRECTIONS)}",
                field="direction",
            )
        _check_number("limit", self.limit, 1, MAX_ROWS)

    def run(self, desk: Desk) -> Flows:
        """Return the neighbours."""
        from footfall.reports.path_sql import make_flows

        rows = desk.ask(make_flows(desk, self.page, self.direction, self.limit))
        total = int(rows[0][3]) if rows else 0
        return Flows(
            total,
            tuple(Flow(page, int(n), int(v), int(n) / total) for page, n, v, _ in rows),
        )


@dataclass(frozen=True, slots=True)
class Journey:
    """A way that visits took."""

    pages: tuple[str, ...]
    """Fewer than asked for when the visit ended there."""
    visits: int
    visitors: int
    share: float
    """Of all visits that have a journey, shown or not; 0 to 1."""


@dataclass(frozen=True, slots=True)
class Journeys:
    """The most frequent ways."""

    total: int
    """Visits that have a journey."""
    journeys: tuple[Journey, ...]
    """The most frequent first; ties by the pages."""


@dataclass(frozen=True, slots=True)
class JourneyQuestion:
    """The first pages of visits, or the pages from the first view of a given page on."""

    scope: Scope
    steps: int = 3
    page: str | None = None
    """Set: journeys begin at the first view of this page, `*` allowed."""
    limit: int = 20

    def check(self) -> None:
        """Refuse what is no journey. Raises InvalidInputError that names the field."""
        _check_number("steps", self.steps, LEAST_STEPS, MOST_STEPS)
        _check_number("limit", self.limit, 1, MAX_ROWS)
        if self.page is not None:
            _check_page(self.page)

    def run(self, desk: Desk) -> Journeys:
        """Return the journeys."""
        from footfall.reports.path_sql import make_journeys

        rows = desk.ask(make_journeys(desk, self.steps, self.page, self.limit))
        total = int(rows[0][-1]) if rows else 0
        journeys = []
        for *pages, visits, visitors, _ in rows:
            seen = tuple(page for page in pages if page)
            journeys.append(Journey(seen, int(visits), int(visitors), int(visits) / total))
        return Journeys(total, tuple(journeys))


def _check_page(page: str) -> None:
    if not page or len(page) > MAX_VALUE_LENGTH or "\0" in page:
        raise InvalidInputError(
            f"page is '{page[:40]}'; accepted is a path of 1 to {MAX_VALUE_LENGTH} characters",
            field="page",
        )


def _check_number(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidInputError(f"{field} is {value}; accepted are {least} to {most}", field=field)
