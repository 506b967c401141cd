"""A chart of one series of a report, drawn as the overview's is."""

from collections.abc import Callable, Sequence

import msgspec

from footfall.dashboard.chart import Chart, Drawing, Point, render_bucket, render_tick
from footfall.reports.query import Interval, Value

Series = Sequence[tuple[str, int, Value]]
"""Label of the bucket as reports write it, its start (µs), and its value."""


def make_curve(
    title: str,
    series: Series,
    interval: Interval,
    *,
    render: Callable[[float], str],
    now_us: int,
) -> Chart:
    """Draw a series; what lies ahead of now has no value."""
    points = [
        Point(
            label=render_bucket(label, interval),
            tick=render_tick(label, interval),
            value=None if start_us > now_us else value,
            text="" if start_us > now_us or value is None else render(value),
            before=None,
            before_text="",
            is_partial=False,
        )
        for label, start_us, value in series
    ]
    drawing = Drawing(title, "count" if _is_whole(series) else "number", points, has_before=False)
    known = [(p.value, p.text) for p in points if p.value is not None]
    summary = f"{title}: nothing in this period."
    if known:
        summary = f"{title} over time: highest {max(known)[1]}, lowest {min(known)[1]}."
    return Chart(drawing, msgspec.json.encode(drawing).decode(), summary)


def _is_whole(series: Series) -> bool:
    return all(value is None or isinstance(value, int) for _, _, value in series)
