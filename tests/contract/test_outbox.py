"""The outbox and the lease on both databases: nothing is claimed twice, nothing is lost."""

import threading
from collections import Counter
from dataclasses import replace

import pytest

from footfall.clock import US_PER_HOUR, FixedClock
from footfall.delivery.delivery import Attempt, Delivery, Message
from footfall.delivery.outbox import CLAIM_US, KEPT_US, LANE_LIMIT, SILENCE_US, Outbox
from footfall.delivery.schedule import MAX_ATTEMPTS
from footfall.errors import ConflictError, NotFoundError
from footfall.store.lease import Lease
from footfall.store.relational import RelationalRecords
from tests.contract.test_records import project

NOW_US = 1_772_323_200_000_000


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOW_US)


@pytest.fixture
def number(records: RelationalRecords) -> int:
    with records.transaction() as t:
        return t.add("projects", project())


def message(number: int, host: str = "hooks.example", **changes: str) -> Message:
    made = Message(number, "wh-1", "test", "webhook", f"https://{host}/x", "{}", "wh-1")
    return replace(made, **changes)  # type: ignore[arg-type]


def put(records: RelationalRecords, outbox: Outbox, *messages: Message) -> list[str]:
    with records.transaction() as t:
        return [outbox.put(t, made) for made in messages]


def test_message_is_put_with_the_change_that_caused_it_or_not_at_all(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    with pytest.raises(ConflictError), records.transaction() as t:
        t.add("projects", project(name=outbox.put(t, message(number))))
    assert outbox.list_deliveries(number) == []


def test_claim_is_exclusive_until_it_ends(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    (delivery_id,) = put(records, outbox, message(number))
    (claimed,) = outbox.claim(10, {})
    assert (claimed.id, claimed.attempts) == (delivery_id, 1)
    assert Outbox(records, clock).claim(10, {}) == []
    clock.set_us(NOW_US + CLAIM_US)
    (again,) = outbox.claim(10, {})
    assert (again.id, again.attempts) == (delivery_id, 2)
    # The first worker comes back late: the claim is no longer its own.
    outbox.save_attempt(claimed, Attempt("answered 500", 500))
    assert outbox.find(number, delivery_id).claim == again.claim
    outbox.save_attempt(again, Attempt(status=200))
    assert outbox.find(number, delivery_id).state == "delivered"


def test_two_workers_at_once_never_claim_the_same(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    made = [message(number, f"h{i}.example") for i in range(60)]
    put(records, Outbox(records, clock), *made)
    claimed: list[Delivery] = []
    start = threading.Barrier(4)

    def work() -> None:
        outbox = Outbox(records, clock)
        start.wait()
        while found := outbox.claim(3, {}):
            claimed.extend(found)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == 60
    assert set(Counter(d.id for d in claimed).values()) == {1}


def test_one_receiver_takes_only_its_places(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    put(records, outbox, *[message(number, "slow.example")] * 5, message(number, "other.example"))
    claimed = outbox.claim(10, {})
    assert Counter(d.lane for d in claimed) == {
        "https://slow.example": LANE_LIMIT,
        "https://other.example": 1,
    }
    assert outbox.claim(10, {"https://slow.example": LANE_LIMIT}) == []


def test_silent_receiver_is_left_alone_and_others_go_on(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    silent = [message(number, "silent.example")] * 300
    put(records, outbox, *silent, message(number, "other.example"))
    (first,) = outbox.claim(1, {})
    outbox.save_attempt(first, Attempt("no answer", is_silence=True))
    assert [d.lane for d in outbox.claim(10, {})] == ["https://other.example"]
    clock.set_us(NOW_US + SILENCE_US)
    assert {d.lane for d in outbox.claim(10, {})} == {"https://silent.example"}


def test_failures_wait_longer_and_longer_until_given_up_and_replayed(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    (delivery_id,) = put(records, outbox, message(number))
    waits = []
    for attempt in range(1, MAX_ATTEMPTS + 1):
        (claimed,) = outbox.claim(1, {})
        assert claimed.attempts == attempt
        outbox.save_attempt(claimed, Attempt("answered 500", 500))
        kept = outbox.find(number, delivery_id)
        if attempt < MAX_ATTEMPTS:
            assert kept.state == "waiting"
            waits.append(kept.due_at_us - clock.now_us())
            clock.set_us(kept.due_at_us)
    assert waits[:7] == sorted(waits[:7])  # the last two are alike but for chance
    assert 19 * US_PER_HOUR < sum(waits) < 29 * US_PER_HOUR
    assert waits[:7] == sorted(waits[:7])  # the last two are alike but for chance
    assert 19 * US_PER_HOUR < sum(waits) < 29 * US_PER_HOUR
    assert (kept.state, kept.last_status, kept.last_error) == ("dead", 500, "answered 500")
    assert outbox.claim(1, {}) == []
    assert outbox.count_all("dead") == 1
    replayed = outbox.replay(number, delivery_id)
    assert (replayed.state, replayed.attempts) == ("waiting", 0)
    assert [d.id for d in outbox.claim(1, {})] == [delivery_id]


def test_final_failure_is_not_tried_again(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    put(records, outbox, message(number))
    (claimed,) = outbox.claim(1, {})
    outbox.save_attempt(claimed, Attempt("gone", 410, is_final=True))
    (kept,) = outbox.list_deliveries(number, state="dead")
    assert kept.attempts == 1


def test_released_claim_is_taken_at_once(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    put(records, outbox, message(number))
    outbox.release(outbox.claim(1, {}))
    assert len(outbox.claim(1, {})) == 1


def test_finished_deliveries_are_forgotten_after_a_month_and_waiting_ones_never(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    put(records, outbox, message(number, "a.example"), message(number, "b.example"))
    (claimed,) = outbox.claim(1, {})
    outbox.save_attempt(claimed, Attempt(status=200))
    clock.set_us(NOW_US + KEPT_US - 1)
    assert outbox.drop_finished() == 0
    clock.set_us(NOW_US + KEPT_US)
    assert outbox.drop_finished() == 1
    assert [d.state for d in outbox.list_deliveries(number)] == ["waiting"]


def test_delivery_of_another_project_is_not_found(
    records: RelationalRecords, clock: FixedClock, number: int
) -> None:
    outbox = Outbox(records, clock)
    (delivery_id,) = put(records, outbox, message(number))
    for call in (outbox.find, outbox.replay):
        with pytest.raises(NotFoundError):
            call(number + 1, delivery_id)


def test_lease_is_held_by_one_until_it_ends_or_is_dropped(
    records: RelationalRecords, clock: FixedClock
) -> None:
    first = Lease(records, clock, "task", term_us=1_000)
    second = Lease(records, clock, "task", term_us=1_000)
    assert first.take()
    assert not second.take()
    assert first.take()
    clock.set_us(NOW_US + 1_000)
    assert second.take()
    assert not first.take()
    second.drop()
    assert first.take()


def test_of_nodes_that_start_together_one_gets_the_lease(
    records: RelationalRecords, clock: FixedClock
) -> None:
    got: list[bool] = []
    start = threading.Barrier(5)

    def take() -> None:
        lease = Lease(records, clock, "task", term_us=1_000)
        start.wait()
        got.append(lease.take())

    threads = [threading.Thread(target=take) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 4 + [True]
