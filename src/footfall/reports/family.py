"""Families of reports: questions that are not metrics by dimensions, such as funnels, retention or
paths. A question is a frozen value that refuses what cannot be answered and, at a desk, finds its
answer. One module per family holds its question and answer; the expressions stand beside it in
`<family>_sql`, imported with the first question, as the query library weighs 30 MB."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from footfall.model.time_range import TimeRange
from footfall.reports.answer import Values, make_empty_values, read_figures
from footfall.reports.bucket import Buckets, find_offsets, make_buckets
from footfall.reports.catalogue import find_dimension, find_metric
from footfall.reports.check import check_scope, load_zone
from footfall.reports.expression import Expression, Relation, Words
from footfall.reports.filter import iterate_leaves
from footfall.reports.metric import Source
from footfall.reports.query import DimensionFilter, Interval
from footfall.reports.scope import Scope
from footfall.reports.shape import Shape
from footfall.store.warehouse import Engine, Warehouse

T_co = TypeVar("T_co", covariant=True)


class Question(Protocol[T_co]):
    """One question of a family; `Reports.ask` answers it."""

    @property
    def scope(self) -> Scope:
        """What it looks at."""
        ...

    def check(self) -> None:
        """Refuse what cannot be answered; the scope is checked before.

        Raises InvalidInputError that names the field and quotes the value.
        """
        ...

    def run(self, desk: "Desk") -> T_co:
        """Find the answer; blocks while the warehouse works."""
        ...


@dataclass(frozen=True)
class Desk:
    """Where a question finds its rows and asks the warehouse. It runs in a thread of its own."""

    warehouse: Warehouse
    scope: Scope
    now_us: int
    """The present; what lies after it has not happened yet."""
    left_out: tuple[int, ...] = ()
    """Visitors that count as bots whatever their score."""

    @property
    def engine(self) -> Engine:
        """The dialect of the warehouse."""
        return self.warehouse.engine

    @cached_property
    def words(self) -> Words:
        """The words of the engine."""
        from footfall.reports.words import find_words

        return find_words(self.engine)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The time zone whose days count."""
        return load_zone(self.scope.time_zone)

    def at(self, span: TimeRange) -> "Desk":
        """Return the same desk for another range."""
        return replace(self, scope=replace(self.scope, range=span))

    def without_filter(self) -> "Desk":
        """Return the same desk for everything in the range."""
        return replace(self, scope=replace(self.scope, filter=None))

    def buckets(self, interval: Interval) -> Buckets:
        """Return the buckets that the range touches."""
        return make_buckets(self.scope.range, interval, self.zone)

    def is_partial(self, buckets: Buckets, index: int) -> bool:
        """Tell whether a bucket reaches outside the range or beyond now."""
        span, end_us = self.scope.range, buckets.ends_at(index)
        reaches_out = buckets.starts_us[index] < span.start_us or end_us > span.end_us
        return reaches_out or end_us > self.now_us

    def events(self, *dimensions: str) -> Relation:
        """Return the events of the range that the filter and the rule for bots keep: all columns
        of `model.Event`, and d0… for the dimensions. Events without a place under one of them are
        left out."""
        return self._rows(dimensions).make(Source.EVENTS, touches=False)

    def sessions(
        self,
        *,
        touches: bool = False,
        dimensions: tuple[str, ...] = (),
        buckets: Buckets | None = None,
    ) -> Relation:
        """Return the sessions that begin in the range and are kept; all columns of
        `model.Session`. With `touches`, all that touch the range, and the column `began` tells
        which of them began in it. Dimensions are the columns d0…; with buckets each session
        stands in the column `bucket` of every one it touches."""
        rows = self._rows(dimensions, buckets)
        return rows.make(Source.SESSIONS, touches=touches)

    def visit_events(self) -> Relation:
        """Return the events in the range of the sessions that are kept: the filter chooses whole
        visits, so that one page in it does not hide the others."""
        return self._rows().make_visit_events()

    def describe(self, events: Relation, dimension: str, column: str) -> Relation:
        """Add to events the value of a dimension as a column, '' where there is none."""
        return self._rows((dimension,)).describe(events, column)

    def measure(self, metrics: tuple[str, ...], buckets: Buckets) -> list[Values]:
        """Return metrics of the catalogue for each bucket, as `Reports.run` would."""
        from footfall.reports.sql import make_sql

        shape = replace(self._shape((), buckets), metrics=metrics)
        answer = self.warehouse.query(make_sql(self.engine, shape, self.scope.range))
        found = [find_metric(name) for name in metrics]
        lines = read_figures(answer.columns, answer.rows, found).lines
        empty = make_empty_values(found)
        return [lines.get(((), index), empty) for index in range(len(buckets))]

    def bucket_of(self, us: Expression, buckets: Buckets) -> Expression:
        """Return the index of the bucket that holds an instant of the range (µs)."""
        from footfall.reports.rows import find_bucket

        return find_bucket(us, buckets.pieces(), self.words)

    def ask(self, expression: Relation) -> list[tuple[Any, ...]]:
        """Run one expression and return its rows. Raises StoreError."""
        from footfall.reports.sql import render_sql

        return self.warehouse.query(render_sql(self.engine, expression, self.scope.range)).rows

    def save_parquet(self, expression: Relation, path: Path) -> None:
        """Run one expression and let the engine write its rows to a file. Raises StoreError."""
        from footfall.reports.sql import render_sql

        sql = render_sql(self.engine, expression, self.scope.range)
        self.warehouse.save_parquet(sql, path)

    def _rows(self, dimensions: tuple[str, ...] = (), buckets: Buckets | None = None) -> Any:
        from footfall.reports.rows import Rows

        return Rows(self._shape(dimensions, buckets), self.words)

    def _shape(self, dimensions: tuple[str, ...], buckets: Buckets | None) -> Shape:
        scope = self.scope
        return Shape(
            scope.project,
            (),
            dimensions,
            scope.filter,
            scope.bots,
            self.left_out,
            pieces=() if buckets is None else buckets.pieces(),
            offsets=self._find_offsets(dimensions),
        )

    def _find_offsets(self, dimensions: tuple[str, ...]) -> tuple[tuple[int, int], ...]:
        """Return the offsets of the zone, where a dimension asked for reads the clock."""
        leaves = iterate_leaves(self.scope.filter)
        asked = (leaf.dimension for leaf in leaves if isinstance(leaf, DimensionFilter))
        if any(find_dimension(name).is_time for name in (*dimensions, *asked)):
            return find_offsets(self.scope.range, self.zone)
        return ((0, 0),)


def check_question(question: Question[Any]) -> None:
    """Refuse a question that cannot be answered.

    Raises InvalidInputError that names the field and quotes the value.
    """
    check_scope(question.scope)
    question.check()
