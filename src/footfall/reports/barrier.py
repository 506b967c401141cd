"""The port that lets a report see what was acknowledged before it; `ingest.loader` stands behind
it. `app` passes it in, so that reports import nothing of ingest."""

from typing import Protocol


class Barrier(Protocol):
    """Waits until acknowledged events are in the warehouse."""

    async def wait_loaded(self, timeout_s: float = 30.0) -> None:
        """Return when everything acknowledged before the call is in the warehouse.

        Raises UnavailableError after `timeout_s`.
        """
        ...
