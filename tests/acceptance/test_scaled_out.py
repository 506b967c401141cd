"""The real program on the ClickHouse engine and PostgreSQL: the same promises as embedded."""

from pathlib import Path

import pytest

from tests.acceptance.process import Server

pytestmark = [pytest.mark.acceptance, pytest.mark.clickhouse, pytest.mark.postgres]


def test_events_survive_a_kill_and_are_counted_once_on_clickhouse(
    tmp_path: Path, clickhouse_url: str, postgres_server: str
) -> None:
    server = Server(
        tmp_path / "data",
        FOOTFALL_WAREHOUSE_URL=f"{clickhouse_url}/acceptance_scaled_out",
        FOOTFALL_RECORDS_URL=f"{postgres_server}/postgres",
    )
    server.start()
    project = server.add_project()
    for n in range(30):
        payload = {"type": "pageview", "payload": {"path": f"/{n % 3}"}, "id": f"event-{n}"}
        assert project.collect(payload)[0] == 200
    server.kill()
    server.start()
    again = {"type": "pageview", "payload": {"path": "/0"}, "id": "event-0"}
    status, headers, _ = project.collect(again)
    assert (status, headers["footfall-dropped"]) == (200, "duplicate")
    answer = project.query(metrics=["pageviews", "visitors"], dimensions=["page"], range="7d")
    assert {r["dimensions"]["page"]: r["metrics"]["pageviews"] for r in answer["rows"]} == {
        "/0": 10,
        "/1": 10,
        "/2": 10,
    }
    totals = project.query(metrics=["visitors", "sessions", "pageviews"], range="7d")["totals"]
    assert totals == {"visitors": 1, "sessions": 1, "pageviews": 30}
    assert project.get("/api/v1/stats")[2]["current"]["pageviews"] == 30
    assert server.stop() == 0
    assert not list((tmp_path / "data").glob("*.duckdb"))
    assert not list((tmp_path / "data").glob("*.sqlite"))
