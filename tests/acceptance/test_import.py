"""The real command and the real server on the real log: beside a running server, without one, and
killed again and again in between. Every figure must be the oracle's."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.process import ROOT, Project, Server
from tests.oracle_access_log import Figures, Reading, read_log

_SHARED = Path(os.environ.get("FOOTFALL_SHARED", ROOT.parent / "shared"))
LOG = _SHARED / "data" / "access.log"
NAME = "Real log"

pytestmark = [
    pytest.mark.acceptance,
    pytest.mark.skipif(
        not LOG.exists(), reason="the real log is not here; FOOTFALL_SHARED names its folder"
    ),
]


@pytest.fixture(scope="module")
def oracle() -> Reading:
    return read_log(LOG)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "data")


def start_import(server: Server, log: Path = LOG) -> "subprocess.Popen[str]":
    words = ("import", "access-log", str(log), "--project", NAME, "--site", "semicomplete.com")
    return subprocess.Popen(
        [sys.executable, "-m", "footfall", *words, "--json"],
        env=server.environment,
        cwd=server.data_dir.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def import_log(server: Server, log: Path = LOG) -> dict[str, Any]:
    process = start_import(server, log)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (0, "")
    report: dict[str, Any] = json.loads(out)
    return report


def open_project(server: Server) -> Project:
    """Return the imported project with a key to read it, made on the command line."""
    _, answer = server.admin("GET", "/api/admin/projects")
    number = next(p["id"] for p in answer["data"] if p["name"] == NAME)
    made = subprocess.run(
        [sys.executable, "-m", "footfall", "keys", "create", "--project", NAME, "--scope", "query"],
        env=server.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return Project(server, number, "", made.stdout.strip())


def check(project: Project, bots: str, figures: Figures) -> None:
    days_seen = sorted(figures.visitors_by_day)
    span = {"start": days_seen[0], "end": days_seen[-1]}

    def ask(metrics: list[str], **fields: object) -> dict[str, Any]:
        answer: dict[str, Any] = project.query(
            metrics=metrics, range=span, bots=bots, limit=10_000, **fields
        )
        return answer

    totals = ask(["pageviews", "visitors", "sessions", "bounces", "session_duration"])["totals"]
    assert {name: totals[name] for name in ("pageviews", "visitors", "sessions", "bounces")} == {
        "pageviews": figures.pageviews,
        "visitors": figures.visitors,
        "sessions": figures.sessions,
        "bounces": figures.bounces,
    }
    assert totals["session_duration"] == pytest.approx(figures.seconds / figures.sessions, abs=1e-3)
    paths = ask(["pageviews"], dimensions=["page"])["rows"]
    assert {r["dimensions"]["page"]: r["metrics"]["pageviews"] for r in paths} == figures.paths
    days = ask(["pageviews", "sessions", "visitors"], interval="day")["rows"]
    by_day = {row["bucket"]: tuple(row["metrics"].values()) for row in days}
    assert {day: values for day, values in by_day.items() if any(values)} == {
        day: (figures.pageviews_by_day[day], figures.sessions_by_day[day], visitors)
        for day, visitors in figures.visitors_by_day.items()
    }


def check_all(server: Server, oracle: Reading) -> None:
    project = open_project(server)
    check(project, "include", oracle.everyone)
    check(project, "exclude", oracle.people)
    check(project, "only", oracle.bots)


def test_import_beside_a_running_server(server: Server, oracle: Reading) -> None:
    server.start()
    try:
        report = import_log(server)
        assert (report["lines"], report["requests"]) == (oracle.lines, oracle.requests)
        assert report["pageviews"] == report["events"] == oracle.everyone.pageviews
        assert [number for number, _ in report["damaged_lines"]] == list(oracle.damaged)
        check_all(server, oracle)
        again = import_log(server)
        assert (again["events"], again["already_there"]) == (0, oracle.everyone.pageviews)
        check_all(server, oracle)
    finally:
        assert server.stop() == 0
    assert not (server.data_dir / "control.json").exists()
    assert import_log(server)["events"] == 0


def test_import_without_a_server_that_is_killed_again_and_again(
    server: Server, oracle: Reading
) -> None:
    rng = random.Random(11)
    for _ in range(5):
        process = start_import(server)
        try:
            process.communicate(timeout=rng.uniform(0.8, 3.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
    import_log(server)
    assert import_log(server)["already_there"] == oracle.everyone.pageviews
    server.start()
    try:
        check_all(server, oracle)
    finally:
        server.stop()


def test_import_goes_on_after_its_server_was_killed(server: Server, tmp_path: Path) -> None:
    log = tmp_path / "months.log"
    text = LOG.read_text()
    months = ("May", "Jun", "Jul", "Aug", "Sep", "Oct")
    log.write_text("".join(text.replace("/May/2015", f"/{month}/2015") for month in months))
    server.start()
    process = start_import(server, log)
    while (size := sum(p.stat().st_size for p in (server.data_dir / "spool").iterdir())) < 100_000:
        assert process.poll() is None, size
    server.kill()
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (1, "")
    assert "does not answer any more" in err
    server.start()
    try:
        report = import_log(server, log)
        assert report["already_there"] > 0
        assert report["events"] > 0
        check_all(server, read_log(log))
    finally:
        server.stop()
