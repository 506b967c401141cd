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
from footfall.reports.bucket import Buckets, find_offsets, make_buckets
from footfall.reports.check import check_scope, load_zone
from footfall.reports.expression import Expression, Relation, Words
from footfall.reports.metric import Source
from footfall.reports.query import Interval
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

    def buckets(self, interval: Interval) -> Buckets:
        """Return the buckets that the range touches."""
        return make_buckets(self.scope.range, interval, self.zone)

    def events(self, *dimensions: str) -> Relation:
        """Return the events of the range that the filter and the rule for bots keep: all columns
        of `model.Event`, and d0… for the dimensions. Events without a place under one of them are
        left out."""
        return self._rows(dimensions).make(Source.EVENTS, touches=False)

    def sessions(self, *, touches: bool = False) -> Relation:
        """Return the sessions that begin in the range and are kept; all columns of
        `model.Session`. With `touches`, all that touch the range, and the column `began` tells
        which of them began in it."""
        return self._rows().make(Source.SESSIONS, touches=touches)

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

    def _rows(self, dimensions: tuple[str, ...] = ()) -> Any:
        from footfall.reports.rows import Rows

        scope = self.scope
        offsets = find_offsets(scope.range, self.zone)
        shape = Shape(
            scope.project, (), dimensions, scope.filter, scope.bots, self.left_out, offsets=offsets
        )
        return Rows(shape, self.words)


def check_question(question: Question[Any]) -> None:
    """Refuse a question that cannot be answered.

    Raises InvalidInputError that names the field and quotes the value.
    """
    check_scope(question.scope)
    question.check()
