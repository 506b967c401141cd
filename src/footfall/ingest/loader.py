"""Brings closed segments from the spool into the warehouse, each exactly once, in threads of its
own that let requests go first as long as they keep up. A file is deleted after the commit and never
before; a line that the engine refuses is set aside and holds up nothing. Reports wait here for what
was acknowledged."""

import asyncio
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from footfall.errors import UnavailableError
from footfall.ingest.spool import Closed, Spool
from footfall.patience import run_patiently
from footfall.store.warehouse import Segment, UnreadableSegmentError, Warehouse

_log = logging.getLogger(__name__)

INTERVAL_S = 5.0
"""Rest between loads when nobody waits: each costs the engine some 40 ms however small it is, and
a report that wants its events, or a full batch in the spool, hurries the loader anyway."""

_FIRST_BACKOFF_S = 0.5
"""Rest after a load that failed; twice as long after each that follows."""

BATCH_BYTES = 16 * 1024 * 1024
"""Spooled bytes in one transaction: some 30,000 events, which take 50 MB while being loaded."""

URGENT_BYTES = 64 * 1024 * 1024
"""Spooled bytes from which loading no longer lets requests go first: some 110,000 events, a second
of loading."""

_MAX_BACKOFF_S = 10.0


@dataclass(frozen=True, slots=True)
class LoaderState:
    """What `/metrics` shows of the way into the warehouse."""

    events_loaded: int
    """Since the start."""
    events_waiting: int
    """Acknowledged and not yet loaded."""
    waiting_bytes: int
    loads_failed: int
    lines_rejected: int
    """Set aside in the folder `rejected` of the spool since the start."""


@dataclass(frozen=True, slots=True)
class _Waiter:
    mark: int
    loop: asyncio.AbstractEventLoop
    future: asyncio.Future[None]


class Loader:
    """Implements `reports.barrier.Barrier`. Call `start`, and on stop close the spool, then
    `drain`."""

    def __init__(
        self,
        spool: Spool,
        warehouse: Warehouse,
        *,
        interval_s: float = INTERVAL_S,
        batch_bytes: int = BATCH_BYTES,
        urgent_bytes: int = URGENT_BYTES,
    ) -> None:
        self._spool = spool
        self._rejected = spool.folder / "rejected"
        self._warehouse = warehouse
        self._interval_s = interval_s
        self._batch_bytes = batch_bytes
        self._urgent_bytes = urgent_bytes
        self._wake = threading.Event()
        self._hurry = threading.Event()
        self._is_stopping = False
        self._lock = threading.Lock()
        self._waiters: list[_Waiter] = []
        self._loaded = 0
        self._events_loaded = 0
        self._failures_in_row = 0
        self._loads_failed = 0
        self._lines_rejected = 0
        self._thread = threading.Thread(target=self._run, name="loader", daemon=True)

    @property
    def state(self) -> LoaderState:
        """Counters, for `/metrics`."""
        return LoaderState(
            events_loaded=self._events_loaded,
            events_waiting=self._spool.written - self._loaded,
            waiting_bytes=self._spool.disk_bytes,
            loads_failed=self._loads_failed,
            lines_rejected=self._lines_rejected,
        )

    def start(self) -> None:
        """Start loading, beginning with what an earlier run left in the spool."""
        self._spool.listen(self._hear_commit)
        self._wake.set()
        self._thread.start()

    async def wait_loaded(self, timeout_s: float = 30.0) -> None:
        """Return when everything acknowledged before the call is in the warehouse.

        Raises UnavailableError after `timeout_s`.
        """
        mark = self._spool.written
        if self._loaded >= mark:
            return
        loop = asyncio.get_running_loop()
        waiter = _Waiter(mark, loop, loop.create_future())
        with self._lock:
            if self._loaded >= mark:
                return
            self._waiters.append(waiter)
        self._hurry.set()
        self._wake.set()
        try:
            await asyncio.wait_for(waiter.future, timeout_s)
        except TimeoutError:
            raise UnavailableError(
                "What was sent last is not in the reports yet; try again later."
            ) from None
        finally:
            with self._lock:
                if waiter in self._waiters:
                    self._waiters.remove(waiter)

    def drain(self, timeout_s: float = 60.0) -> bool:
        """Load what the spool holds and stop. Blocks; tells whether everything was loaded.

        What is left stays in the spool and is loaded after the next start.
        """
        self._is_stopping = True
        self._hurry.set()
        self._wake.set()
        self._thread.join(timeout_s)
        return not self._thread.is_alive() and self._loaded >= self._spool.written

    def _hear_commit(self) -> None:
        self._wake.set()
        if self._spool.disk_bytes >= self._batch_bytes:
            self._hurry.set()

    def _run(self) -> None:
        while True:
            self._wake.wait()
            if self._failures_in_row:
                self._back_off()
            else:
                self._hurry.wait(self._interval_s)
            # Cleared before the spool is looked at: what comes later wakes the thread again.
            is_last = self._is_stopping
            self._hurry.clear()
            self._wake.clear()
            self._load_all()
            if is_last and (self._failures_in_row or self._loaded >= self._spool.written):
                return
            if is_last or self._failures_in_row:
                self._wake.set()

    def _back_off(self) -> None:
        first_s = min(2 * self._interval_s, _FIRST_BACKOFF_S)
        seconds = min(first_s * 2 ** (self._failures_in_row - 1), _MAX_BACKOFF_S)
        if not self._is_stopping:
            self._hurry.wait(seconds)

    def _load_all(self) -> None:
        self._spool.rotate()
        try:
            for batch in self._split(self._spool.list_closed()):
                self._load_batch(batch)
                self._failures_in_row = 0
            if not self._hurry.is_set() and self._loaded >= self._spool.written:
                run_patiently(self._warehouse.compact)
        except Exception as error:
            # Whatever it is, the spool keeps the events and the thread lives to try again.
            self._failures_in_row += 1
            self._loads_failed += 1
            _log.warning("loading failed, trying again: %s", type(error).__name__)

    def _split(self, closed: Sequence[Closed]) -> Iterator[list[Closed]]:
        batch: list[Closed] = []
        size_bytes = 0
        for c in closed:
            if batch and size_bytes + c.size_bytes > self._batch_bytes:
                yield batch
                batch, size_bytes = [], 0
            batch.append(c)
            size_bytes += c.size_bytes
        if batch:
            yield batch

    def _load_batch(self, batch: Sequence[Closed]) -> None:
        try:
            added = self._load([c.segment for c in batch])
        except UnreadableSegmentError:
            if len(batch) > 1:
                for closed in batch:
                    self._load_batch([closed])
                return
            added = self._load_readable(batch[0].segment)
        self._spool.remove(batch)
        self._events_loaded += added
        self._tell_waiters(batch[-1].mark)

    def _load(self, segments: Sequence[Segment]) -> int:
        if self._is_urgent():
            return self._warehouse.load(segments)
        return run_patiently(self._warehouse.load, segments)

    def _is_urgent(self) -> bool:
        return (
            self._is_stopping or bool(self._waiters) or self._spool.disk_bytes >= self._urgent_bytes
        )

    def _tell_waiters(self, mark: int) -> None:
        with self._lock:
            self._loaded = mark
            done = [w for w in self._waiters if w.mark <= mark]
        for waiter in done:
            # A closed loop has nobody left to tell.
            try:
                waiter.loop.call_soon_threadsafe(_resolve, waiter.future)
            except RuntimeError:
                continue

    def _load_readable(self, segment: Segment) -> int:
        """Load the good lines of a segment and set the bad ones aside.

        The halves have ids of their own that follow from the segment's, so that a crash in
        between repeats nothing.
        """
        lines = segment.path.read_bytes().split(b"\n")[:-1]
        bad: list[bytes] = []
        added = self._load_lines(segment.id, lines, 0, bad)
        if bad:
            _save_lines(self._rejected / segment.path.name, bad)
            self._lines_rejected += len(bad)
            _log.warning("segment %s: %d lines set aside", segment.id, len(bad))
        return added

    def _load_lines(self, segment_id: str, lines: list[bytes], start: int, bad: list[bytes]) -> int:
        part = Segment(
            f"{segment_id}.{start}-{start + len(lines)}",
            self._rejected / f"{segment_id}.part",
            len(lines),
        )
        _save_lines(part.path, lines)
        try:
            return self._warehouse.load([part])
        except UnreadableSegmentError:
            if len(lines) == 1:
                bad.extend(lines)
                return 0
        finally:
            part.path.unlink(missing_ok=True)
        half = len(lines) // 2
        return self._load_lines(segment_id, lines[:half], start, bad) + self._load_lines(
            segment_id, lines[half:], start + half, bad
        )


def _save_lines(path: Path, lines: Sequence[bytes]) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as file:
        file.write(b"\n".join(lines) + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
