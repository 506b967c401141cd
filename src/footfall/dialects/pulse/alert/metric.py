"""Pulse's names of the metrics that rules watch. Whatever else the catalogue has can be watched by
its own name."""

from footfall.errors import InvalidInputError
from footfall.reports.catalogue import METRICS

OURS = {
    # Pulse's bounce is a visit with one pageview or none, whatever else happened in it.
    "bounce_rate": "bounce_rate_pageviews",
    "avg_duration": "session_duration",
    "error_count": "errors",
}

_PULSES = {ours: theirs for theirs, ours in OURS.items()}


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
