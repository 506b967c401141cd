"""Programs behind many addresses that are otherwise one: same system, browser, screen, language and
country on one site within minutes. People look alike too — every newest phone in a country does —
so a crowd counts only when half of it shows another sign."""

from collections import OrderedDict
from dataclasses import dataclass, field

from footfall.clock import US_PER_MINUTE

KEPT_US = 20 * US_PER_MINUTE
MANY = 6
VERY_MANY = 8
CONFIRMED = 4
"""Addresses of one look from which it speaks for programs; CONFIRMED of them known as such are as
good as VERY_MANY [Echelon]."""

_MOST_LOOKS = 10_000
_MOST_ADDRESSES = 64
"""Addresses remembered of one look; more say nothing new."""

Look = tuple[object, ...]


@dataclass(slots=True)
class _Crowd:
    seen_us: dict[bytes, int] = field(default_factory=dict)
    tainted: set[bytes] = field(default_factory=set)
    confirmed: set[bytes] = field(default_factory=set)


class Lookalikes:
    """Watches looks."""

    def __init__(self) -> None:
        self._crowds: OrderedDict[Look, _Crowd] = OrderedDict()

    def count(
        self, look: Look, address: bytes, now_us: int, *, is_tainted: bool, is_confirmed: bool
    ) -> int:
        """Count one sender of a look; returns 0, 1 (many alike) or 2 (very many)."""
        crowd = self._crowds.pop(look, None) or _Crowd()
        self._crowds[look] = crowd
        if len(self._crowds) > _MOST_LOOKS:
            self._crowds.popitem(last=False)
        _sweep(crowd, now_us)
        if address in crowd.seen_us or len(crowd.seen_us) < _MOST_ADDRESSES:
            crowd.seen_us[address] = now_us
            crowd.tainted |= {address} if is_tainted else set()
            crowd.confirmed |= {address} if is_confirmed else set()
        return _judge(len(crowd.seen_us), len(crowd.tainted), len(crowd.confirmed))

    def forget(self) -> None:
        """Forget every look."""
        self._crowds.clear()


def _sweep(crowd: _Crowd, now_us: int) -> None:
    for address in [a for a, seen_us in crowd.seen_us.items() if now_us - seen_us > KEPT_US]:
        del crowd.seen_us[address]
        crowd.tainted.discard(address)
        crowd.confirmed.discard(address)


def _judge(addresses: int, tainted: int, confirmed: int) -> int:
    if addresses < CONFIRMED or tainted * 2 < addresses:
        return 0
    if addresses >= VERY_MANY or confirmed > 0:
        return 2
    return 1 if addresses >= MANY else 0
