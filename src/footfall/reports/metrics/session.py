"""Metrics of visits: they count sessions that began in the range."""

from footfall.reports.expression import Context, Expression, Relation
from footfall.reports.metric import (
    Metric,
    Part,
    Source,
    count_rows,
    divide_parts,
    make_count,
)

ENGAGED_US = 10_000_000
"""A visit of ten seconds is engaged (GA4's definition)."""


def _length_us(rows: Relation, context: Context) -> Expression:
    return context.words.epoch_us(rows.end) - context.words.epoch_us(rows.start)


def _is_bounce(rows: Relation, _: Context) -> Expression:
    return (rows.pageviews < 2) & (rows.interactions == 0)


def _is_single_page(rows: Relation, _: Context) -> Expression:
    return rows.pageviews < 2


def _is_engaged(rows: Relation, context: Context) -> Expression:
    is_long = _length_us(rows, context) >= ENGAGED_US
    return is_long | (rows.pageviews >= 2) | (rows.interactions >= 1)


def _is_entry(rows: Relation, context: Context) -> Expression:
    page = context.columns.get("page")
    return rows.entry_page != "" if page is None else rows.entry_page == rows[page]


def _is_exit(rows: Relation, context: Context) -> Expression:
    page = context.columns.get("page")
    return rows.exit_page != "" if page is None else rows.exit_page == rows[page]


def _sum_pageviews(rows: Relation, where: Expression | None, _: Context) -> Expression:
    return rows.pageviews.sum(where=where)


def _sum_length(rows: Relation, where: Expression | None, context: Context) -> Expression:
    return _length_us(rows, context).sum(where=where)


SESSIONS = Part("sessions", Source.SESSIONS, count_rows)
_BOUNCES = Part("bounces", Source.SESSIONS, count_rows, _is_bounce)
_SINGLE = Part("single_page_sessions", Source.SESSIONS, count_rows, _is_single_page)
_ENGAGED = Part("engaged_sessions", Source.SESSIONS, count_rows, _is_engaged)
_VIEWS = Part("session_pageviews", Source.SESSIONS, _sum_pageviews)
_LENGTH = Part("session_length_us", Source.SESSIONS, _sum_length)
_ENTRIES = Part("entries", Source.SESSIONS, count_rows, _is_entry)
_EXITS = Part("exits", Source.SESSIONS, count_rows, _is_exit)

METRICS: tuple[Metric, ...] = (
    make_count("sessions", "Visits", "Sessions that began in the range.", SESSIONS),
    Metric(
        "views_per_session",
        "Views per visit",
        "Pageviews of the visits that began in the range, for each visit.",
        "number",
        (_VIEWS, SESSIONS),
        lambda get: divide_parts(get, _VIEWS, SESSIONS),
    ),
    make_count(
        "bounces",
        "Bounces",
        "Visits with fewer than two pageviews and no interactive custom event.",
        _BOUNCES,
    ),
    Metric(
        "bounce_rate",
        "Bounce rate",
        "Share of visits that bounced: fewer than two pageviews and no interactive custom event.",
        "fraction",
        (_BOUNCES, SESSIONS),
        lambda get: divide_parts(get, _BOUNCES, SESSIONS),
    ),
    make_count(
        "bounces_pageviews",
        "Bounces (pageviews only)",
        "Visits with fewer than two pageviews, whatever else happened in them.",
        _SINGLE,
    ),
    Metric(
        "bounce_rate_pageviews",
        "Bounce rate (pageviews only)",
        "Share of visits with fewer than two pageviews, whatever else happened in them.",
        "fraction",
        (_SINGLE, SESSIONS),
        lambda get: divide_parts(get, _SINGLE, SESSIONS),
    ),
    Metric(
        "session_duration",
        "Visit duration",
        "Mean seconds from the first to the last signal of a visit, engagement included.",
        "seconds",
        (_LENGTH, SESSIONS),
        lambda get: get(_LENGTH.name) / (get(SESSIONS.name).nullif(0) * 1_000_000),
    ),
    Metric(
        "session_duration_sum",
        "Visit duration, sum",
        "Seconds from the first to the last signal of all visits together.",
        "seconds",
        (_LENGTH,),
        lambda get: get(_LENGTH.name) / 1_000_000,
    ),
    make_count(
        "engaged_sessions",
        "Engaged visits",
        "Visits of at least ten seconds, or with two pageviews, or with an interactive event.",
        _ENGAGED,
    ),
    Metric(
        "engagement_rate",
        "Engagement rate",
        "Share of visits that were engaged.",
        "fraction",
        (_ENGAGED, SESSIONS),
        lambda get: divide_parts(get, _ENGAGED, SESSIONS),
    ),
    make_count(
        "entries",
        "Entries",
        "Visits whose first pageview was this page; without the dimension `page`, any page.",
        _ENTRIES,
    ),
    make_count(
        "exits",
        "Exits",
        "Visits whose last pageview was this page; without the dimension `page`, any page.",
        _EXITS,
    ),
)
