"""Web Vitals: how fast pages felt, as quantiles over what browsers measured. Thresholds are those
that web.dev publishes for each metric; the 75th percentile is what is judged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from footfall.errors import InvalidInputError
from footfall.reports.catalogue import find_dimension
from footfall.reports.family import Desk
from footfall.reports.query import Interval
from footfall.reports.scope import Scope
from footfall.reports.slice import FIRST_ROWS, Listing, Slice, ask_slice

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
JUDGED = 0.75
"""The quantile that is judged."""


@dataclass(frozen=True, slots=True)
class VitalFigures:
    """Quantiles of one vital, by linear interpolation between the two nearest measurements, and
    how many of these were good and poor by the thresholds; the rest needs improvement."""

    vital: Vital
    p50: float
    p75: float
    p99: float
    samples: int
    good: int
    poor: int

    @property
    def rating(self) -> Rating:
        """The verdict over the 75th percentile."""
        return rate(self.vital, self.p75)

    @property
    def needs_improvement(self) -> int:
        """Measurements that are neither good nor poor."""
        return self.samples - self.good - self.poor


@dataclass(frozen=True, slots=True)
class VitalsLine:
    """The 75th percentile of each vital for one value of a dimension; None: never measured."""

    value: str
    p75: dict[Vital, float | None]
    samples: int
    """Measurements of all vitals together."""


@dataclass(frozen=True, slots=True)
class VitalsPoint:
    """One bucket of a series; None: nothing was measured in it."""

    start_us: int
    label: str
    p50: float | None
    p75: float | None
    p99: float | None
    samples: int


def rate(vital: Vital, value: float) -> Rating:
    """Return the verdict over a value of a vital."""
    good, poor = THRESHOLDS[vital]
    if value <= good:
        return "good"
    return "needs-improvement" if value <= poor else "poor"


def parse_vital(text: str, *, field: str) -> Vital:
    """Return a vital by its name, in whatever case. Raises InvalidInputError."""
    for vital in THRESHOLDS:
        if vital == text.upper():
            return vital
    raise InvalidInputError(
        f"{field} is '{text[:60]}'; accepted are {', '.join(THRESHOLDS)}", field=field
    )


@dataclass(frozen=True, slots=True)
class VitalsQuestion:
    """Quantiles of every vital over the scope."""

    scope: Scope

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> tuple[VitalFigures, ...]:
        """Return the vitals that were measured, in the order of THRESHOLDS."""
        from footfall.reports.vitals_sql import make_overview

        rows = {row[0]: row[1:] for row in desk.ask(make_overview(desk, LEVELS))}
        return tuple(_read_figures(v, rows[v]) for v in THRESHOLDS if v in rows)


@dataclass(frozen=True, slots=True)
class VitalsByQuestion:
    """The 75th percentiles for each value of a dimension, the most measured first."""

    scope: Scope
    dimension: str = "page"
    part: Slice = FIRST_ROWS

    def check(self) -> None:
        """Refuse an unknown dimension. Raises InvalidInputError."""
        find_dimension(self.dimension)
        self.part.check()

    def run(self, desk: Desk) -> Listing[VitalsLine]:
        """Return the lines asked for."""
        from footfall.reports.vitals_sql import make_lines

        lines = make_lines(desk, self.dimension, JUDGED)
        rows, total = ask_slice(desk, lines, [lines.samples.desc(), lines.d0.asc()], self.part)
        return Listing(tuple(_read_line(row) for row in rows), total)


@dataclass(frozen=True, slots=True)
class VitalsSeriesQuestion:
    """Quantiles of one vital in every bucket of the range."""

    scope: Scope
    vital: Vital
    interval: Interval

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> tuple[VitalsPoint, ...]:
        """Return one point for each bucket, those without a measurement included."""
        from footfall.reports.vitals_sql import make_series

        buckets = desk.buckets(self.interval)
        if not buckets.starts_us:
            return ()
        found = desk.ask(make_series(desk, self.vital, LEVELS, buckets))
        rows = {int(row[0]): row[1:] for row in found}
        empty = (*(None for _ in LEVELS), 0)
        return tuple(
            VitalsPoint(start_us, label, *rows.get(index, empty))
            for index, (start_us, label) in enumerate(
                zip(buckets.starts_us, buckets.labels, strict=True)
            )
        )


def _read_figures(vital: Vital, row: Sequence[Any]) -> VitalFigures:
    p50, p75, p99, samples, good, poor = row
    return VitalFigures(
        vital, float(p50), float(p75), float(p99), int(samples), int(good), int(poor)
    )


def _read_line(row: Sequence[Any]) -> VitalsLine:
    value, *quantiles, samples = row
    return VitalsLine(value, dict(zip(THRESHOLDS, quantiles, strict=True)), int(samples))
