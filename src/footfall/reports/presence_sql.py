"""The expression behind `presence`."""

from footfall.reports.expression import Relation
from footfall.reports.family import Desk


def make_presence(desk: Desk) -> Relation:
    """Return one row: visits with a signal in the range and no end in it."""
    sessions, events = desk.sessions(touches=True), desk.events()
    ended = events.filter(events.kind == "session_end").session
    there = sessions.filter(sessions.session.notin(ended))
    return there.agg(visits=there.count())
