"""Goals: how many visits and visitors did what counts as success, and what they paid. A visit
converts at most once; the visitors of the range are what the rate is of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from footfall.errors import InvalidInputError
from footfall.model.event import REVENUE_SCALE
from footfall.reports.catalogue import find_dimension
from footfall.reports.family import Desk
from footfall.reports.filter import check_goal
from footfall.reports.query import GoalFilter, Interval
from footfall.reports.scope import Scope

MAX_LINES = 1_000


@dataclass(frozen=True, slots=True)
class GoalFigures:
    """What a goal achieved."""

    conversions: int
    """Visits that reached it."""
    converted_visitors: int
    visitors: int
    """Visitors of the range, whether they reached it or not."""
    revenue_micros: Mapping[str, int] = field(default_factory=dict)
    """By currency: what the converting events were worth. Empty for goals without such events."""

    @property
    def rate(self) -> float | None:
        """Converted visitors for each visitor, 0 to 1; None without visitors."""
        return self.converted_visitors / self.visitors if self.visitors else None

    @property
    def revenue(self) -> dict[str, float]:
        """The revenue in units of each currency."""
        return {code: micros / REVENUE_SCALE for code, micros in self.revenue_micros.items()}


@dataclass(frozen=True, slots=True)
class GoalLine:
    """The figures of one bucket or of one value of a dimension."""

    label: str
    figures: GoalFigures
    is_partial: bool = False
    """True when the bucket reaches outside the range or beyond now."""


@dataclass(frozen=True, slots=True)
class GoalAnswer:
    """The figures over everything, and the lines that were asked for."""

    total: GoalFigures
    lines: tuple[GoalLine, ...] = ()


@dataclass(frozen=True, slots=True)
class GoalQuestion:
    """How often a goal was reached; as a series with `interval`, as a list with `dimension`."""

    scope: Scope
    goal: GoalFilter
    interval: Interval | None = None
    dimension: str | None = None
    limit: int = 100
    """Lines of a list at most: most conversions first, then most visitors, then by value."""

    def check(self) -> None:
        """Refuse what is no goal. Raises InvalidInputError that names the field."""
        check_goal(self.goal, field="goal")
        if self.interval is not None and self.dimension is not None:
            raise InvalidInputError(
                f"both interval '{self.interval.value}' and dimension '{self.dimension}' are "
                "given; a goal is shown over time or by a dimension",
                field="dimension",
            )
        if self.dimension is not None:
            find_dimension(self.dimension, field="dimension")
        if not 1 <= self.limit <= MAX_LINES:
            raise InvalidInputError(
                f"limit is {self.limit}; accepted are 1 to {MAX_LINES}", field="limit"
            )

    def run(self, desk: Desk) -> GoalAnswer:
        """Return the figures."""
        from footfall.reports.goal_sql import make_revenue, make_totals

        counts = desk.ask(make_totals(desk, self.goal))
        revenue = desk.ask(make_revenue(desk, self.goal))
        total = _read_figures(counts[0], _read_revenue(revenue).get("", {}))
        if self.interval is not None:
            return GoalAnswer(total, self._run_series(desk, self.interval))
        if self.dimension is not None:
            return GoalAnswer(total, self._run_list(desk, self.dimension))
        return GoalAnswer(total)

    def _run_series(self, desk: Desk, interval: Interval) -> tuple[GoalLine, ...]:
        from footfall.reports.goal_sql import (
            make_revenue_series,
            make_series,
            make_visitor_series,
        )

        buckets = desk.buckets(interval)
        if len(buckets) == 0:
            return ()
        found = {row[0]: row[1:] for row in desk.ask(make_series(desk, self.goal, buckets))}
        visitors = dict(desk.ask(make_visitor_series(desk, buckets)))
        revenue = _read_revenue(desk.ask(make_revenue_series(desk, self.goal, buckets)))
        lines = []
        for index, label in enumerate(buckets.labels):
            conversions, converted = found.get(index, (0, 0))
            counts = (conversions, converted, visitors.get(index, 0))
            figures = _read_figures(counts, revenue.get(index, {}))
            lines.append(GoalLine(label, figures, desk.is_partial(buckets, index)))
        return tuple(lines)

    def _run_list(self, desk: Desk, dimension: str) -> tuple[GoalLine, ...]:
        from footfall.reports.goal_sql import make_list, make_revenue_list

        rows = desk.ask(make_list(desk, self.goal, dimension, self.limit))
        if not rows:
            return ()
        values = [row[0] for row in rows]
        revenue = _read_revenue(desk.ask(make_revenue_list(desk, self.goal, dimension, values)))
        return tuple(
            GoalLine(row[0], _read_figures(row[1:], revenue.get(row[0], {}))) for row in rows
        )


def _read_figures(counts: Sequence[Any], revenue: Mapping[str, int]) -> GoalFigures:
    conversions, converted, visitors = (int(value or 0) for value in counts)
    return GoalFigures(conversions, converted, visitors, revenue)


def _read_revenue(rows: Sequence[Sequence[Any]]) -> dict[Any, dict[str, int]]:
    """Read (line, currency, micros); a total has the line ''."""
    found: dict[Any, dict[str, int]] = {}
    for line, currency, micros in rows:
        found.setdefault(line, {})[currency] = int(micros)
    return found
