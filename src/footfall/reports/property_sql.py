"""The SELECT that finds names of properties. It imports the query library; `property` imports it
at the first question."""

from typing import Any

import ibis
import ibis.expr.datatypes as dt

from footfall.model.time_range import TimeRange
from footfall.reports.rows import EVENTS
from footfall.reports.sql import render_sql
from footfall.reports.words import find_words
from footfall.store.warehouse import EVENTS_BETWEEN, Engine


def _keys(props: Any) -> Any: ...


_KEYS = {
    engine: ibis.udf.scalar.builtin(_keys, name=name, signature=((dt.string,), dt.Array(dt.string)))
    for engine, name in (("duckdb", "json_keys"), ("clickhouse", "JSONExtractKeys"))
}


def make_keys_sql(engine: Engine, project: int, event: str, span: TimeRange, limit: int) -> str:
    """Return the SELECT for the names of properties of a custom event, most frequent first."""
    t = find_words(engine).scan(EVENTS_BETWEEN, EVENTS)
    rows = t.filter(t.project == project, t.kind == "event", t.name == event, t.props != "")
    names = rows.select(key=_KEYS[engine](rows.props).unnest())
    counted = names.group_by("key").aggregate(times=names.count())
    ordered = counted.order_by([ibis.desc("times"), "key"]).limit(limit)
    return render_sql(engine, ordered, span)
