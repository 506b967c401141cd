"""Older events in Parquet files beside the database: half the bytes of DuckDB's own tables, read
as fast. Which file belongs to the history is a row of the table `archives`, so that files and
tables change in one transaction; a file without a row is the rest of a crash and is deleted."""

import os
import secrets
from pathlib import Path

import duckdb

from footfall.model.column import Column, ColumnType
from footfall.model.event import EVENT_COLUMNS
from footfall.store.duckdb.table import EVENT_NAMES, render_name, render_text

_SPARSE = frozenset({"engagement_ms", "value", "revenue_micros"})
"""Numbers that most events lack: absent ones are kept as NULL, which costs a bit, not a number."""

_WRITE = (
    "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 6, PARQUET_VERSION v2,"
    " ROW_GROUP_SIZE 122880"
)


def _render_archived(column: Column) -> str:
    """SQL for a column's value in a file, from a row of `events`."""
    name = render_name(column.name)
    if column.name == "received_at":
        # Nearly always some milliseconds after `ts`: the difference is small, the instant is not.
        return f"nullif(epoch_us(received_at) - epoch_us(ts), 0) AS {name}"
    return f"nullif({name}, 0) AS {name}" if column.name in _SPARSE else name


def _render_restored(column: Column) -> str:
    """SQL for a column of `events`, from a row of a file."""
    name = render_name(column.name)
    if column.name == "received_at":
        return f"ts + to_microseconds(coalesce({name}, 0)) AS {name}"
    if column.name in _SPARSE:
        zero = "0::DOUBLE" if column.type is ColumnType.FLOAT64 else "0"
        return f"coalesce({name}, {zero}) AS {name}"
    return name


_ARCHIVED = ", ".join(_render_archived(c) for c in EVENT_COLUMNS)
_RESTORED = ", ".join(_render_restored(c) for c in EVENT_COLUMNS)

_MINUTES = """
SELECT epoch_us(date_trunc('minute', ts) + INTERVAL 1 MINUTE) AS minute_end, count(*) AS events
FROM events_recent GROUP BY 1 ORDER BY 1"""


class Archive:
    """The folder of files. Every verb runs inside the caller's transaction, except `sweep`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def setup(self, db: duckdb.DuckDBPyConnection) -> None:
        """Make `events` show the tables and the files together."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._save_view(db)

    def move_oldest(self, db: duckdb.DuckDBPyConnection, events: int) -> int:
        """Move about `events` of the oldest events (by `ts`) into a file; returns how many."""
        end_us = _find_end(db, events)
        if end_us is None:
            return 0
        where = f"ts < make_timestamp({end_us})"
        # Events of a session side by side: visitor, device and source then repeat and compress.
        moved = self._save(
            db,
            f"SELECT {_ARCHIVED} FROM events_recent WHERE {where} ORDER BY project, session, ts",
        )
        db.execute(f"DELETE FROM events_recent WHERE {where}")
        self._save_view(db)
        return moved

    def delete_project(self, db: duckdb.DuckDBPyConnection, project: int) -> None:
        """Write every file that holds the project anew without it."""
        for (name,) in db.execute("SELECT file FROM archives").fetchall():
            file = render_text(str(self._folder / name))
            found = db.execute(
                f"SELECT count(*) FROM read_parquet({file}) WHERE project = ?", [project]
            ).fetchone()
            if found is None or not found[0]:
                continue
            db.execute("DELETE FROM archives WHERE file = ?", [name])
            self._save(
                db,
                f"SELECT * FROM read_parquet({file}) WHERE project <> {int(project)}"
                " ORDER BY project, session, ts",
            )
        self._save_view(db)

    def sweep(self, db: duckdb.DuckDBPyConnection) -> None:
        """Delete files that no committed row names; call it after a commit."""
        known = {row[0] for row in db.execute("SELECT file FROM archives").fetchall()}
        for path in self._folder.iterdir():
            if path.name not in known:
                path.unlink(missing_ok=True)

    def size_bytes(self) -> int:
        """Return the bytes of all files."""
        return sum(p.stat().st_size for p in self._folder.glob("*.parquet"))

    def _save(self, db: duckdb.DuckDBPyConnection, select: str) -> int:
        path = self._folder / f"{secrets.token_hex(8)}.parquet"
        row = db.execute(f"COPY ({select}) TO {render_text(str(path))} ({_WRITE})").fetchone()
        events = int(row[0]) if row else 0
        if not events:
            path.unlink()
            return 0
        _sync(path)
        _sync(self._folder)
        db.execute(
            "INSERT INTO archives (file, events, size_bytes) VALUES (?, ?, ?)",
            [path.name, events, path.stat().st_size],
        )
        return events

    def _save_view(self, db: duckdb.DuckDBPyConnection) -> None:
        names = [r[0] for r in db.execute("SELECT file FROM archives ORDER BY rowid").fetchall()]
        select = f"SELECT {EVENT_NAMES} FROM events_recent"
        if names:
            files = ", ".join(render_text(str(self._folder / n)) for n in names)
            select += f" UNION ALL SELECT {_RESTORED} FROM read_parquet([{files}])"
        db.execute(f"CREATE OR REPLACE VIEW events AS {select}")


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
