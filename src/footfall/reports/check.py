"""Refuses questions that cannot be answered, naming the field; what passes is compiled as it is."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange
from footfall.reports.catalogue import find_dimension, find_metric
from footfall.reports.filter import check_filter
from footfall.reports.query import Query
from footfall.reports.scope import Scope

MAX_LIMIT = 10_000
"""Rows of one answer; more is an export, which pages."""

MAX_METRICS = 30
MAX_DIMENSIONS = 6
MAX_OFFSET = 1_000_000_000

_LATEST_US = 7_258_118_400_000_000
"""The year 2200."""


def check_query(query: Query) -> None:
    """Refuse a query that cannot be answered.

    Raises InvalidInputError that names the field and quotes the value.
    """
    _check_names(query)
    check_scope(query)
    if query.compare is not None:
        _check_span(query.compare, "compare")
    check_slice(query.limit, query.offset)
    _check_order(query)


def check_slice(limit: int, offset: int) -> None:
    """Refuse a part of a list that is too long or begins too late.

    Raises InvalidInputError that names the field and quotes the value.
    """
    _check_number("limit", limit, 1, MAX_LIMIT)
    _check_number("offset", offset, 0, MAX_OFFSET)


def check_scope(scope: Scope | Query) -> None:
    """Refuse a scope that cannot be looked at: its range, time zone, filter or bots.

    Raises InvalidInputError that names the field and quotes the value.
    """
    _check_span(scope.range, "range")
    load_zone(scope.time_zone)
    check_filter(scope.filter)
    if scope.bots not in ("exclude", "include", "only"):
        raise InvalidInputError(
            f"bots is '{scope.bots}'; accepted are exclude, include and only", field="bots"
        )


def load_zone(name: str, *, field: str = "timezone") -> ZoneInfo:
    """Return the time zone of an IANA name.

    Raises InvalidInputError when there is no such zone.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInputError(
            f"unknown time zone '{name[:60]}'; write an IANA name such as Europe/Berlin",
            field=field,
        ) from None


def _check_names(query: Query) -> None:
    if not query.metrics:
        raise InvalidInputError("metrics is empty; name at least one", field="metrics")
    for field, names, most in (
        ("metrics", query.metrics, MAX_METRICS),
        ("dimensions", query.dimensions, MAX_DIMENSIONS),
    ):
        if len(names) > most:
            raise InvalidInputError(
                f"{field} names {len(names)}; at most {most} are accepted", field=field
            )
        if len(set(names)) < len(names):
            raise InvalidInputError(f"{field} names one twice: {', '.join(names)}", field=field)
    for name in query.metrics:
        find_metric(name)
    for name in query.dimensions:
        find_dimension(name)


def _check_span(span: TimeRange, field: str) -> None:
    if span.start_us < 0 or span.end_us > _LATEST_US:
        raise InvalidInputError(f"{field} must lie between 1970 and 2200", field=field)


def _check_number(field: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise InvalidInputError(f"{field} is {value}; {least} to {most} are accepted", field=field)


def _check_order(query: Query) -> None:
    known = (*query.metrics, *query.dimensions)
    if query.interval is not None:
        known = (*known, "bucket")
    if len({order.by for order in query.order}) < len(query.order):
        raise InvalidInputError("order names a column twice", field="order")
    for order in query.order:
        if order.by not in known:
            raise InvalidInputError(
                f"order by '{order.by[:60]}' is no metric or dimension of the query; "
                f"accepted are {', '.join(known)}",
                field="order",
            )
        if order.direction not in ("asc", "desc"):
            raise InvalidInputError(
                f"direction '{order.direction}' is neither asc nor desc", field="order"
            )
