"""The expressions behind `link`."""

from collections.abc import Sequence

import ibis

from footfall.reports.expression import Relation
from footfall.reports.family import Desk
from footfall.reports.full_text import find_text


def make_links(desk: Desk, kinds: Sequence[str]) -> Relation:
    """Return one row for each link: kind, url, clicks, visitors."""
    rows = _find_clicks(desk, kinds)
    return rows.group_by("kind", "url").agg(
        clicks=rows.count(), visitors=desk.words.distinct(rows.visitor, None)
    )


def make_totals(desk: Desk, kinds: Sequence[str]) -> Relation:
    """Return one row: clicks, visitors."""
    rows = _find_clicks(desk, kinds)
    return rows.agg(clicks=rows.count(), visitors=desk.words.distinct(rows.visitor, None))


def make_pages(desk: Desk, kinds: Sequence[str], urls: Sequence[str], most: int) -> Relation:
    """Return the first pages of each link: kind, url, path, clicks, rank, how many pages."""
    rows = _find_clicks(desk, kinds)
    rows = rows.filter(rows.url.isin(urls))
    rows = rows.group_by("kind", "url", "path").agg(clicks=rows.count())
    of_link = ibis.window(group_by=[rows.kind, rows.url])
    by_clicks = ibis.window(
        group_by=[rows.kind, rows.url], order_by=[rows.clicks.desc(), rows.path.asc()]
    )
    rows = rows.mutate(
        rank=ibis.row_number().over(by_clicks), page_count=rows.count().over(of_link)
    )
    rows = rows.filter(rows["rank"] < most)
    return rows.order_by("kind", "url", "rank")


def _find_clicks(desk: Desk, kinds: Sequence[str]) -> Relation:
    rows = desk.events()
    rows = rows.filter(rows.kind.isin(list(kinds)))
    return rows.mutate(url=find_text(desk, rows, "url"))
