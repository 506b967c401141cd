"""CUPED: what visitors did before they saw a variant explains part of what they do after it.
Taking that part out leaves the effect as it is and its variance smaller.

Source: A. Deng, Y. Xu, R. Kohavi, T. Walker, "Improving the Sensitivity of Online Controlled
Experiments by Utilizing Pre-Experiment Data", WSDM 2013, equations (4) and (5).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from footfall.experiments.statistic.effect import Effect
from footfall.experiments.statistic.sample import Sample


@dataclass(frozen=True, slots=True)
class Pairs:
    """What units did after (y) and before (x), one pair each."""

    y: Sample
    x: Sample
    products: float

    @property
    def covariance(self) -> float:
        """Their unbiased covariance; 0 of fewer than two."""
        if self.y.count < 2:
            return 0.0
        return (self.products - self.x.total * self.y.total / self.y.count) / (self.y.count - 1)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An effect without what behaviour before explains."""

    effect: Effect
    theta: float
    reduction: float
    """Share of the variance that is gone, 0 to 1."""


def make_pairs(weighted: Iterable[tuple[float, float, int]]) -> Pairs:
    """Return the pairs of (y, x, how many units)."""
    n, ty, tyy, tx, txx, txy = 0, 0.0, 0.0, 0.0, 0.0, 0.0
    for y, x, units in weighted:
        n += units
        ty += units * y
        tyy += units * y * y
        tx += units * x
        txx += units * x * x
        txy += units * x * y
    return Pairs(Sample(n, ty, tyy), Sample(n, tx, txx), txy)


def adjust(control: Pairs, other: Pairs) -> Adjustment | None:
    """Return the adjusted difference of the means of y; None where nothing was done before, or a
    side has fewer than two."""
    if min(control.y.count, other.y.count) < 2:
        return None
    n = control.y.count + other.y.count
    spread = control.x.variance * control.y.count + other.x.variance * other.y.count
    if spread <= 0:
        return None
    together = control.covariance * control.y.count + other.covariance * other.y.count
    theta = together / spread
    plain = control.y.variance_of_mean + other.y.variance_of_mean
    variance = sum(_variance_of_mean(pairs, theta) for pairs in (control, other))
    difference = (other.y.mean - control.y.mean) - theta * (other.x.mean - control.x.mean)
    reduction = max(0.0, 1 - variance / plain) if plain > 0 else 0.0
    return Adjustment(Effect(difference, variance, n), theta, reduction)


def _variance_of_mean(pairs: Pairs, theta: float) -> float:
    variance = pairs.y.variance - 2 * theta * pairs.covariance + theta**2 * pairs.x.variance
    return max(0.0, variance) / pairs.y.count
