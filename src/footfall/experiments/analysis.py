"""From counts to figures one can act on. One analysis stands behind every API and page: Pulse's
results, Echelon's statistics and our own report show parts of it and compute nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from footfall.clock import US_PER_DAY
from footfall.experiments.experiment import Experiment, Variant
from footfall.experiments.statistic.correction import correct
from footfall.experiments.statistic.covariate import Pairs, adjust, make_pairs
from footfall.experiments.statistic.effect import Effect, find_difference, find_uplift
from footfall.experiments.statistic.rate import Rate, ZTest, compare_rates, find_wilson
from footfall.experiments.statistic.ratio import RatioCheck, check_ratio
from footfall.experiments.statistic.sample import Interval, Sample, make_rate_sample
from footfall.experiments.statistic.sequential import find_sequence, find_sequential_p
from footfall.experiments.statistic.size import find_size
from footfall.experiments.tally import Arm, Tally
from footfall.experiments.verdict import Verdict, compare_always, is_ready, judge
from footfall.model.event import REVENUE_SCALE
from footfall.model.time_range import TimeRange

LEAST_UPLIFT = 0.1
"""The relative effect that the sample size is worked out for when nobody says: 10 %."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value with the interval of one planned look and the one that holds at every look."""

    value: float
    interval: Interval
    sequence: Interval


@dataclass(frozen=True, slots=True)
class Adjusted:
    """The difference of rates without what earlier behaviour explains (CUPED)."""

    difference: Estimate
    p_sequential: float
    reduction: float
    """Share of the variance that is gone, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A variant against the control."""

    uplift: Estimate | None
    """Relative difference of the rates; None over a control without conversions."""
    difference: Estimate | None
    """Absolute difference of the rates."""
    z_test: ZTest
    """Of one planned look."""
    p_sequential: float | None
    """Valid at every look; None while it is too early."""
    p_corrected: float | None
    """The same, corrected for all comparisons of the report (Benjamini–Hochberg)."""
    adjusted: Adjusted | None
    revenue_uplift: Estimate | None
    """Relative difference of revenue per unit."""
    revenue_p_sequential: float | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """One variant."""

    variant: Variant
    rate: Rate
    """Conversions among units."""
    interval: Interval
    """Wilson's, for the rate."""
    revenue_micros: int
    revenue_per_unit: float | None
    """In units of its currency; None of nobody."""
    comparison: Comparison | None
    """None for the control."""

    @property
    def revenue(self) -> float:
        """In units of its currency."""
        return self.revenue_micros / REVENUE_SCALE


@dataclass(frozen=True, slots=True)
class MetricFigures:
    """All variants by one metric; the first of a report is the experiment's own."""

    name: str
    arms: tuple[ArmFigures, ...]


@dataclass(frozen=True, slots=True)
class SizePlan:
    """How long it still takes to see an uplift."""

    uplift: float
    """The relative effect that is to be seen."""
    base: Rate
    """The control's rate, from which it starts."""
    needed: int | None
    """Units for each variant; None while the base rate says nothing."""
    missing: int | None
    """Units that the variant farthest behind still lacks."""
    days_left: float | None
    """At the rate since the start; None when nothing comes, 0 when there are enough."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything there is to say about an experiment."""

    experiment: Experiment
    metrics: tuple[MetricFigures, ...]
    ratio: RatioCheck
    contaminated: int
    """Units that saw more than one variant and are left out."""
    plan: SizePlan


def analyse(
    experiment: Experiment,
    tallies: Sequence[tuple[str, Tally]],
    span: TimeRange,
    *,
    uplift: float = LEAST_UPLIFT,
) -> Analysis:
    """Work out the figures of named tallies of one experiment, over the span in which it ran and
    was looked at; the first tally is the experiment's own metric."""
    first = tallies[0][1]
    ratio = _check_ratio(experiment, first)
    metrics = tuple(
        MetricFigures(name, _find_arms(tally, is_broken=ratio.is_alarm)) for name, tally in tallies
    )
    return Analysis(
        experiment=experiment,
        metrics=_correct(metrics, is_broken=ratio.is_alarm),
        ratio=ratio,
        contaminated=first.contaminated,
        plan=_plan(first, span, uplift),
    )


def _check_ratio(experiment: Experiment, tally: Tally) -> RatioCheck:
    periods = range(len(experiment.splits))
    return check_ratio(
        [tuple(arm.units_of(period) for arm in tally.arms) for period in periods],
        [split.weights for split in experiment.splits],
    )


def _find_arms(tally: Tally, *, is_broken: bool) -> tuple[ArmFigures, ...]:
    control = tally.control
    return tuple(
        ArmFigures(
            variant=arm.variant,
            rate=_rate(arm),
            interval=find_wilson(_rate(arm)),
            revenue_micros=arm.revenue_micros,
            revenue_per_unit=arm.revenue / arm.units if arm.units else None,
            comparison=None if arm is control else _compare(control, arm, is_broken=is_broken),
        )
        for arm in tally.arms
    )


def _compare(control: Arm, arm: Arm, *, is_broken: bool) -> Comparison:
    before, after = _rate(control), _rate(arm)
    samples = tuple(make_rate_sample(r.count, r.successes) for r in (before, after))
    difference = find_difference(*samples)
    p = compare_always(before, after)
    revenues = (_make_revenue_sample(control), _make_revenue_sample(arm))
    revenue_difference = find_difference(*revenues)
    has_revenue = revenue_difference is not None and is_ready(before, after)
    return Comparison(
        uplift=_estimate(find_uplift(*samples)),
        difference=_estimate(difference),
        z_test=compare_rates(before, after),
        p_sequential=p,
        p_corrected=p,
        adjusted=_adjust(control, arm) if p is not None else None,
        revenue_uplift=_estimate(find_uplift(*revenues)),
        revenue_p_sequential=(
            find_sequential_p(revenue_difference) if revenue_difference and has_revenue else None
        ),
        verdict=judge(p, difference.value if difference else 0, is_broken=is_broken),
    )


def _correct(metrics: tuple[MetricFigures, ...], *, is_broken: bool) -> tuple[MetricFigures, ...]:
    """Return the figures with p-values corrected for all comparisons, and verdicts by those."""
    found = [c.p_sequential for m in metrics for a in m.arms if (c := a.comparison)]
    corrected = iter(correct([p for p in found if p is not None]))

    def correct_arm(arm: ArmFigures) -> ArmFigures:
        comparison = arm.comparison
        if comparison is None or comparison.p_sequential is None:
            return arm
        p = next(corrected)
        value = comparison.difference.value if comparison.difference else 0.0
        verdict = judge(p, value, is_broken=is_broken)
        return replace(arm, comparison=replace(comparison, p_corrected=p, verdict=verdict))

    return tuple(replace(m, arms=tuple(correct_arm(arm) for arm in m.arms)) for m in metrics)


def _plan(tally: Tally, span: TimeRange, uplift: float) -> SizePlan:
    base = _rate(tally.control)
    needed = find_size(base.value, uplift) if base.value is not None else None
    if needed is None:
        return SizePlan(uplift, base, None, None, None)
    days = span.length_us / US_PER_DAY
    missing = max(0, *(needed - arm.units for arm in tally.arms))
    waits = [
        (needed - arm.units) / (arm.units / days) if arm.units and days else None
        for arm in tally.arms
        if arm.units < needed
    ]
    known = [wait for wait in waits if wait is not None]
    days_left = max(known, default=0.0) if len(known) == len(waits) else None
    return SizePlan(uplift, base, needed, missing, days_left)


def _adjust(control: Arm, arm: Arm) -> Adjusted | None:
    if control.loose_conversions or arm.loose_conversions:
        # Nobody knows what these visitors did before.
        return None
    found = adjust(_make_pairs(control), _make_pairs(arm))
    estimate = None if found is None else _estimate(found.effect)
    if found is None or estimate is None:
        return None
    return Adjusted(estimate, find_sequential_p(found.effect), found.reduction)


def _make_pairs(arm: Arm) -> Pairs:
    return make_pairs((float(c.has_converted), float(c.before), c.units) for c in arm.cells)


def _make_revenue_sample(arm: Arm) -> Sample:
    squares = sum((c.revenue_micros / REVENUE_SCALE) ** 2 * c.units for c in arm.cells)
    if arm.loose_conversions:
        # Their amounts are known together only; as equal ones they vary least.
        each = arm.loose_revenue_micros / REVENUE_SCALE / arm.loose_conversions
        squares += each * each * arm.loose_conversions
    return Sample(arm.units, arm.revenue, squares)


def _estimate(effect: Effect | None) -> Estimate | None:
    if effect is None:
        return None
    return Estimate(effect.value, effect.interval(), find_sequence(effect))


def _rate(arm: Arm) -> Rate:
    return Rate(arm.conversions, arm.units)
