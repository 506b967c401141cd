"""The expressions behind `vitals`."""

from collections.abc import Sequence

import ibis

from footfall.reports.bucket import Buckets
from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk
from footfall.reports.vitals import THRESHOLDS, Vital


def make_overview(desk: Desk, levels: Sequence[float]) -> Relation:
    """Return one row for each vital: its name, a quantile for each level, the measurements, those
    that are good, those that are poor."""
    rows = _find_measurements(desk)
    good, poor = (
        ibis.cases(*((rows.name == v, float(at[i])) for v, at in THRESHOLDS.items()), else_=0.0)
        for i in (0, 1)
    )
    return (
        rows.group_by("name")
        .agg(
            **_quantiles(desk, rows, levels),
            samples=rows.count(),
            good=rows.count(where=rows.value <= good),
            poor=rows.count(where=rows.value > poor),
        )
        .order_by("name")
    )


def make_lines(desk: Desk, dimension: str, level: float) -> Relation:
    """Return one row for each value of a dimension: d0, a quantile of each vital, `samples`."""
    rows = _find_measurements(desk, dimension)
    quantiles = {
        f"q{i}": desk.words.quantile(rows.value, level, rows.name == vital)
        for i, vital in enumerate(THRESHOLDS)
    }
    return rows.group_by("d0").agg(**quantiles, samples=rows.count())


def make_series(desk: Desk, vital: Vital, levels: Sequence[float], buckets: Buckets) -> Relation:
    """Return one row for each bucket that holds a measurement: its index, a quantile for each
    level, the measurements."""
    rows = _find_measurements(desk)
    rows = rows.filter(rows.name == vital)
    rows = rows.mutate(bucket=desk.bucket_of(desk.words.epoch_us(rows.ts), buckets))
    return rows.group_by("bucket").agg(**_quantiles(desk, rows, levels), samples=rows.count())


def _find_measurements(desk: Desk, *dimensions: str) -> Relation:
    rows = desk.events(*dimensions)
    return rows.filter(rows.kind == "web_vital", rows.name.isin(list(THRESHOLDS)))


def _quantiles(desk: Desk, rows: Relation, levels: Sequence[float]) -> dict[str, Expression]:
    return {f"q{i}": desk.words.quantile(rows.value, level, None) for i, level in enumerate(levels)}
