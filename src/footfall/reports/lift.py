"""What is taken out of a question's shape and put into its SQL at the end: texts (values of its
filters, lines it keeps), its project, and the instants of its buckets. Questions that differ in
them alone share compiled SQL: whoever clicks on another row of a list, and whoever looks again a
minute later, does not wait for the query library."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain

from sqlglot import exp

from footfall.model.time_range import TimeRange
from footfall.reports.condition import needs_expression
from footfall.reports.filter import iterate_leaves
from footfall.reports.query import And, DimensionFilter, Filter, GoalFilter, Not, Or
from footfall.reports.shape import END_MARK, LAST_MARK, PROJECT_MARK, START_MARK, Shape
from footfall.store.warehouse import Engine

_FIRST_PIECE = 864_000_000_000_010_000
"""Stands, counted up, where a piece of a series begins. Months are pieces of their own, and two
hundred years have fewer than ten thousand."""

_EDGE = "\ue000"
"""Around the number of a text that was taken out: of a private area, no character of any script."""

_NUMBER = re.compile(
    f"({START_MARK}|{LAST_MARK}|{END_MARK}|{PROJECT_MARK}|{_FIRST_PIECE // 10_000}[0-9]{{4}})"
)
_MARK = re.compile(f"{_NUMBER.pattern}|'{_EDGE}([0-9]+){_EDGE}'")


@dataclass(frozen=True, slots=True)
class Lifted:
    """A shape with marks in the place of what was taken out of it."""

    shape: Shape
    texts: tuple[str, ...]
    """By the numbers of their marks."""
    numbers: Mapping[int, int]
    """By their marks."""


@dataclass(slots=True)
class _Texts:
    """What was taken out. Equal texts share a mark: a condition that is said twice stays the same
    condition said twice."""

    marks: dict[str, str] = field(default_factory=dict)

    def lift(self, text: str) -> str:
        # Asking for nothing is another question than asking for something.
        return self.marks.setdefault(text, f"{_EDGE}{len(self.marks)}{_EDGE}") if text else ""


def lift(shape: Shape) -> Lifted:
    """Take out of a shape what its SQL can do without until the end."""
    marked = list(enumerate(shape.pieces, start=_FIRST_PIECE))
    numbers = {PROJECT_MARK: shape.project, **{mark: piece.start_us for mark, piece in marked}}
    pieces = tuple(replace(piece, start_us=mark) for mark, piece in marked)
    lifted = replace(shape, project=PROJECT_MARK, pieces=pieces)
    texts = _Texts()
    if not any(_EDGE in text for text in _list_texts(shape)):
        condition = None if shape.filter is None else _lift_filter(shape.filter, texts.lift)
        only = tuple(tuple(map(texts.lift, values)) for values in shape.only)
        lifted = replace(lifted, filter=condition, only=only)
    return Lifted(lifted, tuple(texts.marks), numbers)


def put_back(template: str, span: TimeRange, lifted: Lifted, engine: Engine) -> str:
    """Put the range, and what was taken out of a shape, into its SQL."""
    literals = [exp.Literal.string(text).sql(dialect=engine) for text in lifted.texts]
    numbers = {**_make_numbers(span), **lifted.numbers}

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return literals[int(found[2])]
        return str(numbers.get(int(found[1]), found[1]))

    return (_MARK if literals else _NUMBER).sub(put, template)


def put_range(template: str, span: TimeRange) -> str:
    """Put the range into SQL of which nothing was taken out."""
    numbers = _make_numbers(span)
    return _NUMBER.sub(lambda found: str(numbers.get(int(found[1]), found[1])), template)


def _make_numbers(span: TimeRange) -> dict[int, int]:
    return {START_MARK: span.start_us, LAST_MARK: span.end_us - 1, END_MARK: span.end_us}


def _list_texts(shape: Shape) -> list[str]:
    """List every text of a shape that may come from outside."""
    texts = [*shape.dimensions, *(text for values in shape.only for text in values)]
    for leaf in iterate_leaves(shape.filter):
        if isinstance(leaf, DimensionFilter):
            texts += [leaf.dimension, *leaf.values]
        else:
            texts += [leaf.page or "", leaf.event or "", *chain.from_iterable(leaf.props)]
    return texts


def _lift_filter(condition: Filter, lift: Callable[[str], str]) -> Filter:
    if isinstance(condition, And):
        return And(tuple(_lift_filter(part, lift) for part in condition.filters))
    if isinstance(condition, Or):
        return Or(tuple(_lift_filter(part, lift) for part in condition.filters))
    if isinstance(condition, Not):
        return Not(_lift_filter(condition.filter, lift))
    if isinstance(condition, GoalFilter):
        return replace(
            condition,
            page=None if condition.page is None else _lift_pattern(condition.page, lift),
            event=None if condition.event is None else _lift_pattern(condition.event, lift),
            props=tuple((key, lift(value)) for key, value in condition.props),
        )
    is_pattern = condition.operator in {"matches", "not_matches"}
    values = [_lift_pattern(v, lift) if is_pattern else lift(v) for v in condition.values]
    return replace(condition, values=tuple(values))


def _lift_pattern(pattern: str, lift: Callable[[str], str]) -> str:
    """A regular expression is made of the whole pattern; it stays as it is."""
    if needs_expression(pattern):
        return pattern
    return "*".join(map(lift, pattern.split("*")))
