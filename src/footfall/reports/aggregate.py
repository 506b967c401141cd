"""Aggregates of one source: a line for each key, and the totals of all lines where the same reading
of the rows can give them. Which rows those are is decided in `plan` and `rows`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import ibis

from footfall.reports.expression import Expression, Relation
from footfall.reports.metric import Part
from footfall.reports.rows import Rows

TOTAL_PREFIX = "total_"
"""Marks a part over all lines, beside the part of the line."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of one source and what is counted of them."""

    relation: Relation
    parts: Sequence[Part]
    wheres: Mapping[str, Expression | None]
    """For each part which of the rows it counts; None: all of them."""


def aggregate(rows: Rows, counted: Counted) -> Relation:
    """Return a line for each key (or the one line without keys), with a column for each part."""
    return _group(counted.relation, rows.keys, make_figures(rows, counted))


def aggregate_with_totals(rows: Rows, counted: Counted) -> Relation:
    """Return the lines of `aggregate`, each with the totals of all lines beside it. No row may
    stand in two lines, no part may be one that does not merge.

    Distinct visitors of lines and totals come from one set of distinct keys and visitors: it has
    half the rows of the events or fewer, and reading those again costs more than gathering it.
    """
    if all(part.merge == "sum" for part in counted.parts):
        return _add_sums(aggregate(rows, counted), counted.parts)
    pairs = _make_pairs(rows, counted)
    lines = {}
    totals = {}
    for part in counted.parts:
        if part.merge == "sum":
            lines[part.name] = pairs[part.name].sum()
            continue
        is_met = None if counted.wheres[part.name] is None else pairs[part.name] > 0
        lines[part.name] = pairs.count(where=is_met)
        totals[TOTAL_PREFIX + part.name] = rows.words.distinct(pairs.visitor, is_met)
    whole = pairs.agg(**totals)
    answer = _add_sums(_group(pairs, rows.keys, lines), counted.parts)
    return answer.mutate(**{name: whole[name].as_scalar() for name in totals})


def _make_pairs(rows: Rows, counted: Counted) -> Relation:
    """Return a row for each key and visitor: sums, and how often a visitor was counted where not
    everything counts."""
    keys = (*rows.keys, "visitor")
    figures = make_figures(rows, counted)
    for part in counted.parts:
        if part.merge == "visitors":
            where = counted.wheres[part.name]
            del figures[part.name]
            if where is not None:
                figures[part.name] = counted.relation.count(where=where)
    if not figures:
        return counted.relation.select(*keys).distinct()
    return _group(counted.relation, keys, figures)


def make_figures(rows: Rows, counted: Counted) -> dict[str, Expression]:
    """Return what each part comes to, over the rows that are counted."""
    return {
        part.name: part.aggregate(counted.relation, counted.wheres[part.name], rows.context)
        for part in counted.parts
    }


def _group(relation: Relation, keys: Sequence[str], figures: dict[str, Expression]) -> Relation:
    return relation.group_by(keys).agg(**figures) if keys else relation.agg(**figures)


def _add_sums(lines: Relation, parts: Sequence[Part]) -> Relation:
    everything = ibis.window()
    return lines.mutate(
        **{
            TOTAL_PREFIX + part.name: lines[part.name].sum().over(everything)
            for part in parts
            if part.merge == "sum"
        }
    )
