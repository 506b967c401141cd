"""From the body of a request to a Query. What cannot be understood is refused with its field."""

import re
from typing import TypeVar

import msgspec
from msgspec import UNSET

from footfall.api.wire import FilterBody, GoalBody, QueryBody, RangeBody
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.model.time_range import TimeRange
from footfall.projects.project import Project
from footfall.reports.check import load_zone
from footfall.reports.filter import MAX_DEPTH
from footfall.reports.query import (
    And,
    DimensionFilter,
    Filter,
    GoalFilter,
    Interval,
    Not,
    Or,
    Order,
    Query,
)
from footfall.reports.range import Span, parse_preset, parse_range

_decoder = msgspec.json.Decoder(QueryBody)

T = TypeVar("T")

_WHERE = re.compile(r" - at `\$\.?(.*)`$")
_UNKNOWN = re.compile(r"unknown field `(.*?)`")
_MISSING = re.compile(r"missing required field `(.*?)`")


def parse_body(body: bytes) -> QueryBody:
    """Decode the body of a query.

    Raises InvalidInputError that names the field.
    """
    return decode_body(_decoder, body)


def decode_body(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Decode a body.

    Raises InvalidInputError that names the field.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _explain(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInputError(f"the body is no JSON object: {error}") from None
    except RecursionError:
        raise InvalidInputError("the body is nested too deeply", field="filters") from None


def _explain(message: str) -> InvalidInputError:
    where = _WHERE.search(message)
    path = where[1] if where else ""
    named = _UNKNOWN.search(message) or _MISSING.search(message)
    field = ".".join(part for part in (path, named[1] if named else "") if part)
    said = _WHERE.sub("", message)
    if _UNKNOWN.search(message):
        return InvalidInputError(
            f"unknown field '{field[:100]}'; GET /api/openapi.json lists what is accepted",
            field=field[:100],
        )
    if _MISSING.search(message):
        return MissingFieldError(field)
    return InvalidInputError(f"{field or 'the body'}: {said}", field=field or None)


def parse_query(body: QueryBody, project: Project, now_us: int) -> Query:
    """Turn a body into a query of a project.

    Raises InvalidInputError that names the field.
    """
    zone_name = project.time_zone if body.timezone is None else body.timezone
    zone = load_zone(zone_name)
    span = parse_span(body.range, zone_name, now_us)
    return Query(
        project=project.number,
        metrics=tuple(body.metrics),
        range=span,
        dimensions=tuple(body.dimensions),
        filter=parse_filters(body.filters),
        interval=None if body.interval is None else Interval(body.interval),
        time_zone=zone_name,
        compare=_parse_compare(body, Span(span, zone, now_us)),
        order=tuple(Order(o.by, o.direction) for o in body.order),
        limit=body.limit,
        offset=body.offset,
        bots=body.bots,
    )


def parse_span(body: str | RangeBody, zone_name: str, now_us: int) -> TimeRange:
    """Return the range that a word or two dates mean in a time zone.

    Raises InvalidInputError that names the field.
    """
    zone = load_zone(zone_name)
    if isinstance(body, RangeBody):
        return parse_range(body.start, body.end, zone)
    return parse_preset(body, zone, now_us)


def parse_filters(body: FilterBody | None) -> Filter | None:
    """Return the filter that a body describes.

    Raises InvalidInputError that names the field.
    """
    return None if body is None else _parse_filter(body, "filters")


def _parse_compare(body: QueryBody, span: Span) -> TimeRange | None:
    if body.compare is None:
        return None
    if isinstance(body.compare, RangeBody):
        return parse_range(
            body.compare.start,
            body.compare.end,
            span.zone,
            start_field="compare.start",
            end_field="compare.end",
        )
    return span.previous() if body.compare == "previous" else span.year_before()


def _parse_filter(body: FilterBody, path: str, depth: int = 1) -> Filter:
    if depth > MAX_DEPTH:
        raise InvalidInputError(f"filters are nested deeper than {MAX_DEPTH}", field="filters")
    given = {
        "dimension": body.dimension,
        "and": body.and_,
        "or": body.or_,
        "not": body.not_,
        "goal": body.goal,
    }
    named = [name for name, value in given.items() if value is not UNSET]
    has_comparison = body.operator is not UNSET or body.values is not UNSET
    if len(named) != 1 or (has_comparison and named != ["dimension"]):
        raise InvalidInputError(
            f"{path} must hold either dimension, operator and values, or exactly one of and, or, "
            f"not and goal; it holds {', '.join(named) or 'none'}",
            field=path,
        )
    if isinstance(body.and_, list):
        return And(_parse_list(body.and_, f"{path}.and", depth))
    if isinstance(body.or_, list):
        return Or(_parse_list(body.or_, f"{path}.or", depth))
    if isinstance(body.not_, FilterBody):
        return Not(_parse_filter(body.not_, f"{path}.not", depth + 1))
    if isinstance(body.goal, GoalBody):
        return parse_goal(body.goal)
    return _parse_comparison(body, path)


def parse_goal(body: GoalBody) -> GoalFilter:
    """Return the goal that a body describes; a saved one has been put in its place before."""
    props = tuple(sorted(body.props.items()))
    return GoalFilter(body.page, body.event, props, body.duration_s, body.pageviews)


def _parse_list(bodies: list[FilterBody], path: str, depth: int) -> tuple[Filter, ...]:
    if not bodies:
        raise InvalidInputError(f"{path} is empty; give at least one condition", field=path)
    return tuple(_parse_filter(b, f"{path}[{i}]", depth + 1) for i, b in enumerate(bodies))


def _parse_comparison(body: FilterBody, path: str) -> DimensionFilter:
    if body.operator is UNSET:
        raise MissingFieldError(f"{path}.operator")
    if body.values is UNSET or body.dimension is UNSET:
        raise MissingFieldError(f"{path}.values")
    return DimensionFilter(body.dimension, body.operator, tuple(body.values))
