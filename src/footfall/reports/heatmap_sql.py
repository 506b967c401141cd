"""The expressions behind `heatmap`. Trackers tell the place of a click in pixels, or as fractions
of the page: both coordinates up to 1 are fractions."""

import ibis

from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk
from footfall.reports.heatmap import RAGE_CLICKS, RAGE_US

FARTHEST = 1_000_000.0
"""Pixels; what lies farther, or before the page's corner, is moved to the edge."""


def make_widths(desk: Desk, path: str) -> Relation:
    """Return the most frequent viewport width, in one row or none."""
    rows = _find_clicks(desk, path)
    rows = rows.mutate(width=desk.words.number(rows.props, "viewport_width"))
    rows = rows.filter(rows.width.notnull()).mutate(width=_round(rows.width))
    rows = rows.filter(rows.width > 0)
    rows = rows.group_by("width").agg(clicks=rows.count())
    return rows.order_by([rows.clicks.desc(), rows.width.desc()]).limit(1)


def make_points(desk: Desk, path: str, usual_width: int | None) -> Relation:
    """Return one row for each pixel and element that was clicked: x, y, selector, clicks.

    A fraction of the width is of the click's own viewport, else of the usual one; a fraction of
    the height is of the page where the tracker told its height, else of the viewport.
    """
    rows, words = _find_clicks(desk, path), desk.words
    rows = rows.mutate(
        at_x=words.number(rows.props, "x"),
        at_y=words.number(rows.props, "y"),
        width=_positive(words.number(rows.props, "viewport_width")),
        page_height=_positive(words.number(rows.props, "page_height")),
        height=_positive(words.number(rows.props, "viewport_height")),
    )
    if usual_width is not None:
        rows = rows.mutate(width=rows.width.fill_null(float(usual_width)))
    is_fraction = (rows.at_x <= 1) & (rows.at_y <= 1)
    height = rows.page_height.fill_null(rows.height)
    rows = rows.mutate(
        at_x=is_fraction.ifelse(rows.at_x * rows.width, rows.at_x),
        at_y=is_fraction.ifelse(rows.at_y * height, rows.at_y),
    )
    rows = rows.filter(rows.at_x.notnull(), rows.at_y.notnull())
    rows = rows.select(x=_round(rows.at_x), y=_round(rows.at_y), selector=rows.name)
    return rows.group_by("x", "y", "selector").agg(clicks=rows.count())


def make_elements(desk: Desk, path: str) -> Relation:
    """Return one row for each element: selector, clicks, visitors, rage clicks."""
    rows, words = _find_clicks(desk, path), desk.words
    us = words.epoch_us(rows.ts)
    window = ibis.window(group_by=[rows.session, rows.name], order_by=[rows.ts, rows.event_id])
    # Before the first row DuckDB gives null, ClickHouse 0.
    earlier_us = us.lag(RAGE_CLICKS - 1).over(window).fill_null(0)
    rows = rows.mutate(us=us, earlier_us=earlier_us)
    rows = rows.mutate(
        selector=rows.name,
        is_rage=(rows.session != 0)
        & (rows.earlier_us > 0)
        & (rows.us - rows.earlier_us <= RAGE_US),
    )
    return rows.group_by("selector").agg(
        clicks=rows.count(),
        visitors=words.distinct(rows.visitor, None),
        rage_clicks=rows.count(where=rows.is_rage),
    )


def make_pages(desk: Desk) -> Relation:
    """Return one row for each page: path, clicks, visitors."""
    rows = desk.events()
    rows = rows.filter(rows.kind == "click", rows.path != "")
    return rows.group_by("path").agg(
        clicks=rows.count(), visitors=desk.words.distinct(rows.visitor, None)
    )


def _find_clicks(desk: Desk, path: str) -> Relation:
    rows = desk.events()
    return rows.filter(rows.kind == "click", rows.path == path)


def _positive(number: Expression) -> Expression:
    return (number > 0).ifelse(number, ibis.null("float64"))


def _round(pixels: Expression) -> Expression:
    """The nearest whole pixel, halves up: the engines' own functions differ at halves."""
    kept = ibis.least(ibis.greatest(pixels, 0.0), FARTHEST)
    return (kept + 0.5).floor().cast("int64")
