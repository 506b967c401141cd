"""Answers queries: checks them, waits until what was acknowledged is loaded, asks the warehouse
and puts the figures together. What the figures mean is decided in the catalogue and in `rows`."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from footfall.clock import Clock
from footfall.model.time_range import TimeRange
from footfall.reports.answer import (
    Figures,
    Key,
    Values,
    find_shares,
    make_empty_values,
    read_figures,
    sort_series,
)
from footfall.reports.barrier import Barrier
from footfall.reports.bucket import Buckets, find_offsets, make_buckets
from footfall.reports.catalogue import find_dimension, find_metric
from footfall.reports.check import check_query, load_zone
from footfall.reports.dimension import Level
from footfall.reports.family import Desk, Question, check_question
from footfall.reports.filter import iterate_leaves
from footfall.reports.query import DimensionFilter, Query, Result, Row, Value
from footfall.reports.shape import Shape
from footfall.reports.totals import TotalsMemory
from footfall.store.warehouse import Warehouse

T = TypeVar("T")


FindLeftOut = Callable[[int], tuple[int, ...]]
"""Gives the visitors of a project that count as bots whatever their score."""


def leave_nobody_out(_project: int) -> tuple[int, ...]:
    """Leave nobody out."""
    return ()


class ReportRunner:
    """Implements `reports.port.Reports` over a warehouse."""

    def __init__(
        self,
        warehouse: Warehouse,
        barrier: Barrier,
        clock: Clock,
        find_left_out: FindLeftOut = leave_nobody_out,
    ) -> None:
        self._warehouse = warehouse
        self._barrier = barrier
        self._clock = clock
        self._find_left_out = find_left_out
        self._totals = TotalsMemory(warehouse)

    async def run(self, query: Query) -> Result:
        """Answer one query. See `Reports.run`."""
        check_query(query)
        buckets = _make_buckets(query, query.range)
        await self._barrier.wait_loaded()
        left_out = self._find_left_out(query.project)
        now_us = self._clock.now_us()
        report = _Report(self._warehouse, self._totals, query, buckets, now_us, left_out)
        return await asyncio.to_thread(report.run)

    async def ask(self, question: Question[T]) -> T:
        """Answer a question of a family. See `Reports.ask`."""
        check_question(question)
        await self._barrier.wait_loaded()
        left_out = self._find_left_out(question.scope.project)
        desk = Desk(self._warehouse, question.scope, self._clock.now_us(), left_out)
        return await asyncio.to_thread(question.run, desk)


def _make_buckets(query: Query, span: TimeRange) -> Buckets | None:
    if query.interval is None:
        return None
    return make_buckets(span, query.interval, load_zone(query.time_zone))


class _Report:
    """One query on its way to its answer; blocks while the warehouse works."""

    def __init__(
        self,
        warehouse: Warehouse,
        totals: TotalsMemory,
        query: Query,
        buckets: Buckets | None,
        now_us: int,
        left_out: tuple[int, ...],
    ) -> None:
        self._warehouse = warehouse
        self._left_out = left_out
        self._totals = totals
        self._query = query
        self._buckets = buckets
        self._now_us = now_us
        self._metrics = [find_metric(name) for name in query.metrics]
        self._empty = make_empty_values(self._metrics)
        self._needs_zone = _has_time_dimension(query)
        # A dimension in which everything has a place changes no total; without it, lists by
        # country and by device share theirs.
        self._narrowing = tuple(name for name in query.dimensions if _narrows(name))

    def run(self) -> Result:
        """Ask what is needed and put it together."""
        query = self._query
        top = self._ask_table()
        totals = self._ask_totals(query.range, top)
        compare_totals = None if query.compare is None else self._ask_totals(query.compare, None)
        if self._buckets is None:
            rows = self._make_table(top, totals, compare_totals)
            count = top.row_count
        else:
            rows = self._make_series(self._buckets, top, totals)
            count = len(self._buckets) * (top.row_count if query.dimensions else 1)
        return Result(query, rows, totals, count, compare_totals)

    # Questions

    def _shape(self, span: TimeRange) -> Shape:
        query = self._query
        shape = Shape(
            query.project,
            query.metrics,
            query.dimensions,
            query.filter,
            query.bots,
            self._left_out,
        )
        if not self._needs_zone:
            return shape
        return replace(shape, offsets=find_offsets(span, load_zone(query.time_zone)))

    def _ask(self, shape: Shape, span: TimeRange) -> Figures:
        # The query library is imported with the first report: it weighs 30 MB.
        from footfall.reports.sql import make_sql

        sql = make_sql(self._warehouse.engine, shape, span)
        answer = self._warehouse.query(sql)
        metrics = [find_metric(name) for name in shape.metrics]
        return read_figures(answer.columns, answer.rows, metrics)

    def _ask_table(self) -> Figures:
        """Ask for the lines of the page, or for the one line of a query without dimensions."""
        query = self._query
        shape = self._shape(query.range)
        if not query.dimensions:
            totals = self._find_totals(shape, query.range)
            return Figures({((), 0): totals}, 1, totals)
        order = tuple(o for o in query.order if o.by != "bucket")
        shape = replace(
            shape,
            order=order,
            limit=query.limit,
            offset=query.offset,
            has_totals=bool(self._narrowing),
        )
        figures = self._ask(shape, query.range)
        if figures.lines or query.offset == 0:
            return figures
        first = self._ask(replace(shape, limit=1, offset=0), query.range)
        return replace(first, lines={})

    def _ask_totals(self, span: TimeRange, known: Figures | None) -> Values:
        if known is not None and known.totals is not None:
            return known.totals
        return self._find_totals(replace(self._shape(span), dimensions=self._narrowing), span)

    def _find_totals(self, shape: Shape, span: TimeRange) -> Values:
        """Return the metrics over everything that has a place under the dimensions."""

        def ask(names: tuple[str, ...]) -> dict[str, Value]:
            figures = self._ask(replace(shape, metrics=names, is_total=True), span)
            empty = make_empty_values([find_metric(name) for name in names])
            return dict(zip(names, figures.lines.get(((), 0), empty), strict=True))

        question = (replace(shape, metrics=()), span)
        found = self._totals.find(question, self._query.metrics, ask)
        return tuple(found[name] for name in self._query.metrics)

    def _ask_lines_of(
        self, keys: tuple[Key, ...], span: TimeRange, buckets: Buckets | None
    ) -> Figures:
        """Ask for given dimension values; more than those may come back."""
        if buckets is not None and not buckets.starts_us:
            return Figures({}, 0)
        only = tuple(tuple(dict.fromkeys(values)) for values in zip(*keys, strict=True))
        pieces = () if buckets is None else buckets.pieces()
        return self._ask(replace(self._shape(span), only=only, pieces=pieces), span)

    # Answers

    def _make_table(
        self, top: Figures, totals: Values, compare_totals: Values | None
    ) -> tuple[Row, ...]:
        compare = self._query.compare
        if not self._query.dimensions:
            return (self._make_row((), totals, totals, compare_totals),)
        previous: dict[Key, Values] | None = None
        if compare is not None:
            previous = {}
            if top.keys:
                figures = self._ask_lines_of(top.keys, compare, None)
                previous = {key: values for (key, _), values in figures.lines.items()}
        return tuple(
            self._make_row(
                key, values, totals, None if previous is None else previous.get(key, self._empty)
            )
            for (key, _), values in top.lines.items()
        )

    def _make_row(self, key: Key, values: Values, totals: Values, compare: Values | None) -> Row:
        shares = find_shares(values, totals, self._metrics)
        return Row(key, values, compare=compare, shares=shares)

    def _make_series(self, buckets: Buckets, top: Figures, totals: Values) -> tuple[Row, ...]:
        query = self._query
        keys = top.keys if query.dimensions else ((),)
        if not keys:
            return ()
        current = self._ask_lines_of(keys, query.range, buckets)
        previous: Figures | None = None
        before: Buckets | None = None
        if query.compare is not None:
            before = _make_buckets(query, query.compare)
            previous = self._ask_lines_of(keys, query.compare, before)
        rows = []
        for index, start_us in enumerate(buckets.starts_us):
            end_us = buckets.ends_at(index)
            reaches_out = start_us < query.range.start_us or end_us > query.range.end_us
            for key in keys:
                values = current.lines.get((key, index), self._empty)
                compare = None
                if previous is not None and before is not None and index < len(before):
                    compare = previous.lines.get((key, index), self._empty)
                rows.append(
                    Row(
                        key,
                        values,
                        start_us,
                        buckets.labels[index],
                        is_partial=reaches_out or end_us > self._now_us,
                        compare=compare,
                        shares=find_shares(values, totals, self._metrics),
                    )
                )
        rank = {key: number for number, key in enumerate(keys)}
        return sort_series(rows, query.order, query.metrics, rank)


def _narrows(name: str) -> bool:
    dimension = find_dimension(name)
    return dimension.omits_empty or dimension.level is Level.EVENT


def _has_time_dimension(query: Query) -> bool:
    filtered = [
        leaf.dimension for leaf in iterate_leaves(query.filter) if isinstance(leaf, DimensionFilter)
    ]
    return any(find_dimension(name).is_time for name in (*query.dimensions, *filtered))
