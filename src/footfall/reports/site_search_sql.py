"""The expressions behind `site_search`."""

import ibis

from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk
from footfall.reports.full_text import find_text

MOST_RESULTS = 1_000_000_000.0
"""A larger count of results is a mistake, and must not overflow a sum."""


def make_terms(desk: Desk) -> Relation:
    """Return one row for each term, followed by what `make_totals` gives."""
    rows = _find_searches(desk)
    return rows.group_by("term").agg(**_aggregate(desk, rows))


def make_totals(desk: Desk) -> Relation:
    """Return one row: searches, visitors, counted, without results, results."""
    rows = _find_searches(desk)
    return rows.agg(**_aggregate(desk, rows))


def _find_searches(desk: Desk) -> Relation:
    rows = desk.events()
    rows = rows.filter(rows.kind == "search")
    given = desk.words.number(rows.props, "results_count")
    return rows.mutate(
        term=find_text(desk, rows, "query"), is_counted=given.notnull(), given=given.fill_null(0.0)
    )


def _aggregate(desk: Desk, rows: Relation) -> dict[str, Expression]:
    kept = ibis.least(ibis.greatest(rows.given, 0.0), MOST_RESULTS)
    results = kept.floor().cast("int64")
    return {
        "searches": rows.count(),
        "visitors": desk.words.distinct(rows.visitor, None),
        "counted": rows.count(where=rows.is_counted),
        "without_results": rows.count(where=rows.is_counted & (results == 0)),
        "results": results.sum(),
    }
