"""The shape of a question: everything that decides its SQL except the instants of its range.
Equal shapes have equal SQL, so that compiled SQL is kept and serves every range."""

from dataclasses import dataclass

from footfall.reports.bucket import Piece
from footfall.reports.query import Bots, Filter, Order

START_MARK = 864_000_000_000_000_101
LAST_MARK = 864_000_000_000_000_102
END_MARK = 864_000_000_000_000_103
"""Stand in the SQL where the range's instants belong: its first microsecond, its last and the one
after. No instant of an event reaches them."""
PROJECT_MARK = 864_000_000_000_000_104
"""Stands where the project's number belongs."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A question without its range."""

    project: int
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    filter: Filter | None = None
    bots: Bots = "exclude"
    left_out: tuple[int, ...] = ()
    """Visitors that count as bots whatever their score."""
    pieces: tuple[Piece, ...] = ()
    """Set: a row for each bucket."""
    offsets: tuple[tuple[int, int], ...] = ((0, 0),)
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int = 0
    only: tuple[tuple[str, ...], ...] = ()
    """Set: for each dimension the values to keep."""
    has_totals: bool = False
    """True: the totals of all lines beside them, where one reading of the rows yields both."""
    is_total: bool = False
    """True: one row over everything that has a place under the dimensions."""


def dimension_column(index: int) -> str:
    """Name the column that holds a dimension of the question."""
    return f"d{index}"


def metric_column(index: int) -> str:
    """Name the column that holds a metric of the question."""
    return f"m{index}"


def total_column(index: int) -> str:
    """Name the column that holds a metric over all lines."""
    return f"s{index}"
