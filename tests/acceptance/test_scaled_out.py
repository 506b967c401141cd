"""The real program on the ClickHouse engine and PostgreSQL: the same promises as embedded."""

import time
from pathlib import Path

import psycopg
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


def test_what_one_node_revokes_and_erases_stops_on_the_other(
    tmp_path: Path, clickhouse_url: str, postgres_server: str
) -> None:
    with psycopg.connect(f"{postgres_server}/postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE two_nodes")
    stores = {
        "FOOTFALL_WAREHOUSE_URL": f"{clickhouse_url}/two_nodes",
        "FOOTFALL_RECORDS_URL": f"{postgres_server}/two_nodes",
    }
    first, second = (Server(tmp_path / name, **stores) for name in ("first", "second"))
    first.start()
    second.start()
    project = first.add_project()
    view = {"type": "pageview", "path": "/"}
    wait_for_status(second, project.ingest_key, view, 200)
    assert project.collect(view)[0] == 200
    keys = first.admin("GET", f"/api/admin/projects/{project.id}/keys")[1]["data"]
    key = next(k for k in keys if k["scopes"] == ["ingest"])
    assert first.admin("DELETE", f"/api/admin/keys/{key['id']}")[0] == 204
    assert project.collect(view)[0] == 401
    wait_for_status(second, project.ingest_key, view, 401)
    path = f"/api/admin/projects/{project.id}"
    assert first.admin("DELETE", f"{path}?confirm=Acceptance")[0] == 204
    assert second.admin("GET", path)[0] == 404
    assert first.stop() == second.stop() == 0


def wait_for_status(node: Server, key: str, payload: object, status: int) -> None:
    """Wait until a node answers an event so; it must within five seconds."""
    end = time.monotonic() + 5
    seen = 0
    while time.monotonic() < end:
        seen = node.request("POST", "/api/collect", payload, {"X-Pulse-Key": key})[0]
        if seen == status:
            return
        time.sleep(0.1)
    raise AssertionError(f"still {seen}")
