"""Statistics that stay true however often one looks. The confidence sequence covers the truth at
all times at once with the stated level, and the p-value is small at any time with no more than
the stated probability, so that an experiment may be stopped the moment it is clear.

Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central
limit theory and asymptotic confidence sequences", Annals of Statistics 52 (2024), arXiv
2103.06476v7, equation (9); its normal mixture is H. Robbins', Ann. Math. Stat. 41 (1970).
"""

from math import exp, log, sqrt

from footfall.experiments.statistic.effect import Effect
from footfall.experiments.statistic.sample import ALPHA, Interval

TIGHTEST_AT = 5_000
"""Units at which the sequence is tightest; it holds at every other number as well."""

FEWEST_SUCCESSES = 10
"""Each side needs so many conversions, and so many units that do not convert, before the limit
theorem behind the sequence can be relied on."""


def find_sequence(effect: Effect, alpha: float = ALPHA) -> Interval:
    """Return the confidence sequence of an effect at its present number of units."""
    n, rho2 = effect.units, _find_rho2(alpha)
    mixed = n * rho2 + 1
    half = sqrt(effect.variance * 2 * mixed / (n * rho2) * log(sqrt(mixed) / alpha))
    return Interval(effect.value - half, effect.value + half)


def find_sequential_p(effect: Effect) -> float:
    """Return the always-valid p-value: below ALPHA exactly where the sequence leaves 0 out.

    It is the inverse of the mixture's likelihood ratio at an effect of 0.
    """
    if effect.variance <= 0:
        return 1.0
    n, rho2 = effect.units, _find_rho2(ALPHA)
    mixed = n * rho2 + 1
    exponent = effect.value**2 / effect.variance * n * rho2 / (2 * mixed)
    return min(1.0, sqrt(mixed) * exp(-exponent))


def _find_rho2(alpha: float) -> float:
    """Return the mixture's squared parameter; equation (161) of the source."""
    return (-2 * log(alpha) + log(-2 * log(alpha) + 1)) / TIGHTEST_AT
