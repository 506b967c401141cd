"""An intake that remembers what it took, and fails or drops when told to."""

import asyncio
from collections import Counter
from collections.abc import Sequence

from footfall.ingest.outcome import Accepted, Dropped, DropReason, Outcome
from footfall.ingest.port import Taking
from footfall.ingest.request import Sender, Signal


class FakeIntake:
    """Accepts everything."""

    def __init__(self) -> None:
        self.taken: list[tuple[Sender, Signal]] = []
        self.error: Exception | None = None
        self.drop: DropReason | None = None

    def take(self, sender: Sender, signals: Sequence[Signal]) -> Taking:
        return asyncio.ensure_future(self._take(sender, signals))

    async def _take(self, sender: Sender, signals: Sequence[Signal]) -> list[Outcome]:
        if self.error is not None:
            raise self.error
        self.taken += [(sender, signal) for signal in signals]
        if self.drop is not None:
            return [Dropped(self.drop) for _ in signals]
        return [Accepted(number) for number, _ in enumerate(signals)]

    @property
    def signal(self) -> Signal:
        """The only signal taken."""
        assert len(self.taken) == 1
        return self.taken[0][1]

    @property
    def sender(self) -> Sender:
        """The sender of the last signal."""
        return self.taken[-1][0]


class FakeCounter:
    """Counts what the door drops."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def add(self, door: str, kind: str, reason: DropReason | None = None, count: int = 1) -> None:
        self.counts[door, kind, reason.value if reason else "accepted"] += count
