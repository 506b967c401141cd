"""Footfall's real parts put together in this process, on real files: what a command opens."""

import asyncio
import io
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import create_autospec

from footfall.api.control import LocalControl
from footfall.api.event_file import EventFiles
from footfall.bots.scorer import BotScorer
from footfall.cli.command import run_command
from footfall.clock import US_PER_HOUR, SystemClock
from footfall.config import Config, parse_config
from footfall.identity.salt import Salts
from footfall.identity.salt_file import SaltFile
from footfall.identity.session import SessionBook
from footfall.identity.snapshot import refill_sessions, restore_sessions, save_sessions
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.counter import Counters
from footfall.ingest.duplicate import Deduplicator
from footfall.ingest.event_id import EventIds
from footfall.ingest.event_import import EventImporter
from footfall.ingest.importer import Importer
from footfall.ingest.intake import IngestIntake
from footfall.ingest.loader import Loader
from footfall.ingest.pipeline import Pipeline, Services, default_steps
from footfall.ingest.place import Places
from footfall.ingest.port import Taking
from footfall.ingest.recall import SessionRecall
from footfall.ingest.request import Sender, Signal
from footfall.ingest.source import Sources
from footfall.ingest.spool import Spool
from footfall.ingest.steps.visitor import VisitorFinder
from footfall.leads.erasure import LeadErasure
from footfall.projects.register import Projects
from footfall.projects.secret import GENERATED, Secrets
from footfall.reports.query import Query, Result
from footfall.reports.run import ReportRunner
from footfall.store.duckdb.warehouse import DuckdbWarehouse
from footfall.store.folder import DataFolder
from footfall.store.relational.records import RelationalRecords


class Crash(BaseException):
    """The process is killed: nothing is saved any more."""


@dataclass
class Opened:
    control: LocalControl
    intake: IngestIntake
    reports: ReportRunner
    secrets: Secrets


class _Fragile:
    """The real intake, which 'kills the process' after so many calls."""

    def __init__(self, intake: IngestIntake, calls: int | None) -> None:
        self._intake = intake
        self._calls = calls

    def take(self, sender: Sender, signals: Sequence[Signal]) -> Taking:
        if self._calls is not None:
            self._calls -= 1
            if self._calls < 0:
                raise Crash
        return self._intake.take(sender, signals)


class Machine:
    """One data folder. Each command opens it, works and closes it."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.environ = {"FOOTFALL_DATA_DIR": str(data_dir)}
        self.crash_after: int | None = None
        """Calls of the pipeline after which the process is 'killed'."""
        self.served: list[Config] = []

    @asynccontextmanager
    async def open_footfall(self, config: Config) -> AsyncIterator[Opened]:
        folder, clock = self.data_dir, SystemClock()
        warehouse = DuckdbWarehouse(folder / "events.duckdb", temp_dir=folder / "tmp")
        warehouse.setup()
        records = RelationalRecords(f"sqlite:///{folder / 'records.sqlite'}")
        records.setup()
        projects = Projects(records, clock)
        projects.setup()
        spool = Spool(folder / "spool", limit_bytes=1 << 30)
        loader = Loader(spool, warehouse)
        loader.start()
        await loader.wait_loaded()
        sessions, deduplicator = SessionBook(), Deduplicator()
        since_us = clock.now_us() - 48 * US_PER_HOUR
        if not restore_sessions(sessions.live, folder / "sessions"):
            refill_sessions(sessions.live, warehouse.load_open_sessions(since_us))
        deduplicator.refill(warehouse.load_recent_client_ids(since_us))
        salts = Salts(SaltFile(folder / "salts"), clock)
        hasher = VisitorHasher(salts)
        visitors = VisitorFinder(hasher)
        salts.on_change(visitors.forget)
        places = Places()
        services = Services(
            sessions=sessions,
            hasher=hasher,
            visitors=visitors,
            sources=Sources(),
            places=places,
            scorer=BotScorer(),
            ids=EventIds(),
            find_exclusions=lambda _: None,
        )
        pipeline = Pipeline(default_steps(services))
        intake = IngestIntake(pipeline, spool, deduplicator, Counters())
        importer = Importer(
            _Fragile(intake, self.crash_after),
            warehouse,
            loader,
            SessionRecall(sessions.history, warehouse),
            clock,
        )
        reports = ReportRunner(warehouse, loader, clock)
        event_importer = EventImporter(spool, warehouse, loader, deduplicator, clock)
        event_files = EventFiles(reports, folder / "tmp")
        is_killed = False
        try:
            yield Opened(
                LocalControl(
                    projects,
                    importer,
                    event_importer,
                    event_files,
                    persons=create_autospec(LeadErasure, instance=True),
                ),
                intake,
                reports,
                Secrets(DataFolder(folder), dict.fromkeys(GENERATED, "set")),
            )
        except Crash:
            is_killed = True
            raise
        finally:
            spool.close()
            loader.drain()
            if not is_killed:
                save_sessions(sessions.live, folder / "sessions")
            warehouse.close()
            records.close()
            places.close()

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Run a command in this folder."""
        self.data_dir.mkdir(exist_ok=True)
        out, err = io.StringIO(), io.StringIO()
        code = -1
        with suppress(Crash):
            code = run_command(
                arguments,
                environ=self.environ,
                out=out,
                err=err,
                open_footfall=self.open_footfall,
                serve=self._serve,
            )
        return code, out.getvalue(), err.getvalue()

    def _serve(self, config: Config) -> int:
        self.served.append(config)
        return 0

    def ask(self, *queries: Query) -> list[Result]:
        """Run reports."""

        async def ask_all() -> list[Result]:
            async with self.open_footfall(parse_config(self.environ)) as opened:
                return [await opened.reports.run(query) for query in queries]

        return asyncio.run(ask_all())
