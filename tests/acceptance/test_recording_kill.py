"""A piece of a recording that was acknowledged survives a kill, once, and stays erased when its
person was erased by the command line."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.process import Server

pytestmark = pytest.mark.acceptance

KEY = "analytics-key-of-the-tests"


def read(server: Server, path: str) -> Any:
    status, _, answer = server.request("GET", f"/replay{path}", headers={"X-API-Key": KEY})
    assert status == 200, answer
    return answer


def test_pieces_survive_a_kill_and_a_retry_adds_none(tmp_path: Path) -> None:
    server = Server(tmp_path / "data", ANALYTICS_API_KEY=KEY, PULSEGATE_RECORDING="on")
    server.start()
    visit = {"fingerprint_id": "f-1", "page": "https://shop.example/"}
    _, _, begun = server.request("POST", "/track/session/start", visit)
    now_ms = int(time.time() * 1_000)
    bodies = [
        {
            "session_id": begun["session_id"],
            "seq": seq,
            "events": [
                {"type": 3, "timestamp": now_ms + seq, "data": {"source": 3, "id": 1, "y": seq}}
            ],
        }
        for seq in range(10)
    ]
    for body in bodies:
        status, _, answer = server.request("POST", "/track/recording", body)
        assert (status, answer["accepted"]) == (200, 1)
    server.kill()
    server.start()
    for body in bodies[5:]:
        assert server.request("POST", "/track/recording", body)[0] == 200
    path = f"/sessions/{begun['session_id']}"
    shown = read(server, path)
    assert [chunk["seq"] for chunk in shown["chunks"]] == list(range(10))
    assert shown["session"]["recorded_events"] == 10
    scrolls = [read(server, f"{path}/chunks/{seq}")[0]["data"]["y"] for seq in range(10)]
    assert scrolls == list(range(10))

    command = [sys.executable, "-m", "footfall", "erase", "--yes", "--visitor", begun["visitor_id"]]
    done = subprocess.run(
        command, env=server.environment, capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert "1 recordings, events of 1 visitors." in done.stdout
    assert read(server, "/sessions?recorded=true")["total"] == 0
    assert not list((server.data_dir / "objects").rglob("*.json.gz"))
    assert server.stop() == 0
