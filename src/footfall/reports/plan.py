"""From a shape to one expression: each source is aggregated alone, then they are put together.
Which rows a source has is decided in `rows`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import ibis
from ibis.expr.operations import Field

from footfall.reports.aggregate import (
    TOTAL_PREFIX,
    Counted,
    aggregate,
    aggregate_with_totals,
    make_figures,
)
from footfall.reports.catalogue import find_metric
from footfall.reports.expression import Expression, Get, Relation, Words
from footfall.reports.metric import Part, Source
from footfall.reports.query import Order
from footfall.reports.rows import Rows
from footfall.reports.shape import Shape, metric_column, total_column

Condition = Callable[[Relation], Expression]


def make_expression(shape: Shape, words: Words) -> Relation:
    """Return the expression that answers a shape: columns d0… (dimensions), bucket, m0…
    (metrics) and, when there are keys, row_count (rows before the limit). Where totals are wanted
    and one reading of the rows yields them too, s0… are the metrics over all lines."""
    rows = Rows(shape, words)
    metrics = [find_metric(name) for name in shape.metrics]
    parts = {part.name: part for metric in metrics for part in metric.parts}
    by_source: dict[Source, list[Part]] = {}
    for part in parts.values():
        by_source.setdefault(_source_of(part, rows), []).append(part)
    chosen = [_choose(rows, source, own) for source, own in by_source.items()]
    has_totals = shape.has_totals and _can_sum_up(rows, by_source)
    if has_totals:
        joined = aggregate_with_totals(rows, chosen[0])
    else:
        tables = [aggregate(rows, counted) for counted in chosen]
        joined = tables[0] if len(tables) == 1 else _join(tables, rows, list(parts))
    figures = {metric_column(i): m.value(_get_parts(joined, parts)) for i, m in enumerate(metrics)}
    if has_totals:
        get = _get_parts(joined, parts, prefix=TOTAL_PREFIX)
        figures |= {total_column(i): metric.value(get) for i, metric in enumerate(metrics)}
    answer = joined.select(**{key: joined[key] for key in rows.keys}, **figures)
    if not rows.keys:
        return answer
    answer = answer.mutate(row_count=answer.count().over(ibis.window()))
    answer = answer.order_by(list(_order(shape, rows, answer)))
    if shape.limit is not None:
        answer = answer.limit(shape.limit, offset=shape.offset)
    return answer


def _source_of(part: Part, rows: Rows) -> Source:
    if part.source is not Source.PRESENCE:
        return part.source
    return Source.EVENTS if rows.has_event_level else Source.SESSIONS


def _can_sum_up(rows: Rows, by_source: Mapping[Source, Sequence[Part]]) -> bool:
    """Tell whether the totals follow from the lines: every row stands in one line only."""
    if len(by_source) > 1 or any(p.merge == "never" for own in by_source.values() for p in own):
        return False
    return Source.SESSIONS not in by_source or not rows.has_several_lines


def _choose(rows: Rows, source: Source, parts: list[Part]) -> Counted:
    """Choose the rows of one source. They are narrowed to those that some part counts: a line of
    a report exists where something was counted."""
    touches = any(part.source is Source.PRESENCE for part in parts)
    tells_start = any(part.source is Source.SESSIONS for part in parts)
    relation = rows.make(source, touches=touches, tells_start=tells_start)
    conditions = {part.name: _condition_of(part, rows, touches=touches) for part in parts}
    kinds = {(part.source, part.counts): conditions[part.name] for part in parts}
    if None not in kinds.values():
        holds = [condition(relation) for condition in kinds.values() if condition is not None]
        relation = relation.filter(reduce(or_, holds))
        if len(kinds) == 1:
            conditions = dict.fromkeys(conditions)

    def count(relation: Relation) -> Counted:
        wheres = {
            name: None if condition is None else condition(relation)
            for name, condition in conditions.items()
        }
        return Counted(relation, parts, wheres)

    return count(_narrow(relation, rows, count(relation)))


def _narrow(relation: Relation, rows: Rows, counted: Counted) -> Relation:
    """Keep the columns that are counted or grouped by. The engine would find them itself, but
    following forty names through every level of a query takes it 2 ms of planning."""
    expressions = [*make_figures(rows, counted).values(), *counted.wheres.values()]
    fields = [f for e in expressions if e is not None for f in e.op().find(Field)]
    used = {field.name for field in fields if field.rel == relation.op()} | set(rows.keys)
    # Rows alone can be counted without any column, but not selected.
    kept = [name for name in relation.columns if name in used] or list(relation.columns[:1])
    return relation.select(*kept)


def _condition_of(part: Part, rows: Rows, *, touches: bool) -> Condition | None:
    counts = part.counts
    needs_start = touches and part.source is Source.SESSIONS
    if counts is None:
        return (lambda relation: relation.began) if needs_start else None
    if needs_start:
        return lambda relation: relation.began & counts(relation, rows.context)
    return lambda relation: counts(relation, rows.context)


def _join(tables: list[Relation], rows: Rows, names: list[str]) -> Relation:
    """Put aggregated sources together. Each figure comes from one of them and is null in the
    others, so its maximum is the figure; outer joins would say the same in more words."""
    types = {name: table[name].type() for table in tables for name in table.columns}
    padded = []
    for table in tables:
        figures = {}
        for name in names:
            if name not in table.columns:
                figures[name] = ibis.null(types[name])
            elif types[name].is_integer():
                figures[name] = rows.words.signed(table[name])
            else:
                figures[name] = table[name]
        padded.append(table.select(*rows.keys, **figures))
    union = ibis.union(*padded)
    figures = {name: union[name].max() for name in names}
    return union.group_by(rows.keys).agg(**figures) if rows.keys else union.agg(**figures)


def _get_parts(joined: Relation, parts: dict[str, Part], *, prefix: str = "") -> Get:
    def get(name: str) -> Expression:
        column = joined[prefix + name]
        return column.fill_null(0) if parts[name].is_zero_when_empty else column

    return get


def _order(shape: Shape, rows: Rows, answer: Relation) -> Iterator[Expression]:
    columns = {name: metric_column(i) for i, name in enumerate(shape.metrics)}
    columns |= rows.context.columns
    orders = shape.order or (Order(shape.metrics[0]),)
    ordered = {columns[order.by] for order in orders}
    for order in orders:
        by = answer[columns[order.by]]
        # A figure that does not exist stands last, whatever the direction.
        is_up = order.direction == "asc"
        yield by.asc(nulls_first=False) if is_up else by.desc(nulls_first=False)
    for key in rows.keys:
        if key not in ordered:
            yield answer[key].asc()
