"""What a dimension is. The dimensions themselves stand in `reports.dimensions`."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from footfall.reports.expression import Context, Expression, Get

PROPERTY_PREFIX = "prop:"


class Level(Enum):
    """Which table knows a dimension."""

    EVENT = "event"
    """Only events have it; a session has each value of its events."""
    SHARED = "shared"
    """Both have it; a session has that of its first event."""
    SESSION = "session"
    """Only sessions have it; an event has that of its session."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """Something to group or filter by. Its values are text; '' is 'unknown' or 'none'."""

    name: str
    title: str
    description: str
    level: Level
    value: Callable[[Get, Context], Expression]
    """The value of a row, as text."""
    omits_empty: bool = False
    """True when rows without a value belong in no line of a report (an event on no page)."""
    has_place: Callable[[Get, Context], Expression] | None = None
    """Which rows have a value, where that can be said more cheaply than by the value itself."""
    is_time: bool = False
    """True when the value depends on the time zone."""


def make_column_dimension(
    name: str,
    title: str,
    description: str,
    level: Level,
    *,
    column: str | None = None,
    omits_empty: bool = False,
) -> Dimension:
    """Declare a dimension that is one column, named like it unless `column` says otherwise."""
    source = column or name
    return Dimension(
        name, title, description, level, lambda get, _: get(source), omits_empty=omits_empty
    )
