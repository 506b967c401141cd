"""How many requests a second are taken, exactly: in no second, wherever it begins, more than the
limit pass. Memory is bounded by the limit for each key and by the number of keys."""

from collections import deque
from collections.abc import Hashable

from footfall.clock import US_PER_SECOND, Clock
from footfall.errors import RateLimitedError

KEYS_LIMIT = 10_000
"""Keys remembered at once: keys are projects, of which an instance has far fewer."""


class RateLimiter:
    """Counts requests of each key over the last second."""

    def __init__(self, clock: Clock, per_second: int, *, keys_limit: int = KEYS_LIMIT) -> None:
        self._clock = clock
        self._per_second = per_second
        self._keys_limit = keys_limit
        self._taken: dict[Hashable, deque[int]] = {}

    def take(self, key: Hashable) -> None:
        """Count one request. Raises RateLimitedError when the second is full; a refused
        request is not counted. A limit of 0 refuses nothing."""
        limit = self._per_second
        if limit == 0:
            return
        now = self._clock.now_us()
        taken = self._taken.get(key)
        if taken is None:
            taken = self._add_key(key, now)
        # A clock set back makes the difference negative: let pass rather than refuse for hours.
        if len(taken) == limit and 0 <= now - taken[0] < US_PER_SECOND:
            raise RateLimitedError("Rate limit exceeded. Retry after 1 second.", retry_after_s=1)
        taken.append(now)

    def _add_key(self, key: Hashable, now: int) -> deque[int]:
        if len(self._taken) >= self._keys_limit:
            self._taken = {
                k: taken
                for k, taken in self._taken.items()
                if taken and now - taken[-1] < US_PER_SECOND
            }
        if len(self._taken) >= self._keys_limit:
            del self._taken[next(iter(self._taken))]
        return self._taken.setdefault(key, deque(maxlen=self._per_second))
