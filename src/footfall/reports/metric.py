"""What a metric is: parts, each one aggregate over one source, and the value made of them.
The metrics themselves stand in `reports.metrics`."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal

from footfall.reports.expression import Context, Expression, Get, Relation

Unit = Literal["count", "fraction", "seconds", "money", "number"]
"""`fraction` is 0 to 1; `money` is in the currency's unit; `number` has no unit."""


Merge = Literal["sum", "visitors", "never"]
"""How the parts of several groups of rows make the part of all of them: counts and sums add up,
distinct visitors are counted anew, and of a quantile the rows are needed again."""


class Source(Enum):
    """Over which rows a part is computed."""

    EVENTS = "events"
    """Events whose `ts` lies in the range."""
    SESSIONS = "sessions"
    """Sessions whose `start` lies in the range."""
    PRESENCE = "presence"
    """Sessions that touch the range; with anything of event level, the matching events."""
    STEPS = "steps"
    """Pageviews in the range that another pageview of the session follows in the range."""


@dataclass(frozen=True, slots=True)
class Part:
    """One aggregate. Parts with the same name are the same part."""

    name: str
    source: Source
    aggregate: Callable[[Relation, Expression | None, Context], Expression]
    """Takes the rows, the condition that chooses among them (or None), and the context."""
    counts: Callable[[Relation, Context], Expression] | None = None
    """Which rows of the source it counts; None: all of them."""
    is_zero_when_empty: bool = True
    """False when no rows mean 'no value' instead of 0."""
    merge: Merge = "sum"


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a report."""

    name: str
    title: str
    description: str
    unit: Unit
    parts: tuple[Part, ...]
    value: Callable[[Get], Expression]
    """The figure from its parts, named by `Part.name`."""

    @property
    def has_share(self) -> bool:
        """Tell whether a row's figure can be a share of the total: counts and sums can."""
        return len(self.parts) == 1 and self.unit in {"count", "money"}


def count_rows(rows: Relation, where: Expression | None, _: Context) -> Expression:
    """Count rows."""
    return rows.count(where=where)


def count_visitors(rows: Relation, where: Expression | None, context: Context) -> Expression:
    """Count distinct visitors, exactly."""
    return context.words.distinct(rows.visitor, where)


def make_count(name: str, title: str, description: str, part: Part) -> Metric:
    """Declare a metric that is one part."""
    return Metric(name, title, description, "count", (part,), lambda get: get(part.name))


def divide_parts(get: Get, above: Part, below: Part) -> Expression:
    """The ratio of two parts; null when there is nothing to divide by."""
    return get(above.name) / get(below.name).nullif(0)
