"""Erasing what is too old, a piece at a time: one archive file, or the table of recent events. A
file of nothing else is dropped unread, any other is written anew. Every piece is one transaction,
which also derives anew the sessions that lost a part of their events."""

from collections.abc import Iterable

import duckdb

from footfall.store.duckdb.archive import EVENTS, SESSIONS, Archive
from footfall.store.duckdb.fetch import count_rows
from footfall.store.duckdb.session import render_parts
from footfall.store.duckdb.table import SESSION_NAMES, render_text
from footfall.store.warehouse import Expired, Expiry

_SHORTENED_RANGE = """
SELECT epoch_us(min(start)), epoch_us(max("end")) FROM sessions
SEMI JOIN shortened USING (project, session)"""
"""The instants between which all events of the shortened sessions lie: files outside of them are
passed over."""


def render_expired(expiries: Iterable[Expiry]) -> str:
    """Return the condition that events which are too old meet."""
    parts, latest_us = [], 0
    for expiry in expiries:
        if not expiry.projects:
            continue
        latest_us = max(latest_us, expiry.before_us)
        projects = ", ".join(str(int(number)) for number in expiry.projects)
        door = f" AND door = {render_text(expiry.door)}" if expiry.door else ""
        before = f"ts < make_timestamp({int(expiry.before_us)})"
        parts.append(f"(project IN ({projects}) AND {before}{door})")
    if not parts:
        return "false"
    # By this bound alone the engine passes over files; it does not look into an OR.
    return f"ts < make_timestamp({latest_us}) AND ({' OR '.join(parts)})"


def delete_expired_of_file(
    db: duckdb.DuckDBPyConnection, archive: Archive, where: str
) -> Expired | None:
    """Erase what is too old from the first archive file that holds any; None when none does."""
    for name in archive.list_files(db, EVENTS):
        rows = archive.render_files([name])
        old = count_rows(db, f"SELECT count(*) FROM {rows} WHERE {where}")
        if not old:
            continue
        _note_shortened(db, f"{rows} WHERE {where}")
        if old == count_rows(db, f"SELECT count(*) FROM {rows}"):
            archive.drop(db, name)
        else:
            archive.rewrite(db, EVENTS, name, f"SELECT * FROM {rows} WHERE NOT ({where})")
        archive.save_view(db, EVENTS)
        return Expired(old, _derive_shortened(db, archive))
    return None


def delete_expired_of_table(
    db: duckdb.DuckDBPyConnection, archive: Archive, where: str
) -> Expired | None:
    """Erase what is too old from the recent events; None when there is nothing."""
    old = count_rows(db, f"SELECT count(*) FROM {EVENTS.recent} WHERE {where}")
    if not old:
        return None
    _note_shortened(db, f"{EVENTS.recent} WHERE {where}")
    db.execute(f"DELETE FROM {EVENTS.recent} WHERE {where}")
    return Expired(old, _derive_shortened(db, archive))


def _note_shortened(db: duckdb.DuckDBPyConnection, source: str) -> None:
    db.execute(
        "CREATE OR REPLACE TEMP TABLE shortened AS"
        f" SELECT DISTINCT project, session FROM {source} AND session <> 0"
    )


def _derive_shortened(db: duckdb.DuckDBPyConnection, archive: Archive) -> int:
    """Bring the sessions that lost events up to date; returns how many have none left."""
    row = db.execute(_SHORTENED_RANGE).fetchone()
    start_us, end_us = row or (None, None)
    for name in archive.list_files(db, SESSIONS):
        rows = archive.render_files([name])
        if count_rows(db, f"SELECT count(*) FROM {rows} SEMI JOIN shortened USING ({_KEY})"):
            kept = f"SELECT * FROM {rows} ANTI JOIN shortened USING ({_KEY})"
            archive.rewrite(db, SESSIONS, name, kept)
    for table in (SESSIONS.recent, "thawed"):
        db.execute(
            f"DELETE FROM {table} t USING shortened s"
            " WHERE t.project = s.project AND t.session = s.session"
        )
    archive.save_view(db, SESSIONS)
    gone = count_rows(db, "SELECT count(*) FROM shortened")
    if start_us is not None:
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE again AS SELECT * FROM {EVENTS.view}"
            f" SEMI JOIN shortened USING ({_KEY})"
            f" WHERE ts BETWEEN make_timestamp({start_us}) AND make_timestamp({end_us})"
        )
        derived = f"SELECT {SESSION_NAMES} FROM ({render_parts('again')}) ORDER BY session"
        gone -= count_rows(db, f"INSERT INTO {SESSIONS.recent} {derived}")
        db.execute("DROP TABLE again")
    db.execute("DROP TABLE shortened")
    return gone


_KEY = "project, session"
