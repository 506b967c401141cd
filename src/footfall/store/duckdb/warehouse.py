"""Events and sessions in one DuckDB file that this process owns. One connection writes, under a
lock; reads go through cursors of their own and see the last commit. Nothing is downloaded: only
what the wheel carries is used."""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any

import duckdb

from footfall.errors import StoreError
from footfall.patience import run_patiently
from footfall.store.duckdb import session, table
from footfall.store.duckdb.archive import Archive
from footfall.store.duckdb.expiry import (
    delete_expired_of_file,
    delete_expired_of_table,
    render_expired,
)
from footfall.store.duckdb.fetch import count_rows, fetch_row
from footfall.store.warehouse import Engine, Expired, Expiry, Rows, Segment, UnreadableSegmentError

_UNREADABLE = (duckdb.DataError, duckdb.InvalidInputException, duckdb.IntegrityError)
"""What DuckDB raises when a line is no event; everything else is the engine's own trouble."""

_KEPT_SEGMENTS = 100_000
"""Ids of loaded segments kept against a repeat: at four loads a second, seven hours of them,
and a segment is repeated only when the process died between the commit and the file's removal."""


_CHECKPOINT_LOG = "64MiB"
"""The log that makes DuckDB bring its file up to date. Measured: 78,000 events/s and core against
57,000 with the default of 16 MiB; reading 64 MiB back after a kill takes half a second."""

_RECENT_EVENTS = 100_000
"""Events that stay in the table, in the order of arrival."""

_ARCHIVED_EVENTS = 250_000
"""Events in one archive file, some 4 MB: about a second of one core."""


class DuckdbWarehouse:
    """The embedded warehouse."""

    def __init__(
        self, path: Path, *, memory_limit_mb: int = 256, threads: int = 2, temp_dir: Path
    ) -> None:
        """Open the file, creating it when there is none.

        Raises StoreError when another process holds it.
        """
        self._path = path
        self._archive = Archive(path.with_name(path.stem + "-archive"))
        self._recent_events = 0
        path.parent.mkdir(parents=True, exist_ok=True)
        config: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": f"{memory_limit_mb}MiB",
            "threads": threads,
            "temp_directory": str(temp_dir),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "checkpoint_threshold": _CHECKPOINT_LOG,
        }
        with _translated():
            # DuckDB's own threads are as patient as the one that opens it; whoever asks for a
            # report works on it with its own priority.
            self._writer = run_patiently(duckdb.connect, str(path), config=config)
            self._writer.execute("SET GLOBAL parquet_metadata_cache = true")
            self._reads = self._writer.cursor()
        self._write_lock = threading.Lock()
        self._idle: LifoQueue[duckdb.DuckDBPyConnection] = LifoQueue()
        self._cursor_lock = threading.Lock()
        self._is_closed = False
        self._version = 0

    @property
    def engine(self) -> Engine:
        """The dialect that `query` understands."""
        return "duckdb"

    @property
    def version(self) -> int | None:
        """The number of writes so far: this process owns the file."""
        return self._version

    def setup(self) -> None:
        """Create the tables and forget the ids of segments long gone. Safe to call again."""
        with self._transaction() as db:
            for statement in table.TABLES:
                db.execute(statement)
            self._archive.setup(db)
            db.execute(
                "DELETE FROM segments WHERE number <= (SELECT max(number) FROM segments) - ?",
                [_KEPT_SEGMENTS],
            )
        with self._write_lock, _translated():
            self._archive.sweep(self._writer)
            self._recent_events = count_rows(self._writer, "SELECT count(*) FROM events_recent")

    def load(self, segments: Sequence[Segment]) -> int:
        """Load whole segments, each exactly once, and bring `sessions` up to date.

        Returns the number of events added. Raises UnreadableSegmentError when a line is no event,
        StoreError when the engine fails; then nothing of the batch is loaded.
        """
        with self._transaction() as db:
            unloaded = _find_unloaded(db, segments)
            if not unloaded:
                return 0
            db.executemany("INSERT INTO segments (id) VALUES (?)", [[s.id] for s in unloaded])
            return self._load_from(db, table.render_segments(str(s.path) for s in unloaded))

    def load_select(self, select: str) -> int:
        """Load the events that a SELECT of DuckDB yields; for measurements, not for the spool."""
        with self._transaction() as db:
            return self._load_from(db, select)

    def _load_from(self, db: duckdb.DuckDBPyConnection, select: str) -> int:
        # What a transaction adds has greater row ids than everything that is committed.
        last_row = count_rows(db, "SELECT coalesce(max(rowid), -1) FROM events_recent")
        added = count_rows(db, table.render_insert(select))
        self._recent_events += added
        db.execute(session.render_load_parts(last_row))
        self._archive.thaw(db)
        _fold_sessions(db)
        for name in ("parts", "unknown", "known", "undecided"):
            db.execute(f"DROP TABLE {name}")
        return added

    def query(self, sql: str) -> Rows:
        """Run one SELECT. Safe to call from several threads. Raises StoreError."""
        return self._read(sql, None)

    def save_parquet(self, sql: str, path: Path) -> None:
        """Run one SELECT and write its rows to a Parquet file. Raises StoreError."""
        with self._cursor() as cursor:
            target = table.render_text(str(path))
            cursor.execute(f"COPY ({sql}) TO {target} (FORMAT parquet, COMPRESSION zstd)")

    def find_event_ids(self, project: int, event_ids: Iterable[int]) -> set[int]:
        """Return those of the ids that are already stored in the project."""
        wanted = list(event_ids)
        if not wanted:
            return set()
        rows = self._read(
            "SELECT DISTINCT event_id FROM events WHERE project = ?"
            " AND event_id IN (SELECT unnest(?::BIGINT[]))",
            [project, wanted],
        )
        return {row[0] for row in rows.rows}

    def load_recent_client_ids(self, since_us: int) -> list[tuple[int, int]]:
        """Return (event_id, received_at µs) of events with negative id received since then."""
        rows = self._read(
            "SELECT event_id, epoch_us(received_at) FROM events"
            " WHERE event_id < 0 AND received_at >= make_timestamp(?)",
            [since_us],
        )
        return [(row[0], row[1]) for row in rows.rows]

    def load_open_sessions(self, since_us: int) -> Rows:
        """Return the `sessions` rows whose `end` is at or after `since_us` (all columns)."""
        return self.query(
            f"SELECT {table.SESSION_NAMES} FROM sessions"
            f' WHERE "end" >= make_timestamp({int(since_us)})'
        )

    def delete_project(self, project: int) -> None:
        """Erase every event and session of a project."""
        with self._transaction() as db:
            self._archive.delete_project(db, project)
        self._sweep()

    def delete_visitors(self, project: int, visitors: Sequence[int]) -> None:
        """Erase every event and session of some visitors of a project."""
        if not visitors:
            return
        with self._transaction() as db:
            self._archive.delete_visitors(db, project, visitors)
        self._sweep()

    def delete_expired(self, expiries: Sequence[Expiry]) -> Expired | None:
        """Erase what is too old from one archive file or from the recent events; None when
        nothing is left. Takes about a second when there is something to do."""
        where = render_expired(expiries)
        with self._transaction() as db:
            expired = delete_expired_of_file(db, self._archive, where)
            is_recent = expired is None
            if expired is None:
                expired = delete_expired_of_table(db, self._archive, where)
        if expired is None:
            return None
        if is_recent:
            self._recent_events -= expired.events
        with self._write_lock, _translated():
            self._archive.sweep(self._writer)
        return expired

    def _sweep(self) -> None:
        with self._write_lock, _translated():
            # The log and the replaced files still hold what was erased.
            self._writer.execute("CHECKPOINT")
            self._archive.sweep(self._writer)

    def compact(self) -> bool:
        """Move the oldest events into a file when enough have come together.

        Takes about a second when there is something to do; then it returns True.
        """
        if self._recent_events < _RECENT_EVENTS + _ARCHIVED_EVENTS:
            return False
        with self._transaction() as db:
            moved = self._archive.move_oldest(db, _ARCHIVED_EVENTS)
        self._recent_events -= moved
        return moved > 0

    def size_bytes(self) -> int:
        """Return the bytes that events and sessions take on disk."""
        files = (self._path, self._path.with_name(self._path.name + ".wal"))
        return self._archive.size_bytes() + sum(f.stat().st_size for f in files if f.exists())

    def ping(self) -> bool:
        """Tell whether the engine answers."""
        try:
            return self.query("SELECT 1").rows == [(1,)]
        except StoreError:
            return False

    def close(self) -> None:
        """Write everything into the file and let go of it. Safe to call again."""
        with self._write_lock, self._cursor_lock, _translated():
            if self._is_closed:
                return
            self._is_closed = True
            with suppress(Empty):
                while True:
                    self._idle.get_nowait().close()
            self._reads.close()
            self._writer.execute("CHECKPOINT")
            self._writer.close()

    def _refuse_when_closed(self) -> None:
        if self._is_closed:
            raise StoreError("The warehouse is closed.")

    @contextmanager
    def _transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._write_lock, _translated():
            self._refuse_when_closed()
            self._writer.begin()
            try:
                yield self._writer
                self._writer.commit()
                self._version += 1
            except BaseException:
                with suppress(duckdb.Error):
                    self._writer.rollback()
                raise

    def _read(self, sql: str, values: Sequence[Any] | None) -> Rows:
        with self._cursor() as cursor:
            try:
                cursor.execute(sql, values)
                return _read_rows(cursor)
            except duckdb.IOException:
                # An archive file was erased between the look at the view and the look at the file;
                # the view names the new one by now.
                cursor.execute(sql, values)
                return _read_rows(cursor)

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with _translated():
            with self._cursor_lock:
                self._refuse_when_closed()
                try:
                    cursor = self._idle.get_nowait()
                except Empty:
                    cursor = self._reads.cursor()
            try:
                yield cursor
            finally:
                # A closed warehouse has closed its cursors; one in use closes itself here.
                if self._is_closed:
                    cursor.close()
                else:
                    self._idle.put(cursor)


def _fold_sessions(db: duckdb.DuckDBPyConnection) -> None:
    for statement in (session.KNOWN, session.UNDECIDED):
        db.execute(statement)
    start_us, end_us = fetch_row(db, session.UNDECIDED_RANGE)
    if start_us is not None:
        db.execute(session.render_again(start_us, end_us))
        for statement in session.DERIVE_AGAIN:
            db.execute(statement)
    if count_rows(db, session.HAS_EARLIER):
        for statement in session.FOLD_EARLIER:
            db.execute(statement)
    for statement in session.FOLD:
        db.execute(statement)


def _find_unloaded(db: duckdb.DuckDBPyConnection, segments: Sequence[Segment]) -> list[Segment]:
    ids = [s.id for s in segments]
    db.execute("SELECT id FROM segments WHERE id IN (SELECT unnest(?::VARCHAR[]))", [ids])
    loaded = {row[0] for row in db.fetchall()}
    return [s for s in {s.id: s for s in segments}.values() if s.id not in loaded]


def _read_rows(cursor: duckdb.DuckDBPyConnection) -> Rows:
    described = cursor.description or []
    rows = cursor.fetchall()
    instants = [i for i, d in enumerate(described) if str(d[1]).startswith("TIMESTAMP")]
    if instants:
        rows = [_with_zone(row, instants) for row in rows]
    return Rows(tuple(d[0] for d in described), rows)


def _with_zone(row: tuple[Any, ...], instants: Sequence[int]) -> tuple[Any, ...]:
    values = list(row)
    for i in instants:
        if values[i] is not None:
            values[i] = values[i].replace(tzinfo=UTC)
    return tuple(values)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn DuckDB's errors into ours. Their text may quote rows, so ours names the class only."""
    try:
        yield
    except _UNREADABLE as error:
        raise UnreadableSegmentError(
            f"DuckDB refuses the data ({type(error).__name__})."
        ) from error
    except duckdb.Error as error:
        raise StoreError(f"DuckDB failed ({type(error).__name__}).") from error
