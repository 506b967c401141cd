"""The two verbs that doors know: send signals in, and wait until they are safe."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from footfall.ingest.outcome import Outcome
from footfall.ingest.request import Sender, Signal


class Taking(Awaitable[list[Outcome]], Protocol):
    """What becomes of some signals: one outcome for each, in order, once their events are on disk.

    Awaiting it raises UnavailableError when nothing could be stored; then nothing was stored.
    """

    def add_done_callback(self, callback: Callable[[Any], object], /) -> None:
        """Call `callback` with this object when it is decided."""
        ...

    def result(self) -> list[Outcome]:
        """Return what awaiting it returns, or raise what it raises; decided it must be."""
        ...


class Intake(Protocol):
    """The way in. Doors know nothing else of ingest."""

    def take(self, sender: Sender, signals: Sequence[Signal]) -> Taking:
        """Run signals through the pipeline and into the log, also when nobody awaits the answer.

        Call it from a loop that runs.
        """
        ...
