"""Cohorts: what the visitors of each week or month did, so that periods can be compared visitor by
visitor. The figures are those of the catalogue; only the average is worked out here."""

from dataclasses import dataclass

from footfall.errors import InvalidInputError
from footfall.reports.family import Desk
from footfall.reports.query import Interval
from footfall.reports.scope import Scope

METRICS = ("pageviews", "sessions", "events", "revenue")
PERIODS = (Interval.WEEK, Interval.MONTH)


@dataclass(frozen=True, slots=True)
class Cohort:
    """One week or month."""

    start: str
    """First day of the period: a Monday, the first of a month."""
    visitors: int
    total: int | float
    """The metric of the period; revenue adds currencies as they are."""
    is_partial: bool
    """True when the period reaches outside the range or beyond now."""

    @property
    def per_visitor(self) -> float | None:
        """The metric for each visitor; None without visitors."""
        return self.total / self.visitors if self.visitors else None


@dataclass(frozen=True, slots=True)
class CohortQuestion:
    """A metric of the visitors of each period."""

    scope: Scope
    period: Interval = Interval.WEEK
    metric: str = "pageviews"

    def check(self) -> None:
        """Refuse other periods and metrics. Raises InvalidInputError that names the field."""
        if self.period not in PERIODS:
            raise InvalidInputError(
                f"period is '{self.period.value}'; accepted are week and month", field="period"
            )
        if self.metric not in METRICS:
            raise InvalidInputError(
                f"metric is '{self.metric[:60]}'; accepted are {', '.join(METRICS)}",
                field="metric",
            )

    def run(self, desk: Desk) -> tuple[Cohort, ...]:
        """Return every period that the range touches, empty ones included."""
        buckets = desk.buckets(self.period)
        if len(buckets) == 0:
            return ()
        figures = desk.measure(("visitors", self.metric), buckets)
        return tuple(
            Cohort(label, int(visitors or 0), total or 0, desk.is_partial(buckets, index))
            for index, (label, (visitors, total)) in enumerate(
                zip(buckets.labels, figures, strict=True)
            )
        )
