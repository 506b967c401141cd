"""The question that every door asks about an experiment, and the one way to its answer."""

from dataclasses import dataclass

from footfall.errors import InvalidInputError
from footfall.experiments.analysis import LEAST_UPLIFT, Analysis, analyse
from footfall.experiments.experiment import Experiment
from footfall.experiments.success import Success
from footfall.experiments.tally import TallyQuestion, Unit, find_span
from footfall.model.time_range import TimeRange
from footfall.reports.family import Desk
from footfall.reports.scope import Scope

METRICS_LIMIT = 10
"""Metrics of one report; each is a scan of its own."""

UPLIFT_LIMIT = 10.0


@dataclass(frozen=True, slots=True)
class ExperimentQuestion:
    """Analyse an experiment over the part of the scope's range in which it ran."""

    scope: Scope
    experiment: Experiment
    successes: tuple[tuple[str, Success | None], ...]
    """What counts, by name; the experiment's own first. None counts nothing."""
    unit: Unit = "visitor"
    uplift: float = LEAST_UPLIFT
    """The relative effect that is worth seeing."""
    is_adjusted: bool = True
    """Look at earlier behaviour of visitors as well (CUPED); doubles the time."""

    def check(self) -> None:
        """Refuse too many metrics and an uplift that cannot be. Raises InvalidInputError."""
        if len(self.successes) > METRICS_LIMIT:
            raise InvalidInputError(
                f"{len(self.successes)} metrics; accepted are up to {METRICS_LIMIT}",
                field="metrics",
            )
        if not 0 < self.uplift <= UPLIFT_LIMIT:
            raise InvalidInputError(
                f"uplift {self.uplift:g} is out of range; accepted is above 0 up to "
                f"{UPLIFT_LIMIT:g}, where 0.1 is 10 %",
                field="uplift",
            )

    def run(self, desk: Desk) -> Analysis:
        """Return the analysis."""
        tallies = [(name, self._tally(success).run(desk)) for name, success in self.successes]
        span = find_span(self.experiment, self.scope.range)
        past = TimeRange(span.start_us, max(span.start_us, min(span.end_us, desk.now_us)))
        return analyse(self.experiment, tallies, past, uplift=self.uplift)

    def _tally(self, success: Success | None) -> TallyQuestion:
        has_before = self.is_adjusted and self.unit == "visitor" and success is not None
        return TallyQuestion(self.scope, self.experiment, success, self.unit, has_before)


def find_whole_range(experiment: Experiment, now_us: int) -> TimeRange:
    """Return the range that holds all of an experiment until now."""
    start = experiment.started_at_us if experiment.started_at_us is not None else now_us
    return TimeRange(min(start, now_us), now_us + 1)
