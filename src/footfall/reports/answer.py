"""From rows of the warehouse to the values of a report: types, empty figures, shares, order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from footfall.reports.metric import Metric
from footfall.reports.query import Order, Row, Value

Key = tuple[str, ...]
"""Values of the dimensions."""

Values = tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one SELECT answered."""

    lines: Mapping[tuple[Key, int], Values]
    """By dimension values and bucket index (0 without buckets), in the order of the answer."""
    row_count: int
    """Lines there are before the limit."""
    totals: Values | None = None
    """Figures over all lines, where the SELECT has them and found a line."""

    @property
    def keys(self) -> tuple[Key, ...]:
        """The dimension values, in the order of the answer."""
        return tuple(dict.fromkeys(key for key, _ in self.lines))


def read_figures(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], metrics: Sequence[Metric]
) -> Figures:
    """Read the rows of a SELECT that `plan` made."""
    keys = [i for i, c in enumerate(columns) if c[0] == "d" and c[1:].isdigit()]
    figures = [i for i, c in enumerate(columns) if c[0] == "m" and c[1:].isdigit()]
    sums = [i for i, c in enumerate(columns) if c[0] == "s" and c[1:].isdigit()]
    bucket = columns.index("bucket") if "bucket" in columns else None
    count = columns.index("row_count") if "row_count" in columns else None
    lines: dict[tuple[Key, int], Values] = {}
    row_count = 0
    totals: Values | None = None
    for row in rows:
        values = _read_values(row, figures, metrics)
        index = 0 if bucket is None else int(row[bucket])
        lines[tuple(row[i] for i in keys), index] = values
        row_count = 1 if count is None else int(row[count])
        if sums and totals is None:
            totals = _read_values(row, sums, metrics)
    return Figures(lines, row_count, totals)


def _read_values(row: Sequence[Any], positions: Sequence[int], metrics: Sequence[Metric]) -> Values:
    return tuple(_read_value(row[i], m) for i, m in zip(positions, metrics, strict=True))


def _read_value(value: Any, metric: Metric) -> Value:
    if metric.unit == "count":
        return int(value or 0)
    return None if value is None else float(value)


def make_empty_values(metrics: Sequence[Metric]) -> Values:
    """Return the figures of nothing: counts and sums are 0, everything else does not exist."""
    return tuple((0 if m.unit == "count" else 0.0) if m.has_share else None for m in metrics)


def find_shares(
    values: Values, totals: Values, metrics: Sequence[Metric]
) -> tuple[float | None, ...]:
    """Return each figure as a share of its total; None where it has none or the total is 0."""
    return tuple(
        value / total if metric.has_share and value is not None and total else None
        for value, total, metric in zip(values, totals, metrics, strict=True)
    )


def sort_series(
    rows: Iterable[Row], order: Sequence[Order], metrics: Sequence[str], rank: Mapping[Key, int]
) -> tuple[Row, ...]:
    """Sort the rows of a series: as asked, else by bucket, then by the rank of the dimensions.
    With dimensions only `bucket` is obeyed here: the other orders made the rank."""
    ordered = sorted(rows, key=lambda row: (row.bucket_us or 0, rank[row.dimensions]))
    has_dimensions = any(rank_key for rank_key in rank)
    for step in reversed(order):
        is_down = step.direction == "desc"
        if step.by == "bucket":
            ordered.sort(key=lambda row: row.bucket_us or 0, reverse=is_down)
        elif not has_dimensions and step.by in metrics:
            _sort_by_metric(ordered, metrics.index(step.by), is_down=is_down)
    return tuple(ordered)


def _sort_by_metric(rows: list[Row], index: int, *, is_down: bool) -> None:
    def key(row: Row) -> tuple[bool, float]:
        value = row.metrics[index]
        if value is None:
            return True, 0.0
        return False, -value if is_down else value

    rows.sort(key=key)
