"""The expressions behind `error`."""

from footfall.reports.bucket import Buckets
from footfall.reports.expression import Relation
from footfall.reports.family import Desk
from footfall.reports.full_text import find_text


def make_groups(desk: Desk) -> Relation:
    """Return one row for each message: message, errors, sessions, visitors, first and last µs."""
    rows, words = _find_errors(desk), desk.words
    return rows.group_by("message").agg(
        errors=rows.count(),
        sessions=words.distinct(rows.session, rows.session != 0).fill_null(0),
        visitors=words.distinct(rows.visitor, None),
        first_us=words.epoch_us(rows.ts.min()),
        last_us=words.epoch_us(rows.ts.max()),
    )


def make_totals(desk: Desk) -> Relation:
    """Return one row: errors, messages."""
    rows = _find_errors(desk)
    groups = rows.group_by("message").agg(errors=rows.count())
    return groups.agg(errors=groups.errors.sum(), messages=groups.count())


def make_sessions(desk: Desk) -> Relation:
    """Return one row: the visits that touch the range."""
    rows = desk.sessions(touches=True)
    return rows.agg(sessions=rows.count())


def make_affected(desk: Desk) -> Relation:
    """Return one row: those of the visits in which an error happened."""
    rows = desk.sessions(touches=True)
    rows = rows.filter(rows.session.isin(_find_errors(desk).session))
    return rows.agg(sessions=rows.count())


def make_instances(desk: Desk, message: str) -> Relation:
    """Return the occurrences of one message: when, id, page, browser, system, properties."""
    rows = _find_errors(desk)
    rows = rows.filter(rows.message == message)
    us = desk.words.epoch_us(rows.ts).name("us")
    columns = ("path", "browser", "browser_version", "os", "os_version", "props")
    return rows.select(us, rows.event_id, *columns)


def make_series(desk: Desk, message: str, buckets: Buckets) -> Relation:
    """Return one row for each bucket that holds an error: its index, the errors."""
    rows = _find_errors(desk)
    if message:
        rows = rows.filter(rows.message == message)
    rows = rows.mutate(bucket=desk.bucket_of(desk.words.epoch_us(rows.ts), buckets))
    return rows.group_by("bucket").agg(errors=rows.count())


def _find_errors(desk: Desk) -> Relation:
    rows = desk.events()
    rows = rows.filter(rows.kind == "error")
    return rows.mutate(message=find_text(desk, rows, "message"))
