"""The one source of time. Nothing else in the program reads the machine's clock,
so that a test can hold it still or move it."""

import time
from typing import Protocol

US_PER_SECOND = 1_000_000
US_PER_MINUTE = 60 * US_PER_SECOND
US_PER_HOUR = 60 * US_PER_MINUTE
US_PER_DAY = 24 * US_PER_HOUR


class Clock(Protocol):
    """Tells the time as microseconds since 1970-01-01 UTC."""

    def now_us(self) -> int:
        """Return the current time in microseconds since the epoch, UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_us(self) -> int:
        """Return the machine's time in microseconds since the epoch, UTC."""
        return time.time_ns() // 1_000


class FixedClock:
    """A clock that stands still until it is moved; for tests and for replayed input."""

    def __init__(self, now_us: int) -> None:
        self._now_us = now_us

    def now_us(self) -> int:
        """Return the time it was last set to, in microseconds since the epoch, UTC."""
        return self._now_us

    def set_us(self, now_us: int) -> None:
        """Move the clock to `now_us`."""
        self._now_us = now_us

    def advance_s(self, seconds: float) -> None:
        """Move the clock forward by `seconds`."""
        self._now_us += int(seconds * US_PER_SECOND)
