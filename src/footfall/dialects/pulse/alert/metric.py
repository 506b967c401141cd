"""Pulse's names of metrics that rules watch, and its units: rates are percent here. Whatever else
the catalogue has can be watched by its own name."""

from footfall.errors import InvalidInputError
from footfall.reports.catalogue import METRICS, find_metric

OURS = {
    # Pulse's bounce is a visit with one pageview or none, whatever else happened in it.
    "bounce_rate": "bounce_rate_pageviews",
    "avg_duration": "session_duration",
    "error_count": "errors",
}

_PULSES = {ours: theirs for theirs, ours in OURS.items()}

DIGITS = 9
"""Decimals of a percentage: enough for any threshold, few enough to hide binary fractions."""


def parse_metric(name: str) -> str:
    """Return the metric of the catalogue. Raises InvalidInputError."""
    ours = OURS.get(name, name)
    known = [_PULSES.get(metric.name, metric.name) for metric in METRICS]
    if ours not in {metric.name for metric in METRICS}:
        raise InvalidInputError(
            f"unknown metric '{name[:60]}'; accepted are {', '.join(dict.fromkeys(known))}",
            field="metric",
        )
    return ours


def render_metric(name: str) -> str:
    """Return Pulse's name of a metric."""
    return _PULSES.get(name, name)


def parse_value(metric: str, value: float) -> float:
    """Return a threshold in the catalogue's unit."""
    return value / 100 if _is_rate(metric) else value


def render_value(metric: str, value: float) -> float:
    """Return a figure in Pulse's unit; whole numbers as such."""
    shown = round(value * 100, DIGITS) if _is_rate(metric) else value
    return int(shown) if shown == int(shown) else shown


def _is_rate(metric: str) -> bool:
    return find_metric(metric).unit == "fraction"
