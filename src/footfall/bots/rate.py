"""How fast a visitor sends: events within the running minute, by visitor hash. A shared address
with one kind of browser can look like one fast visitor, so speed never decides alone."""

from footfall.bots.factor import Factor
from footfall.clock import US_PER_MINUTE

FAST_EVENTS = 120
"""Two events a second for a minute: more than clicks, scrolls and vitals of one person make."""

VERY_FAST_EVENTS = 600

_MOST_VISITORS = 100_000
"""Visitors counted within one minute; beyond it newcomers are not counted (10 MB)."""


class Rates:
    """Counts events by visitor and minute."""

    def __init__(self) -> None:
        self._minute = 0
        self._counts: dict[int, int] = {}

    def count(self, visitor: int, now_us: int) -> Factor | None:
        """Count one event; returns the factor once the visitor is too fast for a person."""
        counts = self._counts
        minute = now_us // US_PER_MINUTE
        if minute != self._minute:
            self._minute = minute
            counts.clear()
        count = counts.get(visitor, 0) + 1
        if count > 1 or len(counts) < _MOST_VISITORS:
            counts[visitor] = count
        if count <= FAST_EVENTS:
            return None
        return Factor.VERY_FAST if count > VERY_FAST_EVENTS else Factor.FAST
