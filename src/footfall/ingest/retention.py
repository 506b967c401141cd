"""How long events are kept, and the job that erases what is older. Once a UTC day, and at once when
a rule has become shorter, one node erases every event whose UTC day is more days ago than its rule
says, by its own time and not by when it was received. A session that loses its beginning goes on as
what is left of it. Leads, answers to surveys and measurements are no events and not touched."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b

import msgspec

from footfall.clock import US_PER_DAY, US_PER_MINUTE, Clock
from footfall.errors import FootfallError
from footfall.ingest.loader import Loader
from footfall.projects.directory import Directory
from footfall.store.lease import Lease
from footfall.store.records import AtMost, Records
from footfall.store.warehouse import Expiry, Warehouse

_log = logging.getLogger(__name__)

EVERY_S = 60.0
"""How often a node looks whether anything is due: a shorter rule acts within a minute or two."""

REST_S = 0.25
"""Between two pieces, so that loading and reports go on: a piece takes about a second."""

LEASE_US = 30 * US_PER_MINUTE
"""After a node died another one goes on within so long. A piece takes less by far."""

KEPT_RUNS = 400
"""Runs that are remembered: a year of them."""

_TABLE = "retention_runs"


@dataclass(frozen=True, slots=True)
class RetentionDefaults:
    """What holds for projects that say nothing themselves. Days; 0 keeps for ever."""

    days: int = 0
    door_days: Mapping[str, int] = field(default_factory=dict)
    """For what came in by these doors instead."""


@dataclass(frozen=True, slots=True)
class Kept:
    """For how long a project keeps events, in days; 0 for ever."""

    days: int
    door_days: Mapping[str, int]
    """Doors that differ."""
    is_own: bool
    """True when the project says so itself, False when the server's settings do."""


@dataclass(frozen=True, slots=True)
class RetentionRun:
    """One run of the job."""

    started_at_us: int
    ended_at_us: int | None
    """None: it is under way, or its node died; then it is done again."""
    rules: str
    """Stands for what it went by; it changes with every day and with every rule."""
    events: int
    sessions: int
    """Erased: events, and sessions of which nothing is left."""


class Retention:
    """Erases what is too old. Calls block, but for `run`."""

    def __init__(
        self,
        records: Records,
        clock: Clock,
        directory: Directory,
        warehouse: Warehouse,
        loader: Loader,
        defaults: RetentionDefaults,
    ) -> None:
        self._records = records
        self._clock = clock
        self._directory = directory
        self._warehouse = warehouse
        self._loader = loader
        self._defaults = defaults
        self._lease = Lease(records, clock, "retention", term_us=LEASE_US)
        self.events_erased = 0
        self.sessions_erased = 0
        """By this process since its start."""
        self.ended_at_us = 0
        """When this process last came to the end of a run; 0 not yet."""

    def find_kept(self, project: int) -> Kept:
        """Return for how long a project keeps events."""
        entry = self._directory.find_number(project)
        own = None if entry is None else entry.settings.retention_days
        if own is not None:
            return Kept(own, {}, is_own=True)
        return Kept(self._defaults.days, self._defaults.door_days, is_own=False)

    def plan(self) -> tuple[Expiry, ...]:
        """Return what is too old now: projects under one rule together, in a steady order."""
        today_us = self._clock.now_us() // US_PER_DAY * US_PER_DAY
        projects: dict[tuple[int, str], list[int]] = {}
        for entry in self._directory.entries():
            number = entry.project.number
            kept = self.find_kept(number)
            for door, days in (("", kept.days), *kept.door_days.items()):
                if days:
                    projects.setdefault((days, door), []).append(number)
        return tuple(
            Expiry(tuple(numbers), today_us - days * US_PER_DAY, door)
            for (days, door), numbers in sorted(projects.items())
        )

    def find_last(self) -> RetentionRun | None:
        """Return the latest run, finished or not."""
        with self._records.transaction() as t:
            found = t.find(_TABLE, {}, order="-number", limit=1)
        if not found:
            return None
        return RetentionRun(**{k: v for k, v in found[0].items() if k != "number"})

    def is_due(self) -> bool:
        """Tell whether the rules of now have not been carried out today."""
        plan = self.plan()
        if not plan:
            return False
        last = self.find_last()
        return last is None or last.ended_at_us is None or last.rules != _render_rules(plan)

    async def run(self) -> RetentionRun | None:
        """Erase everything that is too old; None when another node does, or nothing is due.

        Raises StoreError; what is left over then goes with the next run.
        """
        if not await asyncio.to_thread(self.is_due):
            return None
        if not await asyncio.to_thread(self._lease.take):
            return None
        plan = self.plan()
        rules, started_at_us = _render_rules(plan), self._clock.now_us()
        number = await asyncio.to_thread(self._start, started_at_us, rules)
        events = sessions = 0
        with suppress(FootfallError):
            # What waits may be old, too; but a loader in trouble keeps nothing from going.
            await self._loader.wait_loaded()
        while True:
            piece = await asyncio.to_thread(self._warehouse.delete_expired, plan)
            if piece is None:
                break
            events, sessions = events + piece.events, sessions + piece.sessions
            self.events_erased += piece.events
            self.sessions_erased += piece.sessions
            await asyncio.to_thread(self._save, number, events, sessions)
            if not await asyncio.to_thread(self._lease.take):
                return None
            await asyncio.sleep(REST_S)
        self.ended_at_us = ended_at_us = self._clock.now_us()
        await asyncio.to_thread(self._save, number, events, sessions, ended_at_us)
        if events:
            # A warning: what an operator reads by default, for data that does not come back.
            _log.warning("old events erased: %d events, %d sessions whole", events, sessions)
        return RetentionRun(started_at_us, ended_at_us, rules, events, sessions)

    def drop_lease(self) -> None:
        """Let another node go on at once."""
        self._lease.drop()

    def _start(self, started_at_us: int, rules: str) -> int:
        with self._records.transaction() as t:
            values = {"started_at_us": started_at_us, "ended_at_us": None, "rules": rules}
            number = t.add(_TABLE, {**values, "events": 0, "sessions": 0})
            t.remove(_TABLE, {"number": AtMost(number - KEPT_RUNS)})
        return number

    def _save(
        self, number: int, events: int, sessions: int, ended_at_us: int | None = None
    ) -> None:
        values = {"events": events, "sessions": sessions, "ended_at_us": ended_at_us}
        with self._records.transaction() as t:
            t.change(_TABLE, {"number": number}, values)


@asynccontextmanager
async def run_retention(retention: Retention) -> AsyncIterator[None]:
    """Erase what is too old, day by day, while the block runs."""
    task = asyncio.create_task(_keep_running(retention))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        with suppress(FootfallError):
            await asyncio.to_thread(retention.drop_lease)


async def _keep_running(retention: Retention) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await retention.run()
        except FootfallError as error:
            _log.warning("old events not erased, trying again: %s", type(error).__name__)
        except Exception:
            _log.exception("old events not erased, trying again")


def _render_rules(plan: tuple[Expiry, ...]) -> str:
    rules = msgspec.json.encode([[list(x.projects), x.before_us, x.door] for x in plan])
    return blake2b(rules, digest_size=16).hexdigest()
