"""The program is killed again and again while events pour in. Whatever it acknowledged is in the
report exactly once; whatever it did not is sent again with the same id, and is there once too."""

import os
import random
import threading
import time
from pathlib import Path

import pytest

from tests.acceptance.process import Project, Server

pytestmark = pytest.mark.acceptance

KILLS = 20
SENDERS = 4
QUERY_LIMIT = 10_000


class Sender(threading.Thread):
    """Sends events one after another, and each of them until it is acknowledged."""

    def __init__(self, project: Project, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._project = project
        self._number = number
        self._stop_event = stop
        self.acknowledged: list[str] = []
        self.retries = 0
        self.refusals: list[object] = []

    def run(self) -> None:
        sent = 0
        while not self._stop_event.is_set():
            page = f"/s{self._number}/{sent}"
            if self._send_until_acknowledged(page, f"{self._number}-{sent}"):
                self.acknowledged.append(page)
                sent += 1
                time.sleep(0.004)

    def _send_until_acknowledged(self, page: str, event_id: str) -> bool:
        payload = {
            "type": "pageview",
            "payload": {"path": page},
            "id": event_id,
            "visitor_id": f"v{self._number}",
        }
        while True:
            try:
                status, _, answer = self._project.collect(payload)
            except OSError:
                status, answer = 0, None
            except Exception as error:  # a reply torn by the kill
                status, answer = 0, error
            if status == 200:
                return True
            if status not in (0, 503):
                self.refusals.append((status, answer))
            self.retries += 1
            if self._stop_event.is_set():
                return False
            time.sleep(0.02)


def count_pages(project: Project) -> dict[str, int]:
    counts: dict[str, int] = {}
    offset = 0
    while True:
        answer = project.query(
            metrics=["pageviews"],
            dimensions=["page"],
            range="7d",
            limit=QUERY_LIMIT,
            offset=offset,
            bots="include",
        )
        rows = answer["rows"]
        counts |= {row["dimensions"]["page"]: row["metrics"]["pageviews"] for row in rows}
        offset += QUERY_LIMIT
        if offset >= answer["total_rows"]:
            return counts


def test_every_acknowledged_event_is_in_the_report_once_after_20_kills(tmp_path: Path) -> None:
    seed = int(os.environ.get("FOOTFALL_TEST_SEED", "20261121"))
    dice = random.Random(seed)
    server = Server(tmp_path / "data")
    server.start()
    project = server.add_project()
    stop = threading.Event()
    senders = [Sender(project, n, stop) for n in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.9))
            server.kill()
            server.start()
        time.sleep(0.5)
    finally:
        stop.set()
        for sender in senders:
            sender.join(timeout=30)
    acknowledged = [page for sender in senders for page in sender.acknowledged]
    counts = count_pages(project)
    assert server.stop() == 0
    assert [s.refusals for s in senders if s.refusals] == []
    assert len(acknowledged) > KILLS
    missing = [page for page in acknowledged if page not in counts]
    doubled = {page: n for page, n in counts.items() if n != 1}
    assert missing == []
    assert doubled == {}


def test_a_stop_drains_and_the_next_start_has_it_all(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    project = server.add_project()
    for n in range(50):
        assert project.collect({"type": "pageview", "path": f"/{n}"})[0] == 200
    assert server.stop() == 0
    assert list((tmp_path / "data" / "spool").glob("*.ndjson")) == []
    server.start()
    assert len(count_pages(project)) == 50
    assert server.stop() == 0


def test_a_visit_goes_on_after_a_kill(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    project = server.add_project()
    assert project.collect({"type": "pageview", "path": "/before"})[0] == 200
    server.kill()
    server.start()
    assert project.collect({"type": "pageview", "path": "/after"})[0] == 200
    totals = project.query(metrics=["visitors", "sessions", "pageviews"], range="7d")["totals"]
    assert totals == {"visitors": 1, "sessions": 1, "pageviews": 2}
    assert server.stop() == 0


def test_a_torn_line_is_cut_off_and_the_events_beside_it_stay(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start(program=("tests.acceptance.faulty", "hold"))
    project = server.add_project()
    for n in range(3):
        assert project.collect({"type": "pageview", "path": f"/{n}"})[0] == 200
    server.kill()
    segments = sorted((tmp_path / "data" / "spool").glob("*.ndjson"))
    assert segments
    with segments[-1].open("ab") as segment:
        segment.write(b'{"project":1,"ts":17')
    server.start()
    assert project.collect({"type": "pageview", "path": "/next"})[0] == 200
    assert count_pages(project) == {"/0": 1, "/1": 1, "/2": 1, "/next": 1}
    assert server.stop() == 0


def test_a_kill_between_load_and_delete_doubles_nothing(tmp_path: Path) -> None:
    server = Server(tmp_path / "data")
    server.start()
    project = server.add_project()
    assert server.stop() == 0
    server.start(program=("tests.acceptance.faulty", "die"))
    assert project.collect({"type": "pageview", "path": "/once"})[0] == 200
    assert server.process is not None
    server.process.wait(timeout=30)
    assert sorted((tmp_path / "data" / "spool").glob("*.ndjson")) != []
    server.start()
    assert count_pages(project) == {"/once": 1}
    assert server.stop() == 0
