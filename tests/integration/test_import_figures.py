"""The real log through the real parts: every figure must be the oracle's, also after a second run,
after a kill in the middle, and when the log comes in two pieces."""

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from footfall.model.time_range import TimeRange, to_us
from footfall.reports.query import Bots, Interval, Query, Result
from tests.integration.machine import Machine
from tests.oracle_access_log import Figures, Reading, read_log

_SHARED = Path(os.environ.get("FOOTFALL_SHARED", Path(__file__).parents[2].parent / "shared"))
LOG = _SHARED / "data" / "access.log"

pytestmark = pytest.mark.skipif(
    not LOG.exists(), reason="the real log is not here; FOOTFALL_SHARED names its folder"
)

PROJECT = 2
"""The first project after 'default'."""

RANGE = TimeRange(
    to_us(datetime(2015, 5, 17, tzinfo=UTC)), to_us(datetime(2015, 5, 21, tzinfo=UTC))
)
TOTALS = ("pageviews", "visitors", "sessions", "bounces", "session_duration")


@dataclass
class Answer:
    """The program's figures for one choice of bots."""

    totals: Result
    paths: Result
    days: Result
    entries: Result
    exits: Result


@pytest.fixture(scope="module")
def oracle() -> Reading:
    return read_log(LOG)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "data")


def import_log(machine: Machine, path: Path = LOG) -> dict[str, object]:
    code, out, err = machine.run(
        *("import", "access-log", str(path), "--project", "Real", "--json"),
        *("--site", "semicomplete.com"),
    )
    assert (code, err) == (0, "")
    report: dict[str, object] = json.loads(out)
    return report


def ask(machine: Machine, bots: Bots) -> Answer:
    def query(metrics: tuple[str, ...], dimension: str = "") -> Query:
        dimensions = (dimension,) if dimension else ()
        return Query(PROJECT, metrics, RANGE, dimensions, bots=bots, limit=10_000)

    by_day = Query(
        PROJECT, ("pageviews", "sessions", "visitors"), RANGE, interval=Interval.DAY, bots=bots
    )
    return Answer(
        *machine.ask(
            query(TOTALS),
            query(("pageviews",), "page"),
            by_day,
            query(("sessions",), "entry_page"),
            query(("sessions",), "exit_page"),
        )
    )


def counts(result: Result) -> dict[str, object]:
    return {row.dimensions[0]: row.metrics[0] for row in result.rows}


def check(answer: Answer, figures: Figures) -> None:
    pageviews, visitors, sessions, bounces, seconds = answer.totals.totals
    assert pageviews == figures.pageviews
    assert visitors == figures.visitors
    assert sessions == figures.sessions
    assert bounces == figures.bounces
    assert seconds == pytest.approx(figures.seconds / figures.sessions, abs=1e-3)
    assert counts(answer.paths) == dict(figures.paths)
    assert counts(answer.entries) == dict(figures.entry_pages)
    assert counts(answer.exits) == dict(figures.exit_pages)
    by_day = {row.bucket: row.metrics for row in answer.days.rows}
    assert by_day == {
        day: (figures.pageviews_by_day[day], figures.sessions_by_day[day], visitors)
        for day, visitors in figures.visitors_by_day.items()
    }


def check_all(machine: Machine, oracle: Reading) -> None:
    check(ask(machine, "include"), oracle.everyone)
    check(ask(machine, "exclude"), oracle.people)
    check(ask(machine, "only"), oracle.bots)


def test_the_figures_are_the_oracles_and_a_second_run_changes_none(
    machine: Machine, oracle: Reading
) -> None:
    report = import_log(machine)
    assert report["lines"] == oracle.lines
    assert report["requests"] == oracle.requests
    assert report["pageviews"] == report["events"] == oracle.everyone.pageviews
    assert report["damaged_lines"] == [
        [8899, "the user agent in quotes begins at column 111 and is not closed by a quote"]
    ]
    assert list(oracle.damaged) == [8899]
    check_all(machine, oracle)
    again = import_log(machine)
    assert (again["events"], again["already_there"]) == (0, oracle.everyone.pageviews)
    check_all(machine, oracle)


def test_an_import_that_was_killed_goes_on_to_the_same_figures(
    machine: Machine, oracle: Reading
) -> None:
    for calls in (90, 400, 250):
        machine.crash_after = calls
        assert machine.run("import", "access-log", str(LOG), "--project", "Real")[0] == -1
    machine.crash_after = None
    report = import_log(machine)
    assert 0 < int(str(report["events"])) < oracle.everyone.pageviews
    check_all(machine, oracle)


def test_a_log_in_two_pieces_gives_the_same_figures(
    machine: Machine, oracle: Reading, tmp_path: Path
) -> None:
    lines = LOG.read_bytes().splitlines(keepends=True)
    grown = tmp_path / "grown.log"
    grown.write_bytes(b"".join(lines[:4_321]))
    import_log(machine, grown)
    grown.write_bytes(b"".join(lines))
    import_log(machine, grown)
    check_all(machine, oracle)
