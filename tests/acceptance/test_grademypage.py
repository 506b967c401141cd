"""The program is killed while GradeMyPage's batches and a backend's events pour in, both repeated
at will. Each event is in the report once, and each key is answered with one id for good."""

import random
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.process import Project, Server
from tests.acceptance.test_kill import count_pages

pytestmark = pytest.mark.acceptance

KILLS = 8
BATCH = 5


class Sender(threading.Thread):
    """Sends one thing after another, each until it is acknowledged, some of them once more."""

    def __init__(self, send: Callable[[int], tuple[int, Any]], stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._send = send
        self._stop_event = stop
        self.answers: list[list[Any]] = []
        """For each thing the answers that acknowledged it."""
        self.refusals: list[object] = []

    def run(self) -> None:
        while not self._stop_event.is_set():
            number = len(self.answers)
            answers = [self._send_until_acknowledged(number)]
            if number % 3 == 0:
                answers.append(self._send_until_acknowledged(number))
            if None in answers:
                return
            self.answers.append(answers)

    def _send_until_acknowledged(self, number: int) -> Any:
        while True:
            try:
                status, answer = self._send(number)
            except Exception:  # away, or a reply torn by the kill
                status, answer = 0, None
            if status in (200, 201):
                return answer
            if status not in (0, 503):
                self.refusals.append((status, answer))
            if self._stop_event.is_set():
                return None
            time.sleep(0.02)


def make_tracker(project: Project) -> Callable[[int], tuple[int, Any]]:
    started_ms = int(time.time() * 1_000)

    def send(number: int) -> tuple[int, Any]:
        events = [
            {
                "eventType": "pageview",
                "pathname": f"/t/{number}/{n}",
                "fullUrl": f"https://site.test/t/{number}/{n}",
                "sessionId": "s",
                "visitorId": "v",
                "timestamp": started_ms + number,
            }
            for n in range(BATCH)
        ]
        status, _, answer = project.server.request(
            "POST", "/api/analytics/track", {"projectId": project.id, "events": events}
        )
        return status, answer

    return send


def make_backend(project: Project, secret: str) -> Callable[[int], tuple[int, Any]]:
    def send(number: int) -> tuple[int, Any]:
        status, _, answer = project.server.request(
            "POST",
            "/api/analytics/server-events",
            {
                "eventType": "conversion",
                "eventName": f"order-{number}",
                "idempotencyKey": f"key-{number}",
                "visitor": {"id": "v"},
            },
            {"Authorization": f"Bearer {secret}"},
        )
        return status, answer

    return send


def test_kills_neither_lose_nor_double_what_both_ways_in_acknowledged(tmp_path: Path) -> None:
    dice = random.Random(20261121)
    server = Server(tmp_path / "data")
    server.start()
    project = server.add_project()
    status, made = server.admin("POST", f"/api/admin/projects/{project.id}/secret-key/rotate")
    assert status == 201
    stop = threading.Event()
    tracker = Sender(make_tracker(project), stop)
    backend = Sender(make_backend(project, made["secret_key"]), stop)
    for sender in (tracker, backend):
        sender.start()
    try:
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.1, 0.7))
            server.kill()
            server.start()
        time.sleep(0.5)
    finally:
        stop.set()
        for sender in (tracker, backend):
            sender.join(timeout=30)
    assert tracker.refusals == backend.refusals == []
    assert min(len(tracker.answers), len(backend.answers)) > KILLS

    pages = count_pages(project)
    expected = {f"/t/{t}/{n}" for t in range(len(tracker.answers)) for n in range(BATCH)}
    assert expected - set(pages) == set()
    assert {page: count for page, count in pages.items() if count != 1} == {}
    for answers in tracker.answers:
        assert all(a["accepted"] + a["duplicates"] == BATCH for a in answers)
        assert [a["duplicates"] for a in answers[1:]] in ([], [BATCH])

    answer = project.query(
        metrics=["events"], dimensions=["event"], range="7d", limit=10_000, bots="include"
    )
    orders = {row["dimensions"]["event"]: row["metrics"]["events"] for row in answer["rows"]}
    assert {f"order-{n}" for n in range(len(backend.answers))} - set(orders) == set()
    assert {name: count for name, count in orders.items() if count != 1} == {}
    for answers in backend.answers:
        assert len({a["eventId"] for a in answers}) == 1
        assert [a["duplicate"] for a in answers[1:]] in ([], [True])
    again = make_backend(project, made["secret_key"])
    assert again(0) == (200, {**backend.answers[0][0], "duplicate": True})
    assert server.stop() == 0
