"""The real process is killed while it delivers; deliveries are counted by their id."""

import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from footfall.clock import SystemClock
from footfall.delivery.delivery import Message
from footfall.delivery.outbox import LANE_LIMIT, Outbox
from footfall.store.relational import RelationalRecords
from tests.acceptance.process import Server

pytestmark = pytest.mark.acceptance

COUNT = 40


class Receiver(ThreadingHTTPServer):
    """Takes webhooks slowly, so that a kill comes in the middle; remembers what it answered."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: list[str] = []
        self.answered: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        delivery = self.headers["X-Footfall-Delivery"]
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.came.append(delivery)
        time.sleep(0.05)
        try:
            self.send_response(204)
            self.end_headers()
            self.wfile.flush()
        except OSError:
            return
        self.server.answered.append(delivery)

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path / "data", FOOTFALL_ALLOW_PRIVATE_WEBHOOKS="on")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.kill()


def put_deliveries(server: Server, project_id: str, url: str) -> list[str]:
    """Put deliveries into the outbox of a server that stands still."""
    records = RelationalRecords(f"sqlite:///{server.data_dir / 'records.sqlite'}")
    outbox = Outbox(records, SystemClock())
    with records.transaction() as t:
        (project,) = t.find("projects", {"id": project_id})
        made = Message(project["number"], "wh-1", "test", "webhook", url, '{"n":1}')
        ids = [outbox.put(t, made) for _ in range(COUNT)]
    records.close()
    return ids


def states(server: Server) -> dict[str, int]:
    with sqlite3.connect(server.data_dir / "records.sqlite") as connection:
        rows = connection.execute("SELECT state, count(*) FROM deliveries GROUP BY state")
        return dict(rows.fetchall())


def wait_for(is_so: Any, timeout_s: float = 30.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not is_so():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_killed_in_the_middle_everything_arrives_and_only_what_was_in_hand_twice(
    server: Server, receiver: Receiver
) -> None:
    server.start()
    project = server.add_project()
    assert server.stop() == 0
    made = put_deliveries(server, project.id, receiver.url)
    kills = 2
    for kill in range(1, kills + 1):
        server.start()
        wait_for(lambda: len(set(receiver.came)) >= kill * 8)  # noqa: B023
        server.kill()
    server.start()
    wait_for(lambda: states(server) == {"delivered": COUNT})
    counts = Counter(receiver.came)
    assert set(counts) == set(made)
    repeated = sum(count - 1 for count in counts.values())
    assert repeated <= kills * LANE_LIMIT
    assert server.stop() == 0
    assert receiver.url not in server.read_log()


def test_stop_in_the_middle_repeats_nothing(server: Server, receiver: Receiver) -> None:
    server.start()
    project = server.add_project()
    assert server.stop() == 0
    made = put_deliveries(server, project.id, receiver.url)
    server.start()
    wait_for(lambda: len(receiver.came) >= 6)
    assert server.stop() == 0
    server.start()
    wait_for(lambda: states(server) == {"delivered": COUNT})
    assert sorted(receiver.came) == sorted(made)
    assert server.stop() == 0


def test_metrics_count_deliveries_by_state(server: Server) -> None:
    server.start()
    project = server.add_project()
    assert server.stop() == 0
    put_deliveries(server, project.id, "http://127.0.0.1:1/nobody")
    server.start()
    _, _, text = server.request(
        "GET", "/metrics", headers={"Authorization": "Bearer admin-token-for-tests"}
    )
    assert f'footfall_deliveries{{state="waiting"}} {COUNT}' in text.decode()
    assert 'footfall_deliveries{state="dead"} 0' in text.decode()
    status, answer = server.admin("GET", f"/api/admin/projects/{project.id}/deliveries?limit=1")
    assert (status, answer["total"]) == (200, COUNT)
    assert server.stop() == 0
