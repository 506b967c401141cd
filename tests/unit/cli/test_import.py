"""`footfall import access-log` over fakes: what it stores, says and leaves alone."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from footfall.cli import import_, patience
from tests.unit.cli.fakes import World

LINE = '203.0.113.{ip} - - [17/May/2015:10:{m:02}:00 +0000] "GET {path} HTTP/1.1" 200 5 "-" "A/1"\n'


def line(path: str = "/", *, ip: int = 9, m: int = 0) -> str:
    return LINE.format(path=path, ip=ip, m=m)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "data")


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


Run = Callable[..., dict[str, object]]


@pytest.fixture
def run(world: World, log: Path) -> Run:
    def run_import(*extra: str) -> dict[str, object]:
        arguments = ("import", "access-log", str(log), "--project", "Site", "--json", *extra)
        code, out, err = world.run(*arguments)
        assert (code, err) == (0, "")
        report: dict[str, object] = json.loads(out)
        return report

    return run_import


def test_stores_pageviews_and_reports(world: World, log: Path, run: Run) -> None:
    log.write_text(line("/a") + line("/b.css") + "broken\n" + line("/c?d=1", m=5))
    report = run("--site", "site.example")
    assert report == {
        "project": "Site",
        "lines": 4,
        "requests": 3,
        "pageviews": 2,
        "events": 2,
        "already_there": 0,
        "dropped": {},
        "damaged": 1,
        "damaged_lines": [[3, "column 1 is not an address"]],
    }
    sender, signal = world.store.taken[1]
    assert (sender.ip, sender.user_agent, sender.door) == ("203.0.113.9", "A/1", "import")
    assert sender.is_trusted_clock
    assert sender.own_hosts == {"site.example", "www.site.example"}
    assert (signal.url, signal.site) == ("http://site.example/c?d=1", "site.example")
    assert signal.ts_us == 1_431_857_100_000_000


def test_a_second_run_adds_nothing(log: Path, run: Run) -> None:
    log.write_text(line() * 3 + line(ip=8))
    assert run()["events"] == 4
    report = run()
    assert (report["events"], report["already_there"], report["pageviews"]) == (0, 4, 4)


def test_a_grown_log_adds_what_is_new(log: Path, run: Run) -> None:
    log.write_text(line() * 2)
    run()
    log.write_text(line() * 3 + line("/new", m=1))
    report = run()
    assert (report["events"], report["already_there"]) == (2, 2)


def test_goes_on_after_it_was_stopped_in_the_middle(world: World, log: Path, run: Run) -> None:
    log.write_text("".join(line(f"/{n}", ip=n % 200, m=n // 200) for n in range(1_000)))
    world.store.limit = 150
    code, _, err = world.run("import", "access-log", str(log), "--project", "Site")
    assert (code, err) == (130, "footfall: stopped\n")
    stored = len(world.store.taken)
    assert 0 < stored < 1_000
    world.store.limit = None
    report = run()
    assert (report["events"], report["already_there"]) == (1_000 - stored, stored)


def test_feeds_every_visitor_oldest_first(
    world: World, log: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_, "BATCH_PAGEVIEWS", 7)
    log.write_text("".join(line(f"/{n}", ip=n % 3, m=(n * 7) % 60) for n in range(60)))
    run()
    for ip in range(3):
        times = [
            signal.ts_us or 0
            for sender, signal in world.store.taken
            if sender.ip == f"203.0.113.{ip}"
        ]
        assert times == sorted(times)
        assert len(times) == 20


def test_makes_the_project_once_and_says_so(world: World, log: Path) -> None:
    log.write_text(line())
    arguments = ("import", "access-log", str(log), "--project", "site.example")
    assert "Project 'site.example' did not exist and was made." in world.run(*arguments)[1]
    assert "was made" not in world.run(*arguments)[1]
    assert [(p.name, p.domain) for p in world.desk.projects] == [("site.example", "site.example")]


def test_takes_the_projects_domain_as_site(world: World, log: Path, run: Run) -> None:
    world.desk.create("Site", "own.example")
    log.write_text(line("//a"))
    run()
    assert world.store.taken[0][1].url == "http://own.example//a"


def test_asks_for_an_id_when_a_name_is_not_enough(world: World, log: Path) -> None:
    world.desk.create("Site")
    world.desk.create("Site")
    log.write_text(line())
    arguments = ("import", "access-log", str(log), "--project")
    code, _, err = world.run(*arguments, "Site")
    assert (code, err) == (1, "footfall: There are 2 projects 'Site'; give an id: id-1, id-2.\n")
    assert world.run(*arguments, "id-2")[0] == 0


def test_waits_while_nothing_can_be_stored(world: World, log: Path, run: Run) -> None:
    log.write_text(line())
    world.store.refusals = 3
    assert run()["events"] == 1


def test_gives_up_with_a_sentence(world: World, log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "PATIENCE_S", 0)
    log.write_text(line())
    world.store.refusals = 1
    code, _, err = world.run("import", "access-log", str(log), "--project", "Site")
    assert code == 1
    assert err == (
        "footfall: The disk is full. Run the command again: it goes on where it stopped.\n"
    )


def test_prints_the_report_as_text(world: World, log: Path) -> None:
    log.write_text(line() + "x\n")
    code, out, _ = world.run("import", "access-log", str(log), "--project", "Site")
    assert code == 0
    figures = dict(row.rsplit(maxsplit=1) for row in out.splitlines()[1:7])
    assert figures == {
        "Lines read": "2",
        "Requests": "1",
        "Pageviews": "1",
        "Events added": "1",
        "Already there": "0",
        "Damaged lines": "1",
    }
    assert out.splitlines()[7] == "  line 2: column 1 is not an address"


def test_a_file_that_is_no_log_is_no_failure_but_gets_a_hint(world: World, log: Path) -> None:
    log.write_text("name,price\n")
    code, out, _ = world.run("import", "access-log", str(log), "--project", "Site")
    assert code == 0
    assert "Is this a combined or nginx JSON access log?" in out


def test_a_missing_file_is_one_sentence(world: World, tmp_path: Path) -> None:
    missing = tmp_path / "none.log"
    code, _, err = world.run("import", "access-log", str(missing), "--project", "Site")
    assert (code, err) == (1, f"footfall: Cannot read '{missing}': no such file or directory.\n")
    assert world.desk.projects == []
