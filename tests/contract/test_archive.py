"""DuckDB's files of older events: nothing that is asked may show that they exist."""

import itertools
import random
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.model.event import EVENT_COLUMNS, Event
from footfall.store.duckdb import archive
from footfall.store.duckdb import warehouse as module
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import (
    EVENTS_BETWEEN,
    SESSIONS_BEGINNING,
    SESSIONS_TOUCHING,
    Scan,
    Warehouse,
)
from tests.conftest import MakeSegment
from tests.contract.oracle import find_sessions
from tests.contract.test_warehouse import FULL, SECOND, T0, count, event, read_sessions

DAY = 86_400


@pytest.fixture(autouse=True)
def _small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RECENT_EVENTS", 5)
    monkeypatch.setattr(module, "_ARCHIVED_EVENTS", 20)
    monkeypatch.setattr(archive, "_MIN_SESSIONS", 0)


@pytest.fixture
def warehouse(duckdb_warehouse: DuckdbWarehouse) -> Iterator[DuckdbWarehouse]:
    return duckdb_warehouse  # type: ignore[return-value]


def read_events(warehouse: Warehouse) -> list[tuple[object, ...]]:
    names = ", ".join(f'"{c.name}"' for c in EVENT_COLUMNS)
    return warehouse.query(f"SELECT {names} FROM events ORDER BY ALL").rows


def files(tmp_path: Path) -> list[str]:
    return sorted(p.name.split("-")[0] for p in (tmp_path / "events-archive").iterdir())


def archive_all(warehouse: DuckdbWarehouse) -> None:
    while warehouse.compact():
        pass


def history(days: int) -> list[Event]:
    return [
        event(
            day * DAY + n * 60,
            project=n % 2 + 1,
            session=day * 10 + n % 3 + 1,
            event_id=day * 100 + n + 1,
            received_at=T0 + (day * DAY + n * 61) * SECOND - 7,
            path=f"/{n}",
            engagement_ms=n % 3,
            value=n % 4 / 8,
            revenue_micros=n % 5 - 2,
        )
        for day in range(days)
        for n in range(10)
    ]


def test_answers_are_the_same_before_and_after(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = [*history(6), FULL]
    warehouse.load([make_segment("a", sent)])
    before = read_events(warehouse)
    archive_all(warehouse)
    assert files(tmp_path).count("events") == 2
    assert files(tmp_path).count("sessions") >= 1
    assert read_events(warehouse) == before
    assert read_sessions(warehouse) == find_sessions(sent)
    assert warehouse.find_event_ids(1, [1, 2, 3]) == {1, 3}
    assert warehouse.load_recent_client_ids(0) == [(FULL.event_id, FULL.received_at)]


def test_a_late_event_for_an_archived_session_is_counted_in_it(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = history(6)
    warehouse.load([make_segment("a", sent)])
    archive_all(warehouse)
    dice = random.Random(1)
    for n in range(12):
        late = event(
            dice.randrange(3 * DAY), session=dice.choice([1, 2, 11, 12]), event_id=9000 + n
        )
        sent.append(late)
        warehouse.load([make_segment(f"late-{n}", [late])])
        assert read_sessions(warehouse) == find_sessions(sent)
    sent += [event(10 * DAY + n, session=99, event_id=9900 + n) for n in range(30)]
    warehouse.load([make_segment("more", sent[-30:])])
    assert warehouse.compact()
    assert read_sessions(warehouse) == find_sessions(sent)


def test_a_random_history_stays_exact_while_it_is_archived(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment
) -> None:
    dice = random.Random(7)
    sent: list[Event] = []
    for load in range(25):
        batch = [
            event(
                load * DAY // 2 + dice.randrange(-3 * DAY, DAY),
                session=dice.randrange(-3, 4) + load // 3,
                event_id=dice.getrandbits(63) * dice.choice([1, -1]) or 1,
                kind=dice.choice(["pageview", "event", "engagement"]),
                path=f"/{dice.randrange(5)}",
            )
            for _ in range(dice.randrange(15))
        ]
        sent += batch
        warehouse.load([make_segment(str(load), batch)])
        warehouse.compact()
        assert count(warehouse) == len(sent)
        assert read_sessions(warehouse) == find_sessions(sent)


def test_an_erased_project_is_gone_from_every_file(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = history(6)
    warehouse.load([make_segment("a", sent)])
    archive_all(warehouse)
    warehouse.delete_project(1)
    rest = [e for e in sent if e.project != 1]
    assert count(warehouse) == len(rest)
    assert read_sessions(warehouse) == find_sessions(rest)
    for path in (tmp_path / "events-archive").iterdir():
        assert warehouse.query(f"SELECT min(project) FROM '{path}'").rows == [(2,)]


def test_erasing_a_visitor_writes_the_files_anew(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment
) -> None:
    sent = history(6)
    warehouse.load([make_segment("a", sent)])
    archive_all(warehouse)
    someone = sent[0]
    warehouse.delete_visitors(someone.project, [someone.visitor])
    rest = [e for e in sent if (e.project, e.visitor) != (someone.project, someone.visitor)]
    assert len(rest) < len(sent)
    assert count(warehouse) == len(rest)
    assert read_sessions(warehouse) == find_sessions(rest)


def test_files_of_a_crash_are_swept_and_the_rest_is_found_again(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = history(6)
    warehouse.load([make_segment("a", sent)])
    archive_all(warehouse)
    names = files(tmp_path)
    warehouse.close()
    (tmp_path / "events-archive" / "events-torn.parquet").write_bytes(b"PAR1")
    again = DuckdbWarehouse(tmp_path / "events.duckdb", temp_dir=tmp_path / "tmp")
    again.setup()
    assert files(tmp_path) == names
    assert count(again) == len(sent)
    assert read_sessions(again) == find_sessions(sent)
    again.close()


SCANS = (EVENTS_BETWEEN, SESSIONS_BEGINNING, SESSIONS_TOUCHING)


def read_scan(warehouse: Warehouse, scan: Scan, from_us: int, to_us: int) -> list[object]:
    sql = f"SELECT * FROM {scan.name}({from_us}, {to_us}) ORDER BY ALL"
    return [*warehouse.query(sql).rows]


def read_filtered(warehouse: Warehouse, scan: Scan, from_us: int, to_us: int) -> list[object]:
    sql = (
        f'SELECT * FROM {scan.table} WHERE "{scan.low}" >= make_timestamp({from_us})'
        f' AND "{scan.high}" < make_timestamp({to_us}) ORDER BY ALL'
    )
    return [*warehouse.query(sql).rows]


def test_a_scan_gives_the_rows_of_its_range_whatever_files_they_are_in(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = history(12)
    warehouse.load([make_segment("a", sent)])
    archive_all(warehouse)
    # A session that a late event has brought back into the table is in its file no more.
    late = event(DAY + 30, session=11, event_id=7001, project=2, path="/late")
    warehouse.load([make_segment("b", [late])])
    assert files(tmp_path).count("events") > 3
    assert files(tmp_path).count("sessions") > 3
    edges = {e.ts + by for e in (sent[0], sent[9], sent[30], sent[41], sent[-1]) for by in (0, 1)}
    for scan in SCANS:
        for from_us, to_us in itertools.combinations_with_replacement(sorted(edges), 2):
            found = read_scan(warehouse, scan, from_us, to_us)
            assert found == read_filtered(warehouse, scan, from_us, to_us)
    assert len(read_scan(warehouse, EVENTS_BETWEEN, 0, 2**62)) == len(sent) + 1


def test_a_scan_opens_the_files_of_its_range_only(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = history(12)
    warehouse.load([make_segment("a", sent)])
    archive_all(warehouse)
    archived = files(tmp_path).count("events")
    plan = warehouse.query(
        f"EXPLAIN SELECT count(*) FROM events_between({sent[15].ts}, {sent[55].ts})"
    ).rows[0][1]
    # Two days lie in a file: the range holds one whole and begins and ends within two others.
    assert re.findall(r"Scanning Files: (\d+)/(\d+)", plan) == [
        ("1", str(archived)),
        ("2", str(archived)),
    ]


def test_files_whose_names_tell_no_range_are_read(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = history(6)
    warehouse.load([make_segment("a", sent)])
    archive_all(warehouse)
    folder = tmp_path / "events-archive"
    for path in list(folder.iterdir()):
        view, number, *_ = path.name.split("-")
        path.rename(folder / f"{view}-{number}.parquet")
    warehouse._writer.execute(
        "UPDATE archives SET file = regexp_extract(file, '^[a-z]+-[0-9a-f]+') || '.parquet'"
    )
    warehouse.setup()
    for scan in SCANS:
        found = read_scan(warehouse, scan, sent[5].ts, sent[25].ts)
        assert found == read_filtered(warehouse, scan, sent[5].ts, sent[25].ts)
        assert found


def test_a_scan_misses_and_doubles_nothing_while_files_come_and_go(
    warehouse: DuckdbWarehouse, make_segment: MakeSegment
) -> None:
    sent = history(40)
    first = [e.ts for e in sent[:10]]
    found: list[tuple[int, int]] = []
    faults: list[Exception] = []
    is_over = threading.Event()

    def read() -> None:
        sql = (
            "SELECT (SELECT count(*) FROM events_between(0, 2000000000000000)),"
            f" (SELECT count(*) FROM events_between({first[0]}, {first[-1] + 1}))"
        )
        try:
            while not is_over.is_set():
                found.append(warehouse.query(sql).rows[0])  # type: ignore[arg-type]
        except Exception as fault:
            faults.append(fault)

    warehouse.load([make_segment("0", sent[:10])])
    reader = threading.Thread(target=read)
    reader.start()
    for day in range(1, 40):
        warehouse.load([make_segment(str(day), sent[day * 10 : day * 10 + 10])])
        warehouse.compact()
    is_over.set()
    reader.join()
    assert not faults
    counts = [whole for whole, _ in found]
    assert counts == sorted(counts)
    assert all(whole % 10 == 0 for whole in counts)
    assert {part for _, part in found} == {10}
    assert len(set(counts)) > 5
