"""The worker with a real outbox and real receivers: one slow receiver holds up no other, a stop is
polite, and what a dead worker had in hand is tried by the next."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from footfall.clock import FixedClock
from footfall.delivery.address import Rule
from footfall.delivery.call import Caller
from footfall.delivery.courier import WebhookCourier
from footfall.delivery.delivery import Message
from footfall.delivery.outbox import CLAIM_US, LANE_LIMIT, Outbox
from footfall.delivery.worker import Worker
from footfall.store.relational import RelationalRecords
from tests.contract.test_records import project
from tests.integration.receiver import GARBAGE, OK, RESET, STALL, Receiver, open_receiver, status

NOW_US = 1_772_323_200_000_000


@dataclass
class House:
    """Records with a project, and what works on them."""

    records: RelationalRecords
    clock: FixedClock
    outbox: Outbox
    project: int

    def make_worker(self, timeout_s: float = 10) -> Worker:
        caller = Caller(Rule(allows_private=True), timeout_s=timeout_s)
        return Worker(self.outbox, {"webhook": WebhookCourier(caller, {})})

    def put(self, receiver: Receiver, count: int = 1) -> list[str]:
        made = Message(self.project, "wh-1", "test", "webhook", receiver.url, '{"n":1}')
        with self.records.transaction() as t:
            return [self.outbox.put(t, made) for _ in range(count)]

    def states(self) -> list[str]:
        return [d.state for d in self.outbox.list_deliveries(self.project, limit=1_000)]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    records = RelationalRecords(f"sqlite:///{tmp_path / 'records.db'}")
    records.setup()
    with records.transaction() as t:
        number = t.add("projects", project())
    clock = FixedClock(NOW_US)
    yield House(records, clock, Outbox(records, clock), number)
    records.close()


async def wait_until(is_so: Callable[[], bool]) -> None:
    for _ in range(1_500):
        if is_so():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen within 15 s")


def ids_of(receiver: Receiver) -> list[str]:
    return [request.headers["x-footfall-delivery"] for request in receiver.received]


async def test_slow_receiver_holds_up_no_other(house: House) -> None:
    async with open_receiver(STALL) as slow, open_receiver() as quick:
        house.put(slow, 50)
        house.put(quick, 10)
        worker = house.make_worker(timeout_s=30)
        began = time.monotonic()
        await worker.start_due()
        while len(quick.received) < 10:
            await asyncio.sleep(0.02)
            await worker.start_due()
        assert time.monotonic() - began < 15
        assert slow.most_at_once <= LANE_LIMIT
        await worker.stop(0.0)


async def test_attempts_at_one_receiver_are_few_at_a_time(house: House) -> None:
    async with open_receiver() as receiver:
        receiver.delay_s = 0.02
        made = house.put(receiver, 12)
        await house.make_worker().run_until_idle()
        assert receiver.most_at_once == LANE_LIMIT
        assert sorted(ids_of(receiver)) == sorted(made)
        assert house.states() == ["delivered"] * 12


@pytest.mark.parametrize("answer", [STALL, RESET, GARBAGE, status(500), status(302)])
async def test_receiver_that_comes_back_gets_what_it_missed(house: House, answer: bytes) -> None:
    async with open_receiver(answer) as receiver:
        (made,) = house.put(receiver)
        await house.make_worker(timeout_s=0.2).run_until_idle()
        assert house.states() == ["waiting"]
        receiver.answer = OK
        worker = house.make_worker()
        await worker.run_until_idle()
        assert len(receiver.received) == 1  # not before it is due
        house.clock.set_us(house.outbox.find(house.project, made).due_at_us)
        await worker.run_until_idle()
        assert house.states() == ["delivered"]
        assert ids_of(receiver) == [made] * 2
        assert len({request.body for request in receiver.received}) == 1


async def test_what_a_killed_worker_had_in_hand_is_tried_after_its_claim(house: House) -> None:
    async with open_receiver() as receiver:
        made = house.put(receiver, 3)
        assert len(house.outbox.claim(2, {})) == 2  # and then the process dies
        await house.make_worker().run_until_idle()
        assert ids_of(receiver) == made[2:]
        house.clock.set_us(NOW_US + CLAIM_US)
        await house.make_worker().run_until_idle()
        assert sorted(ids_of(receiver)) == sorted(made)


async def test_stop_lets_running_attempts_end(house: House) -> None:
    async with open_receiver() as receiver:
        receiver.delay_s = 0.3
        house.put(receiver, 2)
        worker = house.make_worker(timeout_s=10)
        await worker.start_due()
        await worker.stop()
        assert house.states() == ["delivered"] * 2


async def test_stop_gives_back_what_takes_too_long(house: House) -> None:
    async with open_receiver(STALL) as receiver:
        house.put(receiver)
        worker = house.make_worker(timeout_s=30.0)
        await worker.start_due()
        await wait_until(lambda: bool(receiver.received))
        began = time.monotonic()
        await worker.stop(0.1)
        assert time.monotonic() - began < 10
        receiver.answer = OK
        await house.make_worker().run_until_idle()
        assert house.states() == ["delivered"]


async def test_fault_of_ours_ends_neither_worker_nor_delivery(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_receiver() as receiver:
        house.put(receiver)
        broken = Worker(house.outbox, {})
        await broken.run_until_idle()
        assert house.states() == ["waiting"]
        assert receiver.url not in caplog.text


async def test_worker_in_the_background_delivers_when_woken(house: House) -> None:
    async with open_receiver() as receiver:
        worker = house.make_worker()
        running = asyncio.create_task(worker.run())
        await asyncio.sleep(0.05)
        house.put(receiver)
        worker.wake()
        await wait_until(lambda: house.states() == ["delivered"])
        worker.ask_to_stop()
        await asyncio.wait_for(running, 1.0)
