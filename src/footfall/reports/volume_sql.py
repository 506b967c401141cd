"""The expressions behind `volume`, and how many signals an event stands for."""

import ibis

from footfall.reports.expression import Expression, Relation
from footfall.reports.family import Desk
from footfall.reports.volume import SUSPECTED_FROM

MARKS = ("session_start", "session_end", "engagement")
"""Kinds that tell of a visit, not of something done or noticed in it."""


def weigh(rows: Relation) -> Expression:
    """Return how many signals each event stands for: 0 for a mark, the value of an activity."""
    several = ibis.greatest(rows.value.floor().cast("int64"), 1)
    weight = (rows.kind == "activity").ifelse(several, 1)
    return rows.kind.isin(MARKS).ifelse(0, weight).cast("int64")


def make_volume(desk: Desk) -> Relation:
    """Return one row with the fields of `Volume`."""
    words, rows = desk.words, desk.events()
    is_start = rows.kind == "session_start"
    is_suspect = is_start & (rows.value >= SUSPECTED_FROM)
    has_visit = (rows.session != 0) & rows.kind.notin(MARKS)
    in_visit = rows.session != 0
    return rows.agg(
        rows=rows.count(),
        signals=words.signed(weigh(rows).sum()),
        visits=words.distinct(rows.session, has_visit),
        introduced=words.distinct(rows.visitor, is_start),
        suspected=words.distinct(rows.visitor, is_suspect),
        introduced_visits=words.distinct(rows.session, is_start & in_visit),
        suspected_visits=words.distinct(rows.session, is_suspect & in_visit),
    )
