"""Older events and sessions in Parquet files beside the database: half the bytes of DuckDB's own
tables, read as fast. Which file belongs to the history is a row of the table `archives`, so that
files and tables change in one transaction; a file without a row is the rest of a crash.

A file's name ends with the first and the last of its instants. So a scan of a range opens only the
files that hold something of it, and compares instants only in those at its ends."""

import os
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from footfall.model.column import Column, ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.model.session import SESSION_COLUMNS
from footfall.store.duckdb.fetch import count_rows, fetch_row
from footfall.store.duckdb.table import render_name, render_names, render_text
from footfall.store.warehouse import EVENTS_BETWEEN, SESSIONS_BEGINNING, SESSIONS_TOUCHING, Scan

_WRITE = (
    "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 9, PARQUET_VERSION v2,"
    " ROW_GROUP_SIZE 122880"
)

_SUFFIX = ".parquet"
_DIGITS = 16
"""Of an instant in a name: microseconds until the year 2286."""

_LATE_US = 24 * 3600 * 1_000_000
"""Sessions stay in their table until this long after their end: a sender's clock is believed
within 24 hours, so later events for them are rare."""

_MIN_SESSIONS = 10_000
"""Fewer sessions than this make no file; they wait for the next time."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """One kind of rows: how they are named, kept and ordered in files."""

    view: str
    columns: tuple[Column, ...]
    instants: tuple[str, ...]
    """The instants of which a file's name tells the range."""
    scans: tuple[Scan, ...]
    order: str
    since: dict[str, str]
    """Instants kept as microseconds since another column: the difference is small."""
    sparse: frozenset[str]
    """Numbers that most rows lack, kept as NULL then: it costs a bit and not a number."""

    @property
    def recent(self) -> str:
        """The table of the rows that are in no file."""
        return f"{self.view}_recent"

    def render_archived(self) -> str:
        """List the values of a file's row, from a row of the table."""
        return ", ".join(self._render_archived(c) for c in self.columns)

    def render_restored(self) -> str:
        """List the values of the table's row, from a row of a file."""
        return ", ".join(self._render_restored(c) for c in self.columns)

    def render_range(self) -> str:
        """List the ends of the ranges of the instants, in microseconds, as the name tells them."""
        names = [render_name(name) for name in self.instants]
        return ", ".join(f"epoch_us({end}({name}))" for name in names for end in ("min", "max"))

    def render_whole(self, scan: Scan) -> str:
        """Return the condition that every row of a file belongs to a scan's range."""
        first, last = self._render_end(scan.low, "min"), self._render_end(scan.high, "max")
        return f"coalesce({first} >= from_us AND {last} < to_us, false)"

    def render_apart(self, scan: Scan) -> str:
        """Return the condition that no row of a file does."""
        first, last = self._render_end(scan.high, "min"), self._render_end(scan.low, "max")
        return f"coalesce({first} >= to_us OR {last} < from_us, false)"

    def _render_end(self, instant: str, end: str) -> str:
        # NULL for a file whose name tells no range.
        back = 2 * (len(self.instants) - self.instants.index(instant)) - (end == "max")
        start = len(_SUFFIX) + back * (_DIGITS + 1) - 1
        return f"TRY_CAST(substr(filename, -{start}, {_DIGITS}) AS BIGINT)"

    def _render_archived(self, column: Column) -> str:
        name = render_name(column.name)
        if column.name in self.since:
            earlier = render_name(self.since[column.name])
            return f"nullif(epoch_us({name}) - epoch_us({earlier}), 0) AS {name}"
        return f"nullif({name}, 0) AS {name}" if column.name in self.sparse else name

    def _render_restored(self, column: Column) -> str:
        name = render_name(column.name)
        if column.name in self.since:
            earlier = render_name(self.since[column.name])
            return f"{earlier} + to_microseconds(coalesce({name}, 0)) AS {name}"
        if column.name in self.sparse:
            zero = "0::DOUBLE" if column.type is ColumnType.FLOAT64 else "0"
            return f"coalesce({name}, {zero}) AS {name}"
        return name


# Rows of a session side by side: visitor, device and source then repeat and compress.
EVENTS = Shelf(
    "events",
    EVENT_COLUMNS,
    ("ts",),
    (EVENTS_BETWEEN,),
    "project, session, ts",
    {"received_at": "ts"},
    frozenset({"engagement_ms", "value", "revenue_micros"}),
)
SESSIONS = Shelf(
    "sessions",
    SESSION_COLUMNS,
    ("start", "end"),
    (SESSIONS_BEGINNING, SESSIONS_TOUCHING),
    "project, session",
    # Reports look for sessions by their end, and a file is passed over by its own instants only.
    {},
    frozenset({"engagement_ms", "revenue_micros"}),
)
SHELVES = (EVENTS, SESSIONS)

TABLES = (
    "CREATE TABLE IF NOT EXISTS archives (view VARCHAR NOT NULL, file VARCHAR NOT NULL,"
    " low_session BIGINT NOT NULL, high_session BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS thawed (project UINTEGER NOT NULL, session BIGINT NOT NULL)",
)
"""`thawed` names sessions whose row in a file is out of date: the table has the current one."""

_MINUTES = """
SELECT epoch_us(date_trunc('minute', ts) + INTERVAL 1 MINUTE) AS minute_end, count(*) AS events
FROM events_recent GROUP BY 1 ORDER BY 1"""

_NOT_THAWED = "(project, session) NOT IN (SELECT (project, session) FROM thawed)"


class Archive:
    """The folder of files. Every verb but `sweep` runs inside the caller's transaction."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def setup(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `events` and `sessions` show tables and files together."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for statement in TABLES:
            db.execute(statement)
        for shelf in SHELVES:
            self.save_view(db, shelf)

    def move_oldest(self, db: duckdb.DuckDBPyConnection, events: int) -> int:
        """Move about `events` of the oldest events, and the sessions that ended a day before
        those did, into files; returns how many events."""
        end_us = _find_end(db, events)
        if end_us is None:
            return 0
        sessions_end = f'"end" < make_timestamp({end_us - _LATE_US}) AND {_NOT_THAWED}'
        if (
            count_rows(db, f"SELECT count(*) FROM sessions_recent WHERE {sessions_end}")
            > _MIN_SESSIONS
        ):
            self._move(db, SESSIONS, sessions_end)
        return self._move(db, EVENTS, f"ts < make_timestamp({end_us})")

    def thaw(self, db: duckdb.DuckDBPyConnection) -> None:
        """Bring the sessions of the temporary table `parts` that lie in files into the table.

        Files are told apart by the range of their session ids: our own ids grow, so a new session
        meets no file at all.
        """
        db.execute(
            "CREATE OR REPLACE TEMP TABLE unknown AS SELECT project, session FROM parts"
            " ANTI JOIN sessions_recent USING (project, session)"
        )
        found = db.execute(
            "SELECT file FROM archives WHERE view = 'sessions' AND EXISTS"
            " (SELECT 1 FROM unknown WHERE session BETWEEN low_session AND high_session)"
        ).fetchall()
        if not found:
            return
        rows = (
            f"{self.render_files(r[0] for r in found)} SEMI JOIN unknown USING (project, session)"
        )
        db.execute(
            f"CREATE OR REPLACE TEMP TABLE warm AS SELECT {SESSIONS.render_restored()}"
            f" FROM {rows} WHERE {_NOT_THAWED}"
        )
        if count_rows(db, "SELECT count(*) FROM warm"):
            db.execute("INSERT INTO sessions_recent SELECT * FROM warm")
            db.execute("INSERT INTO thawed SELECT project, session FROM warm")
            self.save_view(db, SESSIONS)
        db.execute("DROP TABLE warm")

    def delete_project(self, db: duckdb.DuckDBPyConnection, project: int) -> None:
        """Write every file that holds the project anew without it."""
        self._delete(db, f"project = {int(project)}")
        db.execute("DELETE FROM thawed WHERE project = ?", [project])

    def delete_visitors(
        self, db: duckdb.DuckDBPyConnection, project: int, visitors: Sequence[int]
    ) -> None:
        """Write every file that holds one of the visitors anew without them."""
        listed = ", ".join(str(int(visitor)) for visitor in visitors)
        self._delete(db, f"project = {int(project)} AND visitor IN ({listed})")

    def _delete(self, db: duckdb.DuckDBPyConnection, where: str) -> None:
        for shelf in SHELVES:
            db.execute(f"DELETE FROM {shelf.recent} WHERE {where}")
            for name in self.list_files(db, shelf):
                rows = self.render_files([name])
                if not count_rows(db, f"SELECT count(*) FROM {rows} WHERE {where}"):
                    continue
                self.rewrite(db, shelf, name, f"SELECT * FROM {rows} WHERE NOT ({where})")
        for shelf in SHELVES:
            self.save_view(db, shelf)

    def rewrite(self, db: duckdb.DuckDBPyConnection, shelf: Shelf, name: str, select: str) -> None:
        """Put a file with the rows of `select`, written as in files, in the place of one; none in
        the place of no rows. `save_view` shows it."""
        db.execute("DELETE FROM archives WHERE file = ?", [name])
        self._save(db, shelf, select)

    def drop(self, db: duckdb.DuckDBPyConnection, name: str) -> None:
        """Take a file out of the history. `save_view` shows it."""
        db.execute("DELETE FROM archives WHERE file = ?", [name])

    def sweep(self, db: duckdb.DuckDBPyConnection) -> None:
        """Delete files that no committed row names; call it after a commit."""
        known = {row[0] for row in db.execute("SELECT file FROM archives").fetchall()}
        for path in self._folder.iterdir():
            if path.name not in known:
                path.unlink(missing_ok=True)

    def size_bytes(self) -> int:
        """Return the bytes of all files."""
        return sum(p.stat().st_size for p in self._folder.glob("*.parquet"))

    def _move(self, db: duckdb.DuckDBPyConnection, shelf: Shelf, where: str) -> int:
        select = f"SELECT {shelf.render_archived()} FROM {shelf.recent} WHERE {where}"
        moved = self._save(db, shelf, select)
        db.execute(f"DELETE FROM {shelf.recent} WHERE {where}")
        self.save_view(db, shelf)
        return moved

    def _save(self, db: duckdb.DuckDBPyConnection, shelf: Shelf, select: str) -> int:
        draft = self._folder / f"{shelf.view}-{secrets.token_hex(8)}{_SUFFIX}"
        rows = count_rows(
            db,
            f"COPY ({select} ORDER BY {shelf.order}) TO {render_text(str(draft))} ({_WRITE})",
        )
        if not rows:
            draft.unlink()
            return 0
        _sync(draft)
        low, high, *instants = fetch_row(
            db,
            f"SELECT min(session), max(session), {shelf.render_range()}"
            f" FROM {self.render_files([draft.name])}",
        )
        ends = "".join(f"-{us:0{_DIGITS}d}" for us in instants)
        path = draft.rename(draft.with_name(f"{draft.stem}{ends}{_SUFFIX}"))
        _sync(self._folder)
        db.execute(
            "INSERT INTO archives (view, file, low_session, high_session) VALUES (?, ?, ?, ?)",
            [shelf.view, path.name, low, high],
        )
        return rows

    def save_view(self, db: duckdb.DuckDBPyConnection, shelf: Shelf) -> None:
        """Let the view and the scans show the table and the files as they are now."""
        recent = f"SELECT {render_names(shelf.columns)} FROM {shelf.recent}"
        files = self.list_files(db, shelf)
        archived = f"SELECT {shelf.render_restored()} FROM"
        is_shown = "true"
        if shelf is SESSIONS and count_rows(db, "SELECT count(*) FROM thawed"):
            is_shown = _NOT_THAWED
        parts = [recent]
        if files:
            parts.append(f"{archived} {self.render_files(files)} WHERE {is_shown}")
        db.execute(f"CREATE OR REPLACE VIEW {shelf.view} AS {' UNION ALL '.join(parts)}")
        # Only a column of this name lets the engine pass over files before it opens them.
        rows = self.render_files(files, ", filename = true")
        for scan in shelf.scans:
            is_in = (
                f"{render_name(scan.low)} >= make_timestamp(from_us)"
                f" AND {render_name(scan.high)} < make_timestamp(to_us)"
            )
            is_whole, is_apart = shelf.render_whole(scan), shelf.render_apart(scan)
            parts = [f"{recent} WHERE {is_in}"]
            if files:
                parts += [
                    f"{archived} {rows} WHERE {is_whole} AND {is_shown}",
                    f"{archived} {rows}"
                    f" WHERE NOT {is_whole} AND NOT {is_apart} AND {is_in} AND {is_shown}",
                ]
            db.execute(
                f"CREATE OR REPLACE MACRO {scan.name}(from_us, to_us) AS TABLE"
                f" {' UNION ALL '.join(parts)}"
            )

    def list_files(self, db: duckdb.DuckDBPyConnection, shelf: Shelf) -> Sequence[str]:
        """Return the names of a shelf's files, oldest first."""
        db.execute("SELECT file FROM archives WHERE view = ? ORDER BY rowid", [shelf.view])
        return [row[0] for row in db.fetchall()]

    def render_files(self, names: Iterable[str], options: str = "") -> str:
        """Return the FROM item that reads files."""
        paths = ", ".join(render_text(str(self._folder / name)) for name in names)
        return f"read_parquet([{paths}]{options})"


def _find_end(db: duckdb.DuckDBPyConnection, events: int) -> int | None:
    """Return the minute before which about `events` of the oldest events lie."""
    older = 0
    for minute_end, count in db.execute(_MINUTES).fetchall():
        older += count
        if older >= events:
            return int(minute_end)
    return None


def _sync(path: Path) -> None:
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
