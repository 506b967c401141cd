"""The expressions behind `path`: the pages of visits in their order, reloads collapsed."""

import ibis

from footfall.reports.condition import match_wildcard
from footfall.reports.expression import Relation
from footfall.reports.family import Desk


def make_flows(desk: Desk, page: str, direction: str, limit: int) -> Relation:
    """Return a row for each neighbour of a page ('' for none): the neighbour, views of the pivot,
    their visitors, and the views of the pivot with any neighbour."""
    views = _make_views(desk)
    order = ibis.window(group_by=views.session, order_by=[views.ts, views.event_id])
    shifted = views.path.lead() if direction == "forward" else views.path.lag()
    # Beyond the visit DuckDB gives null, ClickHouse ''.
    views = views.mutate(neighbour=shifted.over(order).fill_null(""))
    pivots = views.filter(match_wildcard(views.path, page))
    flows = pivots.group_by("neighbour").agg(
        times=pivots.count(), visitors=desk.words.distinct(pivots.visitor, None)
    )
    flows = flows.mutate(total=flows.times.sum().over(ibis.window()))
    return flows.order_by([ibis.desc("times"), "neighbour"]).limit(limit)


def make_journeys(desk: Desk, steps: int, page: str | None, limit: int) -> Relation:
    """Return a row for each journey: its pages ('' after its end), visits, visitors, and the
    visits of all journeys."""
    views = _make_views(desk)
    order = ibis.window(group_by=views.session, order_by=[views.ts, views.event_id])
    views = views.mutate(place=ibis.row_number().over(order) + 1)
    if page is not None:
        # Where no page matches DuckDB gives null, ClickHouse 0; places begin with 1.
        first = views.place.min(where=match_wildcard(views.path, page)).fill_null(0)
        views = views.mutate(first=first.over(ibis.window(group_by=views.session)))
        views = views.filter(views.first > 0, views.place >= views.first)
        views = views.mutate(place=views.place - views.first + 1)
    views = views.filter(views.place <= steps)
    pages = {
        f"p{i}": views.path.max(where=views.place == i + 1).fill_null("") for i in range(steps)
    }
    visits = views.group_by("session").agg(visitor=views.visitor.max(), **pages)
    journeys = visits.group_by(list(pages)).agg(
        visits=visits.count(), visitors=desk.words.distinct(visits.visitor, None)
    )
    journeys = journeys.mutate(total=journeys.visits.sum().over(ibis.window()))
    return journeys.order_by([ibis.desc("visits"), *pages]).limit(limit)


def _make_views(desk: Desk) -> Relation:
    """Return the pages of the kept visits; of a page seen several times in a row only the first."""
    events = desk.visit_events()
    views = events.filter(events.kind == "pageview", events.path != "")
    views = views.select("session", "visitor", "path", "ts", "event_id")
    order = ibis.window(group_by=views.session, order_by=[views.ts, views.event_id])
    before = views.path.lag().over(order).fill_null("")
    views = views.mutate(before=before)
    return views.filter(views.before != views.path).drop("before")
