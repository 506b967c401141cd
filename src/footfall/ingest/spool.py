"""The durable log: newline-delimited JSON in segment files, one group commit at a time.
A request is acknowledged after its events are on disk; what cannot be put there is refused, never
kept in memory in the hope of better times. It knows nothing of the warehouse."""

import asyncio
import secrets
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from footfall.clock import Clock, SystemClock
from footfall.errors import UnavailableError
from footfall.ingest.commit import Commit
from footfall.ingest.segment import SUFFIX, Files, SystemFiles, count_views, load_segments
from footfall.store.warehouse import Segment

SEGMENT_BYTES = 8 * 1024 * 1024
"""A segment is closed from this size on: some 15,000 events, a fifth of a second of loading."""

QUEUE_BYTES = 32 * 1024 * 1024
"""What may wait in memory for its group commit: the memory that a stalled disk can cost."""

_RETRY_AFTER_S = 5
"""Seconds until the sender should try again: a full budget takes the loader that long to dent."""

_GATHER_S = 0.002
"""How long a commit waits at most for more events while every turn of the loop brings some. A
commit takes a quarter of a millisecond of the processor however small it is; a lone event waits
for one turn."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A segment that nothing is written to any more."""

    segment: Segment
    size_bytes: int
    mark: int
    """Events written up to its end, counted over all segments since the spool was opened."""
    views: int
    """How many of its own events are pageviews."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is acknowledged and not yet loaded."""

    views: int
    events: int
    """All that are no pageviews."""


@dataclass(slots=True)
class _Open:
    id: str
    path: Path
    fd: int
    size_bytes: int = 0
    events: int = 0
    views: int = 0


@dataclass(slots=True)
class _Group:
    """What one event loop has queued for the next commit."""

    commit: Commit
    lines: list[bytes]


_Batch = dict[asyncio.AbstractEventLoop, _Group]
"""One group commit. By loop, so that each is woken once."""


class Spool:
    """Implements `ingest.log.EventLog`. Start it by making it, stop it with `close`."""

    def __init__(
        self,
        folder: Path,
        *,
        limit_bytes: int,
        clock: Clock | None = None,
        segment_bytes: int = SEGMENT_BYTES,
        queue_bytes: int = QUEUE_BYTES,
        files: Files | None = None,
    ) -> None:
        """Open the folder, cut torn tails off what a crash left, and start the writing thread.

        Raises OSError when the folder cannot be used.
        """
        self._folder = folder
        self._limit_bytes = limit_bytes
        self._segment_bytes = segment_bytes
        self._queue_bytes = queue_bytes
        self._files = files or SystemFiles()
        self._clock = clock or SystemClock()
        self._last_id_us = 0
        self._listener: Callable[[], None] = _listen_to_nothing

        # Lock order: `_file_lock` before `_queue_lock`. Only the writer waits on the disk with
        # the first; the event loop takes none but the second, for some nanoseconds.
        self._file_lock = threading.Lock()
        self._queue_lock = threading.Lock()
        self._has_work = threading.Condition(self._queue_lock)
        self._queue: _Batch = {}
        self._is_gathered = False
        self._queued_events = 0
        self._queued_bytes = 0
        self._is_closed = False

        folder.mkdir(parents=True, exist_ok=True)
        self._open: _Open | None = None
        self._closed: list[Closed] = []
        self._written = 0
        self._disk_bytes = 0
        self._torn: dict[Path, int] = {}
        for segment, size_bytes, views in load_segments(folder):
            self._written += segment.events
            self._disk_bytes += size_bytes
            self._closed.append(Closed(segment, size_bytes, self._written, views))
        self._thread = threading.Thread(target=self._run, name="spool", daemon=True)
        self._thread.start()

    @property
    def written(self) -> int:
        """Events on disk since the spool was opened, those found at the start included."""
        return self._written

    @property
    def disk_bytes(self) -> int:
        """Bytes of all segments that wait for the loader."""
        return self._disk_bytes

    def count_waiting(self) -> Waiting:
        """Return how many events on disk are not in the warehouse, by kind. May wait for a
        moment, as the writer does."""
        with self._file_lock:
            segments = [(c.views, c.segment.events) for c in self._closed]
            if self._open is not None:
                segments.append((self._open.views, self._open.events))
        views = sum(s[0] for s in segments)
        return Waiting(views, sum(s[1] for s in segments) - views)

    @property
    def folder(self) -> Path:
        """Where the segments are."""
        return self._folder

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener`, from the writing thread, after each group commit."""
        self._listener = listener

    def append(self, lines: bytes, count: int) -> Commit:
        """Queue `count` newline-terminated JSON events for the next group commit.

        It is decided after `fdatasync`, with UnavailableError when that failed.
        Raises UnavailableError at once when the disk budget or the queue is used up, or the
        spool is closed.
        """
        loop = asyncio.get_running_loop()
        size_bytes = len(lines)
        with self._queue_lock:
            queued_bytes = self._queued_bytes + size_bytes
            if self._is_closed:
                raise UnavailableError("Footfall is stopping.", retry_after_s=_RETRY_AFTER_S)
            if self._disk_bytes + queued_bytes > self._limit_bytes:
                raise UnavailableError(
                    "Too many events wait to be stored; try again later.",
                    retry_after_s=_RETRY_AFTER_S,
                )
            if queued_bytes > self._queue_bytes and self._queue:
                raise UnavailableError("The disk is too slow for this many events; try again.")
            self._queued_bytes = queued_bytes
            self._queued_events += count
            group = self._queue.get(loop)
            if group is None:
                group = self._queue[loop] = _Group(Commit(loop), [])
                loop.call_soon(self._gather, group, 0, loop.time() + _GATHER_S)
            group.lines.append(lines)
        return group.commit

    def rotate(self) -> None:
        """Close the open segment if it holds anything, so that it can be loaded."""
        with self._file_lock:
            self._close_open()

    def list_closed(self) -> Sequence[Closed]:
        """Return the closed segments, oldest first.

        The list ends before a segment whose torn tail could not be cut off so far.
        """
        with self._file_lock:
            for path, size_bytes in list(self._torn.items()):
                if self._is_cut(path, size_bytes):
                    del self._torn[path]
            if not self._torn:
                return list(self._closed)
            paths = [c.segment.path for c in self._closed]
            return self._closed[: min(paths.index(p) for p in self._torn)]

    def remove(self, closed: Iterable[Closed]) -> None:
        """Delete segments whose events are in the warehouse."""
        gone = {c.segment.id: c for c in closed}
        for c in gone.values():
            c.segment.path.unlink(missing_ok=True)
        with self._file_lock, self._queue_lock:
            self._closed = [c for c in self._closed if c.segment.id not in gone]
            self._disk_bytes -= sum(c.size_bytes for c in gone.values())

    def close(self) -> None:
        """Refuse new events, write what is queued, and stop the thread. Safe to call again."""
        with self._queue_lock:
            self._is_closed = True
            self._has_work.notify()
        self._thread.join()
        self.rotate()

    def _gather(self, group: _Group, seen: int, deadline_s: float) -> None:
        """Start the commit once a turn of its loop brought nothing more, at the latest by then."""
        loop, count = group.commit.loop, len(group.lines)
        if count > seen and loop.time() < deadline_s:
            loop.call_soon(self._gather, group, count, deadline_s)
            return
        with self._queue_lock:
            # Unless another loop's commit has taken it along.
            if self._queue.get(loop) is group:
                self._is_gathered = True
                self._has_work.notify()

    def _run(self) -> None:
        while True:
            with self._queue_lock:
                while not self._is_gathered and not self._is_closed:
                    self._has_work.wait()
                if not self._queue:
                    return
                self._is_gathered = False
                batch, count = self._queue, self._queued_events
                self._queue, self._queued_events = {}, 0
            error = self._commit(batch, count)
            _decide_all(batch, error)
            if error is None:
                self._listener()

    def _commit(self, batch: _Batch, count: int) -> UnavailableError | None:
        data = b"".join([lines for group in batch.values() for lines in group.lines])
        with self._file_lock:
            error = self._write(data)
            with self._queue_lock:
                self._queued_bytes -= len(data)
                if error is None:
                    self._disk_bytes += len(data)
            if error is None and self._open is not None:
                self._open.size_bytes += len(data)
                self._open.events += count
                self._open.views += count_views(data)
                self._written += count
                if self._open.size_bytes >= self._segment_bytes:
                    self._close_open()
        return error

    def _write(self, data: bytes) -> UnavailableError | None:
        try:
            segment = self._open = self._open or self._make_segment()
            rest = memoryview(data)
            while rest:
                rest = rest[self._files.write(segment.fd, rest) :]
            self._files.sync(segment.fd)
        except OSError as failure:
            self._give_up_open()
            error = UnavailableError(
                "Events cannot be written to disk now; try again later.",
                retry_after_s=_RETRY_AFTER_S,
            )
            error.__cause__ = failure
            return error
        return None

    def _make_segment(self) -> _Open:
        # Sortable by time of creation, unique over restarts and set-back clocks.
        self._last_id_us = max(self._clock.now_us(), self._last_id_us + 1)
        segment_id = f"{self._last_id_us:016x}-{secrets.token_hex(6)}"
        path = self._folder / f"{segment_id}{SUFFIX}"
        fd = self._files.create(path)
        try:
            self._files.sync_folder(self._folder)
        except OSError:
            self._files.close(fd)
            path.unlink(missing_ok=True)
            raise
        return _Open(segment_id, path, fd)

    def _give_up_open(self) -> None:
        """Cut off what a failed write left and close the segment for good: after a failed
        `fdatasync` nobody knows which pages the kernel has dropped, so nothing is added to it."""
        segment = self._open
        if segment is None:
            return
        try:
            self._files.truncate(segment.path, segment.size_bytes)
            self._files.sync(segment.fd)
        except OSError:
            self._torn[segment.path] = segment.size_bytes
        self._close_open()

    def _close_open(self) -> None:
        segment, self._open = self._open, None
        if segment is None:
            return
        with suppress(OSError):
            self._files.close(segment.fd)
        if segment.events:
            closed = Segment(segment.id, segment.path, segment.events)
            self._closed.append(Closed(closed, segment.size_bytes, self._written, segment.views))
        else:
            self._torn.pop(segment.path, None)
            segment.path.unlink(missing_ok=True)

    def _is_cut(self, path: Path, size_bytes: int) -> bool:
        try:
            self._files.truncate(path, size_bytes)
        except OSError:
            return False
        return True


def _listen_to_nothing() -> None:
    pass


def _decide_all(batch: _Batch, error: UnavailableError | None) -> None:
    for loop, group in batch.items():
        # A closed loop has nobody left to tell.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(group.commit.decide, error)
