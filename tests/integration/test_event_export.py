"""Raw events out and in again, through the real command, the real route and the real stores: what
comes back gives the same figures, however often it comes."""

import asyncio
import csv
import gzip
import io
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import duckdb
import msgspec
import pytest

from footfall.api import event_file
from footfall.model.event import EVENT_COLUMNS, Event
from footfall.reports import event_export
from footfall.reports.catalogue import METRICS
from footfall.reports.query import Interval, Query
from tests.integration.machine import Machine
from tests.site import ADMIN_TOKEN, CHROME, IPHONE, NOON, Site, open_site
from tests.unit.http.asgi_call import Answered

EVERYTHING = "/api/export/events?project=shop"
DAY = "start=2026-03-01&end=2026-03-01"
BOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
METRIC_NAMES = tuple(metric.name for metric in METRICS)


async def tell_the_story(site: Site) -> int:
    """Two visitors and a bot, every kind of column filled; returns how many events."""
    bodies: list[tuple[float, str, str, dict[str, Any]]] = [
        (0, "198.51.100.1", CHROME, {"type": "pageview", "path": "/?utm_source=n", "title": 'ü,"'}),
        (9, "198.51.100.1", CHROME, {"type": "pageview", "path": "/b", "id": "known"}),
        (10, "198.51.100.1", CHROME, {"type": "event", "name": "=cmd()", "data": {"a": "b\nc"}}),
        (11, "198.51.100.1", CHROME, {"type": "web_vital", "name": "CLS", "value": 0.1}),
        (12, "198.51.100.2", IPHONE, {"type": "event", "name": "buy", "revenue_amount": 9.99}),
        (13, "198.51.100.2", IPHONE, {"type": "click_event", "path": "/", "x": 0.5, "y": 7}),
        (14, "198.51.100.3", BOT, {"type": "pageview", "path": "/bot"}),
    ]
    for after_s, ip, agent, body in bodies:
        await site.send(after_s, ip, agent, body)
    site.set_clock(100)
    return len(bodies)


async def download(site: Site, query: str, *, key: str | None = None) -> Answered:
    headers = [("Authorization", f"Bearer {key or site.key}")]
    return await site.call("GET", f"{EVERYTHING}&{query}", headers=headers)


def in_site(folder: Path, work: Callable[[Site], Coroutine[Any, Any, Any]], **options: Any) -> Any:
    async def run() -> Any:
        async with open_site(folder, modules=["webvitals", "heatmaps"], **options) as site:
            return await work(site)

    return asyncio.run(run())


# The route


async def export_all(site: Site) -> dict[str, bytes]:
    count = await tell_the_story(site)
    answers = {name: await download(site, f"format={name}") for name in event_file.FORMATS}
    assert {a.status for a in answers.values()} == {200}
    for name, answered in answers.items():
        disposition = f'attachment; filename="shop-events.{name}"'
        assert answered.headers["content-disposition"] == disposition
    assert answers["ndjson"].body.count(b"\n") == count
    return {name: answered.body for name, answered in answers.items()}


def test_all_formats_hold_the_same_events(tmp_path: Path) -> None:
    files = in_site(tmp_path / "site", export_all)
    events = msgspec.json.Decoder(Event).decode_lines(files["ndjson"])
    assert [e.ts for e in events] == sorted(e.ts for e in events)
    lines = list(csv.reader(io.StringIO(files["csv"].decode(), newline="")))
    names = [column.name for column in EVENT_COLUMNS]
    assert lines[0] == names
    (tmp_path / "events.parquet").write_bytes(files["parquet"])
    rows = duckdb.connect().execute(
        "SELECT * REPLACE (epoch_us(ts) AS ts, epoch_us(received_at) AS received_at)"
        f" FROM '{tmp_path / 'events.parquet'}' ORDER BY ts, event_id"
    )
    assert [entry[0] for entry in rows.description or ()] == names
    for event, fields, row in zip(events, lines[1:], rows.fetchall(), strict=True):
        plain = {name: getattr(event, name) for name in names}
        plain["props"] = bytes(event.props).decode()
        assert row == tuple(plain.values())
        of_csv = dict(zip(names, fields, strict=True))
        assert of_csv["event_id"] == str(event.event_id)
        assert of_csv["ts"].startswith("2026-03-01T12:00:")
        assert of_csv["ts"].endswith("Z")
        expected = "'=cmd()" if event.name == "=cmd()" else event.name
        assert (of_csv["name"], of_csv["title"]) == (expected, event.title)
    assert any(event.bot_score >= 50 for event in events)
    assert not list((tmp_path / "site" / "tmp").glob("*"))


async def export_in_small_pieces(site: Site) -> None:
    count = await tell_the_story(site)
    whole = (await download(site, "format=ndjson")).body
    assert whole.count(b"\n") == count
    monkeypatch = pytest.MonkeyPatch()
    for size in (1, 2, 3, count):
        with monkeypatch.context() as patch:
            patch.setattr(event_export, "EVENTS_AT_ONCE", size)
            assert (await download(site, "format=ndjson")).body == whole


def test_pieces_of_any_size_make_the_same_file(tmp_path: Path) -> None:
    in_site(tmp_path, export_in_small_pieces)


async def export_days(site: Site) -> None:
    await tell_the_story(site)
    await site.send(86_400, "198.51.100.1", CHROME, {"type": "pageview", "path": "/next-day"})
    assert (await download(site, DAY)).body.count(b"\n") == 7
    assert (await download(site, "start=2026-03-02")).body.count(b"\n") == 1
    assert (await download(site, "end=2026-02-28")).body == b""
    assert (await download(site, "end=2026-02-28&format=csv")).body.count(b"\n") == 1


def test_days_are_days_of_the_project(tmp_path: Path) -> None:
    in_site(tmp_path, export_days)


async def ask_wrongly(site: Site) -> None:
    for query, field in (("format=xls", "format"), ("start=soon", "start"), ("end=1969", "end")):
        answered = await download(site, query)
        error = msgspec.json.decode(answered.body)["error"]
        assert (answered.status, error["field"]) == (400, field)
    headers = [("Authorization", f"Bearer {ADMIN_TOKEN}")]
    for path, status in (
        ("/api/export/events", 400),
        ("/api/export/events?project=none", 404),
        (EVERYTHING, 200),
    ):
        assert (await site.call("GET", path, headers=headers)).status == status
    assert (await download(site, DAY, key="pa_live_unknown")).status == 401
    assert (await site.call("GET", EVERYTHING)).status == 401
    projects = site.footfall.projects
    other = await asyncio.to_thread(projects.create, "Other", "other.example")
    _, of_other = await asyncio.to_thread(projects.create_key, other, "k", scopes=["query"])
    _, ingest = await asyncio.to_thread(projects.create_key, site.project, "i", scopes=["ingest"])
    assert (await download(site, DAY, key=of_other)).status == 403
    assert (await download(site, DAY, key=ingest)).status == 403


def test_what_is_wrong_is_named_and_strangers_get_nothing(tmp_path: Path) -> None:
    in_site(tmp_path, ask_wrongly)


# The commands


@pytest.fixture
def exported(tmp_path: Path) -> Path:
    """A file of the story's events, made by the command on the closed data folder."""
    in_site(tmp_path / "from", tell_the_story)
    path = tmp_path / "events.ndjson"
    code, out, err = run_in(
        tmp_path / "from", "export", "events", "--project", "shop", "--output", str(path)
    )
    assert (code, err) == (0, "")
    assert "events.ndjson" in out
    assert not list(tmp_path.glob("*.part"))
    return path


def run_in(folder: Path, *arguments: str) -> tuple[int, str, str]:
    from footfall.cli.command import run_command

    out, err = io.StringIO(), io.StringIO()
    environ = {"FOOTFALL_DATA_DIR": str(folder), "PULSE_ADMIN_TOKEN": ADMIN_TOKEN}
    environ |= {"ANALYTICS_API_KEY": "a", "ECHELON_SECRET": "e"}
    code = run_command(arguments, environ=environ, out=out, err=err)
    # Secrets that a new folder makes are told beside the answer.
    return code, out.getvalue(), "" if code == 0 else err.getvalue()


def import_file(folder: Path, path: Path) -> dict[str, Any]:
    code, out, _ = run_in(folder, "import", "events", str(path), "--project", "Copy", "--json")
    report: dict[str, Any] = json.loads(out)
    return report | {"code": code}


def read_figures(folder: Path, slug: str) -> Any:
    async def ask(site: Site) -> Any:
        project = await asyncio.to_thread(site.footfall.projects.find, slug)
        day = event_file.parse_event_file(project, "csv", "2026-02-28", "2026-03-02").range
        found = []
        for dimension in ("page", "entry_page", "source", "device", "kind"):
            query = Query(project.number, METRIC_NAMES, day, (dimension,), bots="include")
            result = await site.footfall.reports.run(query)
            found.append((result.rows, result.totals))
        series = Query(project.number, ("visitors", "sessions"), day, interval=Interval.HOUR)
        return found, (await site.footfall.reports.run(series)).rows

    return in_site(folder, ask, at_us=NOON + 200_000_000)


def test_what_is_imported_gives_the_same_figures_and_counts_once(
    tmp_path: Path, exported: Path
) -> None:
    first = import_file(tmp_path / "to", exported)
    assert (first["events"], first["already_there"], first["damaged"]) == (7, 0, 0)
    second = import_file(tmp_path / "to", exported)
    assert (second["events"], second["already_there"]) == (0, 7)
    assert read_figures(tmp_path / "to", "copy") == read_figures(tmp_path / "from", "shop")


def test_the_copy_of_a_copy_is_the_same_file(tmp_path: Path, exported: Path) -> None:
    import_file(tmp_path / "to", exported)
    again = tmp_path / "again.ndjson"
    run_in(tmp_path / "to", "export", "events", "--project", "copy", "--output", str(again))
    numbers = [
        [e.project for e in msgspec.json.Decoder(Event).decode_lines(p.read_bytes())]
        for p in (exported, again)
    ]
    assert {len(n) for n in numbers} == {7}
    assert [line.split(b",", 1)[1] for line in again.read_bytes().splitlines()] == [
        line.split(b",", 1)[1] for line in exported.read_bytes().splitlines()
    ]


def test_a_compressed_file_with_repeats_and_damage(tmp_path: Path, exported: Path) -> None:
    lines = exported.read_bytes().splitlines()
    wrong = [
        b'{"kind":"pageview"}',
        b"no json",
        lines[0].replace(b'"pageview"', b'"page"'),
        lines[0][:-1] + b',"bot_score":256}',
        lines[0][:-1] + b',"props":[1]}',
    ]
    path = tmp_path / "damaged.ndjson.gz"
    path.write_bytes(gzip.compress(b"\n".join([*lines, *wrong, b"", lines[0]])))
    report = import_file(tmp_path / "to", path)
    assert (report["code"], report["events"], report["already_there"]) == (1, 7, 1)
    assert [number for number, _ in report["damaged_lines"]] == [8, 9, 10, 11, 12]
    reasons = [reason for _, reason in report["damaged_lines"]]
    assert "project" in reasons[0]
    assert reasons[2].startswith("kind is 'page'; accepted are activity, click")
    assert reasons[3] == "bot_score is 256; accepted are 0 to 255"
    assert reasons[4] == "props is no JSON object"


def test_a_sender_that_tries_again_after_an_import_counts_once(
    tmp_path: Path, exported: Path
) -> None:
    """The event with an id is imported into the project of the same number, then sent again."""
    assert b'"event_id":-' in exported.read_bytes()

    async def import_and_send(site: Site) -> None:
        events = msgspec.json.Decoder(Event).decode_lines(exported.read_bytes())
        site.set_clock(200)
        outcome = await site.footfall.control.put_events(site.project.number, events)
        assert (outcome.events, outcome.known) == (7, 0)
        body = {"type": "pageview", "path": "/b", "id": "known"}
        answered = await site.post("198.51.100.1", CHROME, body)
        assert answered.headers["footfall-dropped"] == "duplicate"

    in_site(tmp_path / "to", import_and_send)


def test_two_imports_at_once_store_each_event_once(tmp_path: Path, exported: Path) -> None:
    async def import_twice(site: Site) -> None:
        events = msgspec.json.Decoder(Event).decode_lines(exported.read_bytes())
        put = site.footfall.control.put_events
        outcomes = await asyncio.gather(*(put(site.project.number, events) for _ in range(3)))
        assert sorted(outcome.events for outcome in outcomes) == [0, 0, 7]

    in_site(tmp_path / "to", import_twice)


def test_an_unknown_project_leaves_no_file(tmp_path: Path) -> None:
    machine = Machine(tmp_path / "data")
    path = tmp_path / "none.csv"
    code, out, err = machine.run(
        *("export", "events", "--project", "none", "--output", str(path), "--format", "csv")
    )
    assert (code, out) == (1, "")
    assert err == "footfall: Project 'none' not found.\n"
    assert not list(tmp_path.glob("none*"))
