"""The expression behind `journal`."""

from typing import TYPE_CHECKING

import ibis

from footfall.reports.expression import Relation
from footfall.reports.family import Desk

if TYPE_CHECKING:
    from footfall.reports.journal import JournalQuestion


def make_entries(desk: Desk, question: "JournalQuestion") -> Relation:
    """Return the columns of the entries, newest first."""
    from footfall.reports.journal import COLUMNS

    rows = desk.events()
    if question.kinds:
        rows = rows.filter(rows.kind.isin(question.kinds))
    if question.without:
        rows = rows.filter(rows.kind.notin(question.without))
    if question.visitor is not None:
        rows = rows.filter(rows.visitor == question.visitor)
    if question.event_id is not None:
        rows = rows.filter(rows.event_id == question.event_id)
    if question.session is not None:
        # Who follows a visit begins at its begin.
        first = rows.filter(rows.session == question.session).select(*COLUMNS)
        rows = first.order_by(["ts", "event_id"]).limit(question.limit)
    rows = rows.select(*COLUMNS)
    return rows.order_by([ibis.desc("ts"), ibis.desc("event_id")]).limit(question.limit)
