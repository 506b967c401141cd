"""Which properties an event carries. Names come from the senders and stand in no catalogue, so
they are looked up in the events themselves; values are asked for as the dimension `prop:<key>`."""

import asyncio
from collections.abc import Sequence

from footfall.clock import US_PER_DAY, Clock
from footfall.model.time_range import TimeRange
from footfall.reports.barrier import Barrier
from footfall.store.warehouse import Warehouse

LATELY_US = 90 * US_PER_DAY
"""Properties that nobody sent for a quarter are no longer of interest."""

LIMIT = 20
"""Names returned; an event with more has data in its names."""


class WarehouseProperties:
    """Finds names of properties."""

    def __init__(self, warehouse: Warehouse, barrier: Barrier, clock: Clock) -> None:
        self._warehouse = warehouse
        self._barrier = barrier
        self._clock = clock

    async def list_property_keys(self, project: int, event: str) -> Sequence[str]:
        """Return the names of properties that a custom event carried lately, most frequent first.

        Raises UnavailableError when what was acknowledged cannot be loaded in time.
        """
        await self._barrier.wait_loaded()
        return await asyncio.to_thread(self._load_keys, project, event)

    def _load_keys(self, project: int, event: str) -> list[str]:
        from footfall.reports.property_sql import make_keys_sql

        now_us = self._clock.now_us()
        span = TimeRange(now_us - LATELY_US, now_us + 1)
        sql = make_keys_sql(self._warehouse.engine, project, event, span, LIMIT)
        return [str(row[0]) for row in self._warehouse.query(sql).rows]
