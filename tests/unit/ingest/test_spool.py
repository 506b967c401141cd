"""The spool on a real folder, with disks that fail on command."""

import asyncio
import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from footfall.clock import FixedClock
from footfall.errors import UnavailableError
from footfall.ingest.segment import SystemFiles, count_views
from footfall.ingest.spool import Spool

LINE = b'{"n":1}\n'


class FailingFiles(SystemFiles):
    """A disk that does what it is told."""

    def __init__(self) -> None:
        self.syncs = 0
        self.write_limit: int | None = None
        self.fails_on: set[str] = set()
        self.gate: threading.Event | None = None

    def _fail(self, call: str, number: int = errno.EIO) -> None:
        if call in self.fails_on:
            raise OSError(number, "told to fail")

    def create(self, path: Path) -> int:
        self._fail("create", errno.ENOSPC)
        return super().create(path)

    def write(self, fd: int, data: bytes | memoryview) -> int:
        if self.gate is not None:
            self.gate.wait()
        if self.write_limit is not None:
            if self.write_limit == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            data = data[: self.write_limit]
            self.write_limit -= len(data)
        return super().write(fd, data)

    def sync(self, fd: int) -> None:
        self.syncs += 1
        self._fail("sync")
        super().sync(fd)

    def truncate(self, path: Path, size_bytes: int) -> None:
        self._fail("truncate")
        super().truncate(path, size_bytes)

    def sync_folder(self, folder: Path) -> None:
        self._fail("sync_folder")
        super().sync_folder(folder)


@contextmanager
def opened(
    folder: Path, *, limit_bytes: int = 1 << 20, files: FailingFiles | None = None, **sizes: int
) -> Iterator[Spool]:
    spool = Spool(
        folder, limit_bytes=limit_bytes, clock=FixedClock(1_000_000), files=files, **sizes
    )
    try:
        yield spool
    finally:
        if files is not None and files.gate is not None:
            files.gate.set()
        spool.close()


def stored(folder: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(folder.glob("*.ndjson")))


def events_in(spool: Spool) -> int:
    spool.rotate()
    return sum(c.segment.events for c in spool.list_closed())


async def test_an_acknowledged_event_is_on_disk(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        await spool.append(LINE * 3, 3)
        assert stored(tmp_path) == LINE * 3
        assert spool.written == 3
        assert spool.disk_bytes == 3 * len(LINE)


async def test_requests_that_wait_together_share_one_sync(tmp_path: Path) -> None:
    files = FailingFiles()
    with opened(tmp_path, files=files) as spool:
        await spool.append(LINE, 1)
        files.gate = threading.Event()
        first = spool.append(LINE, 1)
        await asyncio.sleep(0.02)
        before = files.syncs
        rest = [spool.append(LINE, 1) for _ in range(50)]
        files.gate.set()
        await asyncio.gather(first, *rest)
        assert files.syncs - before == 2
        assert events_in(spool) == 52


async def test_a_segment_is_closed_at_its_size_and_on_demand(tmp_path: Path) -> None:
    with opened(tmp_path, segment_bytes=4 * len(LINE)) as spool:
        for _ in range(5):
            await spool.append(LINE, 1)
        assert [c.segment.events for c in spool.list_closed()] == [4]
        spool.rotate()
        spool.rotate()
        closed = spool.list_closed()
        assert [c.segment.events for c in closed] == [4, 1]
        assert [c.mark for c in closed] == [4, 5]
        assert len({c.segment.id for c in closed}) == 2


async def test_removed_segments_free_the_budget(tmp_path: Path) -> None:
    with opened(tmp_path, limit_bytes=3 * len(LINE)) as spool:
        await spool.append(LINE * 3, 3)
        with pytest.raises(UnavailableError) as refused:
            spool.append(LINE, 1)
        assert refused.value.retry_after_s > 0
        spool.rotate()
        spool.remove(spool.list_closed())
        assert spool.disk_bytes == 0
        await spool.append(LINE, 1)
        assert events_in(spool) == 1


async def test_a_stalled_disk_bounds_what_waits_in_memory(tmp_path: Path) -> None:
    files = FailingFiles()
    files.gate = threading.Event()
    with opened(tmp_path, files=files, queue_bytes=10 * len(LINE)) as spool:
        accepted = [spool.append(LINE, 1)]
        await asyncio.sleep(0.02)
        accepted += [spool.append(LINE, 1) for _ in range(9)]
        with pytest.raises(UnavailableError):
            spool.append(LINE, 1)
        files.gate.set()
        await asyncio.gather(*accepted)


async def test_a_full_disk_refuses_and_leaves_no_torn_line(tmp_path: Path) -> None:
    files = FailingFiles()
    with opened(tmp_path, files=files) as spool:
        await spool.append(LINE, 1)
        files.write_limit = 3
        with pytest.raises(UnavailableError):
            await spool.append(LINE * 2, 2)
        assert stored(tmp_path) == LINE
        files.write_limit = None
        await spool.append(LINE, 1)
        assert stored(tmp_path) == LINE * 2
        assert (spool.written, events_in(spool)) == (2, 2)


async def test_everyone_in_a_failed_commit_is_refused(tmp_path: Path) -> None:
    files = FailingFiles()
    files.fails_on = {"sync"}
    with opened(tmp_path, files=files) as spool:
        answers = await asyncio.gather(
            *(spool.append(LINE, 1) for _ in range(5)), return_exceptions=True
        )
        assert all(isinstance(a, UnavailableError) for a in answers)
        assert (stored(tmp_path), spool.disk_bytes) == (b"", 0)


async def test_nothing_is_added_to_a_file_after_its_sync_failed(tmp_path: Path) -> None:
    files = FailingFiles()
    with opened(tmp_path, files=files) as spool:
        await spool.append(LINE, 1)
        files.fails_on = {"sync"}
        with pytest.raises(UnavailableError):
            await spool.append(LINE, 1)
        files.fails_on = set()
        await spool.append(LINE, 1)
        assert [c.segment.events for c in spool.list_closed()] == [1]
        assert events_in(spool) == 2


async def test_a_tail_that_cannot_be_cut_keeps_its_segment_back(tmp_path: Path) -> None:
    files = FailingFiles()
    with opened(tmp_path, files=files) as spool:
        await spool.append(LINE, 1)
        files.write_limit = 3
        files.fails_on = {"truncate"}
        with pytest.raises(UnavailableError):
            await spool.append(LINE, 1)
        files.write_limit = None
        await spool.append(LINE, 1)
        spool.rotate()
        assert spool.list_closed() == []
        files.fails_on = set()
        assert [c.segment.events for c in spool.list_closed()] == [1, 1]
        assert stored(tmp_path) == LINE * 2


@pytest.mark.parametrize("call", ["create", "sync_folder"])
async def test_a_segment_that_cannot_be_created_refuses(tmp_path: Path, call: str) -> None:
    files = FailingFiles()
    files.fails_on = {call}
    with opened(tmp_path, files=files) as spool:
        with pytest.raises(UnavailableError):
            await spool.append(LINE, 1)
        files.fails_on = set()
        await spool.append(LINE, 1)
        assert events_in(spool) == 1


@pytest.mark.parametrize("tail", [b'{"n":', b'{"n":2}', b"\0\0\0\n", b"\0\0\n\0\0", b"x\ny\n"])
async def test_a_torn_tail_is_cut_off_at_the_start(tmp_path: Path, tail: bytes) -> None:
    with opened(tmp_path) as spool:
        await spool.append(LINE * 2, 2)
    [path] = tmp_path.glob("*.ndjson")
    path.write_bytes(path.read_bytes() + tail)
    with opened(tmp_path) as spool:
        assert (spool.written, spool.disk_bytes) == (2, 2 * len(LINE))
        await spool.append(LINE, 1)
        spool.rotate()
        assert [(c.segment.events, c.mark) for c in spool.list_closed()] == [(2, 2), (1, 3)]
        assert stored(tmp_path) == LINE * 3


async def test_a_file_with_nothing_whole_in_it_is_deleted(tmp_path: Path) -> None:
    (tmp_path / "0-torn.ndjson").write_bytes(b'{"n":')
    (tmp_path / "1-empty.ndjson").write_bytes(b"")
    with opened(tmp_path) as spool:
        assert spool.written == 0
    assert list(tmp_path.iterdir()) == []


async def test_segments_of_one_instant_have_different_ids_over_restarts(tmp_path: Path) -> None:
    ids = []
    for _ in range(3):
        with opened(tmp_path, segment_bytes=1) as spool:
            await spool.append(LINE, 1)
            await spool.append(LINE, 1)
            ids = [c.segment.id for c in spool.list_closed()]
    assert len(set(ids)) == 6


async def test_closing_writes_what_is_queued_and_refuses_the_rest(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        waiting = [spool.append(LINE, 1) for _ in range(20)]
        spool.close()
        await asyncio.gather(*waiting)
        assert stored(tmp_path) == LINE * 20
        with pytest.raises(UnavailableError):
            spool.append(LINE, 1)


async def test_a_sender_that_went_away_disturbs_nobody(tmp_path: Path) -> None:
    with opened(tmp_path) as spool:
        gone, stays = spool.append(LINE, 1), spool.append(LINE, 1)
        gone.cancel()
        await stays
        assert events_in(spool) == 2


async def test_tells_its_listener_after_each_commit(tmp_path: Path) -> None:
    calls: list[int] = []
    with opened(tmp_path) as spool:
        spool.listen(lambda: calls.append(spool.written))
        await spool.append(LINE, 1)
        await spool.append(LINE * 2, 2)
        spool.close()
    assert calls == [1, 3]


def test_counts_pageviews_by_their_kind_and_not_by_what_senders_wrote() -> None:
    least = -(1 << 63)
    head = (
        f'{{"project":{least},"ts":{least},"received_at":{least},"event_id":{least},'
        f'"visitor":{least},"session":{least},"kind":'
    )
    filling = '"door":"pulse","name":"x"' + ',"title":"y"' * 10
    lines = [
        f'{head}"pageview",{filling}}}',
        f'{head}"event",{filling},"props":{{"a":1,"kind":"pageview","door":"b"}}}}',
        f'{head}"pageview_of_another_kind",{filling}}}',
    ]
    assert count_views("\n".join([*lines, ""]).encode()) == 1
