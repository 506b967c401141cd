"""How many requests of one address are taken within a fixed window. Addresses are held as keyed
hashes for the length of the window, the key dies with the process."""

import secrets
from collections.abc import Hashable
from dataclasses import dataclass
from hashlib import blake2b

from footfall.clock import US_PER_SECOND, Clock

KEYS_LIMIT = 100_000
"""Keys counted within one window, about 20 MB; beyond it newcomers are not counted."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a window leaves to a sender after a request."""

    is_allowed: bool
    remaining: int
    """Requests left in the window."""
    reset_s: int
    """Epoch second at which the window ends."""
    wait_s: int
    """Seconds until then, at least 1."""


class FixedWindow:
    """Counts requests by address (and whatever else the caller tells apart) in fixed windows that
    begin at multiples of their length."""

    def __init__(self, clock: Clock, limit: int, window_s: float) -> None:
        """A limit of 0 refuses nothing."""
        self._clock = clock
        self._limit = limit
        self._window_us = int(window_s * US_PER_SECOND)
        self._key = secrets.token_bytes(16)
        self._window = -1
        self._counts: dict[tuple[bytes, Hashable], int] = {}

    def take(self, address: str, what: Hashable = "") -> Allowance:
        """Count one request, unless the window is full."""
        now_us = self._clock.now_us()
        now_s, window = now_us // US_PER_SECOND, now_us // self._window_us
        if window != self._window:
            self._window = window
            self._counts.clear()
        reset_s = -(-(window + 1) * self._window_us // US_PER_SECOND)
        key = (blake2b(address.encode(), key=self._key, digest_size=8).digest(), what)
        count = self._counts.get(key, 0)
        if self._limit and count >= self._limit:
            return Allowance(False, 0, reset_s, max(reset_s - now_s, 1))
        if count or len(self._counts) < KEYS_LIMIT:
            self._counts[key] = count + 1
        left = max(self._limit - count - 1, 0)
        return Allowance(True, left, reset_s, max(reset_s - now_s, 1))
