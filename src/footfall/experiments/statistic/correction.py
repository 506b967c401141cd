"""Many comparisons at once: of twenty without effect one looks significant by chance."""

from collections.abc import Sequence


def correct(p_values: Sequence[float]) -> tuple[float, ...]:
    """Return the p-values adjusted so that, among those below a level, no larger share than that
    level is expected to be false.

    Source: Y. Benjamini, Y. Hochberg, J. R. Stat. Soc. B 57 (1995), 289–300.
    """
    count = len(p_values)
    adjusted = [1.0] * count
    least = 1.0
    falling = sorted(range(count), key=lambda i: p_values[i], reverse=True)
    for place, index in enumerate(falling):
        least = min(least, p_values[index] * count / (count - place))
        adjusted[index] = least
    return tuple(adjusted)
