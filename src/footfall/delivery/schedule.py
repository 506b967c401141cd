"""When a failed delivery is tried again: ten attempts over about a day, further and further apart,
so that a receiver which is down for an hour or a night misses nothing."""

import random
from collections.abc import Callable

from footfall.clock import US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND

WAITS_US: tuple[int, ...] = (
    30 * US_PER_SECOND,
    2 * US_PER_MINUTE,
    10 * US_PER_MINUTE,
    30 * US_PER_MINUTE,
    1 * US_PER_HOUR,
    2 * US_PER_HOUR,
    4 * US_PER_HOUR,
    8 * US_PER_HOUR,
    8 * US_PER_HOUR,
)
"""The wait after each failed attempt; 23 hours 42 minutes in all."""

MAX_ATTEMPTS = len(WAITS_US) + 1

JITTER = 0.2
"""Each wait is up to a fifth shorter or longer: receivers that come back are not met by all at
once."""


def find_wait_us(attempts: int, draw: Callable[[], float] = random.random) -> int | None:
    """Return how long to wait after so many failed attempts; None when that was the last one.

    `draw` gives a number from 0 to 1.
    """
    if attempts >= MAX_ATTEMPTS:
        return None
    return int(WAITS_US[attempts - 1] * (1 - JITTER + 2 * JITTER * draw()))
