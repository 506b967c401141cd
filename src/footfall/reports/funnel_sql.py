"""The expressions behind `funnel`. Events that match some step are read once; each run (those of a
visitor, or of a visit) is then walked in its order with running maxima, one for each step. No event
is joined with another, so the work grows like sorting the events that match."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

import ibis

from footfall.clock import US_PER_MINUTE
from footfall.reports.condition import is_goal
from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk

if TYPE_CHECKING:
    from footfall.reports.funnel import FunnelQuestion

# 0 stands for 'never' throughout: the engines disagree about aggregates of nothing, not about 0.


def make_funnel(desk: Desk, question: "FunnelQuestion") -> Relation:
    """Return one row: visitors of each step, then the median µs to each step but the first."""
    ways = _make_ways(desk, question, None)
    return ways.agg(**_make_figures(desk, ways, len(question.steps)))


def make_groups(desk: Desk, question: "FunnelQuestion") -> Relation:
    """Return a row for each value of the dimension at the first step: the value, then as
    `make_funnel`."""
    ways = _make_ways(desk, question, question.dimension)
    groups = ways.group_by("d0").agg(**_make_figures(desk, ways, len(question.steps)))
    return groups.order_by([ibis.desc("v0"), "d0"]).limit(question.limit)


def _make_figures(desk: Desk, ways: Relation, count: int) -> dict[str, Expression]:
    figures = {f"v{i}": desk.words.distinct(ways.visitor, ways[f"t{i}"] > 0) for i in range(count)}
    for i in range(1, count):
        wait_us = (ways[f"t{i}"] - ways[f"t{i - 1}"]).cast("float64")
        figures[f"w{i}"] = desk.words.quantile(wait_us, 0.5, ways[f"t{i}"] > 0)
    return figures


def _make_ways(desk: Desk, question: "FunnelQuestion", dimension: str | None) -> Relation:
    """Return the way of each run: its visitor, the instant of each step (t0…, µs, 0 for
    never) and the value of the dimension at the first (d0)."""
    rows = _make_matches(desk, question, dimension)
    count = len(question.steps)
    if question.window_minutes is not None:
        rows = _keep_best_try(rows, question.window_minutes * US_PER_MINUTE, count)
    rows = rows.mutate(r0=rows.m0)
    for i in range(1, count):
        reached = _find_before(rows, f"r{i - 1}")
        rows = rows.mutate(**{f"r{i}": (rows[f"m{i}"] * reached)})
    if dimension is not None:
        # The first step is served by the event before which none did.
        rows = rows.mutate(is_first=rows.r0 - _find_before(rows, "r0"))
    figures = {f"t{i}": rows.us.min(where=rows[f"r{i}"] > 0).fill_null(0) for i in range(count)}
    if dimension is not None:
        figures["d0"] = rows.d0.max(where=rows.is_first > 0)
    ways = rows.group_by("run").agg(visitor=rows.visitor.max(), **figures)
    return ways.filter(ways.t0 > 0)


def _make_matches(desk: Desk, question: "FunnelQuestion", dimension: str | None) -> Relation:
    """Return the events that match some step, with m0… telling which (0 or 1), and the run that
    each belongs to."""
    events = desk.visit_events()
    holds = [is_goal(events, step.deed, desk.words) for step in question.steps]
    events = events.filter(reduce(or_, holds))
    if dimension is not None:
        events = desk.describe(events, dimension, "d0")
    matches = {
        f"m{i}": is_goal(events, step.deed, desk.words).cast("int64")
        for i, step in enumerate(question.steps)
    }
    return events.select(
        visitor=events.visitor,
        run=events.session if question.within_visit else events.visitor,
        us=desk.words.epoch_us(events.ts),
        event_id=events.event_id,
        **({} if dimension is None else {"d0": events.d0}),
        **matches,
    )


def _find_before(rows: Relation, column: str) -> Expression:
    """Return the highest value of a column in the events of the run before each one."""
    before = ibis.window(group_by=rows.run, order_by=[rows.us, rows.event_id], rows=(None, -1))
    return rows[column].max().over(before).fill_null(0)


def _keep_best_try(rows: Relation, window_us: int, count: int) -> Relation:
    """Keep of each run the events of its best try: the one that gets furthest within the window.
    s0… carry, for an event that reaches a step, the latest start it can be reached from: if that
    one is too long ago, all are. So a later start is found where the first one fails."""
    rows = rows.mutate(s0=rows.m0 * rows.us)
    for i in range(1, count):
        start_us = _find_before(rows, f"s{i - 1}")
        rows = rows.mutate(start=start_us)
        is_reached = (rows[f"m{i}"] > 0) & (rows.start > 0) & (rows.us - rows.start <= window_us)
        rows = rows.mutate(**{f"s{i}": is_reached.ifelse(rows.start, 0)})
    starts = [rows[f"s{i}"].min(where=rows[f"s{i}"] > 0).fill_null(0) for i in range(count)]
    over_run = ibis.window(group_by=rows.run)
    rows = rows.mutate(**{f"b{i}": start.over(over_run) for i, start in enumerate(starts)})
    best = rows.b0
    for i in range(1, count):
        best = (rows[f"b{i}"] > 0).ifelse(rows[f"b{i}"], best)
    rows = rows.mutate(best=best)
    return rows.filter(rows.us >= rows.best, rows.us <= rows.best + window_us)
