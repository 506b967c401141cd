"""Alert rules and alarms in plain sentences, for mails and for the dashboard."""

from footfall.alerts.rule import WORDS, Condition
from footfall.alerts.unit import is_rate, render_shown
from footfall.reports.catalogue import find_metric


def describe_condition(condition: Condition) -> str:
    """Return what raises the alarm: 'Errors of the last 15 minutes above 50'."""
    title = find_metric(condition.metric).title
    threshold = render_figure(condition.metric, condition.threshold)
    span = describe_minutes(condition.window_minutes)
    among = "" if condition.filter is None else ", among what its filter keeps,"
    return f"{title} of the last {span}{among} {WORDS[condition.operator]} {threshold}"


def describe_alarm(condition: Condition, value: float) -> str:
    """Return what happened: 'Errors of the last 15 minutes: 51. …'."""
    title = find_metric(condition.metric).title
    threshold = render_figure(condition.metric, condition.threshold)
    return (
        f"{title} of the last {describe_minutes(condition.window_minutes)}: "
        f"{render_figure(condition.metric, value)}. "
        f"The rule '{condition.name}' asks for {WORDS[condition.operator]} {threshold}."
    )


def render_figure(metric: str, value: float) -> str:
    """Return a figure with its unit, as people write it."""
    shown = f"{render_shown(metric, value):.10g}"
    if is_rate(metric):
        return f"{shown} %"
    return f"{shown} seconds" if find_metric(metric).unit == "seconds" else shown


def describe_minutes(minutes: int) -> str:
    """Return minutes in the largest unit that fits: '90 minutes', '6 hours', 'day'."""
    for size, word in ((1_440, "day"), (60, "hour"), (1, "minute")):
        if minutes % size == 0:
            count = minutes // size
            return word if count == 1 else f"{count} {word}s"
    return f"{minutes} minutes"
