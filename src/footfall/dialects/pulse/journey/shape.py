"""What the routes of retention, cohorts and paths answer."""

import msgspec
from msgspec import UNSET, UnsetType


class RetentionCohort(msgspec.Struct):
    """Visitors whose first visit lies in one period. Percentages of them by the day after the
    first visit; null: not reached yet."""

    cohort: str
    initial_visitors: int
    D1: float | None
    D7: float | None
    D14: float | None
    D30: float | None
    D60: float | None
    D90: float | None


class Retention(msgspec.Struct):
    """How many come back."""

    period: str
    cohorts: list[RetentionCohort]


class Cohort(msgspec.Struct):
    """One week (its Monday) or month (YYYY-MM)."""

    period: str
    visitors: int
    total: float
    avg_per_visitor: float


class Cohorts(msgspec.Struct):
    """A metric compared by period."""

    group_by: str
    metric: str
    cohorts: list[Cohort]


class Flow(msgspec.Struct):
    """One page before or after; '(exit)' and '(entry)' where there is none."""

    next_path: str
    visitors: int
    """Views of the page with this neighbour."""
    percentage: float
    """Of all views of the page."""
    prev_path: str | UnsetType = UNSET
    """The neighbour again, where the direction is backward."""


class Paths(msgspec.Struct):
    """Where visits went, or where they came from."""

    path: str
    direction: str
    flows: list[Flow]
