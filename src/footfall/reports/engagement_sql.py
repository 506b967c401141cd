"""The expressions behind `engagement`: visits with their returns, joined with what their events
add up to."""

from dataclasses import replace

import ibis

from footfall.clock import US_PER_DAY
from footfall.model.session import SESSION_TIMEOUT_US
from footfall.model.time_range import TimeRange
from footfall.reports.engagement import (
    CLICKS_MOST,
    DURATION_MOST,
    POINT_SCROLL,
    POINT_US,
    RETURN_POINTS,
    RETURNS_MOST,
    SCROLL_MOST,
    EngagementQuestion,
    VisitsQuestion,
)
from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk
from footfall.reports.volume_sql import weigh

_VISIT = (
    "session",
    "visitor",
    "start_us",
    "end_us",
    "is_ended",
    "site",
    "entry",
    "exit_page",
    "country",
    "views",
    "events",
    "clicks",
    "scroll",
    "returns",
    "vpn",
    "score",
)


def make_visits(desk: Desk, question: VisitsQuestion) -> Relation:
    """Return the fields of `Visit` for each visit, newest first."""
    rows = _select_sessions(desk, question.scope.range)
    if question.visitor is not None:
        rows = rows.filter(rows.visitor == question.visitor)
    if question.sessions:
        rows = rows.filter(rows.session.isin(question.sessions))
    newest = rows.order_by([ibis.desc("start_us"), ibis.desc("session")])
    page = newest.limit(question.limit, offset=question.offset)
    found = _score(desk, page, question.scope.range)
    found = found.mutate(entry=(found.entry_page != "").ifelse(found.entry_page, found.announced))
    return found.select(*_VISIT).order_by([ibis.desc("start_us"), ibis.desc("session")])


def make_cells(desk: Desk, question: EngagementQuestion) -> Relation:
    """Return day, score, whether ended, visits and their duration (µs)."""
    found = _score(desk, _select_sessions(desk, question.scope.range), question.scope.range)
    day = desk.words.divide(found.start_us, US_PER_DAY) if question.is_daily else 0
    found = found.mutate(day=day, duration_us=found.end_us - found.start_us)
    cells = found.group_by("day", "score", "is_ended").agg(
        visits=found.count(), duration=found.duration_us.sum()
    )
    return cells.order_by("day", "score", "is_ended")


def _select_sessions(desk: Desk, span: TimeRange) -> Relation:
    """Return the visits that began in the span, with how many of the visitor's came before."""
    words = desk.words
    every = replace(desk, scope=replace(desk.scope, filter=None)).sessions()
    order = [every.start, every.session]
    earlier = ibis.row_number().over(group_by=every.visitor, order_by=order)
    rows = every.select(
        "session",
        "visitor",
        "site",
        "entry_page",
        "exit_page",
        "country",
        start_us=words.epoch_us(every.start),
        end_us=words.epoch_us(every.end),
        views=words.signed(every.pageviews),
        returns=words.signed(earlier),
    )
    rows = rows.filter(rows.start_us >= span.start_us, rows.start_us < span.end_us)
    if desk.scope.filter is None:
        return rows
    return rows.filter(rows.session.isin(desk.sessions().session))


def _score(desk: Desk, visits: Relation, span: TimeRange) -> Relation:
    words = desk.words
    facts = _add_up(desk, span)
    rows = visits.join(facts, visits.session == facts.of_session, how="left")
    # What has no partner is null on one engine and 0 on the other.
    rows = rows.mutate(
        clicks=rows.clicks.fill_null(0),
        scroll=rows.scroll.fill_null(0.0),
        events=rows.events.fill_null(0),
        vpn=rows.vpn.fill_null(0),
        announced=rows.announced.fill_null(""),
    )
    is_idle = rows.end_us + SESSION_TIMEOUT_US <= desk.now_us
    one = ibis.literal(1, "int64")
    is_ended = ((rows.ends.fill_null(0) > 0) | is_idle).ifelse(one, 0)
    points: list[Expression] = [
        ibis.least(words.divide(rows.end_us - rows.start_us, POINT_US), DURATION_MOST),
        ibis.least((rows.scroll / POINT_SCROLL).floor().cast("int64"), SCROLL_MOST),
        ibis.least(rows.clicks, CLICKS_MOST),
        ibis.least(rows.returns * RETURN_POINTS, RETURNS_MOST),
    ]
    return rows.mutate(is_ended=is_ended, score=words.signed(sum(points[1:], points[0])))


def _add_up(desk: Desk, span: TimeRange) -> Relation:
    """Return what the events of each session add up to."""
    words = desk.words
    rows = replace(desk, scope=replace(desk.scope, filter=None)).events()
    rows = rows.filter(rows.session != 0, rows.ts >= words.instant(span.start_us))
    one, none = ibis.literal(1, "int64"), ibis.literal(0, "int64")
    is_start = rows.kind == "session_start"
    depth = ibis.least(ibis.greatest(rows.value, 0.0), 100.0)
    return rows.group_by(of_session=rows.session).agg(
        events=words.signed(weigh(rows).sum()),
        clicks=(rows.kind == "click").ifelse(one, none).sum().cast("int64"),
        ends=(rows.kind == "session_end").ifelse(one, none).sum().cast("int64"),
        scroll=(rows.kind == "scroll_depth").ifelse(depth, 0.0).max(),
        vpn=is_start.ifelse(rows.value, 0.0).max().floor().cast("int64"),
        announced=is_start.ifelse(rows.path, "").max(),
    )
