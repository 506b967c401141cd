"""The alarm for sample ratios: visitors must fall to variants as the weights say. When they do
not, something loses visitors of one variant, and no figure of the experiment can be believed."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

ALARM_BELOW = 0.001
"""So rarely does chance alone look like this; usual for this check, since it is made often."""

FEWEST_EXPECTED = 5.0
"""Expected units in each cell below which the chi-square distribution is no approximation."""

_STEPS = 10_000
_PRECISION = 1e-15


@dataclass(frozen=True, slots=True)
class RatioCheck:
    """What the check found."""

    observed: tuple[int, ...]
    """Units of each variant."""
    expected: tuple[float, ...]
    """By the weights in force when each unit came."""
    p: float | None
    """None while there are too few units to tell."""

    @property
    def is_alarm(self) -> bool:
        """Tell whether the experiment must not be believed."""
        return self.p is not None and self.p < ALARM_BELOW


def check_ratio(units: Sequence[Sequence[int]], weights: Sequence[Sequence[float]]) -> RatioCheck:
    """Check the units of each period against the weights of that period, one sequence each.

    Pearson's chi-square over all cells; every period costs a degree of freedom.
    """
    width = len(units[0])
    expected = [0.0] * width
    statistic, freedom = 0.0, 0
    is_enough = False
    for counts, shares in zip(units, weights, strict=True):
        here, whole = sum(counts), sum(shares)
        wanted = [here * share / whole for share in shares]
        expected = [a + b for a, b in zip(expected, wanted, strict=True)]
        if width < 2 or min(wanted) < FEWEST_EXPECTED:
            continue
        is_enough = True
        freedom += width - 1
        statistic += sum((c - w) ** 2 / w for c, w in zip(counts, wanted, strict=True))
    observed = tuple(sum(column) for column in zip(*units, strict=True))
    p = find_chi_square_tail(statistic, freedom) if is_enough else None
    return RatioCheck(observed, tuple(expected), p)


def find_chi_square_tail(statistic: float, freedom: int) -> float:
    """Return the probability of a chi-square value at least this large.

    Series and continued fraction of the incomplete gamma function: Abramowitz & Stegun 6.5.29
    and 6.5.31, the latter by Lentz's method.
    """
    a, x = freedom / 2, statistic / 2
    if x <= 0:
        return 1.0
    scale = exp(a * log(x) - x - lgamma(a))
    if x < a + 1:
        term = total = 1 / a
        for step in range(1, _STEPS):
            term *= x / (a + step)
            total += term
            if term < total * _PRECISION:
                break
        return max(0.0, 1 - total * scale)
    tiny = 1e-300
    b = x + 1 - a
    c, d = 1 / tiny, 1 / b
    fraction = d
    for step in range(1, _STEPS):
        factor = -step * (step - a)
        b += 2
        d = 1 / (factor * d + b or tiny)
        c = b + factor / c or tiny
        fraction *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return fraction * scale
