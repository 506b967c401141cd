"""What happened to the visitors of an experiment, counted: who saw which variant first, who
converted at or after that, and with how much revenue. Only counts come from the warehouse, so
that both engines answer alike; statistics are made of them elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from footfall.clock import US_PER_DAY
from footfall.experiments.experiment import Experiment, Variant
from footfall.experiments.success import Success
from footfall.model.event import REVENUE_SCALE
from footfall.model.time_range import TimeRange
from footfall.reports.family import Desk
from footfall.reports.scope import Scope

Unit = Literal["visitor", "session"]
"""Who converts: a visitor; Echelon counts sessions."""

BEFORE_US = 28 * US_PER_DAY
"""How far back behaviour before the exposure is looked at: four whole weeks."""

RECENT_US = US_PER_DAY
"""Behaviour of the last day does not count as earlier: visitors who are known for a day only have
none then, and nothing is adjusted by it."""

BEFORE_LIMIT = 100
"""Interactive events before the exposure are counted up to here: one robot among the visitors
must not carry all the variance."""


class Cell(NamedTuple):
    """Units that are alike in everything that is measured."""

    period: int
    """Index of the split in force at their first exposure."""
    has_converted: bool
    revenue_micros: int
    before: int
    """Interactive events from four weeks to a day before the first exposure, up to
    BEFORE_LIMIT."""
    units: int


@dataclass(frozen=True, slots=True)
class Arm:
    """One variant with the units that saw it and no other."""

    variant: Variant
    cells: tuple[Cell, ...]
    loose_conversions: int = 0
    """Conversions that a server counted for this variant, of visitors whose exposure is unknown:
    they are among the visitors, nobody knows which."""
    loose_revenue_micros: int = 0

    @property
    def units(self) -> int:
        """Units that saw this variant."""
        return sum(cell.units for cell in self.cells)

    @property
    def conversions(self) -> int:
        """Units that converted, never more than there are."""
        known = sum(cell.units for cell in self.cells if cell.has_converted)
        return min(self.units, known + self.loose_conversions)

    @property
    def revenue_micros(self) -> int:
        """Their revenue, in millionths."""
        known = sum(cell.revenue_micros * cell.units for cell in self.cells)
        return known + self.loose_revenue_micros

    @property
    def revenue(self) -> float:
        """Their revenue in units of its currency."""
        return self.revenue_micros / REVENUE_SCALE

    def units_of(self, period: int) -> int:
        """Return the units whose first exposure fell into a split."""
        return sum(cell.units for cell in self.cells if cell.period == period)


@dataclass(frozen=True, slots=True)
class Tally:
    """All arms, the control among them, in the order of the variants."""

    arms: tuple[Arm, ...]
    contaminated: int
    """Units that saw more than one variant; they are in no arm."""

    @property
    def control(self) -> Arm:
        """The arm that the others are compared with."""
        return next(arm for arm in self.arms if arm.variant.is_control)

    @property
    def challengers(self) -> tuple[Arm, ...]:
        """The other arms."""
        return tuple(arm for arm in self.arms if not arm.variant.is_control)


@dataclass(frozen=True, slots=True)
class TallyQuestion:
    """Count an experiment over the part of the scope's range in which it ran. The scope's filter
    chooses exposures; conversions count wherever they happen."""

    scope: Scope
    experiment: Experiment
    success: Success | None
    unit: Unit = "visitor"
    has_before: bool = False
    """Look at behaviour before the exposure; costs a scan of four more weeks."""

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> Tally:
        """Return the counts; all 0 for an experiment that has not run in the range."""
        span = find_span(self.experiment, self.scope.range)
        if span.length_us == 0:
            return _read(self.experiment, (), ())
        from footfall.experiments.tally_sql import make_cells, make_loose

        wide = desk.at(TimeRange(span.start_us - BEFORE_US, span.end_us))
        cells = wide.ask(make_cells(wide, self, span))
        loose = wide.ask(make_loose(wide, self, span)) if self.success else []
        return _read(self.experiment, cells, loose)


def find_span(experiment: Experiment, span: TimeRange) -> TimeRange:
    """Return the part of a range in which an experiment ran; empty when there is none."""
    if experiment.started_at_us is None:
        return TimeRange(span.start_us, span.start_us)
    start = max(span.start_us, experiment.started_at_us)
    # Half-open: what happens in the instant of the end still belongs to it.
    end = span.end_us if experiment.ended_at_us is None else experiment.ended_at_us + 1
    return TimeRange(start, max(start, min(span.end_us, end)))


def _read(
    experiment: Experiment,
    cells: Iterable[tuple[str, int, int, int, int, int]],
    loose: Iterable[tuple[str, int, int]],
) -> Tally:
    of_variant: dict[str, list[Cell]] = {variant.id: [] for variant in experiment.variants}
    contaminated = 0
    for variant, period, has_converted, revenue, before, units in cells:
        if variant in of_variant:
            of_variant[variant].append(
                Cell(int(period), bool(has_converted), int(revenue), int(before), int(units))
            )
        else:
            contaminated += int(units)
    extra = {variant: (int(units), int(revenue)) for variant, units, revenue in loose}
    arms = [
        Arm(variant, tuple(sorted(of_variant[variant.id])), *extra.get(variant.id, (0, 0)))
        for variant in experiment.variants
    ]
    return Tally(tuple(arms), contaminated)
