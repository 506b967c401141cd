"""The rows that each source has for a question: events, sessions and steps of the range, with
their filters applied and with columns for the dimensions (d0…) and the bucket."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property

import ibis

from footfall.model.column import Column, ColumnType
from footfall.model.event import BOT_THRESHOLD, EVENT_COLUMNS
from footfall.model.session import SESSION_COLUMNS
from footfall.reports.bucket import Piece
from footfall.reports.catalogue import find_dimension
from footfall.reports.condition import Conditions, Row
from footfall.reports.dimension import Dimension, Level
from footfall.reports.expression import Context, Expression, Get, Relation, Words
from footfall.reports.filter import split_filter
from footfall.reports.metric import Source
from footfall.reports.shape import LAST_MARK, START_MARK, Shape, dimension_column
from footfall.store.warehouse import EVENTS_BETWEEN, SESSIONS_BEGINNING, SESSIONS_TOUCHING

_IBIS_TYPES = {
    ColumnType.UINT8: "uint8",
    ColumnType.UINT32: "uint32",
    ColumnType.INT64: "int64",
    ColumnType.FLOAT64: "float64",
    ColumnType.TIMESTAMP_US: "timestamp(6)",
    ColumnType.TEXT: "string",
    ColumnType.CATEGORY: "string",
    ColumnType.JSON: "string",
}


def _make_table(name: str, columns: tuple[Column, ...]) -> Relation:
    return ibis.table({c.name: _IBIS_TYPES[c.type] for c in columns}, name=name)


EVENTS = _make_table("events", EVENT_COLUMNS)
_SESSIONS = _make_table("sessions", SESSION_COLUMNS)

_PREFIX = "of_session_"
"""Marks the columns of a session that stand beside those of its event."""


class Rows:
    """Makes the rows of one shape."""

    def __init__(self, shape: Shape, words: Words) -> None:
        self.shape = shape
        self.words = words
        self.dimensions = tuple(find_dimension(name) for name in shape.dimensions)
        self.split = split_filter(shape.filter)
        names = {d.name: dimension_column(i) for i, d in enumerate(self.dimensions)}
        names = {} if shape.is_total else names
        self.context = Context(words, shape.offsets, names)
        self.conditions = Conditions(self.context, self._scan_events, self._scan_sessions)
        self.start = words.instant(START_MARK)

    @property
    def has_event_level(self) -> bool:
        """Tell whether the question groups or filters by something that only events have."""
        return bool(self._event_dimensions) or self.split.has_event

    @property
    def has_several_lines(self) -> bool:
        """Tell whether a session can stand in several lines."""
        return bool(self._event_dimensions)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The columns to group by."""
        if self.shape.is_total:
            return ()
        columns = tuple(dimension_column(i) for i in range(len(self.dimensions)))
        return (*columns, "bucket") if self.shape.pieces else columns

    def make(self, source: Source, *, touches: bool, tells_start: bool = True) -> Relation:
        """Return the rows of a source. With `touches`, sessions are all that touch the range; with
        `tells_start` the column `began` tells which of those began in it."""
        if source is Source.SESSIONS:
            return self._make_sessions(touches=touches, tells_start=tells_start)
        relation = self._make_steps() if source is Source.STEPS else self._scan_kept_events()
        return self._make_events(relation)

    def make_visit_events(self) -> Relation:
        """Return the events in the range of the visits that are kept, whatever single events the
        filter speaks of."""
        events = self._scan_events()
        visits = self._make_sessions(touches=True)
        return events.filter(events.session != 0, events.session.isin(visits.session))

    def describe(self, events: Relation, column: str) -> Relation:
        """Add to events the value of the shape's one dimension, '' where there is none."""
        (dimension,) = self.dimensions
        if dimension.level is not Level.SESSION:
            return events.mutate(**{column: dimension.value(_get_from(events), self.context)})
        kept = events.columns
        beside = _join_sessions(events, self._scan_sessions(), how="left")
        value = dimension.value(_get_beside(beside), self.context)
        return beside.select(*kept, **{column: value})

    # Scans: the range and the bots, no filter

    def _scan_events(self) -> Relation:
        t = self.words.scan(EVENTS_BETWEEN, EVENTS)
        return t.filter(t.project == self.shape.project)

    def _scan_kept_events(self) -> Relation:
        return self._keep_bots(self._scan_events())

    def _scan_sessions(self, *, touches: bool = True) -> Relation:
        t = self.words.scan(SESSIONS_TOUCHING if touches else SESSIONS_BEGINNING, _SESSIONS)
        return t.filter(t.project == self.shape.project)

    def _keep_bots(self, rows: Relation) -> Relation:
        if self.shape.bots == "include":
            return rows
        is_bot = rows.bot_score >= BOT_THRESHOLD
        if self.shape.left_out:
            is_bot |= rows.visitor.isin(self.shape.left_out)
        return rows.filter(is_bot if self.shape.bots == "only" else ~is_bot)

    # Events

    def _make_events(self, rows: Relation) -> Relation:
        if self.shape.filter is not None:
            rows = rows.filter(self.conditions.make(self.shape.filter, _event_row(rows)))
        if any(d.level is Level.SESSION for d in self.dimensions):
            rows = _join_sessions(rows, self._scan_sessions(), how="left")
        here, beside = _get_from(rows), _get_beside(rows)
        rows = self._add_dimensions(
            rows, lambda d: beside if d.level is Level.SESSION else here, skip=()
        )
        if not self.shape.pieces:
            return rows
        return rows.mutate(bucket=self._bucket_of(self.words.epoch_us(rows.ts)))

    def _make_steps(self) -> Relation:
        rows = self._scan_kept_events()
        rows = rows.filter(rows.kind == "pageview", rows.session != 0)
        here_us = self.words.epoch_us(rows.ts)
        following_us = here_us.lead().over(group_by=rows.session, order_by=[rows.ts, rows.event_id])
        # After the last row DuckDB gives null, ClickHouse 0.
        rows = rows.mutate(following_us=following_us.fill_null(0))
        rows = rows.filter(rows.following_us > 0)
        return rows.mutate(wait_us=rows.following_us - self.words.epoch_us(rows.ts))

    # Sessions

    def _make_sessions(self, *, touches: bool, tells_start: bool = False) -> Relation:
        rows = self._keep_bots(self._scan_sessions(touches=touches))
        get = self._get_from_session(rows)
        row = Row(None, get, rows.session)
        held = [self.conditions.make(part, row) for part in self.split.session]
        if held:
            rows = rows.filter(held)
        if self.has_event_level:
            pairs = self._make_pairs(touches=touches)
            if self._event_dimensions and not self.shape.is_total:
                rows = rows.join(pairs, rows.session == pairs.pair_session).drop("pair_session")
            else:
                # In the totals a session that stands in several lines counts once.
                rows = rows.filter(rows.session.isin(pairs.pair_session))
        get = self._get_from_session(rows)
        # Only where it is asked for: an instant keeps levels of the query from becoming one.
        needs_start = touches and (tells_start or self.shape.pieces)
        began = {"began": rows.start >= self.start} if needs_start else {}
        rows = self._add_dimensions(rows, lambda _: get, skip=self._event_dimensions, **began)
        return self._add_session_buckets(rows, touches=touches) if self.shape.pieces else rows

    @property
    def _event_dimensions(self) -> list[int]:
        return [i for i, d in enumerate(self.dimensions) if d.level is Level.EVENT]

    def _make_pairs(self, *, touches: bool) -> Relation:
        """Return distinct sessions with the event-level dimensions of their matching events."""
        rows = self._scan_events()
        rows = rows.filter(rows.session != 0)
        held = [self.conditions.make(f, _event_row(rows)) for f in self.split.event]
        if held:
            rows = rows.filter(held)
        if self.split.mixed:
            rows = _join_sessions(rows, self._scan_sessions(touches=touches), how="inner")
            row = Row(_get_from(rows), _get_beside(rows), rows.session)
            rows = rows.filter([self.conditions.make(f, row) for f in self.split.mixed])
        get = _get_from(rows)
        columns = {
            dimension_column(i): self.dimensions[i].value(get, self.context)
            for i in self._event_dimensions
        }
        rows = rows.mutate(pair_session=rows.session, **columns)
        for i in self._event_dimensions:
            rows = self._narrow(rows, i)
        return rows.select("pair_session", *columns).distinct()

    def _add_session_buckets(self, rows: Relation, *, touches: bool) -> Relation:
        start_us = self.words.epoch_us(rows.start)
        if not touches:
            return rows.mutate(bucket=self._bucket_of(start_us))
        rows = rows.mutate(
            bucket=self._bucket_of(ibis.greatest(start_us, START_MARK)),
            last=self._bucket_of(ibis.least(self.words.epoch_us(rows.end), LAST_MARK)),
        )
        # Most sessions touch one bucket; only the rest are multiplied.
        longer = rows.filter(rows.last > rows.bucket)
        further = ibis.range(longer.bucket + 1, longer.last + 1).unnest()
        longer = longer.mutate(bucket=further.cast("int64"), began=ibis.literal(False))
        return ibis.union(rows.drop("last"), longer.drop("last"))

    # Columns

    def _add_dimensions(
        self,
        rows: Relation,
        choose: Callable[[Dimension], Get],
        *,
        skip: Collection[int],
        **further: Expression,
    ) -> Relation:
        """Add a column for each dimension, except those that `rows` holds already, and further
        ones with them: two steps would be two levels of the query."""
        added = [i for i in range(len(self.dimensions)) if i not in skip]
        columns = {
            dimension_column(i): d.value(choose(d), self.context)
            for i, d in enumerate(self.dimensions)
            if i in added
        }
        columns |= further
        rows = rows.mutate(**columns) if columns else rows
        for i in added:
            rows = self._narrow(rows, i)
        return rows

    def _narrow(self, rows: Relation, index: int) -> Relation:
        """Leave out rows without a place under a dimension, and values not asked for."""
        column = rows[dimension_column(index)]
        if self.shape.only:
            return rows.filter(column.isin(self.shape.only[index]))
        dimension = self.dimensions[index]
        if dimension.has_place is not None:
            return rows.filter(dimension.has_place(_get_from(rows), self.context))
        return rows.filter(column != "") if dimension.omits_empty else rows

    def _get_from_session(self, rows: Relation) -> Get:
        # The clock of a visit that began before the range starts with the range.
        return lambda name: ibis.greatest(rows.start, self.start) if name == "ts" else rows[name]

    def _bucket_of(self, us: Expression) -> Expression:
        return find_bucket(us, self.shape.pieces, self.words)


def find_bucket(us: Expression, pieces: Sequence[Piece], words: Words) -> Expression:
    """Return the index of the bucket that holds an instant."""
    indexes = [words.divide(us - p.start_us, p.step_us) + p.index for p in pieces]
    if len(pieces) == 1:
        return indexes[0].cast("int64")
    branches = [
        (us < following.start_us, index)
        for following, index in zip(pieces[1:], indexes[:-1], strict=True)
    ]
    return ibis.cases(*branches, else_=indexes[-1]).cast("int64")


def _event_row(rows: Relation) -> Row:
    return Row(_get_from(rows), None, rows.session)


def _get_from(rows: Relation) -> Get:
    return lambda name: rows[name]


def _get_beside(rows: Relation) -> Get:
    """Get a session's columns where they stand beside an event's; '' for an event without one."""

    def get(name: str) -> Expression:
        column = rows[_PREFIX + ("start" if name == "ts" else name)]
        return column.fill_null("") if column.type().is_string() else column

    return get


def _join_sessions(events: Relation, sessions: Relation, *, how: str) -> Relation:
    beside = sessions.rename({_PREFIX + name: name for name in sessions.columns})
    return events.join(beside, events.session == beside[_PREFIX + "session"], how=how)
