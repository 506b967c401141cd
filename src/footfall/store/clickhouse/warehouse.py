"""Events and sessions on a ClickHouse server, through clickhouse-connect. Any number of nodes may
load at once: a segment's id is its deduplication token, and sessions are derived from the events
that are there. ClickHouse knows no transaction over tables, so loading again mends what a crash
left half done."""

import re
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import clickhouse_connect
import msgspec
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from urllib3.exceptions import HTTPError

from footfall.errors import ConfigError, StoreError
from footfall.store.clickhouse import expiry, table
from footfall.store.warehouse import Engine, Expired, Expiry, Rows, Segment, UnreadableSegmentError

QUERY_SETTINGS: dict[str, Any] = {
    # What the SQL of the reports expects: the standard's NULLs of outer joins and empty sums.
    "join_use_nulls": 1,
    "aggregate_functions_null_for_empty": 1,
    "session_timezone": "UTC",
    "do_not_merge_across_partitions_select_final": 0,
    # The names of a thousand crawlers stand in a query by their kinds, once for each of its parts.
    "max_query_size": 16 * 1024 * 1024,
}
_LONG_QUERY: dict[str, Any] = {"max_query_size": 16 * 1024 * 1024}
"""Lists of ids stand in the query: 10,000 of them take 400 kB, the default limit is 256 KiB."""

_LOAD_SETTINGS: dict[str, Any] = {
    "deduplicate_blocks_in_dependent_materialized_views": 1,
    "insert_deduplicate": 1,
    "async_insert": 0,
    "wait_end_of_query": 1,
    # One segment, one block: a refused line keeps all of it out.
    "input_format_parallel_parsing": 0,
    "max_insert_threads": 1,
    "max_insert_block_size": 10_000_000,
    "min_insert_block_size_rows": 10_000_000,
    "min_insert_block_size_bytes": 1024 * 1024 * 1024,
    "input_format_skip_unknown_fields": 1,
    "input_format_json_read_objects_as_strings": 1,
}
_PARQUET_SETTINGS: dict[str, Any] = {
    "output_format_parquet_string_as_string": 1,
    "output_format_parquet_compression_method": "zstd",
}
_IDS_PER_QUERY = 10_000
_UNREADABLE_CODES = frozenset({6, 25, 26, 27, 32, 33, 38, 41, 53, 69, 70, 72, 117, 131, 407, 469})
"""Codes of ClickHouse that speak of the data: cannot parse, out of range, violated constraint."""


class _Key(msgspec.Struct, gc=False):
    """What of an event tells which session it touches."""

    project: int
    ts: int
    session: int


_KEYS = msgspec.json.Decoder(_Key)


class ClickhouseWarehouse:
    """The distributed warehouse."""

    def __init__(self, url: str) -> None:
        """Connect to `clickhouse://user:password@host:port/database` (`clickhouses://` for TLS).

        Raises ConfigError for another kind of URL, StoreError when nobody answers.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"clickhouse", "clickhouses"} or not parts.hostname:
            raise ConfigError(
                "FOOTFALL_WAREHOUSE_URL: write clickhouse://user:password@host:8123/database"
            )
        is_secure = parts.scheme == "clickhouses" or parse_qs(parts.query).get("secure") == ["1"]
        self._database = parts.path.strip("/") or "footfall"
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", self._database):
            raise ConfigError(
                f"FOOTFALL_WAREHOUSE_URL: '{self._database}' is no database name;"
                " letters, digits and _ are accepted"
            )
        self._is_closed = False
        self._load_lock = threading.Lock()
        with _translated():
            self._client: Client = clickhouse_connect.get_client(
                host=parts.hostname,
                port=parts.port or (8443 if is_secure else 8123),
                username=unquote(parts.username or "default"),
                password=unquote(parts.password or ""),
                secure=is_secure,
                autogenerate_session_id=False,
                tz_mode="aware",
            )

    @property
    def engine(self) -> Engine:
        """The dialect that `query` understands."""
        return "clickhouse"

    @property
    def version(self) -> int | None:
        """Unknown: other nodes write too."""
        return None

    def setup(self) -> None:
        """Create the database and its tables. Safe to call again."""
        self._command(f"CREATE DATABASE IF NOT EXISTS `{self._database}`", database="default")
        self._client.database = self._database
        for statement in (*table.TABLES, expiry.TABLE):
            self._command(statement)

    def load(self, segments: Sequence[Segment]) -> int:
        """Load whole segments, each exactly once, and bring `sessions` up to date.

        Returns the number of events added. Raises UnreadableSegmentError when a line is no event,
        StoreError when the engine fails; each segment is then in whole or not at all, and loading
        it again completes what is missing.
        """
        with self._load_lock:
            unloaded = self._find_unloaded(segments)
            touched: dict[tuple[int, int], tuple[int, int]] = {}
            for segment in unloaded:
                data = segment.path.read_bytes()
                _note_touched(data, touched)
                if data:
                    self._insert(segment.id, data)
            self._derive_sessions(touched)
            if unloaded:
                ids = ", ".join(f"({_quote(s.id)})" for s in unloaded)
                self._command(f"INSERT INTO segments (id) VALUES {ids}")
            return sum(s.events for s in unloaded)

    def query(self, sql: str) -> Rows:
        """Run one SELECT. Safe to call from several threads. Raises StoreError."""
        return self._query(sql, QUERY_SETTINGS)

    def save_parquet(self, sql: str, path: Path) -> None:
        """Run one SELECT and write its rows to a Parquet file. Raises StoreError."""
        settings = QUERY_SETTINGS | _PARQUET_SETTINGS
        with self._working(), path.open("wb") as file:
            answer: Any = self._client.raw_stream(sql, fmt="Parquet", settings=settings)
            with closing(answer):
                shutil.copyfileobj(answer, file)

    def find_event_ids(self, project: int, event_ids: Iterable[int]) -> set[int]:
        """Return those of the ids that are already stored in the project."""
        found: set[int] = set()
        for some in _split(event_ids):
            rows = self._query(
                f"SELECT DISTINCT event_id FROM events WHERE project = {int(project)}"
                f" AND event_id IN ({', '.join(str(int(i)) for i in some)})",
                _LONG_QUERY,
            )
            found.update(row[0] for row in rows.rows)
        return found

    def load_recent_client_ids(self, since_us: int) -> list[tuple[int, int]]:
        """Return (event_id, received_at µs) of events with negative id received since then."""
        rows = self.query(
            "SELECT event_id, toUnixTimestamp64Micro(received_at) FROM events WHERE event_id < 0"
            f" AND received_at >= fromUnixTimestamp64Micro({int(since_us)}, 'UTC')"
        )
        return [(row[0], row[1]) for row in rows.rows]

    def load_open_sessions(self, since_us: int) -> Rows:
        """Return the `sessions` rows whose `end` is at or after `since_us` (all columns)."""
        return self.query(
            f"SELECT {table.SESSION_NAMES} FROM sessions"
            f" WHERE `end` >= fromUnixTimestamp64Micro({int(since_us)}, 'UTC')"
        )

    def delete_project(self, project: int) -> None:
        """Erase every event and session of a project. Returns after the parts are rewritten."""
        for name in table.STORED:
            self._command(
                f"ALTER TABLE {name} DELETE WHERE project = {int(project)}"
                " SETTINGS mutations_sync = 2"
            )

    def delete_visitors(self, project: int, visitors: Sequence[int]) -> None:
        """Erase every event and session of some visitors of a project."""
        if not visitors:
            return
        listed = ", ".join(str(int(visitor)) for visitor in visitors)
        where = f"project = {int(project)} AND visitor IN ({listed})"
        found = self.query(f"SELECT DISTINCT session FROM events WHERE {where}").rows
        sessions = ", ".join(str(int(row[0])) for row in found) or "0"
        of_sessions = f"project = {int(project)} AND session IN ({sessions})"
        # Sessions first: what a failure leaves can be found again by its events.
        for name, condition in (("session_rows", of_sessions), ("events", where)):
            self._command(
                f"ALTER TABLE {name} DELETE WHERE {condition} SETTINGS mutations_sync = 2"
            )

    def delete_expired(self, expiries: Sequence[Expiry]) -> Expired | None:
        """Erase what is too old of the first month that holds any; None when nothing is left.

        Whole parts are dropped; in others the rows are masked, and gone from the disk when
        ClickHouse merges the part or everything in it is too old.
        """
        if self.query("SELECT count() FROM shortened").rows[0][0]:
            self._derive_shortened(*expiry.EVER_US)
        where = expiry.render_expired(expiries)
        found = self.query(expiry.render_oldest_month(where)).rows
        if not found:
            return None
        month, events = found[0]
        self._command(expiry.render_note(month, where))
        known, start_us, end_us = self.query(table.render_known_range(expiry.KEYS)).rows[0]
        for (part,) in self.query(expiry.render_full_parts(month, where)).rows:
            with suppress(StoreError):  # it was merged just now; its rows are masked below
                self._command(f"ALTER TABLE events DROP PART {_quote(part)}")
        self._command(expiry.render_erase_events(month, where))
        sessions = self._derive_shortened(*((start_us, end_us) if known else expiry.EVER_US))
        return Expired(int(events), sessions)

    def _derive_shortened(self, start_us: int, end_us: int) -> int:
        """Bring the noted sessions up to date; returns how many have no event left."""
        # A load that read their events before these were erased must not write after this.
        with self._load_lock:
            self._command(expiry.ERASE_SESSIONS)
            self._command(table.render_derive(expiry.KEYS, start_us, end_us))
            gone = self.query(expiry.COUNT_GONE).rows[0][0]
            self._command("TRUNCATE TABLE shortened")
        return int(gone)

    def compact(self) -> bool:
        """Do nothing: ClickHouse merges in the background by itself."""
        return False

    def size_bytes(self) -> int:
        """Return the bytes that events and sessions take on disk."""
        names = ", ".join(_quote(t) for t in table.STORED)
        rows = self._query(
            "SELECT sum(bytes_on_disk) FROM system.parts WHERE active"
            f" AND database = {_quote(self._database)} AND table IN ({names})",
            {},
        )
        return int(rows.rows[0][0] or 0)

    def ping(self) -> bool:
        """Tell whether the engine answers."""
        try:
            return self.query("SELECT 1").rows == [(1,)]
        except StoreError:
            return False

    def close(self) -> None:
        """Let go of the connections. Safe to call again."""
        with self._load_lock:
            self._is_closed = True
            self._client.close()

    def _find_unloaded(self, segments: Sequence[Segment]) -> list[Segment]:
        by_id = {s.id: s for s in segments}
        if not by_id:
            return []
        ids = ", ".join(_quote(i) for i in by_id)
        loaded = {
            r[0] for r in self._query(f"SELECT id FROM segments WHERE id IN ({ids})", {}).rows
        }
        return [s for s in by_id.values() if s.id not in loaded]

    def _insert(self, segment_id: str, lines: bytes) -> None:
        with self._working():
            self._client.raw_insert(
                "incoming",
                insert_block=lines,
                fmt="JSONEachRow",
                settings=_LOAD_SETTINGS | {"insert_deduplication_token": segment_id},
            )

    def _derive_sessions(self, touched: dict[tuple[int, int], tuple[int, int]]) -> None:
        for some in _split(touched):
            keys = ", ".join(f"({project}, {session})" for project, session in some)
            start_us = min(touched[k][0] for k in some)
            end_us = max(touched[k][1] for k in some)
            known, known_start_us, known_end_us = self._query(
                table.render_known_range(keys), _LONG_QUERY
            ).rows[0]
            if known:
                start_us, end_us = min(start_us, known_start_us), max(end_us, known_end_us)
            self._command(table.render_derive(keys, start_us, end_us), settings=_LONG_QUERY)

    def _query(self, sql: str, settings: dict[str, Any]) -> Rows:
        with self._working():
            result = self._client.query(sql, settings=settings)
            return Rows(tuple(result.column_names), [tuple(r) for r in result.result_rows])

    def _command(
        self, sql: str, *, settings: dict[str, Any] | None = None, database: str | None = None
    ) -> None:
        with self._working():
            if database:
                self._client.database = database
            self._client.command(sql, settings=settings)

    @contextmanager
    def _working(self) -> Iterator[None]:
        if self._is_closed:
            raise StoreError("The warehouse is closed.")
        with _translated():
            yield


def _note_touched(lines: bytes, touched: dict[tuple[int, int], tuple[int, int]]) -> None:
    """Add the sessions of a segment, each with the first and last instant it is seen at."""
    try:
        events = _KEYS.decode_lines(lines)
    except msgspec.DecodeError as error:
        raise UnreadableSegmentError("A line of the segment is no event.") from error
    for event in events:
        if not event.session:
            continue
        key = (event.project, event.session)
        start_us, end_us = touched.get(key, (event.ts, event.ts))
        touched[key] = (min(start_us, event.ts), max(end_us, event.ts))


def _split(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(values)
    while some := list(islice(rest, _IDS_PER_QUERY)):
        yield some


def _quote(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


@contextmanager
def _translated() -> Iterator[None]:
    """Turn the driver's errors into ours. Their text may quote rows, so ours names a code only."""
    try:
        yield
    except (ClickHouseError, HTTPError) as error:
        found = re.search(r"[Cc]ode: (\d+)", str(error))
        code = int(found.group(1)) if found else 0
        if code in _UNREADABLE_CODES:
            raise UnreadableSegmentError(f"ClickHouse refuses the data (code {code}).") from error
        raise StoreError(f"ClickHouse failed (code {code}).") from error
