"""What only ClickHouse can get wrong: it has no transaction over a segment and its sessions."""

import pytest

from footfall.errors import ConfigError, StoreError
from footfall.store.clickhouse.warehouse import ClickhouseWarehouse
from tests.conftest import MakeSegment
from tests.contract.oracle import find_sessions
from tests.contract.test_warehouse import SECOND, T0, count, event, read_sessions

pytestmark = pytest.mark.clickhouse
DAY = 86_400


def test_a_node_that_died_after_its_insert_doubles_nothing(
    clickhouse_warehouse: ClickhouseWarehouse,
    make_segment: MakeSegment,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events = [event(n * DAY, session=n % 7 + 1) for n in range(90)]
    segment = make_segment("over-three-months", events)

    def die(_touched: object) -> None:
        raise StoreError

    with monkeypatch.context() as patch:
        patch.setattr(clickhouse_warehouse, "_derive_sessions", die)
        with pytest.raises(StoreError):
            clickhouse_warehouse.load([segment])
    assert (count(clickhouse_warehouse), count(clickhouse_warehouse, "sessions")) == (90, 0)
    clickhouse_warehouse.load([segment])
    assert count(clickhouse_warehouse) == 90
    assert read_sessions(clickhouse_warehouse) == find_sessions(events)


def test_equal_events_in_two_segments_are_two_events(
    clickhouse_warehouse: ClickhouseWarehouse, make_segment: MakeSegment
) -> None:
    clickhouse_warehouse.load([make_segment("a", [event(0)]), make_segment("b", [event(0)])])
    assert count(clickhouse_warehouse) == 2


def test_sessions_keep_one_row_when_merges_are_pending(
    clickhouse_warehouse: ClickhouseWarehouse, make_segment: MakeSegment
) -> None:
    clickhouse_warehouse.query("SELECT 1")
    clickhouse_warehouse._command("SYSTEM STOP MERGES session_rows")
    events = [event(n * 40 * DAY) for n in range(5)]
    for n, e in enumerate(reversed(events)):
        clickhouse_warehouse.load([make_segment(str(n), [e])])
    assert read_sessions(clickhouse_warehouse) == find_sessions(events)
    assert clickhouse_warehouse.load_open_sessions(T0 + 161 * DAY * SECOND).rows == []


@pytest.mark.parametrize("url", ["http://h/db", "clickhouse:///db", "clickhouse://h/a-b"])
def test_refuses_a_url_that_is_none_of_its_own(url: str) -> None:
    with pytest.raises(ConfigError, match="FOOTFALL_WAREHOUSE_URL"):
        ClickhouseWarehouse(url)


def test_a_server_that_does_not_answer_is_a_store_error() -> None:
    with pytest.raises(StoreError):
        ClickhouseWarehouse("clickhouse://127.0.0.1:1/footfall")
