"""Everything about recordings, put together for `app`: where they are kept, how they are found,
and the task that forgets them. No rule lives here."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from footfall.clock import US_PER_DAY, US_PER_HOUR, Clock
from footfall.config import Config
from footfall.errors import FootfallError
from footfall.identity.visitor import VisitorHasher
from footfall.replay.recording import RecordingLimits
from footfall.replay.register import Recordings
from footfall.replay.visit import RecordedVisits
from footfall.reports.port import Reports
from footfall.store.lease import Lease
from footfall.store.objects import Objects
from footfall.store.records import Records

_log = logging.getLogger(__name__)

EVERY_S = 600.0
"""How often old recordings are looked for. The first time this long after the start, so that a
server that is only started for a moment reads no list of objects."""

LEASE_US = US_PER_HOUR
"""After a node died another one forgets recordings within so long."""

ORPHANS_EVERY_US = US_PER_DAY
"""Listing all objects of a bucket costs money."""

_BYTES_PER_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Replayroom:
    """What works with recordings."""

    recordings: Recordings
    visits: RecordedVisits
    clock: Clock
    lease: Lease


def make_replayroom(
    config: Config,
    clock: Clock,
    records: Records,
    objects: Objects,
    *,
    reports: Reports,
    hasher: VisitorHasher,
) -> Replayroom:
    """Make everything; nothing runs yet."""
    limits = RecordingLimits(
        keep_days=config.integer("FOOTFALL_RECORDING_DAYS"),
        day_bytes=config.integer("FOOTFALL_RECORDING_MB_PER_DAY") * _BYTES_PER_MB,
    )
    recordings = Recordings(records, objects, clock, limits)
    return Replayroom(
        recordings=recordings,
        visits=RecordedVisits(
            recordings,
            reports,
            clock,
            hash_visitor=hasher.hash_given_visitor,
            hash_session=hasher.hash_given_session,
        ),
        clock=clock,
        lease=Lease(records, clock, "recordings", term_us=LEASE_US),
    )


@asynccontextmanager
async def run_replayroom(room: Replayroom) -> AsyncIterator[None]:
    """Forget recordings while the block runs."""
    task = asyncio.create_task(_look_after(room))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        with suppress(FootfallError):
            await asyncio.to_thread(room.lease.drop)


async def _look_after(room: Replayroom) -> None:
    swept_us = 0
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            if await asyncio.to_thread(room.lease.take):
                swept_us = await asyncio.to_thread(tidy, room, swept_us)
        except FootfallError as error:
            _log.warning("recordings not tidied, trying again: %s", type(error).__name__)
        except Exception:
            _log.exception("recordings not tidied, trying again")


def tidy(room: Replayroom, swept_us: int) -> int:
    """Forget what is old, and once a day what belongs to nobody; returns when that was last done.

    Raises StoreError.
    """
    room.recordings.drop_old()
    now_us = room.clock.now_us()
    if now_us - swept_us < ORPHANS_EVERY_US:
        return swept_us
    room.recordings.drop_orphans()
    return now_us
