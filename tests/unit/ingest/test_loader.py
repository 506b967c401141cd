"""The loader between a real spool and a warehouse that obeys."""

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from footfall.errors import StoreError, UnavailableError
from footfall.ingest.loader import Loader
from footfall.ingest.spool import Spool
from footfall.store.warehouse import Segment, UnreadableSegmentError


class FakeWarehouse:
    """Remembers segments and lines as the real ones do, and fails on command."""

    def __init__(self) -> None:
        self.lines: list[int] = []
        self.ids: set[str] = set()
        self.loads = 0
        self.compactions = 0
        self.failures = 0
        self.patience: list[bool] = []
        """For each load, whether it ran in a thread that lets others go first."""
        self.gate = threading.Event()
        self.gate.set()

    def compact(self) -> bool:
        self.compactions += 1
        return False

    def load(self, segments: Sequence[Segment]) -> int:
        self.gate.wait()
        self.loads += 1
        self.patience.append(threading.current_thread().name == "patient")
        if self.failures:
            self.failures -= 1
            raise StoreError
        new: list[int] = []
        for segment in segments:
            if segment.id in self.ids:
                continue
            for line in segment.path.read_bytes().splitlines():
                number = msgspec.json.decode(line)["n"]
                if number < 0:
                    raise UnreadableSegmentError
                new.append(number)
        self.ids |= {s.id for s in segments}
        self.lines += new
        return len(new)


def line(number: int) -> bytes:
    return msgspec.json.encode({"n": number}) + b"\n"


def lines(numbers: Sequence[int]) -> bytes:
    return b"".join(map(line, numbers))


async def wait_for_loads(warehouse: FakeWarehouse) -> None:
    for _ in range(200):
        if warehouse.lines:
            break
        await asyncio.sleep(0.01)


@pytest.fixture
def warehouse() -> FakeWarehouse:
    return FakeWarehouse()


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool", limit_bytes=1 << 20)
    yield spool
    spool.close()


@pytest.fixture
def make_loader(spool: Spool, warehouse: FakeWarehouse) -> Iterator[Callable[..., Loader]]:
    made: list[Loader] = []

    def make(**settings: float) -> Loader:
        loader = Loader(spool, warehouse, **settings)  # type: ignore[arg-type]
        loader.start()
        made.append(loader)
        return loader

    yield make
    warehouse.gate.set()
    for loader in made:
        loader.drain(5)


async def test_a_barrier_waits_for_what_was_acknowledged(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    loader = make_loader(interval_s=60)
    await loader.wait_loaded()
    for n in range(3):
        await spool.append(line(n), 1)
        await loader.wait_loaded()
        assert warehouse.lines == list(range(n + 1))
    assert loader.state.events_loaded == 3
    assert loader.state.events_waiting == 0
    assert list(spool.folder.glob("*.ndjson")) == []


async def test_many_waiters_share_the_work(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    loader = make_loader(interval_s=60)
    await spool.append(lines(range(5)), 5)
    await asyncio.gather(*(loader.wait_loaded() for _ in range(40)))
    assert warehouse.loads <= 2


async def test_a_waiter_gives_up_with_a_clear_error(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    loader = make_loader()
    warehouse.gate.clear()
    await spool.append(line(1), 1)
    with pytest.raises(UnavailableError):
        await loader.wait_loaded(0.05)
    assert loader.state.events_waiting == 1


async def test_loads_without_anybody_waiting(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    make_loader(interval_s=0.01)
    await spool.append(lines([1, 2]), 2)
    await wait_for_loads(warehouse)
    assert warehouse.lines == [1, 2]


async def test_loading_lets_requests_go_first(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    make_loader(interval_s=0.01)
    await spool.append(line(1), 1)
    await wait_for_loads(warehouse)
    assert warehouse.patience == [True]


async def test_loading_does_not_let_them_go_first_while_a_report_waits(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    loader = make_loader(interval_s=60)
    await loader.wait_loaded()
    await spool.append(line(1), 1)
    await loader.wait_loaded()
    assert warehouse.patience == [False]


async def test_loading_does_not_let_them_go_first_when_it_falls_behind(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    make_loader(interval_s=0.01, urgent_bytes=len(line(1)))
    await spool.append(line(1), 1)
    await wait_for_loads(warehouse)
    assert warehouse.patience == [False]


async def test_a_failing_warehouse_is_tried_again_and_loses_nothing(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    warehouse.failures = 3
    loader = make_loader(interval_s=0.005)
    await spool.append(lines(range(10)), 10)
    await loader.wait_loaded(10)
    assert warehouse.lines == list(range(10))
    assert loader.state.loads_failed == 3


async def test_a_warehouse_that_stays_away_ends_in_refusals(
    tmp_path: Path, warehouse: FakeWarehouse
) -> None:
    warehouse.failures = 10**9
    spool = Spool(tmp_path / "small", limit_bytes=100)
    loader = Loader(spool, warehouse, interval_s=0.005)  # type: ignore[arg-type]
    loader.start()
    accepted = 100 // len(line(0))
    for n in range(accepted):
        await spool.append(line(n), 1)
    with pytest.raises(UnavailableError):
        spool.append(line(accepted), 1)
    warehouse.failures = 0
    await loader.wait_loaded(15)
    assert warehouse.lines == list(range(accepted))
    spool.close()
    assert loader.drain(5)


async def test_bad_lines_are_set_aside_and_good_ones_loaded_in_order(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    numbers = [-n if n in {3, 4, 31} else n for n in range(1, 40)]
    await spool.append(lines(numbers), len(numbers))
    spool.rotate()
    await spool.append(lines([100, 101]), 2)
    loader = make_loader(interval_s=60)
    await loader.wait_loaded()
    assert warehouse.lines == [n for n in numbers if n > 0] + [100, 101]
    assert loader.state.lines_rejected == 3
    [rejected] = (spool.folder / "rejected").iterdir()
    assert rejected.read_bytes() == lines([-3, -4, -31])


async def test_a_trouble_in_the_middle_of_setting_aside_doubles_nothing(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    calls = 0
    load = warehouse.load

    def load_and_fail_once(segments: Sequence[Segment]) -> int:
        nonlocal calls
        calls += 1
        if calls == 6:
            raise StoreError
        return load(segments)

    warehouse.load = load_and_fail_once  # type: ignore[method-assign]
    numbers = [1, 2, 3, 4, 5, 6, -7, 8]
    await spool.append(lines(numbers), len(numbers))
    loader = make_loader(interval_s=0.01)
    await loader.wait_loaded()
    assert sorted(warehouse.lines) == [1, 2, 3, 4, 5, 6, 8]
    assert loader.state.loads_failed == 1
    assert loader.state.lines_rejected == 1


async def test_draining_loads_the_rest(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    loader = make_loader(interval_s=60)
    await spool.append(lines(range(7)), 7)
    spool.close()
    assert await asyncio.to_thread(loader.drain, 5)
    assert warehouse.lines == list(range(7))


async def test_draining_an_unreachable_warehouse_leaves_the_spool(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    warehouse.failures = 10**9
    loader = make_loader(interval_s=0.01)
    await spool.append(lines(range(7)), 7)
    spool.close()
    assert not await asyncio.to_thread(loader.drain, 5)
    assert len(list(spool.folder.glob("*.ndjson"))) == 1


async def test_what_an_earlier_run_left_is_loaded_first(
    tmp_path: Path, warehouse: FakeWarehouse
) -> None:
    before = Spool(tmp_path / "s", limit_bytes=1 << 20)
    await before.append(lines([1, 2]), 2)
    before.close()
    spool = Spool(tmp_path / "s", limit_bytes=1 << 20)
    loader = Loader(spool, warehouse, interval_s=60)  # type: ignore[arg-type]
    loader.start()
    await spool.append(line(3), 1)
    await loader.wait_loaded()
    assert warehouse.lines == [1, 2, 3]
    spool.close()
    assert loader.drain(5)


async def test_batches_keep_to_their_size(
    spool: Spool, warehouse: FakeWarehouse, make_loader: Callable[..., Loader]
) -> None:
    for n in range(6):
        await spool.append(line(n), 1)
        spool.rotate()
    loader = make_loader(interval_s=60, batch_bytes=2 * len(line(0)))
    await loader.wait_loaded()
    assert warehouse.lines == list(range(6))
    assert warehouse.loads == 3
