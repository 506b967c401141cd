"""Sends records of an import through the pipeline, each exactly once however often they come.
The pipeline's memory of ids and sessions reaches back days, an import reaches back years: so the
warehouse is asked for both. Visitors and sessions themselves are the pipeline's business."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Protocol

from footfall.clock import Clock
from footfall.ingest.access_log_import import ImportRecord
from footfall.ingest.event_id import derive_event_id
from footfall.ingest.feed import BatchOutcome, group_by_sender, take_all
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal
from footfall.model.session import SESSION_TIMEOUT_US
from footfall.reports.barrier import Barrier

DOOR = "import"


class StoredIds(Protocol):
    """The part of the warehouse that knows ids."""

    def find_event_ids(self, project: int, event_ids: Iterable[int]) -> set[int]:
        """Return those of the ids that are already stored in the project."""
        ...


class Recall(Protocol):
    """Brings stored sessions back to the pipeline's mind."""

    async def recall(self, project: int, first_us: int, last_us: int) -> int:
        """Take in the sessions that events between the two instants may belong to."""
        ...


class Importer:
    """The way in for history. Its clock is trusted: times are taken as they are."""

    def __init__(
        self, intake: Intake, stored: StoredIds, barrier: Barrier, recall: Recall, clock: Clock
    ) -> None:
        self._intake = intake
        self._stored = stored
        self._barrier = barrier
        self._recall = recall
        self._clock = clock
        self._reached_us: dict[int, int] = {}
        """Time of the last record of each project: a batch that goes on there needs no recall."""

    async def put(
        self, project: int, own_hosts: frozenset[str], records: Sequence[ImportRecord]
    ) -> BatchOutcome:
        """Store the records that are not stored yet. Records come oldest first.

        Raises UnavailableError when not all of them could be stored; sending the same batch again
        stores the rest.
        """
        fresh = await self._find_fresh(project, records)
        known = len(records) - len(fresh)
        if not fresh:
            return BatchOutcome(known=known)
        first_us, last_us = fresh[0].ts_us, fresh[-1].ts_us
        reached_us = self._reached_us.pop(project, 0)
        if known or not reached_us <= first_us <= reached_us + SESSION_TIMEOUT_US:
            await self._recall.recall(project, first_us, last_us)
        pairs = [(self._make_sender(project, own_hosts, r), _make_signal(r)) for r in fresh]
        outcome = await take_all(self._intake, group_by_sender(pairs))
        outcome.known += known
        self._reached_us[project] = last_us
        return outcome

    async def _find_fresh(
        self, project: int, records: Sequence[ImportRecord]
    ) -> list[ImportRecord]:
        """Return the records that the warehouse does not hold, nor an earlier one of the batch."""
        await self._barrier.wait_loaded()
        by_id = {derive_event_id(project, DOOR, r.client_id): r for r in reversed(records)}
        stored = await asyncio.to_thread(self._stored.find_event_ids, project, list(by_id))
        return [record for event_id, record in reversed(by_id.items()) if event_id not in stored]

    def _make_sender(self, project: int, own_hosts: frozenset[str], record: ImportRecord) -> Sender:
        return Sender(
            project=project,
            door=DOOR,
            ip=record.ip,
            user_agent=record.user_agent,
            received_at_us=self._clock.now_us(),
            own_hosts=own_hosts,
            is_trusted_clock=True,
        )


def _make_signal(record: ImportRecord) -> Signal:
    return Signal(
        kind="pageview",
        url=record.url,
        site=record.site,
        referrer=record.referrer,
        ts_us=record.ts_us,
        client_id=record.client_id,
        is_interactive=True,
    )
