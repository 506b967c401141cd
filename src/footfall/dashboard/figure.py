"""How figures are written: separators, units, changes. What a figure is called and which
direction is good stands here; name, unit and meaning come from the catalogue of `reports`."""

from dataclasses import dataclass
from typing import Literal

from footfall.reports.catalogue import METRICS
from footfall.reports.metric import Unit
from footfall.reports.query import Value

Good = Literal["up", "down", "none"]

NOTHING = "–"
"""Shown where there is nothing to divide by."""


@dataclass(frozen=True, slots=True)
class Face:
    """A metric as people see it."""

    name: str
    title: str
    unit: Unit
    good: Good
    help: str


_NOT_UP: dict[str, Good] = {
    "bounces": "down",
    "bounce_rate": "down",
    "bounce_rate_pageviews": "down",
    "exits": "none",
    "signals": "none",
    "measurements": "none",
    "time_to_next": "none",
    "value_p50": "none",
    "value_p75": "none",
    "value_p99": "none",
}
"""Metrics of which more is not better."""

FACES: dict[str, Face] = {
    m.name: Face(m.name, m.title, m.unit, _NOT_UP.get(m.name, "up"), m.description) for m in METRICS
}


WHOLE_MONEY = 10_000
"""From here on the cents of a sum are noise on a page; exports keep them."""


@dataclass(frozen=True, slots=True)
class Change:
    """A figure against the one before, ready to show."""

    text: str
    tone: Literal["good", "bad", "flat"]
    spoken: str
    """The same for a screen reader, which does not read arrows well."""


def render_count(value: float) -> str:
    """Write a count with thousands separators."""
    return f"{round(value):,}"


def render_duration(seconds: float) -> str:
    """Write a duration as '2m 58s', '1h 05m' or '12s'."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600}h {whole % 3600 // 60:02}m"
    if whole >= 60:
        return f"{whole // 60}m {whole % 60:02}s"
    return f"{whole}s"


def render_value(unit: Unit, value: Value) -> str:
    """Write a figure in its unit."""
    if value is None:
        return NOTHING
    if unit == "count":
        return render_count(value)
    if unit == "fraction":
        return f"{value * 100:.1f}\u00a0%"
    if unit == "seconds":
        return render_duration(value)
    if unit == "money" and abs(value) >= WHOLE_MONEY:
        return f"{value:,.0f}"
    return f"{value:,.2f}"


def render_share(share: float | None) -> str:
    """Write a share of 0 to 1 as a percentage with one decimal."""
    if share is None:
        return NOTHING
    if 0 < share < 0.0005:
        return "<\u20090.1\u00a0%"
    return f"{share * 100:.1f}\u00a0%"


def render_change(face: Face, now: Value, before: Value) -> Change | None:
    """Compare two figures: in points for a fraction, else in percent of the earlier one.

    None when one of them is missing; 'new' when there was nothing before.
    """
    if now is None or before is None:
        return None
    delta = now - before
    if face.unit == "fraction":
        amount = f"{abs(delta) * 100:.1f}\u00a0pts"
        is_flat = round(delta * 100, 1) == 0
    elif before == 0:
        if now == 0:
            return Change("→ 0\u00a0%", "flat", "unchanged")
        return Change("new", "good" if face.good == "up" else "flat", "nothing before")
    else:
        relative = delta / before * 100
        amount = f"{abs(relative):,.1f}\u00a0%"
        is_flat = round(relative, 1) == 0
    if is_flat:
        return Change(f"→ {amount}", "flat", "unchanged")
    is_up = delta > 0
    tone: Literal["good", "bad", "flat"] = "flat"
    if face.good != "none":
        tone = "good" if is_up == (face.good == "up") else "bad"
    word = "up" if is_up else "down"
    return Change(f"{'↑' if is_up else '↓'} {amount}", tone, f"{word} {amount}")
