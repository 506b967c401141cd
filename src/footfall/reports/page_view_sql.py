"""The expression behind `page_view`."""

import ibis

from footfall.reports.expression import Relation
from footfall.reports.family import Desk


def make_pages(desk: Desk, limit: int) -> Relation:
    """Return site, path, views and visits of each page, the most seen first."""
    rows = desk.events()
    rows = rows.filter(rows.kind == "pageview", rows.path != "")
    pages = rows.group_by("site", "path").agg(
        views=rows.count(), visits=desk.words.distinct(rows.session, rows.session != 0)
    )
    return pages.order_by([ibis.desc("views"), "site", "path"]).limit(limit)
