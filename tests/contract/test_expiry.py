"""Erasing what is too old, on every engine: what is left answers as if nothing else had ever been
there, whatever stopped the work on its way."""

import random
import threading
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from footfall.errors import StoreError
from footfall.model.event import Event
from footfall.store.clickhouse.warehouse import ClickhouseWarehouse
from footfall.store.duckdb import archive
from footfall.store.duckdb import warehouse as module
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.warehouse import Expired, Expiry, Warehouse
from tests.conftest import MakeSegment
from tests.contract.oracle import find_sessions
from tests.contract.test_warehouse import SECOND, T0, event, read_sessions

DAY = 86_400
DAYS = 70
"""Long enough for three months' partitions of one engine and several files of the other."""


@pytest.fixture(autouse=True)
def _small_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_RECENT_EVENTS", 50)
    monkeypatch.setattr(module, "_ARCHIVED_EVENTS", 100)
    monkeypatch.setattr(archive, "_MIN_SESSIONS", 0)


def make_history(dice: random.Random) -> list[Event]:
    """Sessions of two projects and two doors, some over midnight, some over weeks."""
    sent = []
    for n in range(DAYS * 10):
        day, project = n // 10, dice.randrange(1, 3)
        session = dice.choice([0, day * 4 + dice.randrange(4) + 1, -(n % 3) - 1])
        at = int((day + dice.random()) * DAY)
        sent.append(
            event(
                at,
                project=project,
                session=session,
                event_id=n + 1,
                kind=dice.choice(["pageview", "event", "engagement"]),
                door=dice.choice(["pulse", "echelon"]),
                path=f"/{n % 7}",
                engagement_ms=n % 5,
                revenue_micros=n % 3 - 1,
            )
        )
    return sent


def fill(warehouse: Warehouse, make_segment: MakeSegment, sent: Sequence[Event]) -> None:
    for start in range(0, len(sent), 150):
        warehouse.load([make_segment(f"s{start}", sent[start : start + 150])])
        while warehouse.compact():
            pass


def cut(days: float) -> int:
    return T0 + int(days * DAY) * SECOND


def leave(sent: Iterable[Event], expiries: Sequence[Expiry]) -> list[Event]:
    """What must be left, worked out from the words of the rule alone."""
    return [
        e
        for e in sent
        if not any(
            e.project in x.projects and e.ts < x.before_us and x.door in ("", e.door)
            for x in expiries
        )
    ]


def expire(warehouse: Warehouse, expiries: Sequence[Expiry]) -> list[Expired]:
    pieces = []
    while (piece := warehouse.delete_expired(expiries)) is not None:
        pieces.append(piece)
        assert len(pieces) < 100
    return pieces


def check(warehouse: Warehouse, left: Sequence[Event]) -> None:
    ids = warehouse.query("SELECT event_id FROM events ORDER BY event_id").rows
    assert [row[0] for row in ids] == sorted(e.event_id for e in left)
    assert read_sessions(warehouse) == find_sessions(left)


@pytest.mark.parametrize(
    "expiries",
    [
        [Expiry((1, 2), cut(33.4))],
        [Expiry((1,), cut(50))],
        [Expiry((1, 2), cut(40), "echelon")],
        [Expiry((1,), cut(20)), Expiry((2,), cut(60.5), "echelon"), Expiry((), cut(70))],
        [Expiry((1, 2), cut(DAYS + 1))],
    ],
    ids=["all", "one project", "one door", "several rules", "everything"],
)
def test_what_is_left_answers_as_if_the_rest_had_never_been(
    warehouse: Warehouse, make_segment: MakeSegment, expiries: list[Expiry]
) -> None:
    sent = make_history(random.Random(11))
    fill(warehouse, make_segment, sent)
    left = leave(sent, expiries)
    pieces = expire(warehouse, expiries)
    check(warehouse, left)
    assert sum(p.events for p in pieces) == len(sent) - len(left)
    gone = find_sessions(sent).keys() - find_sessions(left).keys()
    if len(pieces) == 1 or expiries[0].before_us > cut(DAYS):
        assert sum(p.sessions for p in pieces) == len(gone)
    assert warehouse.delete_expired(expiries) is None


def test_sessions_go_on_after_they_lost_their_beginning(
    warehouse: Warehouse, make_segment: MakeSegment
) -> None:
    sent = make_history(random.Random(5))
    fill(warehouse, make_segment, sent)
    expiries = [Expiry((1, 2), cut(30))]
    left = leave(sent, expiries)
    expire(warehouse, expiries)
    dice = random.Random(6)
    for n in range(6):
        late = event(dice.randrange(30 * DAY, DAYS * DAY), session=-1, event_id=90_000 + n)
        left.append(late)
        warehouse.load([make_segment(f"late-{n}", [late])])
        check(warehouse, left)


def test_nothing_expires_without_a_rule(warehouse: Warehouse, make_segment: MakeSegment) -> None:
    warehouse.load([make_segment("a", [event(0)])])
    assert warehouse.delete_expired([]) is None
    assert warehouse.delete_expired([Expiry((), cut(9))]) is None
    assert warehouse.delete_expired([Expiry((2,), cut(9))]) is None
    assert warehouse.delete_expired([Expiry((1,), T0)]) is None, "the border itself is kept"
    assert warehouse.delete_expired([Expiry((1,), T0 + 1)]) == Expired(1, 1)


def test_files_of_nothing_else_are_dropped_and_the_space_is_free(
    duckdb_warehouse: DuckdbWarehouse, make_segment: MakeSegment, tmp_path: Path
) -> None:
    sent = make_history(random.Random(2))
    fill(duckdb_warehouse, make_segment, sent)
    folder = tmp_path / "events-archive"
    before = {p.name for p in folder.glob("events-*")}
    assert len(before) >= 4
    rewrite = archive.Archive.rewrite
    with patch.object(archive.Archive, "rewrite", autospec=True, side_effect=rewrite) as rewritten:
        expired = duckdb_warehouse.delete_expired([Expiry((1, 2), cut(15))])
    assert expired is not None
    assert all(call.args[2] is not archive.EVENTS for call in rewritten.call_args_list)
    assert len(before - {p.name for p in folder.glob("events-*")}) == 1


class _Killed(BaseException):
    """The process dies here."""


@pytest.mark.parametrize("step", range(9))
def test_a_kill_at_any_statement_is_made_good_by_the_next_run(
    warehouse: Warehouse, make_segment: MakeSegment, step: int
) -> None:
    sent = make_history(random.Random(step))[: DAYS * 5]
    fill(warehouse, make_segment, sent)
    expiries = [Expiry((1, 2), cut(12.5)), Expiry((1,), cut(20), "echelon")]
    left = leave(sent, expiries)
    with _dying_after(warehouse, step), suppress(_Killed):
        expire(warehouse, expiries)
    expire(warehouse, expiries)
    check(warehouse, left)


class _Dying:
    """A connection or a command that dies before the statement of this number that changes
    something."""

    def __init__(self, real: Any, statements: int) -> None:
        self._real = real
        self._left = statements

    def execute(self, sql: str, *values: Any) -> Any:
        if not sql.lstrip().startswith("SELECT"):
            self._count()
        return self._real.execute(sql, *values)

    def __call__(self, sql: str, **options: Any) -> None:
        self._count()
        self._real(sql, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise _Killed


def _dying_after(warehouse: Warehouse, statements: int) -> AbstractContextManager[object]:
    name = "_command" if isinstance(warehouse, ClickhouseWarehouse) else "_writer"
    return patch.object(warehouse, name, _Dying(getattr(warehouse, name), statements))


def test_reports_go_on_while_files_vanish(
    duckdb_warehouse: DuckdbWarehouse, make_segment: MakeSegment
) -> None:
    sent = make_history(random.Random(4))
    fill(duckdb_warehouse, make_segment, sent)
    failures: list[StoreError] = []
    is_done = threading.Event()

    def read() -> None:
        while not is_done.is_set():
            try:
                duckdb_warehouse.query("SELECT count(*), sum(length(path)) FROM events")
            except StoreError as error:
                failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    expire(duckdb_warehouse, [Expiry((1, 2), cut(60))])
    is_done.set()
    for reader in readers:
        reader.join()
    assert failures == []
