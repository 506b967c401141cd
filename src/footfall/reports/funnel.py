"""Funnels: how many visitors went through steps in their order, where they left, how long they
took. A funnel counts each visitor once; the steps may lie in several visits unless it is asked for
one. How the way through is chosen is told in `docs/explain/definitions.md`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from footfall.errors import InvalidInputError
from footfall.reports.catalogue import find_dimension
from footfall.reports.family import Desk
from footfall.reports.filter import check_goal
from footfall.reports.query import GoalFilter
from footfall.reports.scope import Scope

LEAST_STEPS = 2
MOST_STEPS = 10
"""More steps than a person can read; each is one more pass over the events that match."""

MAX_WINDOW_MINUTES = 60 * 24 * 366
"""A year."""

MAX_GROUPS = 100
LABEL_LIMIT = 200
"""Characters of a label: more does not fit a bar of a chart."""


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """One step: a page seen or an event sent."""

    label: str
    deed: GoalFilter


@dataclass(frozen=True, slots=True)
class StepFigures:
    """What became of one step. Rates are 0 to 1, None where there is nothing to divide by."""

    visitors: int
    drop_off: int
    """Visitors of the step before who did not come here."""
    from_previous: float | None
    from_first: float | None
    median_s: float | None
    """Seconds since the step before, median over the visitors who came here."""


@dataclass(frozen=True, slots=True)
class FunnelGroup:
    """The steps of the visitors whose first step had one value of a dimension."""

    value: str
    steps: tuple[StepFigures, ...]


@dataclass(frozen=True, slots=True)
class FunnelFigures:
    """A funnel over everybody and, where asked, by the first step's value of a dimension."""

    steps: tuple[StepFigures, ...]
    groups: tuple[FunnelGroup, ...] = ()
    """Most visitors at the first step first; ties by the value."""

    @property
    def overall(self) -> float | None:
        """Visitors of the last step for each visitor of the first."""
        return self.steps[-1].from_first


@dataclass(frozen=True, slots=True)
class FunnelQuestion:
    """How visitors went through the steps."""

    scope: Scope
    steps: tuple[FunnelStep, ...]
    window_minutes: int | None = None
    """Set: from the first step to the last it may take so long."""
    within_visit: bool = False
    """True: all steps lie in one visit."""
    dimension: str | None = None
    """Set: the figures also by this dimension of the first step."""
    limit: int = 10
    """Groups at most."""

    def check(self) -> None:
        """Refuse what is no funnel. Raises InvalidInputError that names the field."""
        check_steps(self.steps)
        minutes = self.window_minutes
        if minutes is not None and not 1 <= minutes <= MAX_WINDOW_MINUTES:
            raise InvalidInputError(
                f"window_minutes is {minutes}; accepted are 1 to {MAX_WINDOW_MINUTES}",
                field="window_minutes",
            )
        if self.dimension is not None:
            find_dimension(self.dimension, field="dimension")
        if not 1 <= self.limit <= MAX_GROUPS:
            raise InvalidInputError(
                f"limit is {self.limit}; accepted are 1 to {MAX_GROUPS}", field="limit"
            )

    def run(self, desk: Desk) -> FunnelFigures:
        """Return the figures of every step."""
        from footfall.reports.funnel_sql import make_funnel, make_groups

        (total,) = desk.ask(make_funnel(desk, self))
        groups = desk.ask(make_groups(desk, self)) if self.dimension is not None else []
        return FunnelFigures(
            self._read_steps(total),
            tuple(FunnelGroup(row[0], self._read_steps(row[1:])) for row in groups),
        )

    def _read_steps(self, row: Sequence[Any]) -> tuple[StepFigures, ...]:
        """Read the visitors of each step, then the median of each step but the first (µs)."""
        count = len(self.steps)
        visitors = [int(value or 0) for value in row[:count]]
        medians = [None, *row[count:]]
        return tuple(
            StepFigures(
                here,
                before - here,
                _divide(here, before),
                _divide(here, visitors[0]),
                None if median is None or here == 0 else float(median) / 1_000_000,
            )
            for here, before, median in zip(
                visitors, [visitors[0], *visitors], medians, strict=False
            )
        )


def check_steps(steps: Sequence[FunnelStep]) -> None:
    """Refuse steps that make no funnel. Raises InvalidInputError for the field 'steps'."""
    if not LEAST_STEPS <= len(steps) <= MOST_STEPS:
        raise InvalidInputError(
            f"a funnel has {len(steps)} steps; accepted are {LEAST_STEPS} to {MOST_STEPS}",
            field="steps",
        )
    for number, step in enumerate(steps):
        field = f"steps[{number}]"
        if step.deed.is_of_session:
            raise InvalidInputError(
                f"{field} asks how long a visit is; a step is a page seen or an event sent",
                field=field,
            )
        if len(step.label) > LABEL_LIMIT:
            raise InvalidInputError(
                f"{field} has a label of {len(step.label)} characters; accepted are {LABEL_LIMIT}",
                field=field,
            )
        check_goal(step.deed, field=field)


def _divide(above: int, below: int) -> float | None:
    return above / below if below else None
