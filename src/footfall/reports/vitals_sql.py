"""The expressions behind `vitals`."""

from collections.abc import Sequence

from footfall.reports.expression import Relation
from footfall.reports.family import Desk


def make_quantiles(desk: Desk, levels: Sequence[float]) -> Relation:
    """Return one row for each vital: its name, a quantile for each level, the measurements."""
    rows = desk.events()
    rows = rows.filter(rows.kind == "web_vital")
    quantiles = {
        f"q{i}": desk.words.quantile(rows.value, level, None) for i, level in enumerate(levels)
    }
    return rows.group_by("name").agg(**quantiles, samples=rows.count()).order_by("name")
