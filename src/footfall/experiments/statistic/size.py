"""How many visitors an experiment needs, told before it starts and while it runs."""

from math import ceil, sqrt

from footfall.experiments.statistic.sample import ALPHA, find_quantile

POWER = 0.8
"""The chance to see an effect that exists; usual."""


def find_size(
    base: float, uplift: float, *, alpha: float = ALPHA, power: float = POWER
) -> int | None:
    """Return how many units each variant needs to show a relative uplift over a base rate; None
    where no number is enough: a base of 0 or 1, no uplift, or a rate above 1.

    Two-sided test of two proportions: J. L. Fleiss, Statistical Methods for Rates and
    Proportions, equation (4.14) without continuity correction.
    """
    other = base * (1 + uplift)
    if not 0 < base < 1 or uplift == 0 or not 0 < other < 1:
        return None
    middle = (base + other) / 2
    one_look = find_quantile(1 - alpha / 2) * sqrt(2 * middle * (1 - middle))
    chance = find_quantile(power) * sqrt(base * (1 - base) + other * (1 - other))
    return ceil((one_look + chance) ** 2 / (other - base) ** 2)
