"""The part of a list that a question asks for. A list knows how many rows it has in all, so that
whoever shows a part of it can say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from footfall.reports.check import check_slice
from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Slice:
    """So many rows, after so many."""

    limit: int = 100
    offset: int = 0

    def check(self) -> None:
        """Refuse what is too much. Raises InvalidInputError that names the field."""
        check_slice(self.limit, self.offset)


FIRST_ROWS = Slice()


@dataclass(frozen=True, slots=True)
class Listing(Generic[T]):
    """The rows of a slice."""

    rows: tuple[T, ...]
    total: int
    """How many rows there are in all."""


def ask_slice(
    desk: Desk, rows: Relation, order: Sequence[Expression], part: Slice
) -> tuple[list[tuple[Any, ...]], int]:
    """Return the rows of a slice and how many there are in all. `order` must leave no ties."""
    import ibis

    counted = rows.mutate(row_count=rows.count().over(ibis.window())).order_by(order)
    found = desk.ask(counted.limit(part.limit, offset=part.offset))
    if found:
        return [row[:-1] for row in found], int(found[0][-1])
    if part.offset == 0:
        return [], 0
    return [], int(desk.ask(rows.agg(row_count=rows.count()))[0][0])
