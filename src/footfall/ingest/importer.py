"""Sends records of an import through the pipeline, each exactly once however often they come.
The pipeline's memory of ids reaches back days; an import reaches back years, so the warehouse is
asked too. Visitors and sessions are the pipeline's business."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Protocol

import msgspec

from footfall.clock import Clock
from footfall.ingest.access_log_import import ImportRecord
from footfall.ingest.outcome import Accepted, DropReason
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal
from footfall.reports.barrier import Barrier

DOOR = "import"

SENDERS_AT_ONCE = 100
"""The pipeline holds the event loop while it works on a sender; after so many the loop gets a
turn, so that an import beside a running server does not delay the server's own visitors."""

DeriveEventId = Callable[[int, str, str], int]
"""(project, door, client id) → the event id that the pipeline gives it."""


class BatchOutcome(msgspec.Struct):
    """What became of the records of one batch."""

    events: int = 0
    known: int = 0
    """Records that were stored before."""
    dropped: dict[str, int] = {}
    """Other drops, by the word of their `DropReason`."""

    def add(self, other: "BatchOutcome") -> None:
        """Count another batch into this one."""
        self.events += other.events
        self.known += other.known
        for reason, count in other.dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + count


class StoredIds(Protocol):
    """The part of the warehouse that an import asks."""

    def find_event_ids(self, project: int, event_ids: Iterable[int]) -> set[int]:
        """Return those of the ids that are already stored in the project."""
        ...


class Importer:
    """The way in for history. Its clock is trusted: times are taken as they are."""

    def __init__(
        self,
        intake: Intake,
        warehouse: StoredIds,
        barrier: Barrier,
        clock: Clock,
        derive_event_id: DeriveEventId,
    ) -> None:
        self._intake = intake
        self._warehouse = warehouse
        self._barrier = barrier
        self._clock = clock
        self._derive_event_id = derive_event_id

    async def put(
        self, project: int, own_hosts: frozenset[str], records: Sequence[ImportRecord]
    ) -> BatchOutcome:
        """Store the records that are not stored yet. Records come oldest first.

        Raises UnavailableError when not all of them could be stored; sending the same batch again
        stores the rest.
        """
        outcome = BatchOutcome()
        fresh = await self._drop_known(project, records)
        outcome.known = len(records) - len(fresh)
        senders: dict[tuple[str, str], list[ImportRecord]] = {}
        for record in fresh:
            senders.setdefault((record.ip, record.user_agent), []).append(record)
        groups = iter(senders.items())
        while slice_ := list(islice(groups, SENDERS_AT_ONCE)):
            answers = await asyncio.gather(
                *(self._take(project, own_hosts, *sender, group) for sender, group in slice_),
                return_exceptions=True,
            )
            for answer in answers:
                if isinstance(answer, BaseException):
                    raise answer
                outcome.add(answer)
        return outcome

    async def _drop_known(
        self, project: int, records: Sequence[ImportRecord]
    ) -> list[ImportRecord]:
        """Return the records that the warehouse does not hold, nor an earlier one of the batch."""
        await self._barrier.wait_loaded()
        by_id = {self._derive_event_id(project, DOOR, r.client_id): r for r in reversed(records)}
        stored = await asyncio.to_thread(self._warehouse.find_event_ids, project, list(by_id))
        return [record for event_id, record in reversed(by_id.items()) if event_id not in stored]

    async def _take(
        self,
        project: int,
        own_hosts: frozenset[str],
        ip: str,
        user_agent: str,
        records: Iterable[ImportRecord],
    ) -> BatchOutcome:
        sender = Sender(
            project=project,
            door=DOOR,
            ip=ip,
            user_agent=user_agent,
            received_at_us=self._clock.now_us(),
            own_hosts=own_hosts,
            is_trusted_clock=True,
        )
        outcome = BatchOutcome()
        for answer in await self._intake.take(sender, [_make_signal(r) for r in records]):
            if isinstance(answer, Accepted):
                outcome.events += 1
            elif answer.reason is DropReason.DUPLICATE:
                outcome.known += 1
            else:
                outcome.add(BatchOutcome(dropped={answer.reason.value: 1}))
        return outcome


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
