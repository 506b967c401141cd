"""What the figures of a variant amount to. Only the sequential test decides: it may be looked at
every minute and is still wrong no more often than it says."""

from enum import Enum

from footfall.experiments.statistic.effect import find_difference
from footfall.experiments.statistic.rate import Rate
from footfall.experiments.statistic.sample import ALPHA, make_rate_sample
from footfall.experiments.statistic.sequential import FEWEST_SUCCESSES, find_sequential_p


class Verdict(Enum):
    """The word for a variant, compared with the control."""

    BROKEN = "broken"
    """Visitors do not fall to variants as the weights say: nothing can be believed."""
    TOO_EARLY = "too_early"
    """There are too few conversions to say anything."""
    UNDECIDED = "undecided"
    """No difference is visible yet."""
    BETTER = "better"
    WORSE = "worse"


def is_ready(control: Rate, other: Rate) -> bool:
    """Tell whether both sides have enough conversions, and enough units without, for the
    sequential test."""
    return all(
        min(rate.successes, rate.count - rate.successes) >= FEWEST_SUCCESSES
        for rate in (control, other)
    )


def compare_always(control: Rate, other: Rate) -> float | None:
    """Return the always-valid p-value of a difference; None while it is too early."""
    if not is_ready(control, other):
        return None
    effect = find_difference(
        make_rate_sample(control.count, control.successes),
        make_rate_sample(other.count, other.successes),
    )
    return None if effect is None else find_sequential_p(effect)


def judge(p: float | None, difference: float, *, is_broken: bool) -> Verdict:
    """Return the verdict over a difference by its (corrected) always-valid p-value."""
    if is_broken:
        return Verdict.BROKEN
    if p is None:
        return Verdict.TOO_EARLY
    if p >= ALPHA or difference == 0:
        return Verdict.UNDECIDED
    return Verdict.BETTER if difference > 0 else Verdict.WORSE
