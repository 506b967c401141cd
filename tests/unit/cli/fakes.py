"""Fakes of what stands behind the command line: a desk of projects, a pipeline that remembers,
a warehouse that knows what the pipeline took."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import msgspec

from footfall.api.control import LocalControl
from footfall.api.event_file import EventFiles
from footfall.cli.command import run_command
from footfall.clock import FixedClock
from footfall.config import Config
from footfall.errors import NotFoundError, UnavailableError
from footfall.ingest.duplicate import Deduplicator
from footfall.ingest.event_id import derive_event_id
from footfall.ingest.event_import import EventImporter
from footfall.ingest.importer import Importer
from footfall.ingest.outcome import Accepted, Dropped, DropReason, Outcome
from footfall.ingest.port import Taking
from footfall.ingest.request import Sender, Signal
from footfall.leads.erasure import LeadErasure
from footfall.model.event import Event
from footfall.projects.module import ModuleChange
from footfall.projects.project import Key, Project
from footfall.projects.secret import GENERATED, Secrets
from footfall.store.folder import DataFolder
from tests.dialects.pulse.fake_reports import FakeReports
from tests.unit.projects.fake_records import FakeRecords


class FakeDesk:
    def __init__(self) -> None:
        self.projects: list[Project] = []
        self.modules: dict[str, list[str]] = {}
        self.keys: dict[str, tuple[Key, bool]] = {}

    def list_projects(self) -> list[Project]:
        return self.projects

    def find(self, reference: str) -> Project:
        for project in self.projects:
            if reference in {project.name, project.id, project.slug}:
                return project
        raise NotFoundError("Project", reference)

    def create(self, name: str, domain: str = "", *, time_zone: str = "UTC") -> Project:
        number = len(self.projects) + 1
        project = Project(number, f"id-{number}", name, name.lower(), domain, time_zone, 0, 0)
        self.projects.append(project)
        return project

    def save_modules(self, project: Project, changes: list[tuple[str, ModuleChange]]) -> Project:
        self.modules[project.name] = [name for name, change in changes if change.is_enabled]
        return project

    def list_keys(self, project: Project) -> list[Key]:
        return [key for key, is_open in self.keys.values() if is_open]

    def create_key(
        self, project: Project, name: str, *, scopes: Sequence[str] | None = None
    ) -> tuple[Key, str]:
        fields: dict[str, Any] = {"number": len(self.keys) + 1} if _has_number() else {}
        key = Key(
            **fields,
            id=f"key-{len(self.keys) + 1}",
            project=project.number,
            name=name,
            prefix="pa_live_abcd...",
            scopes=tuple(scopes or ()),  # type: ignore[arg-type]
            allowed_modules=None,
            expires_at_us=None,
            created_at_us=0,
        )
        self.keys[key.id] = (key, True)
        return key, "pa_live_abcdefgh"

    def revoke_key(self, key_id: str) -> None:
        if key_id not in self.keys:
            raise NotFoundError("Key", key_id)
        self.keys[key_id] = (self.keys[key_id][0], False)


def _has_number() -> bool:
    return "number" in Key.__dataclass_fields__


class FakeStore:
    """The pipeline, the barrier and the warehouse in one: everything taken is stored at once."""

    def __init__(self) -> None:
        self.taken: list[tuple[Sender, Signal]] = []
        self.ids: set[int] = set()
        self.is_strict = True
        """An import asks for known ids first and sends none twice."""
        self.refusals = 0
        """How many calls are still to be refused."""
        self.recalled: list[tuple[int, int, int]] = []
        self.limit: int | None = None
        """Calls after which the process 'dies'."""

    def take(self, sender: Sender, signals: Sequence[Signal]) -> Taking:
        return asyncio.ensure_future(self._take(sender, signals))

    async def _take(self, sender: Sender, signals: Sequence[Signal]) -> list[Outcome]:
        if self.refusals:
            self.refusals -= 1
            raise UnavailableError("The disk is full.", retry_after_s=0)
        if self.limit is not None:
            if self.limit == 0:
                raise KeyboardInterrupt
            self.limit -= 1
        answers: list[Outcome] = []
        for signal in signals:
            event_id = derive_event_id(sender.project, sender.door, signal.client_id)
            if event_id in self.ids:
                assert not self.is_strict, "sent what is stored"
                answers.append(Dropped(DropReason.DUPLICATE))
                continue
            self.taken.append((sender, signal))
            self.ids.add(event_id)
            answers.append(Accepted(event_id))
        return answers

    async def wait_loaded(self, timeout_s: float = 30.0) -> None:
        """Everything taken is loaded."""

    async def recall(self, project: int, first_us: int, last_us: int) -> int:
        self.recalled.append((project, first_us, last_us))
        return 0

    def append(self, lines: bytes, count: int) -> asyncio.Future[None]:
        self.ids |= {e.event_id for e in msgspec.json.Decoder(Event).decode_lines(lines)}
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        written.set_result(None)
        return written

    def find_event_ids(self, project: int, event_ids: Iterable[int]) -> set[int]:
        return self.ids & set(event_ids)


@dataclass
class FakeOpened:
    control: LocalControl
    intake: FakeStore
    records: FakeRecords
    projects: FakeDesk
    secrets: Secrets


class World:
    """One data folder with everything behind it, and a way to run commands in it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.desk = FakeDesk()
        self.records = FakeRecords()
        self.store = FakeStore()
        self.admin_token = "set-by-the-operator"
        self.served: list[Config] = []
        importer = Importer(self.store, self.store, self.store, self.store, FixedClock(0))
        clock = FixedClock(0)
        event_importer = EventImporter(self.store, self.store, self.store, Deduplicator(), clock)
        files = EventFiles(FakeReports(), data_dir / "tmp")
        self.control = LocalControl(
            self.desk,
            importer,
            event_importer,
            files,
            persons=create_autospec(LeadErasure, instance=True),
        )

    @asynccontextmanager
    async def open_footfall(self, config: Config) -> AsyncIterator[FakeOpened]:
        given = dict.fromkeys(GENERATED, "set") | {"PULSE_ADMIN_TOKEN": self.admin_token}
        secrets = Secrets(DataFolder(self.data_dir), given)
        yield FakeOpened(self.control, self.store, self.records, self.desk, secrets)

    def serve(self, config: Config) -> int:
        self.served.append(config)
        return 0

    def run(self, *arguments: str, **environ: str) -> tuple[int, str, str]:
        self.data_dir.mkdir(exist_ok=True)
        out, err = io.StringIO(), io.StringIO()
        code = run_command(
            arguments,
            environ={"FOOTFALL_DATA_DIR": str(self.data_dir), **environ},
            out=out,
            err=err,
            open_footfall=self.open_footfall,
            serve=self.serve,
        )
        return code, out.getvalue(), err.getvalue()
