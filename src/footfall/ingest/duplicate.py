"""De-duplication by client-given ids, before the warehouse and in bounded memory. An id counts as
seen only once its event is on disk; until then a duplicate waits for the first one's fate."""

import asyncio
from array import array
from collections.abc import Iterable

from footfall.clock import US_PER_HOUR
from footfall.errors import UnavailableError

WINDOW_IDS = 1_000_000
WINDOW_US = 48 * US_PER_HOUR
"""An id is known for 48 hours unless a million newer ones came; then for that million."""

_FIRST_SLOTS = 1 << 14
_MOST_SLOTS = 1 << 20
"""A table of 2^20 slots is 8 MB and half full at 524,288 ids."""


class _Table:
    """An open-addressed set of negative 64-bit ids: 16 bytes an id where a set takes 100.
    The ids are hashes already, so their low bits are the slot; 0 marks a free one."""

    __slots__ = ("capacity", "count", "mask", "newest_us", "slots")

    def __init__(self, slots: int) -> None:
        self.slots = array("q", bytes(slots * 8))
        self.mask = slots - 1
        self.capacity = slots // 2
        self.count = 0
        self.newest_us = 0

    def has(self, event_id: int) -> bool:
        slots, mask = self.slots, self.mask
        at = event_id & mask
        found = slots[at]
        while found:
            if found == event_id:
                return True
            at = (at + 1) & mask
            found = slots[at]
        return False

    def add(self, event_id: int, received_at_us: int) -> None:
        slots, mask = self.slots, self.mask
        at = event_id & mask
        while slots[at]:
            at = (at + 1) & mask
        slots[at] = event_id
        self.count += 1
        self.newest_us = max(self.newest_us, received_at_us)


class Deduplicator:
    """Knows the client-given ids of the last 48 hours or the newest million."""

    def __init__(self, window_ids: int = WINDOW_IDS, window_us: int = WINDOW_US) -> None:
        self._window_ids = window_ids
        self._window_us = window_us
        self._newest = _Table(_FIRST_SLOTS)
        self._older: list[_Table] = []
        self.pending: dict[int, Claims] = {}

    def __len__(self) -> int:
        return self._newest.count + sum(t.count for t in self._older)

    def has(self, event_id: int) -> bool:
        """Tell whether an event with this id is stored."""
        if self._newest.has(event_id):
            return True
        for table in self._older:  # noqa: SIM110 - a generator costs more than the look-ups
            if table.has(event_id):
                return True
        return False

    def add(self, event_id: int, received_at_us: int) -> None:
        """Remember the id of a stored event."""
        if self._newest.count >= self._newest.capacity:
            self._turn(received_at_us)
        self._newest.add(event_id, received_at_us)

    def refill(self, ids: Iterable[tuple[int, int]]) -> int:
        """Take in (id, received at µs) of stored events, oldest first or not; returns how many.

        Feed it `Warehouse.load_recent_client_ids` at start, after the spool's remains are loaded.
        """
        count = 0
        for event_id, received_at_us in sorted(ids, key=lambda pair: pair[1]):
            self.add(event_id, received_at_us)
            count += 1
        return count

    def _turn(self, now_us: int) -> None:
        full = self._newest
        self._older.insert(0, full)
        newer = 0
        kept = []
        for table in self._older:
            if newer < self._window_ids and table.newest_us > now_us - self._window_us:
                kept.append(table)
            newer += table.count
        self._older = kept
        self._newest = _Table(min(len(full.slots) * 4, _MOST_SLOTS))


class Claims:
    """The ids that one request is about to store. Settle it exactly once."""

    __slots__ = ("_deduplicator", "_fate", "_ids", "_is_stored", "_waits_for")

    def __init__(self, deduplicator: Deduplicator) -> None:
        self._deduplicator = deduplicator
        self._ids: list[int] = []
        self._waits_for: list[Claims] | None = None
        self._fate: asyncio.Future[bool] | None = None
        self._is_stored: bool | None = None

    def claim(self, event_id: int) -> bool:
        """Claim an id; False when its event is stored, or about to be by this or another one."""
        pending = self._deduplicator.pending
        other = pending.get(event_id)
        if other is not None:
            if other is not self:
                if self._waits_for is None:
                    self._waits_for = []
                self._waits_for.append(other)
            return False
        if self._deduplicator.has(event_id):
            return False
        pending[event_id] = self
        self._ids.append(event_id)
        return True

    def unclaim(self, event_id: int) -> None:
        """Give back one id whose event turned out not to be storable."""
        self._ids.remove(event_id)
        del self._deduplicator.pending[event_id]

    async def wait_for_others(self) -> None:
        """Wait until the originals of this request's duplicates are on disk.

        Raises UnavailableError when one of them failed. Requests wait only for earlier ones, so
        none waits in a circle.
        """
        for other in self._waits_for or ():
            is_stored = other._is_stored
            if is_stored is None:
                is_stored = await asyncio.shield(other._get_fate())
            if not is_stored:
                raise UnavailableError("An earlier copy of this event could not be stored.")

    @property
    def is_waiting(self) -> bool:
        """True when `wait_for_others` has something to wait for."""
        return self._waits_for is not None

    def commit(self, received_at_us: int) -> None:
        """The events are on disk: their ids are seen from now on."""
        for event_id in self._ids:
            del self._deduplicator.pending[event_id]
            self._deduplicator.add(event_id, received_at_us)
        self._settle(is_stored=True)

    def release(self) -> None:
        """The events are not stored: their ids are free again, and a retry is welcome."""
        for event_id in self._ids:
            del self._deduplicator.pending[event_id]
        self._settle(is_stored=False)

    def _settle(self, *, is_stored: bool) -> None:
        self._ids = []
        self._is_stored = is_stored
        if self._fate is not None:
            self._fate.set_result(is_stored)

    def _get_fate(self) -> asyncio.Future[bool]:
        if self._fate is None:
            self._fate = asyncio.get_running_loop().create_future()
        return self._fate
