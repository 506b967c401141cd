"""What statistics are made of: how many, their sum and the sum of their squares; and the normal
distribution, which is all that the formulas here need."""

from dataclasses import dataclass
from math import erfc, sqrt
from statistics import NormalDist

LEVEL = 0.95
"""The level of every interval, and with it of every verdict."""

ALPHA = 1 - LEVEL

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Sample:
    """Measurements of one quantity, one for each unit."""

    count: int
    total: float
    squares: float

    @property
    def mean(self) -> float:
        """Their mean; 0 of none."""
        return self.total / self.count if self.count else 0.0

    @property
    def variance(self) -> float:
        """Their unbiased variance; 0 of fewer than two."""
        if self.count < 2:
            return 0.0
        return max(0.0, (self.squares - self.total * self.total / self.count) / (self.count - 1))

    @property
    def variance_of_mean(self) -> float:
        """How much the mean varies; 0 of none."""
        return self.variance / self.count if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included; infinite ends where nothing can be said."""

    low: float
    high: float

    def has(self, value: float) -> bool:
        """Tell whether a value lies inside."""
        return self.low <= value <= self.high


def make_rate_sample(count: int, successes: int) -> Sample:
    """Return the sample of successes among a count: every measurement is 0 or 1."""
    return Sample(count, successes, successes)


def find_quantile(probability: float) -> float:
    """Return the quantile of the standard normal distribution."""
    return _NORMAL.inv_cdf(probability)


def find_two_sided(z: float) -> float:
    """Return how probable a standard normal value at least as far from 0 is."""
    return erfc(abs(z) / sqrt(2))
