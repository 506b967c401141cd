"""Sessions survive a stop by their snapshot and a crash by the warehouse."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from footfall.identity.session import Attribution, SessionRegistry, Visit
from footfall.identity.snapshot import refill_sessions, restore_sessions, save_sessions
from footfall.model.session import SESSION_COLUMNS
from footfall.store.warehouse import Rows

MINUTE = 60 * 1_000_000
START = datetime(2026, 9, 24, 12, tzinfo=UTC)
NOON = 1_790_251_200_000_000


def make_registry() -> SessionRegistry:
    registry = SessionRegistry()
    first = registry.start(1, NOON)
    first.attribution = Attribution(source="Google", entry_page="/a")
    registry.start(1, NOON + 60 * MINUTE)
    registry.start_given(-9, NOON)
    return registry


def spans(registry: SessionRegistry) -> set[tuple[int, int, int, int]]:
    return {(k, v.session, v.start, v.end) for k, v in registry.visits()}


def test_a_stop_and_a_start_change_nothing(tmp_path: Path) -> None:
    before, after = make_registry(), SessionRegistry()
    assert save_sessions(before, tmp_path / "hot" / "sessions.bin") == 3
    assert restore_sessions(after, tmp_path / "hot" / "sessions.bin") == 3
    assert spans(after) == spans(before)
    visit = after.join(1, NOON)
    assert visit is not None
    assert visit.attribution == Attribution(source="Google", entry_page="/a")


def test_a_snapshot_is_used_once(tmp_path: Path) -> None:
    path = tmp_path / "sessions.bin"
    save_sessions(make_registry(), path)
    assert restore_sessions(SessionRegistry(), path) == 3
    assert restore_sessions(SessionRegistry(), path) == 0


def test_missing_damaged_and_foreign_snapshots_are_empty(tmp_path: Path) -> None:
    path = tmp_path / "sessions.bin"
    assert restore_sessions(SessionRegistry(), path) == 0
    save_sessions(make_registry(), path)
    path.write_bytes(path.read_bytes()[:-7])
    assert restore_sessions(SessionRegistry(), path) == 0
    path.write_bytes(b"\x82\xa7version\x02\xa6visits\x90")
    assert restore_sessions(SessionRegistry(), path) == 0


def make_rows(*changes: dict[str, object]) -> Rows:
    empty = {c.name: "" for c in SESSION_COLUMNS}
    rows = [tuple((empty | change).values()) for change in changes]
    return Rows(tuple(empty), rows)


def test_a_crash_does_not_split_a_visit() -> None:
    rows = make_rows(
        {
            "visitor": 1,
            "session": 77,
            "start": START,
            "end": START + timedelta(minutes=3),
            "source": "Bing",
            "entry_page": "/in",
        },
        {"visitor": 5, "session": -3, "start": START, "end": START},
    )
    registry = SessionRegistry()
    assert refill_sessions(registry, rows) == 2
    visit = registry.join(1, NOON + 33 * MINUTE)
    assert visit is not None
    assert visit.session == 77
    assert visit.attribution == Attribution(source="Bing", entry_page="/in")
    given = registry.join_given(-3, NOON)
    assert given is not None


def test_the_warehouse_widens_what_the_snapshot_knew() -> None:
    registry = SessionRegistry()
    known = Visit(77, NOON, NOON, None)
    known.attribution = Attribution(source="Kept")
    registry.put_known(1, known)
    refill_sessions(
        registry,
        make_rows(
            {"visitor": 1, "session": 77, "start": START, "end": START + timedelta(minutes=9)}
        ),
    )
    [(_, visit)] = registry.visits()
    assert (visit.start, visit.end) == (NOON, NOON + 9 * MINUTE)
    assert visit.attribution == Attribution(source="Kept")


def test_a_visitor_finds_a_session_it_named_after_a_stop(tmp_path: Path) -> None:
    before, after = SessionRegistry(), SessionRegistry()
    before.link(7, before.start_given(-9, NOON))
    save_sessions(before, tmp_path / "sessions.bin")
    restore_sessions(after, tmp_path / "sessions.bin")
    visit = after.join_linked(7, NOON + MINUTE)
    assert visit is not None
    assert visit.session == -9
    assert after.join(7, NOON) is None
    assert after.join_given(-9, NOON) is not None
