"""Pages of long lists: how many rows, and after how many."""

from dataclasses import dataclass

from footfall.errors import InvalidInputError

LIMIT_MAXIMUM = 1_000
"""Rows of one page at most: what a table on a screen can show, and memory can bear."""

OFFSET_MAXIMUM = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list."""

    limit: int
    offset: int = 0


def parse_page(limit: int | None, offset: int | None, *, default: int) -> Page:
    """Return the page asked for; more than the maximum becomes the maximum.

    Raises InvalidInputError for a limit below 1 or a negative offset.
    """
    if limit is not None and limit < 1:
        raise InvalidInputError(
            f"limit is {limit}; accepted are 1 to {LIMIT_MAXIMUM}", field="limit"
        )
    if offset is not None and not 0 <= offset <= OFFSET_MAXIMUM:
        raise InvalidInputError(
            f"offset is {offset}; accepted are 0 to {OFFSET_MAXIMUM}", field="offset"
        )
    return Page(min(limit or default, LIMIT_MAXIMUM), offset or 0)
