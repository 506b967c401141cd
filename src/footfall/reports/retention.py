"""Retention: of the visitors who came for the first time in a day, week or month, how many came
back on which day after. A visitor's first visit is the first ever in the project, not the first of
the range, and a day that has not come yet for the whole cohort has no figure: it is never 0 %."""

from collections.abc import Mapping
from dataclasses import dataclass

from footfall.clock import US_PER_DAY
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange
from footfall.reports.bucket import Buckets
from footfall.reports.family import Desk
from footfall.reports.query import Interval
from footfall.reports.scope import Scope

DAYS = (1, 7, 14, 30, 60, 90)
MAX_DAYS = 60
"""Columns of a table at most."""

LAST_DAY = 366

PERIODS = (Interval.DAY, Interval.WEEK, Interval.MONTH)


@dataclass(frozen=True, slots=True)
class RetentionCohort:
    """Visitors whose first visit lies in one period."""

    start: str
    """First day of the period: a Monday, the first of a month."""
    visitors: int
    returned: Mapping[int, int | None]
    """By day: who began a visit exactly so many days after the first; None: not everybody of the
    cohort has reached that day."""
    is_partial: bool
    """True when the period reaches outside the range or beyond now."""

    def share(self, day: int) -> float | None:
        """Return who came back on a day as a share of the cohort, 0 to 1."""
        count = self.returned[day]
        return None if count is None else count / self.visitors


@dataclass(frozen=True, slots=True)
class RetentionQuestion:
    """How many come back. The filter is asked of a visitor's first visit; any visit is a return."""

    scope: Scope
    period: Interval = Interval.WEEK
    days: tuple[int, ...] = DAYS

    def check(self) -> None:
        """Refuse periods and days that make no table. Raises InvalidInputError."""
        if self.period not in PERIODS:
            raise InvalidInputError(
                f"period is '{self.period.value}'; accepted are day, week and month",
                field="period",
            )
        if not 1 <= len(self.days) <= MAX_DAYS or len(set(self.days)) < len(self.days):
            raise InvalidInputError(
                f"days names {len(self.days)} days, or one twice; accepted are 1 to {MAX_DAYS}",
                field="days",
            )
        for day in self.days:
            if not 1 <= day <= LAST_DAY:
                raise InvalidInputError(
                    f"days names {day}; accepted are 1 to {LAST_DAY}", field="days"
                )

    def run(self, desk: Desk) -> tuple[RetentionCohort, ...]:
        """Return the cohorts that have visitors, the oldest first."""
        from footfall.reports.retention_sql import Retention

        buckets = desk.buckets(self.period)
        if len(buckets) == 0:
            return ()
        days = _find_days(desk, max(self.days))
        always = desk.at(TimeRange(0, min(days.end_us, desk.now_us + 1)))
        table = Retention(always, desk.scope.range, days)
        cohorts = always.ask(table.make_cohorts(buckets))
        returns: dict[tuple[int, int], int] = {
            (int(cohort), int(day)): int(count)
            for cohort, day, count in always.ask(table.make_returns(buckets, self.days))
        }
        today = days.find(desk.now_us)
        return tuple(
            RetentionCohort(
                buckets.labels[cohort],
                int(visitors),
                {
                    day: returns.get((cohort, day), 0) if last_day + day <= today else None
                    for day in self.days
                },
                desk.is_partial(buckets, cohort),
            )
            for cohort, visitors, last_day in cohorts
        )


def _find_days(desk: Desk, last_day: int) -> Buckets:
    """Return the days that first visits and returns may lie on. Nothing later than now is looked
    at, but the days go on, so that the index of any of them can be compared."""
    span = desk.scope.range
    end_us = max(span.end_us + (last_day + 1) * US_PER_DAY, desk.now_us + 1)
    return desk.at(TimeRange(span.start_us, end_us)).buckets(Interval.DAY)
