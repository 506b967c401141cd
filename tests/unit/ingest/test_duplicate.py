"""The memory of client-given ids: exact within its window, bounded beyond."""

from hypothesis import given
from hypothesis import strategies as st

from footfall.ingest.duplicate import Claims, Deduplicator
from footfall.ingest.event_id import EventIds, derive_event_id

HOUR = 3_600_000_000


@given(st.lists(st.integers(-(1 << 63), -1)))
def test_knows_exactly_what_it_was_told(ids: list[int]) -> None:
    memory = Deduplicator()
    known: set[int] = set()
    for event_id in ids:
        assert memory.has(event_id) == (event_id in known)
        if event_id not in known:
            memory.add(event_id, 0)
            known.add(event_id)


def test_keeps_at_least_the_newest_of_its_window() -> None:
    memory = Deduplicator(window_ids=50_000)
    ids = [derive_event_id(1, "pulse", str(i)) for i in range(300_000)]
    for event_id in ids:
        memory.add(event_id, 0)
    assert all(memory.has(event_id) for event_id in ids[-50_000:])
    assert len(memory) < 300_000
    assert not memory.has(ids[0])


def test_forgets_by_age_only_what_is_older_than_its_window() -> None:
    memory = Deduplicator(window_us=48 * HOUR)
    ids = [derive_event_id(1, "pulse", str(i)) for i in range(200_000)]
    for number, event_id in enumerate(ids):
        memory.add(event_id, number * HOUR // 1000)
    newest = len(ids) * HOUR // 1000
    kept = [i for i in range(len(ids)) if newest - i * HOUR // 1000 < 48 * HOUR]
    assert all(memory.has(ids[i]) for i in kept)
    assert not memory.has(ids[0])


def test_is_filled_again_after_a_restart() -> None:
    memory = Deduplicator()
    assert memory.refill([(-5, 20), (-4, 10)]) == 2
    assert memory.has(-5)
    assert not Claims(memory).claim(-4)


def test_derived_ids_are_negative_and_depend_on_all_three() -> None:
    one = derive_event_id(1, "pulse", "x")
    assert -(1 << 63) <= one < 0
    assert one == derive_event_id(1, "pulse", "x")
    others = {
        derive_event_id(2, "pulse", "x"),
        derive_event_id(1, "import", "x"),
        derive_event_id(1, "pulse", "y"),
    }
    assert len({one} | others) == 4


def test_drawn_ids_are_positive_and_increase() -> None:
    ids = EventIds()
    drawn = [ids.draw() for _ in range(1000)]
    assert drawn == sorted(set(drawn))
    assert drawn[0] > 0
    assert drawn[-1] < 1 << 63
    assert EventIds().draw() != EventIds().draw()
