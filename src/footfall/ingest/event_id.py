"""Ids of events. Positive: drawn here, increasing within a process. Negative: derived from an id
the sender gave, the same for every retry. Nothing personal goes into one."""

import secrets
from functools import lru_cache
from hashlib import blake2b

_COUNTER_BITS = 30
_RANDOM_BITS = 33
_SIGN = -(1 << 63)


class EventIds:
    """Draws event ids: 33 random bits from the start of the process, then a counter."""

    def __init__(self) -> None:
        self._base = secrets.randbits(_RANDOM_BITS) << _COUNTER_BITS
        self._counter = 0

    def draw(self) -> int:
        """Return the next id, positive and larger than the ones before it.

        After 2^30 ids the random bits are drawn anew.
        """
        self._counter += 1
        if self._counter >> _COUNTER_BITS:
            self._base = secrets.randbits(_RANDOM_BITS) << _COUNTER_BITS
            self._counter = 1
        return self._base | self._counter


def derive_event_id(project: int, door: str, client_id: str) -> int:
    """Return the id of an event whose sender gave it a client id: negative, always the same.

    blake2b, 8 bytes, over (project, door, client id), the sign bit set.
    """
    hasher = _start_hash(project, door).copy()
    hasher.update(client_id.encode("utf-8", "surrogatepass"))
    return int.from_bytes(hasher.digest(), "big", signed=True) | _SIGN


@lru_cache(maxsize=1024)
def _start_hash(project: int, door: str) -> blake2b:
    return blake2b(f"{project}\0{door}\0".encode(), digest_size=8)
