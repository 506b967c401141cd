"""Rates and their comparison at one planned look: Wilson's interval and the pooled two-proportion
z-test. Looking again and again makes this test lie; `sequential` holds then."""

from dataclasses import dataclass
from enum import Enum
from math import sqrt

from footfall.experiments.statistic.sample import (
    LEVEL,
    Interval,
    find_quantile,
    find_two_sided,
)

FEWEST = 100
"""Below so many on either side the z-test is not shown [Echelon]."""


class Significance(Enum):
    """What the z-test says; the value is the sentence that Echelon's documents give it."""

    NO_DATA = "Not enough data"
    TOO_FEW = "Not yet — need more data (N < 100 impressions)"
    NO_VARIANCE = "No variance"
    AT_99 = "Statistically significant at 99%"
    AT_95 = "Statistically significant at 95%"
    AT_90 = "Marginally significant at 90%"
    NONE = "Not statistically significant"


_LEVELS = (
    (2.576, Significance.AT_99),
    (1.96, Significance.AT_95),
    (1.645, Significance.AT_90),
)


@dataclass(frozen=True, slots=True)
class Rate:
    """Successes among a count."""

    successes: int
    count: int

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; None of nothing."""
        return self.successes / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class ZTest:
    """A rate compared with the control's."""

    significance: Significance
    z: float | None = None
    """None where there is nothing to divide by."""
    p: float | None = None
    """Two-sided."""


def find_wilson(rate: Rate, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval; everything is possible of nothing.

    Source: E. B. Wilson, JASA 22 (1927), 209–212.
    """
    if not rate.count:
        return Interval(0.0, 1.0)
    n, p = rate.count, rate.successes / rate.count
    z2 = find_quantile((1 + level) / 2) ** 2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
    # At 0 and 1 the ends are exact; rounding must not pass them.
    low = 0.0 if rate.successes == 0 else max(0.0, middle - half)
    high = 1.0 if rate.successes == n else min(1.0, middle + half)
    return Interval(low, high)


def compare_rates(control: Rate, other: Rate) -> ZTest:
    """Return the z-test of two rates with pooled variance, in the words of Echelon's document:
    99 % from |z| 2.576, 95 % from 1.96, 90 % from 1.645."""
    if not control.count:
        return ZTest(Significance.NO_DATA)
    pooled = (control.successes + other.successes) / (control.count + other.count)
    spread = pooled * (1 - pooled)
    if not other.count or spread <= 0:
        is_short = min(control.count, other.count) < FEWEST
        return ZTest(Significance.TOO_FEW if is_short else Significance.NO_VARIANCE)
    error = sqrt(spread * (1 / control.count + 1 / other.count))
    z = (other.successes / other.count - control.successes / control.count) / error
    p = find_two_sided(z)
    if min(control.count, other.count) < FEWEST:
        return ZTest(Significance.TOO_FEW, z, p)
    for least, significance in _LEVELS:
        if abs(z) >= least:
            return ZTest(significance, z, p)
    return ZTest(Significance.NONE, z, p)
