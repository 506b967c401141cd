"""Taking an event of a backend exactly once by the key its sender gave, for a month. The intake
knows the ids of two days; what comes again later is looked up in the records and the warehouse."""

import asyncio
import threading
from typing import NamedTuple

from footfall.clock import US_PER_DAY, Clock
from footfall.errors import ConflictError
from footfall.ingest.event_id import derive_event_id
from footfall.ingest.outcome import Dropped, DropReason, Outcome
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal
from footfall.reports.barrier import Barrier
from footfall.store.records import AtMost, Records
from footfall.store.warehouse import Warehouse

KEPT_US = 35 * US_PER_DAY
"""How long a key is known, at the least: longer than any service that calls back goes on trying."""

SWEEP_EVERY = 1_000
"""New keys between two sweeps of old ones."""

_TABLE = "idempotency_keys"


class Taken(NamedTuple):
    """What became of a signal with a key."""

    outcome: Outcome
    event_id: int
    """That of the first one with this key."""


class OnceIntake:
    """Takes signals of backends: each key of a project once."""

    def __init__(
        self, intake: Intake, records: Records, warehouse: Warehouse, barrier: Barrier, clock: Clock
    ) -> None:
        self._intake = intake
        self._records = records
        self._warehouse = warehouse
        self._barrier = barrier
        self._clock = clock
        self._sweeping = threading.Lock()
        self._added = 0

    async def take(self, sender: Sender, signal: Signal) -> Taken:
        """Take a signal whose `client_id` is the sender's key; one that was stored before is a
        duplicate. Raises UnavailableError when nothing can be stored now."""
        event_id = derive_event_id(sender.project, sender.door, signal.client_id)
        # The key is written down before the event is stored. So a key that is new has no event,
        # and only a key that is not new makes us look for one: rare, and exact after a crash.
        if not await asyncio.to_thread(self._add, sender.project, event_id):
            await self._barrier.wait_loaded()
            if await asyncio.to_thread(self._has_event, sender.project, event_id):
                return Taken(Dropped(DropReason.DUPLICATE), event_id)
        (outcome,) = await self._intake.take(sender, (signal,))
        return Taken(outcome, event_id)

    def _add(self, project: int, event_id: int) -> bool:
        now = self._clock.now_us()
        record = {"project": project, "event_id": event_id, "seen_at_us": now}
        where = {"project": project, "event_id": event_id}
        with self._records.transaction() as t:
            if t.count(_TABLE, where):
                return False
            try:
                t.add(_TABLE, record)
            except ConflictError:  # a concurrent request was faster
                return False
            with self._sweeping:
                self._added += 1
                is_due = self._added % SWEEP_EVERY == 0
            if is_due:
                t.remove(_TABLE, {"seen_at_us": AtMost(now - KEPT_US)})
        return True

    def _has_event(self, project: int, event_id: int) -> bool:
        return bool(self._warehouse.find_event_ids(project, [event_id]))
