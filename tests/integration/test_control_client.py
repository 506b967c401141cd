"""The command line beside a running server: a real uvicorn on the loopback, the real client, the
real files; only what stands behind the control door is a fake."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import uvicorn

from footfall.api.control import ExportOrder
from footfall.api.control_door import ControlDoor
from footfall.cli.control_file import (
    CONTROL_NAME,
    ControlFile,
    load_control,
    remove_control,
    save_control,
)
from footfall.errors import StoreError
from footfall.store.folder import DataFolder
from tests.unit.cli.fakes import World

LINE = '203.0.113.9 - - [17/May/2015:10:00:{:02} +0000] "GET /{} HTTP/1.1" 200 5 "-" "Agent/1"\n'


class Beside:
    """A server with its own world, and a second world that must stay untouched."""

    def __init__(self, data_dir: Path) -> None:
        self.server = World(data_dir)
        self.command = World(data_dir)


@pytest.fixture
def beside(tmp_path: Path) -> Iterator[Beside]:
    worlds = Beside(tmp_path)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    door = ControlDoor(worlds.server.control, "secret", os.getpid())
    server = uvicorn.Server(uvicorn.Config(door, lifespan="off", log_level="critical"))  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    save_control(DataFolder(tmp_path), ControlFile(url, "secret", os.getpid()))
    yield worlds
    server.should_exit = True
    thread.join()
    listener.close()


def test_an_import_goes_through_the_server(beside: Beside, tmp_path: Path) -> None:
    log = tmp_path / "a.log"
    log.write_text("".join(LINE.format(n % 60, n) for n in range(300)))
    arguments = ("import", "access-log", str(log), "--project", "Sité", "--json")
    for events, known in ((300, 0), (0, 300)):
        code, out, err = beside.command.run(*arguments)
        assert (code, err) == (0, "")
        report = json.loads(out)
        assert (report["events"], report["already_there"]) == (events, known)
    assert len(beside.server.store.taken) == 300
    assert [p.name for p in beside.server.desk.projects] == ["Sité"]
    assert beside.command.store.taken == []
    assert beside.command.desk.projects == []


def test_keys_are_made_by_the_server(beside: Beside) -> None:
    beside.command.run("projects", "create", "Shop & Co")
    assert "Shop & Co" in beside.command.run("projects", "list")[1]
    assert beside.command.run("keys", "create", "--project", "Shop & Co")[1].startswith("pa_live_")
    assert "key-1" in beside.command.run("keys", "list", "--project", "Shop & Co")[1]
    assert beside.command.run("keys", "revoke", "key-1")[0] == 0
    assert beside.command.run("keys", "revoke", "key-2") == (
        *(1, "", "footfall: Key 'key-2' not found.\n"),
    )


def test_a_stale_file_is_seen_through(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    folder, world = DataFolder(tmp_path), World(tmp_path)
    save_control(folder, ControlFile("http://127.0.0.1:9", "secret", ended.pid))
    assert load_control(tmp_path) is None
    assert world.run("projects", "create", "Own")[0] == 0
    # The process id was given to another process meanwhile: it does not answer there.
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        save_control(folder, ControlFile(f"http://127.0.0.1:{port}", "secret", os.getpid()))
        assert "Own" in world.run("projects", "list")[1]


def test_a_server_with_another_token_is_not_ours(beside: Beside, tmp_path: Path) -> None:
    control = load_control(tmp_path)
    assert control is not None
    save_control(DataFolder(tmp_path), ControlFile(control.url, "other", control.pid))
    beside.command.run("projects", "create", "Own")
    assert [p.name for p in beside.command.desk.projects] == ["Own"]
    assert beside.server.desk.projects == []


def test_the_file_is_private_and_goes_away(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    save_control(folder, ControlFile("http://127.0.0.1:1", "secret", os.getpid()))
    assert (tmp_path / CONTROL_NAME).stat().st_mode & 0o777 == 0o600
    remove_control(folder)
    assert load_control(tmp_path) is None
    (tmp_path / CONTROL_NAME).write_text("{broken")
    assert load_control(tmp_path) is None


def test_an_export_comes_from_the_server_and_a_torn_one_leaves_no_file(
    beside: Beside, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders: list[ExportOrder] = []

    async def export(order: ExportOrder) -> AsyncIterator[bytes]:
        orders.append(order)
        yield b"first\n" * 100_000
        if order.end:
            raise StoreError("The engine is gone.")
        yield b"last\n"

    monkeypatch.setattr(beside.server.control, "export_events", export)
    path = tmp_path / "events.csv"
    arguments = ("export", "events", "--project", "Sité", "--format", "csv", "--output", str(path))
    assert beside.command.run(*arguments, "--start", "2026-03-01")[0] == 0
    assert orders == [ExportOrder("Sité", "csv", "2026-03-01")]
    assert path.read_bytes() == b"first\n" * 100_000 + b"last\n"
    path.unlink()
    code, _, err = beside.command.run(*arguments, "--end", "2026-03-01")
    assert (code, "does not answer any more" in err) == (1, True)
    assert not list(tmp_path.glob("events.csv*"))
