"""The effect of a variant: the difference of two means and the uplift, each with how much it
varies. What is significant is decided elsewhere."""

from dataclasses import dataclass
from math import sqrt

from footfall.experiments.statistic.sample import LEVEL, Interval, Sample, find_quantile


@dataclass(frozen=True, slots=True)
class Effect:
    """An estimate with its variance, over so many units of both sides."""

    value: float
    variance: float
    units: int

    def interval(self, level: float = LEVEL) -> Interval:
        """Return the interval of one planned look, by the normal distribution."""
        half = find_quantile((1 + level) / 2) * sqrt(self.variance)
        return Interval(self.value - half, self.value + half)


def find_difference(control: Sample, other: Sample) -> Effect | None:
    """Return the difference of the means; None when a side has fewer than two."""
    if min(control.count, other.count) < 2:
        return None
    variance = control.variance_of_mean + other.variance_of_mean
    return Effect(other.mean - control.mean, variance, control.count + other.count)


def find_uplift(control: Sample, other: Sample) -> Effect | None:
    """Return the difference relative to the control's mean; None when that is 0 or a side has
    fewer than two.

    The variance is that of a ratio by the delta method: Casella & Berger, Statistical Inference,
    2nd edition, section 5.5.4.
    """
    if min(control.count, other.count) < 2 or control.mean <= 0:
        return None
    ratio = other.mean / control.mean
    variance = other.variance_of_mean + ratio * ratio * control.variance_of_mean
    return Effect(ratio - 1, variance / control.mean**2, control.count + other.count)
