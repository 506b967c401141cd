"""Figures of rules as people write them: rates in percent, everything else as it is."""

from footfall.reports.catalogue import find_metric

DIGITS = 9
"""Decimals of a percentage: enough for any threshold, few enough to hide binary fractions."""


def parse_shown(metric: str, value: float) -> float:
    """Return a figure that a person wrote in the catalogue's unit."""
    return value / 100 if is_rate(metric) else value


def render_shown(metric: str, value: float) -> float:
    """Return a figure as people write it; whole numbers as such."""
    shown = round(value * 100, DIGITS) if is_rate(metric) else value
    return int(shown) if shown == int(shown) else shown


def is_rate(metric: str) -> bool:
    """Tell whether a metric is a share of something."""
    return find_metric(metric).unit == "fraction"
