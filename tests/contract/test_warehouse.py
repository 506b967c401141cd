"""The contract of the warehouse, run on every engine."""

import random
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from footfall.errors import StoreError
from footfall.model.event import EVENT_COLUMNS, Event
from footfall.model.session import SESSION_COLUMNS
from footfall.model.time_range import from_us, to_us
from footfall.store.warehouse import Segment, UnreadableSegmentError, Warehouse
from tests.conftest import MakeSegment
from tests.contract.oracle import find_sessions

T0 = 1_790_000_000_000_000
SECOND = 1_000_000

FULL = Event(
    project=4_000_000_000,
    ts=T0 + 1,
    received_at=T0 + 2,
    event_id=-(2**63),
    visitor=2**63 - 1,
    session=-7,
    kind="event",
    door="pulse",
    interactive=1,
    name="Buy \"now\" \\ ü 🦉\n\ttab 'quoted'",
    site="example.org",
    path="/ä/b;c{d}",
    query="a=1&b=%20",
    title="Ti\u0001tle",
    referrer="example.com/x",
    source="Google",
    channel="Organic Search",
    utm_source="s",
    utm_medium="m",
    utm_campaign="c",
    utm_content="o",
    utm_term="t",
    click_id="gclid",
    country="DE",
    region="Bayern",
    city="Nürnberg",
    browser="Firefox",
    browser_version="140",
    os="Linux",
    os_version="6",
    device="Desktop",
    screen="1920x1080",
    language="de-DE",
    entry_page="/in",
    value=0.1,
    engagement_ms=2**32 - 1,
    revenue_micros=-(2**62),
    currency="EUR",
    bot_score=255,
    bot_reasons="a,b",
    props=msgspec.Raw(b'{"plan":"pro","n":1.5,"deep":{"list":[1,null,"\xc3\xbc"]}}'),
)


def event(n: int, *, session: int = 1, kind: str = "pageview", **changes: Any) -> Event:
    """A small event `n` seconds after T0."""
    fields: dict[str, Any] = {
        "project": 1,
        "ts": T0 + n * SECOND,
        "received_at": T0 + n * SECOND,
        "event_id": n + 1,
        "visitor": session,
        "session": session,
        "kind": kind,
        "door": "pulse",
    }
    return Event(**fields | changes)


def read_sessions(warehouse: Warehouse) -> dict[tuple[int, int], tuple[Any, ...]]:
    rows = warehouse.load_open_sessions(0).rows
    found = {(r[0], r[1]): tuple(r) for r in rows}
    assert len(found) == len(rows), "a session has more than one row"
    return found


def count(warehouse: Warehouse, table: str = "events") -> int:
    return int(warehouse.query(f"SELECT count(*) FROM {table}").rows[0][0])


def test_every_column_comes_back_as_it_went_in(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    bare = event(3, session=0)
    assert warehouse.load([make_segment("a", [FULL, bare])]) == 2
    names = ", ".join(f'"{c.name}"' for c in EVENT_COLUMNS)
    rows = warehouse.query(f"SELECT {names} FROM events ORDER BY event_id")
    assert rows.columns == tuple(c.name for c in EVENT_COLUMNS)
    for stored, sent in zip(rows.rows, [FULL, bare], strict=True):
        expected = [getattr(sent, c.name) for c in EVENT_COLUMNS]
        expected[1:3] = [from_us(sent.ts), from_us(sent.received_at)]
        expected[-1] = bytes(sent.props).decode()
        assert list(stored) == expected


def test_instants_keep_their_microseconds_and_are_aware(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    warehouse.load([make_segment("a", [event(0, ts=T0 + 123_457)])])
    [(ts,)] = warehouse.query("SELECT ts FROM events").rows
    assert to_us(ts) == T0 + 123_457


def test_loading_a_segment_again_changes_nothing(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [event(0), event(5, kind="event", interactive=1), event(9)]
    segment = make_segment("a", events)
    assert warehouse.load([segment]) == 3
    assert warehouse.load([segment]) == 0
    other = make_segment("b", [event(20)])
    assert warehouse.load([segment, other, other]) == 1
    assert count(warehouse) == 4
    assert read_sessions(warehouse) == find_sessions([*events, event(20)])


def test_loading_nothing_is_no_error(warehouse: Warehouse, make_segment: MakeSegment) -> None:
    assert warehouse.load([]) == 0
    assert warehouse.load([make_segment("empty", [])]) == 0


def test_a_refused_line_keeps_its_whole_segment_out(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    good, bad = make_segment("good", [event(0)]), make_segment("bad", [event(1)])
    bad.path.write_bytes(bad.path.read_bytes() + b'{"project": "no number"}\n')
    with pytest.raises(UnreadableSegmentError):
        warehouse.load([bad])
    assert (count(warehouse), count(warehouse, "sessions")) == (0, 0)
    with pytest.raises(UnreadableSegmentError):
        warehouse.load([good, bad])
    warehouse.load([good])
    assert count(warehouse) == 1
    assert read_sessions(warehouse) == find_sessions([event(0)])


def test_an_event_without_what_it_must_carry_is_refused(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    segment = make_segment("bad", [event(1)])
    segment.path.write_bytes(b'{"project": 1, "ts": 5}\n')
    with pytest.raises(UnreadableSegmentError):
        warehouse.load([segment])
    assert count(warehouse) == 0


def test_events_without_session_make_no_session(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    warehouse.load([make_segment("a", [event(0, session=0), event(1, session=5)])])
    assert list(read_sessions(warehouse)) == [(1, 5)]


def test_the_same_session_id_in_two_projects_is_two_sessions(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [event(0), event(1, project=2), event(2, project=2)]
    for i, e in enumerate(events):
        warehouse.load([make_segment(f"s{i}", [e])])
    assert read_sessions(warehouse) == find_sessions(events)


def test_a_late_event_before_the_first_becomes_the_first(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [
        event(100, path="/two", source="Google", browser="Chrome"),
        event(200, path="/three", source="Google", browser="Chrome"),
        event(50, path="/one", source="Bing", browser="Firefox"),
    ]
    warehouse.load([make_segment("a", events[:2])])
    warehouse.load([make_segment("b", events[2:])])
    assert read_sessions(warehouse) == find_sessions(events)
    [(entry, source)] = warehouse.query("SELECT entry_page, source FROM sessions").rows
    assert (entry, source) == ("/one", "Bing")


def test_a_late_pageview_in_the_middle_finds_its_place(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [
        event(0, kind="event", path="/"),
        event(300, kind="engagement", path="/", engagement_ms=5),
        event(100, path="/b"),
        event(150, path="/c"),
        event(50, path="/a"),
        event(200, path="/d"),
    ]
    for i, e in enumerate(events):
        warehouse.load([make_segment(f"s{i}", [e])])
        assert read_sessions(warehouse) == find_sessions(events[: i + 1])


def test_equal_instants_are_ordered_by_event_id(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [
        event(0, event_id=7, path="/seven", country="FR"),
        event(0, event_id=3, path="/three", country="DE"),
        event(0, event_id=-3, path="/minus", country="IT"),
        event(0, event_id=9, path="/nine", country="ES"),
    ]
    for i, e in enumerate(events):
        warehouse.load([make_segment(f"s{i}", [e])])
        assert read_sessions(warehouse) == find_sessions(events[: i + 1])


@pytest.mark.parametrize("seed", range(6))
def test_sessions_are_exact_after_every_load_of_a_random_history(
    warehouse: Warehouse, make_segment: MakeSegment, seed: int
) -> None:
    dice = random.Random(seed)
    sent: list[Event] = []
    for load in range(8):
        batch = [
            event(
                dice.choice([load * 60 + dice.randrange(90), dice.randrange(600), 30]),
                project=dice.choice([1, 1, 2]),
                session=dice.choice([0, 1, 2, 3, -4, 5 + load]),
                kind=dice.choice(["pageview", "pageview", "event", "engagement", "click"]),
                event_id=dice.getrandbits(63) * dice.choice([1, -1]),
                interactive=dice.randrange(2),
                path=f"/{dice.randrange(9)}",
                browser=f"b{dice.randrange(4)}",
                utm_campaign=f"c{dice.randrange(4)}",
                engagement_ms=dice.randrange(1000),
                revenue_micros=dice.choice([0, 0, 5_000_000]),
                bot_score=dice.choice([0, 0, 0, 60]),
            )
            for _ in range(dice.randrange(1, 25))
        ]
        sent += batch
        half = len(batch) // 2
        segments = [make_segment(f"{load}a", batch[:half]), make_segment(f"{load}b", batch[half:])]
        assert warehouse.load(segments) == len(batch)
        assert read_sessions(warehouse) == find_sessions(sent)


def test_finds_only_ids_of_the_project(warehouse: Warehouse, make_segment: MakeSegment) -> None:
    events = [event(0, event_id=-5), event(1, event_id=6), event(2, event_id=7, project=2)]
    warehouse.load([make_segment("a", events)])
    assert warehouse.find_event_ids(1, [-5, 6, 7, 8]) == {-5, 6}
    assert warehouse.find_event_ids(2, iter([-5, 7])) == {7}
    assert warehouse.find_event_ids(1, []) == set()
    many = range(-50_000, 50_000)
    assert warehouse.find_event_ids(1, many) == {-5, 6}


def test_recent_client_ids_are_the_negative_ones_received_since(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [
        event(0, event_id=-1),
        event(10, event_id=-2, received_at=T0 + 10 * SECOND + 7),
        event(20, event_id=3),
        event(5, event_id=-4, received_at=T0 + 30 * SECOND),
    ]
    warehouse.load([make_segment("a", events)])
    found = warehouse.load_recent_client_ids(T0 + 10 * SECOND)
    assert sorted(found) == [(-4, T0 + 30 * SECOND), (-2, T0 + 10 * SECOND + 7)]


def test_open_sessions_are_those_that_ended_at_or_after(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [event(0, session=1), event(5, session=1), event(6, session=2), event(4, session=3)]
    warehouse.load([make_segment("a", events)])
    rows = warehouse.load_open_sessions(T0 + 5 * SECOND)
    assert rows.columns == tuple(c.name for c in SESSION_COLUMNS)
    assert sorted(r[1] for r in rows.rows) == [1, 2]


def test_erasing_a_project_leaves_the_others(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    events = [event(0), event(1, project=2, session=9)]
    warehouse.load([make_segment("a", events)])
    warehouse.delete_project(1)
    assert warehouse.query("SELECT project FROM events").rows == [(2,)]
    assert list(read_sessions(warehouse)) == [(2, 9)]
    assert warehouse.load([make_segment("b", [event(3)])]) == 1
    assert read_sessions(warehouse)[1, 1] == find_sessions([event(3)])[1, 1]


def test_erasing_a_visitor_leaves_the_others(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    kept = [event(1, visitor=-8, session=9), event(2, visitor=-7, session=10, project=2)]
    gone = [event(0, visitor=-7, session=8), event(3, visitor=-7, session=11)]
    warehouse.load([make_segment("a", [*kept, *gone])])
    warehouse.delete_visitors(1, [])
    warehouse.delete_visitors(1, [-7, 77])
    rows = warehouse.query("SELECT project, visitor FROM events ORDER BY project").rows
    assert rows == [(1, -8), (2, -7)]
    assert read_sessions(warehouse) == find_sessions(kept)


def test_counts_and_sums_come_back_as_numbers(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    warehouse.load([make_segment("a", [event(0, revenue_micros=2**40), event(1, value=0.5)])])
    [(total, value, text)] = warehouse.query(
        "SELECT sum(revenue_micros), max(value), max(kind) FROM events"
    ).rows
    assert (int(total), value, text) == (2**40, 0.5, "pageview")


def test_a_wrong_statement_is_a_store_error(warehouse: Warehouse) -> None:
    with pytest.raises(StoreError):
        warehouse.query("SELECT no_such_column FROM events")
    assert warehouse.ping()


def test_readers_in_threads_see_whole_loads_only(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    seen: list[int] = []
    is_done = threading.Event()

    def read() -> None:
        while not is_done.is_set():
            seen.append(count(warehouse))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(6):
        warehouse.load([make_segment(f"s{i}", [event(i * 10 + j) for j in range(10)])])
    is_done.set()
    for reader in readers:
        reader.join()
    assert all(n % 10 == 0 for n in seen)


def test_tells_its_size(warehouse: Warehouse, make_segment: MakeSegment) -> None:
    warehouse.load([make_segment("a", [event(i) for i in range(1000)])])
    assert warehouse.size_bytes() > 0


def test_setup_can_run_again(warehouse: Warehouse, make_segment: MakeSegment) -> None:
    segment = make_segment("a", [event(0)])
    warehouse.load([segment])
    warehouse.setup()
    assert warehouse.load([segment]) == 0
    assert count(warehouse) == 1


def test_a_closed_warehouse_refuses_everything(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    segment: Segment = make_segment("a", [event(0)])
    warehouse.close()
    with pytest.raises(StoreError):
        warehouse.load([segment])
    with pytest.raises(StoreError):
        warehouse.query("SELECT 1")
    assert not warehouse.ping()


def test_text_survives_to_the_letter_and_properties_in_meaning(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    props = b'{"a":1.10,"b":1e17,"c":123456789012345678901234567890,"d":"\\u0000\\u00e9","e":{}}'
    sent = event(0, name="a\0b\u2028\x7f", title="\\u0041 \\", props=msgspec.Raw(props))
    warehouse.load([make_segment("a", [sent])])
    [(name, title, stored)] = warehouse.query("SELECT name, title, props FROM events").rows
    assert (name, title) == (sent.name, sent.title)
    # DuckDB writes numbers anew: 1.10 becomes 1.1.
    assert msgspec.json.decode(stored) == msgspec.json.decode(props)


def test_a_parquet_file_holds_what_was_asked_for(
    warehouse: Warehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    warehouse.load([make_segment("a", [FULL, *(event(n) for n in range(1, 4))])])
    names = [column.name for column in EVENT_COLUMNS]
    sql = f"SELECT {', '.join(names)} FROM events WHERE project = {FULL.project}"
    path = tmp_path / "it's.parquet"
    warehouse.save_parquet(sql, path)
    # One engine marks its instants as UTC, the other leaves that to the reader.
    times = "epoch_us(ts) AS ts, epoch_us(received_at) AS received_at"
    found = duckdb.connect().execute(
        f"SELECT * REPLACE ({times}) FROM read_parquet(?)", [str(path)]
    )
    assert [entry[0] for entry in found.description or ()] == names
    [row] = found.fetchall()
    stored = warehouse.query(sql).rows[0]
    assert row == tuple(to_us(v) if isinstance(v, datetime) else v for v in stored)


def test_a_parquet_file_may_be_empty_and_a_wrong_statement_is_a_store_error(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    warehouse.save_parquet("SELECT ts FROM events", tmp_path / "empty.parquet")
    found = duckdb.connect().execute(f"SELECT * FROM '{tmp_path / 'empty.parquet'}'")
    assert found.fetchall() == []
    with pytest.raises(StoreError):
        warehouse.save_parquet("SELECT nothing_such FROM events", tmp_path / "wrong.parquet")
