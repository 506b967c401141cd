"""The main chart: points for the drawing script, and the same figures as the table behind it."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from footfall.dashboard.figure import Face, render_value
from footfall.reports.query import Interval, Result, Value


class Point(msgspec.Struct, frozen=True):
    """One bucket, ready to draw."""

    label: str
    """Full label, for tooltip and table."""
    tick: str
    """Short label, for the axis."""
    value: Value
    """None: the bucket lies ahead, or there is nothing to divide by. Fractions in percent."""
    text: str
    before: Value
    before_text: str
    is_partial: bool


class Drawing(msgspec.Struct, frozen=True):
    """What the drawing script reads from the page."""

    title: str
    unit: str
    points: list[Point]
    has_before: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its words."""

    drawing: Drawing
    json: str
    summary: str
    """One sentence that says what the picture shows."""


def make_chart(face: Face, result: Result, now_us: int) -> Chart:
    """Turn a series of one metric into a chart. Buckets that have not begun have no value."""
    interval = result.query.interval or Interval.DAY
    points = []
    for row in result.rows:
        label = row.bucket or ""
        is_ahead = row.bucket_us is not None and row.bucket_us > now_us
        figure = None if is_ahead else row.metrics[0]
        earlier = row.compare[0] if row.compare else None
        points.append(
            Point(
                label=render_bucket(label, interval),
                tick=render_tick(label, interval),
                value=_scale(face, figure),
                text="" if is_ahead else render_value(face.unit, figure),
                before=_scale(face, earlier),
                before_text=render_value(face.unit, earlier) if row.compare else "",
                is_partial=row.is_partial and not is_ahead,
            )
        )
    has_before = any(p.before for p in points)
    unit = "percent" if face.unit == "fraction" else face.unit
    drawing = Drawing(face.title, unit, points, has_before)
    return Chart(drawing, msgspec.json.encode(drawing).decode(), _summarise(face, points))


def _scale(face: Face, value: Value) -> Value:
    return value * 100 if face.unit == "fraction" and value is not None else value


def _summarise(face: Face, points: list[Point]) -> str:
    known = [(p.value, p) for p in points if p.value is not None]
    if not known:
        return f"{face.title}: nothing in this period."
    highest = max(known, key=lambda pair: pair[0])[1]
    lowest = min(known, key=lambda pair: pair[0])[1]
    return (
        f"{face.title} in {len(known)} steps: highest {highest.text} ({highest.label}), "
        f"lowest {lowest.text} ({lowest.label})."
    )


def _parse_bucket(label: str) -> datetime | None:
    try:
        return datetime.fromisoformat(label)
    except ValueError:
        return None


def render_bucket(label: str, interval: Interval) -> str:
    """Write a bucket's label in full: 'Sat 21 Nov 2026', 'Sat 21 Nov, 14:00'."""
    at = _parse_bucket(label)
    if at is None:
        return label
    if interval in {Interval.MINUTE, Interval.HOUR}:
        return f"{at:%a} {at.day} {at:%b}, {at:%H:%M}"
    if interval is Interval.MONTH:
        return f"{at:%B %Y}"
    day = f"{at.day} {at:%b %Y}"
    return f"Week of {day}" if interval is Interval.WEEK else f"{at:%a} {day}"


def render_tick(label: str, interval: Interval) -> str:
    """Write a bucket's label for the axis: '21 Nov', '14:00', 'Nov 26'."""
    at = _parse_bucket(label)
    if at is None:
        return label
    if interval in {Interval.MINUTE, Interval.HOUR}:
        return f"{at.day} {at:%b}" if (at.hour, at.minute) == (0, 0) else f"{at:%H:%M}"
    if interval is Interval.MONTH:
        return f"{at:%b} {at:%Y}" if at.month == 1 else f"{at:%b}"
    return f"{at.day} {at:%b}"
