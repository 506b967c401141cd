"""The seven sheets that Pulse exports: the columns of each, the question behind it, and how a row
of its answer becomes a line."""

from collections.abc import Callable
from dataclasses import dataclass

from footfall.dialects.pulse.render import (
    DIRECT,
    UNKNOWN,
    UNKNOWN_COUNTRY,
    render_day,
    render_event,
    render_page,
)
from footfall.errors import InvalidInputError
from footfall.reports.query import And, DimensionFilter, Filter, Interval, Not, Row, Value

Fields = tuple[str | int | float, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One type of export."""

    name: str
    columns: tuple[str, ...]
    metrics: tuple[str, ...]
    dimensions: tuple[str, ...]
    render: Callable[[Row], Fields]
    """The fields of a line, in the order of the columns."""
    filter: Filter | None = None
    interval: Interval | None = None


def find_sheet(name: str) -> Sheet:
    """Return a sheet by its name. Raises InvalidInputError."""
    for sheet in SHEETS:
        if sheet.name == name:
            return sheet
    names = ", ".join(sheet.name for sheet in SHEETS)
    raise InvalidInputError(
        f"unknown export type '{name[:40]}'; accepted are {names}", field="type"
    )


def _render_stats(row: Row) -> Fields:
    day = render_day(Row((), row.metrics[:3], bucket=row.bucket))
    bounces, duration_s = row.metrics[3:]
    duration_ms = round((duration_s or 0) * 1_000)
    return day.date, day.pageviews, day.visitors, day.sessions, _count(bounces), duration_ms


def _render_page(row: Row) -> Fields:
    page = render_page(row)
    return page.path, page.views, page.unique_views, page.avg_duration


def _render_referrer(row: Row) -> Fields:
    return row.dimensions[0] or DIRECT, _count(row.metrics[0])


def _render_event(row: Row) -> Fields:
    event = render_event(row)
    return event.name, event.count


def _render_device(row: Row) -> Fields:
    return *(name or UNKNOWN for name in row.dimensions), _count(row.metrics[0])


def _render_country(row: Row) -> Fields:
    return row.dimensions[0] or UNKNOWN_COUNTRY, _count(row.metrics[0])


def _render_campaign(row: Row) -> Fields:
    return *row.dimensions, *(_count(value) for value in row.metrics)


def _count(value: Value) -> int:
    return int(value or 0)


_TAGS = ("utm_source", "utm_medium", "utm_campaign")
_IS_TAGGED = Not(And(tuple(DimensionFilter(tag, "is", ("",)) for tag in _TAGS)))

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "stats",
        ("date", "pageviews", "visitors", "sessions", "bounces", "total_duration_ms"),
        ("pageviews", "visitors", "sessions", "bounces_pageviews", "session_duration_sum"),
        (),
        _render_stats,
        interval=Interval.DAY,
    ),
    Sheet(
        "pages",
        ("path", "views", "unique_views", "avg_duration"),
        ("pageviews", "unique_pageviews", "time_to_next"),
        ("page",),
        _render_page,
        DimensionFilter("kind", "is", ("pageview",)),
    ),
    Sheet(
        "referrers",
        ("referrer_domain", "visits"),
        ("sessions",),
        ("referrer_host",),
        _render_referrer,
    ),
    Sheet(
        "events",
        ("event_name", "count"),
        ("events", "visitors"),
        ("event",),
        _render_event,
    ),
    Sheet(
        "devices",
        ("browser", "os", "device", "visitors"),
        ("visitors",),
        ("browser", "os", "device"),
        _render_device,
    ),
    Sheet("geo", ("country", "visitors"), ("visitors",), ("country",), _render_country),
    Sheet(
        "campaigns",
        (*_TAGS, "visitors", "sessions", "pageviews", "bounces"),
        ("visitors", "sessions", "pageviews", "bounces_pageviews"),
        _TAGS,
        _render_campaign,
        _IS_TAGGED,
    ),
)
