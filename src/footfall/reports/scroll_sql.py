"""The expressions behind `scroll`."""

import ibis

from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk
from footfall.reports.scroll import MARKS


def make_pages(desk: Desk) -> Relation:
    """Return one row for each page, followed by what `make_totals` gives."""
    rows = _find_depths(desk)
    return rows.group_by("path").agg(**_aggregate(desk, rows))


def make_totals(desk: Desk) -> Relation:
    """Return one row: visits, sum of depths, median, visits that reached each mark."""
    rows = _find_depths(desk)
    return rows.agg(**_aggregate(desk, rows))


def _find_depths(desk: Desk) -> Relation:
    """Return the deepest point of each visit on each page. What belongs to no visit stands
    alone."""
    rows = desk.events()
    rows = rows.filter(rows.kind == "scroll_depth", rows.path != "")
    rows = rows.mutate(lone=(rows.session == 0).ifelse(rows.event_id, 0))
    visits = rows.group_by("path", "session", "lone").agg(deepest=rows.value.max())
    kept = ibis.least(ibis.greatest(visits.deepest, 0.0), 100.0)
    return visits.select("path", depth=(kept + 0.5).floor().cast("int64"))


def _aggregate(desk: Desk, rows: Relation) -> dict[str, Expression]:
    return {
        "visits": rows.count(),
        "depth_sum": rows.depth.sum(),
        "median": desk.words.quantile(rows.depth.cast("float64"), 0.5, None),
        **{f"reached_{mark}": rows.count(where=rows.depth >= mark) for mark in MARKS},
    }
