"""Outcome counters by door, kind and word ('accepted' or a drop reason), for `/metrics`.
Plain numbers: whoever shows them renders them."""

from collections.abc import Mapping

from footfall.ingest.outcome import DropReason

ACCEPTED = "accepted"


class Counters:
    """Counts outcomes. Doors count what they drop themselves, the intake everything else."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, str], int] = {}

    def add(self, door: str, kind: str, reason: DropReason | None = None, count: int = 1) -> None:
        """Count outcomes of one door and kind; no reason means accepted."""
        key = (door, kind, ACCEPTED if reason is None else reason.value)
        self._counts[key] = self._counts.get(key, 0) + count

    @property
    def counts(self) -> Mapping[tuple[str, str, str], int]:
        """Outcomes so far, by (door, kind, 'accepted' or the reason's word)."""
        return self._counts
