"""Filters as conditions of the query library. What a filter means is decided in `filter`; here
it is only said in the engines' words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import ibis

from footfall.clock import US_PER_SECOND
from footfall.reports.catalogue import find_dimension
from footfall.reports.dimension import Level
from footfall.reports.expression import Context, Expression, Get, Relation, Words
from footfall.reports.query import And, DimensionFilter, Filter, GoalFilter, Not, Or


@dataclass(frozen=True, slots=True)
class Row:
    """What a condition is asked of: an event, a session, or an event with its session."""

    event: Get | None
    session: Get | None
    session_id: Expression


@dataclass(frozen=True, slots=True)
class Conditions:
    """Turns filters into conditions. The functions give the rows of the range that subqueries
    read: events of any score, and sessions that touch the range."""

    context: Context
    events: Callable[[], Relation]
    sessions: Callable[[], Relation]

    def make(self, condition: Filter, row: Row) -> Expression:
        """Return the condition of a filter on a row."""
        if isinstance(condition, And):
            return reduce(and_, [self.make(f, row) for f in condition.filters], ibis.literal(True))
        if isinstance(condition, Or):
            return reduce(or_, [self.make(f, row) for f in condition.filters], ibis.literal(False))
        if isinstance(condition, Not):
            return ~self.make(condition.filter, row)
        if isinstance(condition, GoalFilter):
            return row.session_id.isin(self._sessions_with(condition))
        return self._make_comparison(condition, row)

    def _make_comparison(self, leaf: DimensionFilter, row: Row) -> Expression:
        dimension = find_dimension(leaf.dimension)
        if dimension.level is Level.EVENT:
            get = row.event
        elif dimension.level is Level.SHARED:
            get = row.session or row.event
        else:
            get = row.session
        if get is not None:
            holds = compare(dimension.value(get, self.context), leaf)
        else:
            sessions = self.sessions()
            of_session = dimension.value(lambda name: sessions[name], self.context)
            holds = row.session_id.isin(sessions.filter(compare(of_session, leaf)).session)
            if is_met_by_nothing(leaf):
                # An event of no session has neither entry nor exit page.
                holds |= row.session_id == 0
        return ~holds if is_negative(leaf) else holds

    def _sessions_with(self, goal: GoalFilter) -> Expression:
        if goal.is_of_session:
            sessions = self.sessions()
            return sessions.filter(reaches_goal(sessions, goal, self.context.words)).session
        events = self.events()
        holds = is_goal(events, goal, self.context.words)
        return events.filter(events.session != 0, holds).session


def is_goal(events: Relation, goal: GoalFilter, words: Words) -> Expression:
    """Return whether an event is what a goal asks for: a page seen or an event sent."""
    holds = []
    if goal.event is not None:
        holds += [events.kind == "event", match_wildcard(events.name, goal.event)]
    if goal.page is not None:
        holds.append(match_wildcard(events.path, goal.page))
        if goal.event is None:
            holds.append(events.kind == "pageview")
    holds += [words.property(events.props, key) == value for key, value in goal.props]
    return reduce(and_, holds)


def reaches_goal(sessions: Relation, goal: GoalFilter, words: Words) -> Expression:
    """Return whether a session is as long as a goal asks for."""
    holds = []
    if goal.min_duration_s is not None:
        length_us = words.epoch_us(sessions.end) - words.epoch_us(sessions.start)
        holds.append(length_us >= goal.min_duration_s * US_PER_SECOND)
    if goal.min_pageviews is not None:
        holds.append(sessions.pageviews >= goal.min_pageviews)
    return reduce(and_, holds)


def is_negative(leaf: DimensionFilter) -> bool:
    """Tell whether the operator says 'none of them'."""
    return leaf.operator in {"is_not", "not_contains", "not_matches"}


def is_met_by_nothing(leaf: DimensionFilter) -> bool:
    """Tell whether the empty text is one of the values."""
    if leaf.operator in {"matches", "not_matches"}:
        return any(not value.replace("*", "") for value in leaf.values)
    return "" in leaf.values


def compare(column: Expression, leaf: DimensionFilter) -> Expression:
    """Return the positive form of a comparison: any of the values."""
    if leaf.operator in {"is", "is_not"}:
        return column == leaf.values[0] if len(leaf.values) == 1 else column.isin(leaf.values)
    if leaf.operator in {"contains", "not_contains"}:
        return reduce(or_, [column.contains(value) for value in leaf.values])
    return reduce(or_, [match_wildcard(column, value) for value in leaf.values])


def match_wildcard(column: Expression, pattern: str) -> Expression:
    """Return whether the whole text matches; `*` is any run of characters, also none.
    The common shapes avoid the regular expression, which costs several times more."""
    parts = pattern.split("*")
    if len(parts) == 1:
        return column == pattern
    if not any(parts):
        return ibis.literal(True)
    if needs_expression(pattern):
        expression = ".*".join(re.escape(part) for part in parts)
        return column.re_search(f"(?s)^{expression}$")
    if len(parts) == 3:
        return column.contains(parts[1])
    return column.startswith(parts[0]) if parts[0] else column.endswith(parts[1])


def needs_expression(pattern: str) -> bool:
    """Tell whether only a regular expression says a wildcard: it is neither a text with a `*`
    before, behind or on both sides, nor without a text or without a `*`."""
    parts = pattern.split("*")
    if len(parts) == 1 or not any(parts):
        return False
    return all(parts) if len(parts) == 2 else len(parts) > 3 or bool(parts[0] or parts[2])
