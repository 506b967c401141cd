"""Web Vitals: how fast pages felt, as quantiles over what browsers measured. Thresholds are those
that web.dev publishes for each metric; the 75th percentile is what is judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from footfall.reports.family import Desk
from footfall.reports.scope import Scope

Vital = Literal["LCP", "FCP", "CLS", "INP", "TTFB"]
Rating = Literal["good", "needs-improvement", "poor"]

THRESHOLDS: dict[Vital, tuple[float, float]] = {
    "LCP": (2_500, 4_000),
    "FCP": (1_800, 3_000),
    "CLS": (0.1, 0.25),
    "INP": (200, 500),
    "TTFB": (800, 1_800),
}
"""Up to the first it is good, beyond the second poor. Milliseconds; CLS has no unit."""

LEVELS = (0.5, 0.75, 0.99)


@dataclass(frozen=True, slots=True)
class VitalFigures:
    """Quantiles of one vital, by linear interpolation between the two nearest measurements."""

    vital: Vital
    p50: float
    p75: float
    p99: float
    samples: int

    @property
    def rating(self) -> Rating:
        """The verdict over the 75th percentile."""
        return rate(self.vital, self.p75)


def rate(vital: Vital, value: float) -> Rating:
    """Return the verdict over a value of a vital."""
    good, poor = THRESHOLDS[vital]
    if value <= good:
        return "good"
    return "needs-improvement" if value <= poor else "poor"


@dataclass(frozen=True, slots=True)
class VitalsQuestion:
    """Quantiles of every vital over the scope."""

    scope: Scope

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> tuple[VitalFigures, ...]:
        """Return the vitals that were measured, in the order of THRESHOLDS."""
        from footfall.reports.vitals_sql import make_quantiles

        rows = {row[0]: row[1:] for row in desk.ask(make_quantiles(desk, LEVELS))}
        return tuple(_read_figures(v, rows[v]) for v in THRESHOLDS if v in rows)


def _read_figures(vital: Vital, row: Sequence[Any]) -> VitalFigures:
    p50, p75, p99, samples = row
    return VitalFigures(vital, float(p50), float(p75), float(p99), int(samples))
