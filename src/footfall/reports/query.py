"""The one question that every report asks. Every API parses into `Query`; nothing else reaches
the warehouse. Ranges are half-open UTC instants; buckets and labels follow `time_zone`."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from footfall.model.time_range import TimeRange

Operator = Literal["is", "is_not", "contains", "not_contains", "matches", "not_matches"]
"""`matches` is a wildcard: `*` stands for any run of characters; case-sensitive throughout."""


class Interval(Enum):
    """The length of a bucket. Days, weeks (from Monday) and months follow the time zone."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class DimensionFilter:
    """A dimension compared with values; several values mean any of them (none of them for the
    negative operators). `dimension` is a name of the catalogue, or `prop:<key>`."""

    dimension: str
    operator: Operator
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoalFilter:
    """Keeps the sessions in which something was done: a page seen or an event sent, optionally
    with properties, or the whole session long enough. It keeps or leaves whole sessions."""

    page: str | None = None
    """Path, `*` allowed."""
    event: str | None = None
    """Name of a custom event, `*` allowed."""
    props: tuple[tuple[str, str], ...] = ()
    """Properties of the event or pageview with their text form."""
    min_duration_s: int | None = None
    """Seconds from the first signal of the session to the last, at least."""
    min_pageviews: int | None = None
    """Pageviews of the session, at least."""

    @property
    def is_of_session(self) -> bool:
        """Tell whether the session as a whole reaches it, and no single event."""
        return self.min_duration_s is not None or self.min_pageviews is not None


@dataclass(frozen=True, slots=True)
class And:
    """All of them hold."""

    filters: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one holds."""

    filters: tuple["Filter", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """It does not hold."""

    filter: "Filter"


Filter = DimensionFilter | GoalFilter | And | Or | Not

Bots = Literal["exclude", "include", "only"]


@dataclass(frozen=True, slots=True)
class Order:
    """Sort by a metric or dimension of the query. Ties break by the dimensions, ascending."""

    by: str
    direction: Literal["asc", "desc"] = "desc"


@dataclass(frozen=True, slots=True)
class Query:
    """Metrics by dimensions over a range."""

    project: int
    metrics: tuple[str, ...]
    range: TimeRange
    dimensions: tuple[str, ...] = ()
    filter: Filter | None = None
    interval: Interval | None = None
    """Set: one row for each bucket (and dimension value), empty buckets included."""
    time_zone: str = "UTC"
    compare: TimeRange | None = None
    """Set: every figure comes with the figure of this range."""
    order: tuple[Order, ...] = ()
    """Empty: first metric descending, or bucket ascending when there is an interval."""
    limit: int = 100
    offset: int = 0
    bots: Bots = "exclude"


Value = int | float | None
"""None: there is nothing to divide by (a bounce rate of no sessions)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a report."""

    dimensions: tuple[str, ...]
    metrics: tuple[Value, ...]
    bucket_us: int | None = None
    """Start of the bucket, UTC microseconds."""
    bucket: str | None = None
    """Label of the bucket in the time zone: '2026-11-21', or '2026-11-21T14:00:00+01:00'."""
    is_partial: bool = False
    """True when the bucket reaches outside the range or beyond now."""
    compare: tuple[Value, ...] | None = None
    shares: tuple[float | None, ...] | None = None
    """Each metric as a share (0 to 1) of its total over all rows; None where it has no share."""


@dataclass(frozen=True, slots=True)
class Result:
    """The answer: rows of the page asked for, totals over all rows, and how many rows there are."""

    query: Query
    rows: tuple[Row, ...]
    totals: tuple[Value, ...]
    total_rows: int
    compare_totals: tuple[Value, ...] | None = None
    notes: tuple[str, ...] = field(default=())
