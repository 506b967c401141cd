"""The texts of a question — values of its filters, lines it keeps — and its project, taken out of
its shape and put into the SQL at the end. Questions that differ in them alone share compiled SQL:
whoever clicks on another row of a list does not wait for the query library again."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from sqlglot import exp

from footfall.model.time_range import TimeRange
from footfall.reports.condition import needs_expression
from footfall.reports.filter import iterate_leaves
from footfall.reports.query import And, DimensionFilter, Filter, GoalFilter, Not, Or
from footfall.reports.shape import END_MARK, LAST_MARK, PROJECT_MARK, START_MARK, Shape
from footfall.store.warehouse import Engine

_EDGE = "\ue000"
"""Around the number of a text that was taken out: of a private area, no character of any script."""

_NUMBER = re.compile(f"({START_MARK}|{LAST_MARK}|{END_MARK}|{PROJECT_MARK})")
_MARK = re.compile(f"{_NUMBER.pattern}|'{_EDGE}([0-9]+){_EDGE}'")


@dataclass(slots=True)
class _Texts:
    """What was taken out. Equal texts share a mark: a condition that is said twice stays the same
    condition said twice."""

    marks: dict[str, str] = field(default_factory=dict)

    def lift(self, text: str) -> str:
        # Asking for nothing is another question than asking for something.
        return self.marks.setdefault(text, f"{_EDGE}{len(self.marks)}{_EDGE}") if text else ""


def lift_texts(shape: Shape) -> tuple[Shape, tuple[str, ...]]:
    """Return a shape with marks in the place of its project and texts, and these texts."""
    texts = _Texts()
    lifted = replace(shape, project=PROJECT_MARK)
    if not any(_EDGE in text for text in _list_texts(shape)):
        condition = None if shape.filter is None else _lift_filter(shape.filter, texts.lift)
        only = tuple(tuple(map(texts.lift, values)) for values in shape.only)
        lifted = replace(lifted, filter=condition, only=only)
    return lifted, tuple(texts.marks)


def put_range(template: str, span: TimeRange) -> str:
    """Put the range into SQL of which nothing was taken out."""
    return _NUMBER.sub(lambda found: str(_find_number(int(found[1]), span, 0)), template)


def put_all(
    template: str, span: TimeRange, project: int, texts: Sequence[str], engine: Engine
) -> str:
    """Put range, project and texts into the SQL of a lifted shape."""
    literals = [exp.Literal.string(text).sql(dialect=engine) for text in texts]

    def put(found: re.Match[str]) -> str:
        if found[1] is None:
            return literals[int(found[2])]
        return str(_find_number(int(found[1]), span, project))

    return (_MARK if texts else _NUMBER).sub(put, template)


def _find_number(mark: int, span: TimeRange, project: int) -> int:
    numbers = {
        START_MARK: span.start_us,
        LAST_MARK: span.end_us - 1,
        END_MARK: span.end_us,
        PROJECT_MARK: project,
    }
    return numbers[mark]


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
