"""What a filter asks of: events, sessions or both. A session is kept when one of its events in
the range satisfies the whole filter; parts that ask nothing of an event are asked of the session
itself. `docs/explain/definitions.md` says it at length."""

from collections.abc import Iterator
from dataclasses import dataclass

from footfall.errors import InvalidInputError
from footfall.reports.catalogue import find_dimension
from footfall.reports.dimension import Level
from footfall.reports.query import And, DimensionFilter, Filter, GoalFilter, Not, Operator, Or

MAX_LEAVES = 100
"""More conditions than a person writes; protects the engine's planner."""

MAX_DEPTH = 20
"""Deeper nesting than a person writes; protects the recursion that reads it."""

MAX_THRESHOLD = 1_000_000
"""Seconds or pageviews of a goal: eleven days, far above any visit."""

MAX_VALUES = 1_000
MAX_VALUE_LENGTH = 2_048
"""The length of a path or referrer (Pulse's limit)."""

OPERATORS: tuple[Operator, ...] = (
    "is",
    "is_not",
    "contains",
    "not_contains",
    "matches",
    "not_matches",
)


@dataclass(frozen=True, slots=True)
class Split:
    """A filter as three conjunctions: of sessions alone, of events alone, and the rest."""

    session: tuple[Filter, ...] = ()
    event: tuple[Filter, ...] = ()
    mixed: tuple[Filter, ...] = ()

    @property
    def has_event(self) -> bool:
        """Tell whether something is asked of events."""
        return bool(self.event or self.mixed)


def iterate_leaves(condition: Filter | None) -> Iterator[DimensionFilter | GoalFilter]:
    """Yield the conditions at the leaves of a filter."""
    if condition is None:
        return
    if isinstance(condition, And | Or):
        for part in condition.filters:
            yield from iterate_leaves(part)
    elif isinstance(condition, Not):
        yield from iterate_leaves(condition.filter)
    else:
        yield condition


def is_event_leaf(leaf: DimensionFilter | GoalFilter) -> bool:
    """Tell whether a condition asks something of a single event. A goal asks of the session."""
    return isinstance(leaf, DimensionFilter) and find_dimension(leaf.dimension).level is Level.EVENT


def split_filter(condition: Filter | None) -> Split:
    """Sort the conjuncts of a filter by what they ask of."""
    session: list[Filter] = []
    event: list[Filter] = []
    mixed: list[Filter] = []
    for part in _flatten(condition):
        asked = {is_event_leaf(leaf) for leaf in iterate_leaves(part)}
        if True not in asked:
            session.append(part)
        elif False not in asked:
            event.append(part)
        else:
            mixed.append(part)
    return Split(tuple(session), tuple(event), tuple(mixed))


def _flatten(condition: Filter | None) -> Iterator[Filter]:
    if isinstance(condition, And):
        for part in condition.filters:
            yield from _flatten(part)
    elif condition is not None:
        yield condition


def check_filter(condition: Filter | None) -> None:
    """Refuse a filter that names nothing known or asks too much.

    Raises InvalidInputError for the field 'filter'.
    """
    _check_depth(condition, MAX_DEPTH)
    for number, leaf in enumerate(iterate_leaves(condition), start=1):
        if number > MAX_LEAVES:
            raise InvalidInputError(f"filter has more than {MAX_LEAVES} conditions", field="filter")
        if isinstance(leaf, GoalFilter):
            check_goal(leaf)
        else:
            _check_dimension(leaf)


def _check_depth(condition: Filter | None, left: int) -> None:
    if left == 0:
        raise InvalidInputError(f"filter is nested deeper than {MAX_DEPTH}", field="filter")
    if isinstance(condition, And | Or):
        for part in condition.filters:
            _check_depth(part, left - 1)
    elif isinstance(condition, Not):
        _check_depth(condition.filter, left - 1)


def check_goal(goal: GoalFilter, *, field: str = "filter") -> None:
    """Refuse a goal that asks for nothing, or for two sorts of things at once.

    Raises InvalidInputError for the field.
    """
    has_deed = goal.page is not None or goal.event is not None
    if has_deed == goal.is_of_session or (goal.props and not has_deed):
        raise InvalidInputError(
            "a goal names a page or an event (both: the event on that page), or how long a visit "
            "is in seconds or pageviews; give exactly one of these",
            field=field,
        )
    for text in (goal.page, goal.event):
        if text == "":
            raise InvalidInputError("a goal names an empty page or event", field=field)
    for number in (goal.min_duration_s, goal.min_pageviews):
        if number is not None and not 1 <= number <= MAX_THRESHOLD:
            raise InvalidInputError(
                f"a goal's threshold is {number}; accepted are 1 to {MAX_THRESHOLD}", field=field
            )
    for key, _ in goal.props:
        find_dimension(f"prop:{key}", field=field)
    _check_values([v for v in (goal.page, goal.event) if v is not None], field)
    _check_values([value for _, value in goal.props], field)


def _check_dimension(leaf: DimensionFilter) -> None:
    find_dimension(leaf.dimension, field="filter")
    if leaf.operator not in OPERATORS:
        raise InvalidInputError(
            f"unknown operator '{leaf.operator}'; known are {', '.join(OPERATORS)}", field="filter"
        )
    if not leaf.values:
        raise InvalidInputError(
            f"filter on '{leaf.dimension}' has no values; give at least one", field="filter"
        )
    _check_values(list(leaf.values), "filter")


def _check_values(values: list[str], field: str) -> None:
    if len(values) > MAX_VALUES:
        raise InvalidInputError(
            f"{field} has {len(values)} values; at most {MAX_VALUES} are accepted", field=field
        )
    for value in values:
        if len(value) > MAX_VALUE_LENGTH or "\0" in value:
            raise InvalidInputError(
                f"{field} value '{value[:40]}…' is too long or holds a NUL; "
                f"at most {MAX_VALUE_LENGTH} characters are accepted",
                field=field,
            )
