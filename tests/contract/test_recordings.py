"""Recordings on real databases and both kinds of object stores: each piece once, limits, and what
is forgotten leaves nothing behind."""

import gzip
import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from footfall.clock import US_PER_DAY, US_PER_SECOND, FixedClock
from footfall.errors import (
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    StoreError,
    TooLargeError,
)
from footfall.replay import register
from footfall.replay.chunk import Chunk
from footfall.replay.recording import Recording, RecordingLimits, Source, Wanted
from footfall.replay.register import Recordings
from footfall.store.objects import Objects, open_objects
from footfall.store.relational import RelationalRecords
from tests.contract.test_records import project

NOW_US = 1_772_366_400_000_000
NOW_MS = NOW_US // 1_000
PAGE = "https://shop.example/"


@pytest.fixture(params=["", "memory://"], ids=["folder", "memory"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    return open_objects(request.param, tmp_path / "objects")


class House:
    """Recordings of one project."""

    def __init__(self, records: RelationalRecords, objects: Objects) -> None:
        self.clock = FixedClock(NOW_US)
        self.records, self.objects = records, objects
        with records.transaction() as t:
            self.project = t.add("projects", project())
        self.recordings = self.open()

    def open(self, **limits: int) -> Recordings:
        given = RecordingLimits(**limits)
        return Recordings(self.records, self.objects, self.clock, given)

    def source(self, session: int = -7, visitor: str = "v-1", **more: Any) -> Source:
        return Source(self.project, session, f"session {session}", visitor, **more)

    def find(self, session: int = -7) -> Recording:
        (found,) = self.recordings.find_sessions(self.project, (session,))
        return found

    def names(self) -> list[str]:
        return list(self.objects.list("replay"))


def chunk(
    seq: int, *, after_ms: int = 0, lasts_ms: int = 900, size: int = 0, page: str = PAGE
) -> Chunk:
    first = NOW_MS + after_ms
    body = json.dumps([seq]).encode()
    packed = gzip.compress(body) if not size else b"x" * size
    return Chunk(seq, 3, first, first + lasts_ms, (page,) if page else (), packed)


@pytest.fixture
def house(records: RelationalRecords, objects: Objects) -> House:
    return House(records, objects)


def test_pieces_add_up_to_a_recording_whatever_their_order(house: House) -> None:
    source = house.source(site_key="pk_shop", host="shop.example", skew_us=2_000_000)
    assert house.recordings.save(source, chunk(3, after_ms=9_000, page=""))
    assert house.recordings.save(source, chunk(1, page=f"{PAGE}first"))
    assert house.recordings.save(source, chunk(2, after_ms=4_000))
    found = house.find()
    assert (found.chunks, found.events, found.pages) == (3, 9, 2)
    assert found.entry_page == f"{PAGE}first"
    assert found.started_at_us == NOW_US + 2_000_000
    assert found.duration_us == 9_900_000
    assert (found.session_id, found.visitor_id) == ("session -7", "v-1")
    assert (found.site_key, found.host) == ("pk_shop", "shop.example")
    entries = house.recordings.list_chunks(found)
    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert found.size_bytes == sum(entry.size_bytes for entry in entries)
    with pytest.raises(NotFoundError):
        house.recordings.load_chunk(found, 4)
    loaded = [gzip.decompress(house.recordings.load_chunk(found, e.seq)) for e in entries]
    assert loaded == [b"[1]", b"[2]", b"[3]"]


def test_piece_sent_again_counts_once(house: House) -> None:
    assert house.recordings.save(house.source(), chunk(1))
    assert not house.recordings.save(house.source(), chunk(1))
    found = house.find()
    assert (found.chunks, found.events) == (1, 3)
    assert len(house.names()) == 1


def test_piece_whose_object_could_not_be_saved_is_taken_when_it_comes_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_name: str, _data: bytes) -> None:
        raise StoreError("full")

    with monkeypatch.context() as broken:
        broken.setattr(house.objects, "save", fail)
        with pytest.raises(StoreError):
            house.recordings.save(house.source(), chunk(1))
    # Nobody sees what was never acknowledged.
    assert house.recordings.find_sessions(house.project, (-7,)) == []
    assert house.recordings.search(Wanted(house.project)) == ([], 0)
    assert house.recordings.save(house.source(), chunk(1))
    assert house.find().chunks == 1


def test_pieces_that_come_at_once_are_all_counted(house: House) -> None:
    start, problems = threading.Barrier(6), list[BaseException]()

    def send(turn: int) -> None:
        start.wait()
        try:
            # Three pieces, each twice.
            house.recordings.save(house.source(), chunk(turn % 3, after_ms=turn % 3))
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=send, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    found = house.find()
    assert (found.chunks, found.events) == (3, 9)
    assert len(house.names()) == 3


def fill_size(house: House) -> Chunk:
    half = register.SIZE_LIMIT_BYTES // 2
    house.recordings.save(house.source(), chunk(1, size=half))
    house.recordings.save(house.source(), chunk(2, size=half))
    return chunk(3)


def fill_time(house: House) -> Chunk:
    house.recordings.save(house.source(), chunk(1))
    house.clock.advance_s(7_200)
    return chunk(2, after_ms=7_200_000)


@pytest.mark.parametrize("fill", [fill_size, fill_time])
def test_full_recording_takes_nothing_more(house: House, fill: Callable[[House], Chunk]) -> None:
    more = fill(house)
    before = house.names()
    with pytest.raises(TooLargeError, match="full"):
        house.recordings.save(house.source(), more)
    assert house.names() == before
    # Another visit is another recording; and what is kept may be sent again.
    assert house.recordings.save(house.source(-8), more)
    assert not house.recordings.save(house.source(), chunk(1))


def test_number_of_pieces_is_limited(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "CHUNKS_LIMIT", 2)
    for seq in (1, 2):
        house.recordings.save(house.source(), chunk(seq))
    with pytest.raises(TooLargeError):
        house.recordings.save(house.source(), chunk(3))


def test_project_records_so_much_a_day(house: House) -> None:
    small = house.open(day_bytes=1_000)
    small.save(house.source(), chunk(1, size=600))
    with pytest.raises(RateLimitedError) as refused:
        small.save(house.source(-8), chunk(1, size=600))
    # Noon (UTC): the next day begins in twelve hours.
    assert refused.value.retry_after_s == 43_201
    assert small.save(house.source(-8), chunk(1, size=300))
    # A node that starts anew counts what is there.
    with pytest.raises(RateLimitedError):
        house.open(day_bytes=1_000).save(house.source(-9), chunk(1, size=300))
    house.clock.advance_s(86_400)
    assert small.save(house.source(-9), chunk(1, after_ms=86_400_000, size=600))


@pytest.mark.parametrize("after_ms", [-86_400_001, 86_400_001])
def test_clock_that_is_days_away_is_not_believed(house: House, after_ms: int) -> None:
    with pytest.raises(InvalidInputError, match="within 24 hours"):
        house.recordings.save(house.source(), chunk(1, after_ms=after_ms))
    assert house.names() == []
    right = house.source(skew_us=-after_ms * 1_000)
    assert house.recordings.save(right, chunk(1, after_ms=after_ms))


def test_recordings_are_found_by_time_visitor_and_length(house: House) -> None:
    for turn in range(4):
        source = house.source(-1 - turn, visitor=f"v-{turn % 2}")
        house.recordings.save(source, chunk(1, after_ms=turn * 10_000, lasts_ms=turn * 1_000))

    def search(**wanted: Any) -> tuple[list[int], int]:
        found, total = house.recordings.search(Wanted(house.project, **wanted))
        return [recording.session for recording in found], total

    assert search() == ([-4, -3, -2, -1], 4)
    assert search(limit=2, offset=1) == ([-3, -2], 4)
    assert search(visitor_id="v-1") == ([-4, -2], 2)
    assert search(min_duration_us=2 * US_PER_SECOND) == ([-4, -3], 2)
    span = {"since_us": NOW_US + 10_000_000, "until_us": NOW_US + 30_000_000}
    assert search(**span) == ([-3, -2], 2)
    assert house.recordings.search(Wanted(house.project + 1)) == ([], 0)
    assert [r.session for r in house.recordings.find_sessions(house.project, (-2, -99))] == [-2]


def test_old_recordings_go_with_their_objects(house: House) -> None:
    recordings = house.open(keep_days=30)
    recordings.save(house.source(-1), chunk(1))
    house.clock.advance_s(86_400)
    recordings.save(house.source(-2), chunk(1, after_ms=86_400_000))
    house.clock.set_us(NOW_US + 30 * US_PER_DAY - 1)
    assert recordings.drop_old() == 0
    house.clock.set_us(NOW_US + 30 * US_PER_DAY)
    assert recordings.drop_old() == 1
    assert [r.session for r in recordings.search(Wanted(house.project))[0]] == [-2]
    assert len(house.names()) == 1


def test_objects_of_nobody_are_removed_and_no_others(house: House) -> None:
    house.recordings.save(house.source(-1), chunk(1))
    kept = house.names()
    for name in ("replay/1/00000000000000ff/5.json.gz", "replay/999/ffffffffffffffff/1.json.gz"):
        house.objects.save(name, b"x")
    house.objects.save("exports/1", b"not ours")
    assert house.recordings.drop_orphans() == 2
    assert house.names() == kept
    assert house.objects.load("exports/1") == b"not ours"


def test_person_is_found_by_visitor_and_by_visit_and_erased_whole(house: House) -> None:
    house.recordings.save(house.source(-1, "v-1"), chunk(1))
    house.recordings.save(house.source(-2, "v-2"), chunk(1))
    house.recordings.save(house.source(-3, "v-3"), chunk(1))
    found = house.recordings.find_person(house.project, ["v-1", ""], ["session -2", ""])
    assert [recording.session for recording in found] == [-1, -2]
    assert house.recordings.find_person(house.project, [""], [""]) == []
    for recording in found:
        house.recordings.remove(recording)
        house.recordings.remove(recording)
    assert [r.session for r in house.recordings.search(Wanted(house.project))[0]] == [-3]
    assert len(house.names()) == 1
    with house.records.transaction() as t:
        assert t.count("recording_chunks", {}) == 1


def test_piece_that_arrives_while_its_recording_is_erased_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = house.objects.save

    def erase_first(name: str, data: bytes) -> None:
        with house.records.transaction() as t:
            t.remove("recordings", {})
        save(name, data)

    monkeypatch.setattr(house.objects, "save", erase_first)
    house.recordings.save(house.source(), chunk(1))
    assert house.names() == []
