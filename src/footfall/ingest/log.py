"""The port to the durable log that the pipeline writes to; `ingest.spool` stands behind it."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol


class Stored(Awaitable[None], Protocol):
    """Tells when events are on disk; awaiting it raises UnavailableError when they will not be."""

    def add_done_callback(self, callback: Callable[[Any], object], /) -> None:
        """Call `callback` with this object when it is decided."""
        ...

    def done(self) -> bool:
        """Tell whether it is decided."""
        ...

    def exception(self) -> BaseException | None:
        """Return why the events are not on disk, None when they are; decided it must be."""
        ...


class EventLog(Protocol):
    """Takes encoded events and says when they are on disk."""

    def append(self, lines: bytes, count: int) -> Stored:
        """Queue `count` newline-terminated JSON events for the next group commit.

        The answer comes after `fdatasync`, and is an UnavailableError when that failed.
        Raises UnavailableError at once when the disk budget is used up or the log is closed.
        """
        ...
