"""SQL of a shape, compiled once and kept. Instants, the project and texts are put in later
(`lift`)."""

from functools import lru_cache
from threading import Lock

import ibis

from footfall.model.time_range import TimeRange
from footfall.reports.expression import Relation
from footfall.reports.lift import lift, put_back, put_range
from footfall.reports.plan import make_expression
from footfall.reports.shape import Shape
from footfall.reports.words import find_words, put_calls
from footfall.store.warehouse import Engine

_KEPT = 512
"""Shapes to keep: a dashboard has about twenty, each a few kilobytes of SQL."""

_lock = Lock()
"""Building expressions takes milliseconds of pure Python; one thread at a time loses nothing."""


def make_sql(engine: Engine, shape: Shape, span: TimeRange) -> str:
    """Return the SELECT that answers a shape over a range."""
    lifted = lift(shape)
    with _lock:
        template = _compile(engine, lifted.shape)
    return put_back(template, span, lifted, engine)


def render_sql(engine: Engine, expression: Relation, span: TimeRange) -> str:
    """Return the SELECT of an expression over a range; nothing of it is kept."""
    with _lock:
        template = _render(engine, expression)
    return put_range(template, span)


@lru_cache(maxsize=_KEPT)
def _compile(engine: Engine, shape: Shape) -> str:
    return _render(engine, make_expression(shape, find_words(engine)))


def _render(engine: Engine, expression: Relation) -> str:
    return put_calls(str(ibis.to_sql(expression, dialect=engine, pretty=False)))
