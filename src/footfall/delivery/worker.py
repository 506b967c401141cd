"""The worker: claims due deliveries, tries several at a time, stores how they ended. A delivery is
tried at least once more after a crash; what was delivered and stored is not tried again."""

import asyncio
import logging
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress

from footfall.delivery.courier import Courier
from footfall.delivery.delivery import Attempt, Channel, Delivery
from footfall.delivery.outbox import Outbox
from footfall.errors import FootfallError

_log = logging.getLogger(__name__)

CONCURRENCY = 16
"""Attempts at the same time; they wait for networks, not for this machine."""

POLL_S = 2.0
"""How often the outbox is looked at. One indexed look-up, so that idling costs nothing."""

STOP_S = 8.0
"""How long a stop waits for attempts that run: longer than a call may take."""


class Worker:
    """Delivers what is in the outbox."""

    def __init__(self, outbox: Outbox, couriers: Mapping[Channel, Courier]) -> None:
        self._outbox = outbox
        self._couriers = couriers
        self._running: dict[asyncio.Task[None], Delivery] = {}
        self._wake = asyncio.Event()
        self._is_stopping = False

    def wake(self) -> None:
        """Look at the outbox soon. On the event loop only."""
        self._wake.set()

    async def run(self) -> None:
        """Deliver until asked to stop."""
        while not self._is_stopping:
            self._wake.clear()
            try:
                await self.start_due()
            except FootfallError as error:
                _log.warning("the outbox cannot be read: %s", type(error).__name__)
            except Exception:
                # A fault of ours must not end deliveries until the next restart.
                _log.exception("the outbox cannot be worked on")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), POLL_S)

    def ask_to_stop(self) -> None:
        """Begin nothing new; `run` ends soon. A claim that is under way is not torn apart."""
        self._is_stopping = True
        self._wake.set()

    async def start_due(self) -> int:
        """Begin attempts at what is due, as many as there are places; returns how many."""
        free = CONCURRENCY - len(self._running)
        if free <= 0:
            return 0
        busy = Counter(delivery.lane for delivery in self._running.values())
        claimed = await asyncio.to_thread(self._outbox.claim, free, busy)
        for delivery in claimed:
            task = asyncio.create_task(self._try(delivery))
            self._running[task] = delivery
            task.add_done_callback(self._end)
        return len(claimed)

    async def run_until_idle(self) -> None:
        """Deliver everything that is due now, and what becomes due meanwhile."""
        while await self.start_due() or self._running:
            if self._running:
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, timeout_s: float = STOP_S) -> None:
        """Wait for running attempts; what takes longer is given back untried."""
        if self._running:
            await asyncio.wait(self._running, timeout=timeout_s)
        left = dict(self._running)
        for task in left:
            task.cancel()
        if left:
            await asyncio.wait(left)
            await asyncio.to_thread(self._outbox.release, list(left.values()))

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._wake.set()

    async def _try(self, delivery: Delivery) -> None:
        try:
            attempt = await self._couriers[delivery.channel].deliver(delivery)
        except Exception as error:
            # A fault of ours must not end the worker; the delivery is tried again.
            _log.exception("delivery %s failed within Footfall", delivery.id)
            attempt = Attempt(f"Footfall failed: {type(error).__name__}")
        try:
            await asyncio.to_thread(self._outbox.save_attempt, delivery, attempt)
        except FootfallError as error:
            _log.warning("attempt at %s not stored: %s", delivery.id, type(error).__name__)
            return
        if not attempt.is_success:
            _log.info("delivery %s, attempt %d: not taken", delivery.id, delivery.attempts)
