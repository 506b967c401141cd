"""The real commands and the real server: events exported beside a running server come back into
another one."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.process import Server

pytestmark = pytest.mark.acceptance

EVENTS = 120


def run(server: Server, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "footfall", *words],
        env=server.environment,
        cwd=server.data_dir.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("format_", ["ndjson", "csv", "parquet"])
def test_exports_beside_a_running_server(tmp_path: Path, format_: str) -> None:
    server = Server(tmp_path / "data")
    server.start()
    try:
        project = server.add_project()
        page = {"type": "pageview", "path": "/"}
        batch = {"events": [{**page, "id": f"{n}"} for n in range(60)]}
        for shift in range(2):
            batch["events"] = [{**page, "id": f"{shift}-{n}"} for n in range(60)]
            status, _, _ = server.request(
                "POST", "/api/batch", batch, {"X-Pulse-Key": project.ingest_key}
            )
            assert status == 200
        path = tmp_path / f"events.{format_}"
        run(
            *(server, "export", "events", "--project", project.id, "--format", format_),
            *("--output", str(path)),
        )
    finally:
        assert server.stop() == 0
    if format_ == "csv":
        assert path.read_bytes().count(b"\r\n") == EVENTS + 1
    elif format_ == "parquet":
        assert path.read_bytes()[:4] == path.read_bytes()[-4:] == b"PAR1"
    else:
        assert path.read_bytes().count(b"\n") == EVENTS
        import_twice(path, tmp_path)


def import_twice(path: Path, tmp_path: Path) -> None:
    """First beside a running server, then into its closed folder."""
    other = Server(tmp_path / "other")
    words = ("import", "events", str(path), "--project", "Copy", "--json")
    other.start()
    try:
        first = json.loads(run(other, *words))
    finally:
        assert other.stop() == 0
    second = json.loads(run(other, *words))
    assert (first["events"], first["already_there"]) == (EVENTS, 0)
    assert (second["events"], second["already_there"]) == (0, EVENTS)
