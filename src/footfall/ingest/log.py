"""The port to the durable log that the pipeline writes to; `ingest.spool` stands behind it."""

import asyncio
from typing import Protocol


class EventLog(Protocol):
    """Takes encoded events and says when they are on disk."""

    def append(self, lines: bytes, count: int) -> asyncio.Future[None]:
        """Queue `count` newline-terminated JSON events for the next group commit.

        The future resolves after `fdatasync` and fails with UnavailableError when it failed.
        Raises UnavailableError at once when the disk budget is used up or the log is closed.
        """
        ...
