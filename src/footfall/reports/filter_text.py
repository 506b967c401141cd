"""Filters as text, for rooms that keep one: the JSON form that our own API takes."""

import json
from typing import Any

from footfall.errors import InvalidInputError
from footfall.reports.query import And, DimensionFilter, Filter, GoalFilter, Not, Or


def render_filter(condition: Filter) -> str:
    """Return a filter as JSON."""
    return json.dumps(_render(condition), ensure_ascii=False)


def parse_filter(text: str) -> Filter:
    """Return the filter of a text that `render_filter` made.

    Raises InvalidInputError for anything else.
    """
    try:
        return _parse(json.loads(text))
    except (ValueError, KeyError, TypeError):
        raise InvalidInputError("the stored filter cannot be read", field="filter") from None


def _render(condition: Filter) -> dict[str, Any]:
    match condition:
        case And(filters):
            return {"and": [_render(part) for part in filters]}
        case Or(filters):
            return {"or": [_render(part) for part in filters]}
        case Not(part):
            return {"not": _render(part)}
        case GoalFilter(page, event, props):
            named = {"page": page, "event": event, "props": dict(props) or None}
            return {"goal": {name: value for name, value in named.items() if value is not None}}
        case DimensionFilter(dimension, operator, values):
            return {"dimension": dimension, "operator": operator, "values": list(values)}


def _parse(body: dict[str, Any]) -> Filter:
    if "and" in body:
        return And(tuple(_parse(part) for part in body["and"]))
    if "or" in body:
        return Or(tuple(_parse(part) for part in body["or"]))
    if "not" in body:
        return Not(_parse(body["not"]))
    if "goal" in body:
        goal = body["goal"]
        props = tuple(sorted(goal.get("props", {}).items()))
        return GoalFilter(goal.get("page"), goal.get("event"), props)
    return DimensionFilter(body["dimension"], body["operator"], tuple(body["values"]))
