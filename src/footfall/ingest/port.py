"""The two verbs that doors know: send signals in, and wait until they are safe."""

from collections.abc import Sequence
from typing import Protocol

from footfall.ingest.outcome import Outcome
from footfall.ingest.request import Sender, Signal


class Intake(Protocol):
    """The way in. Doors know nothing else of ingest."""

    async def take(self, sender: Sender, signals: Sequence[Signal]) -> list[Outcome]:
        """Run signals through the pipeline and return after their events are on disk.

        Returns one outcome for each signal, in order.
        Raises UnavailableError when nothing can be stored now; then nothing was stored.
        """
        ...
