"""The expressions behind `suspect`."""

import ibis

from footfall.reports.expression import Relation
from footfall.reports.family import Desk


def make_suspects(desk: Desk, least_score: int, limit: int, visitors: tuple[int, ...]) -> Relation:
    """Return visitor, highest score, pageviews, first and last instant (µs) of each visitor."""
    words, rows = desk.words, desk.events()
    if visitors:
        rows = rows.filter(rows.visitor.isin(visitors))
    found = rows.group_by("visitor").agg(
        score=rows.bot_score.max(),
        pageviews=rows.count(where=rows.kind == "pageview"),
        first_us=words.epoch_us(rows.ts.min()),
        last_us=words.epoch_us(rows.ts.max()),
    )
    if not visitors:
        found = found.filter(found.score >= least_score)
    order = [ibis.desc("score"), ibis.desc("pageviews"), "visitor"]
    return found.order_by(order).limit(limit)


def make_features(desk: Desk, visitors: tuple[int, ...], names: tuple[str, ...]) -> Relation:
    """Return the distinct combinations of the visitors' features."""
    rows = desk.events()
    return rows.filter(rows.visitor.isin(visitors)).select("visitor", *names).distinct()
