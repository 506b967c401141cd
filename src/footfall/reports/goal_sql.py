"""The expressions behind `goal`: kept visits, and the events in them that reach the goal."""

from collections.abc import Sequence

import ibis

from footfall.reports.bucket import Buckets
from footfall.reports.condition import is_goal, reaches_goal
from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk
from footfall.reports.query import GoalFilter


def make_totals(desk: Desk, goal: GoalFilter) -> Relation:
    """Return one row: visits that converted, their visitors, all visitors."""
    visits = _make_visits(desk, goal, ())
    return visits.agg(**_count(desk, visits))


def make_list(desk: Desk, goal: GoalFilter, dimension: str, limit: int) -> Relation:
    """Return a row for each value of a dimension: the value, then as `make_totals`."""
    visits = _make_visits(desk, goal, (dimension,))
    lines = visits.group_by("d0").agg(**_count(desk, visits))
    order = [ibis.desc("conversions"), ibis.desc("visitors"), "d0"]
    return lines.order_by(order).limit(limit)


def make_series(desk: Desk, goal: GoalFilter, buckets: Buckets) -> Relation:
    """Return a row for each bucket with conversions: its index, the visits, their visitors. A
    visit stands where it converted first."""
    visits = _make_visits(desk, goal, ())
    visits = visits.filter(visits.converted)
    if goal.is_of_session:
        moments = visits.mutate(us=desk.words.epoch_us(visits.start))
    else:
        deeds = _make_deeds(desk, goal)
        firsts = deeds.group_by("session").agg(us=desk.words.epoch_us(deeds.ts.min()))
        moments = visits.join(firsts, visits.session == firsts.session).select("visitor", "us")
    moments = moments.mutate(bucket=desk.bucket_of(moments.us, buckets))
    return moments.group_by("bucket").agg(
        conversions=moments.count(), converted=desk.words.distinct(moments.visitor, None)
    )


def make_visitor_series(desk: Desk, buckets: Buckets) -> Relation:
    """Return a row for each bucket with visitors: its index, the visitors."""
    visits = desk.sessions(touches=True, buckets=buckets)
    return visits.group_by("bucket").agg(visitors=desk.words.distinct(visits.visitor, None))


def make_revenue(desk: Desk, goal: GoalFilter) -> Relation:
    """Return the revenue in millionths by currency: '', currency, sum."""
    return _sum_revenue(_make_paid(desk, goal).mutate(line=ibis.literal("")))


def make_revenue_series(desk: Desk, goal: GoalFilter, buckets: Buckets) -> Relation:
    """Return the revenue by bucket and currency, at the time of the event."""
    paid = _make_paid(desk, goal)
    us = desk.words.epoch_us(paid.ts)
    return _sum_revenue(paid.mutate(line=desk.bucket_of(us, buckets)))


def make_revenue_list(
    desk: Desk, goal: GoalFilter, dimension: str, values: Sequence[str]
) -> Relation:
    """Return the revenue by value of a dimension of the visit, and currency."""
    paid = _make_paid(desk, goal)
    visits = desk.sessions(touches=True, dimensions=(dimension,))
    visits = visits.filter(visits.d0.isin(list(values))).select(beside="session", line="d0")
    return _sum_revenue(paid.join(visits, paid.session == visits.beside))


def _make_visits(desk: Desk, goal: GoalFilter, dimensions: tuple[str, ...]) -> Relation:
    """Return the kept visits that touch the range, with `converted`."""
    visits = desk.sessions(touches=True, dimensions=dimensions)
    if goal.is_of_session:
        # Such a visit counts where it began, like every figure of whole visits.
        return visits.mutate(converted=visits.began & reaches_goal(visits, goal, desk.words))
    return visits.mutate(converted=visits.session.isin(_make_deeds(desk, goal).session))


def _make_deeds(desk: Desk, goal: GoalFilter) -> Relation:
    events = desk.visit_events()
    return events.filter(is_goal(events, goal, desk.words))


def _make_paid(desk: Desk, goal: GoalFilter) -> Relation:
    """Return the converting events with revenue; a goal of whole visits has none."""
    events = desk.visit_events()
    if goal.is_of_session:
        return events.filter(ibis.literal(False))
    return events.filter(is_goal(events, goal, desk.words), events.revenue_micros != 0)


def _sum_revenue(paid: Relation) -> Relation:
    sums = paid.group_by("line", "currency").agg(micros=paid.revenue_micros.sum())
    return sums.order_by(["line", "currency"])


def _count(desk: Desk, visits: Relation) -> dict[str, Expression]:
    return {
        "conversions": visits.count(where=visits.converted),
        "converted": desk.words.distinct(visits.visitor, visits.converted),
        "visitors": desk.words.distinct(visits.visitor, None),
    }
