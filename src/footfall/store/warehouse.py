"""The port to the store of events. DuckDB and ClickHouse stand behind it; one contract suite
(tests/contract) runs on both. Whoever holds a Warehouse knows neither driver nor dialect."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from footfall.errors import StoreError

Engine = Literal["duckdb", "clickhouse"]


@dataclass(frozen=True, slots=True)
class Scan:
    """The rows of a table that belong to a range [from, to): those with `low` >= from and
    `high` < to. DuckDB's warehouse has each as a table function of both ends in microseconds since
    the epoch, which reads a file that lies wholly in the range without looking at its instants."""

    name: str
    table: str
    low: str
    high: str


EVENTS_BETWEEN = Scan("events_between", "events", "ts", "ts")
SESSIONS_BEGINNING = Scan("sessions_beginning", "sessions", "start", "start")
SESSIONS_TOUCHING = Scan("sessions_touching", "sessions", "end", "start")
"""Those of which some part lies in the range."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A closed spool file: newline-delimited JSON events, ready to load whole."""

    id: str
    """Unique and stable across restarts; loading the same id twice changes nothing."""
    path: Path
    events: int
    """Number of lines."""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Events that are too old to be kept: of these projects, before an instant."""

    projects: tuple[int, ...]
    before_us: int
    door: str = ""
    """Only those that came in by this door; '' for every door."""


@dataclass(frozen=True, slots=True)
class Expired:
    """What one piece of deleting old events has deleted."""

    events: int
    sessions: int
    """Sessions of which nothing is left; one that has lost a part is derived from the rest."""


class UnreadableSegmentError(StoreError):
    """A line of the batch cannot be stored as an event."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a SELECT: column names and rows, timestamps as aware UTC datetimes."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Warehouse(Protocol):
    """Keeps events and the sessions derived from them; answers SQL in its engine's dialect."""

    @property
    def engine(self) -> Engine:
        """The dialect that `query` understands."""
        ...

    @property
    def version(self) -> int | None:
        """A number that has changed when a write returns; None when others may write unseen."""
        ...

    def setup(self) -> None:
        """Create or upgrade the tables `events` and `sessions`. Safe to call again."""
        ...

    def load(self, segments: Sequence[Segment]) -> int:
        """Load whole segments, each exactly once, and bring `sessions` up to date.

        Returns the number of events added (0 for a segment that was loaded before).
        Raises UnreadableSegmentError when a line is no event, StoreError when the engine fails;
        each segment is then in whole or not at all, and loading it again is safe.
        """
        ...

    def query(self, sql: str) -> Rows:
        """Run one SELECT. Safe to call from several threads. Raises StoreError."""
        ...

    def save_parquet(self, sql: str, path: Path) -> None:
        """Run one SELECT and write its rows to a new Parquet file; the engine keeps within its own
        limit of memory.

        Timestamps are UTC, in microseconds. Raises StoreError; then the file is no
        whole one.
        """
        ...

    def find_event_ids(self, project: int, event_ids: Iterable[int]) -> set[int]:
        """Return those of the ids that are already stored in the project."""
        ...

    def load_recent_client_ids(self, since_us: int) -> list[tuple[int, int]]:
        """Return (event_id, received_at µs) of events with negative id received since then."""
        ...

    def load_open_sessions(self, since_us: int) -> Rows:
        """Return the `sessions` rows whose `end` is at or after `since_us` (all columns)."""
        ...

    def delete_project(self, project: int) -> None:
        """Erase every event and session of a project."""
        ...

    def delete_visitors(self, project: int, visitors: Sequence[int]) -> None:
        """Erase every event and session of some visitors of a project."""
        ...

    def delete_expired(self, expiries: Sequence[Expiry]) -> Expired | None:
        """Erase one bounded piece of what is too old; None when nothing of it is left.

        A session that loses some of its events is derived anew from the others, so that `sessions`
        always says what `events` holds. A piece is erased whole or not at all, and asking again
        after a failure or a kill completes what is missing.
        """
        ...

    def compact(self) -> bool:
        """Do one bounded piece of housekeeping, if any is due; tells whether there was one.

        Called when nothing waits to be loaded. Changes no answer.
        """
        ...

    def size_bytes(self) -> int:
        """Return the bytes that events and sessions take on disk."""
        ...

    def ping(self) -> bool:
        """Tell whether the engine answers."""
        ...

    def close(self) -> None:
        """Flush and release the engine. A closed warehouse refuses everything."""
        ...
