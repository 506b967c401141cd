"""What is remembered of addresses, for minutes and as keyed hashes only: how often one sends, and
which sent what only programs send. The key dies with the process and is never written down."""

import secrets
from collections import OrderedDict, deque
from hashlib import blake2b
from typing import Literal, TypeVar

from footfall.clock import US_PER_MINUTE

BURST_SIGNALS = 15
"""More than so many signals of one address within BURST_US are a burst [Echelon]."""
BURST_US = 5 * US_PER_MINUTE

SUSPECTED_US = 30 * US_PER_MINUTE
CONFIRMED_US = 60 * US_PER_MINUTE
"""For how long an address is remembered after its last offence."""

_MOST_ADDRESSES = 50_000
"""Addresses remembered at once, about 30 MB at worst; the longest unseen is forgotten first."""

T = TypeVar("T")

Standing = Literal["", "suspected", "confirmed"]


class AddressBook:
    """Remembers addresses for minutes."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(16)
        self._sent: OrderedDict[bytes, deque[int]] = OrderedDict()
        self._suspected: OrderedDict[bytes, int] = OrderedDict()
        self._confirmed: OrderedDict[bytes, int] = OrderedDict()

    def hash(self, address: str, *, user_agent: str = "") -> bytes:
        """Return the stand-in of an address, with a user agent of both together."""
        text = f"{address}\0{user_agent}".encode()
        return blake2b(text, key=self._key, digest_size=8).digest()

    def count(self, address: str, now_us: int) -> bool:
        """Count one signal; tells whether the address sends in a burst."""
        key = self.hash(address)
        sent = self._sent.pop(key, None) or deque(maxlen=BURST_SIGNALS + 1)
        sent.append(now_us)
        _keep(self._sent, key, sent)
        return len(sent) > BURST_SIGNALS and 0 <= now_us - sent[0] < BURST_US

    def suspect(self, address: str, now_us: int) -> None:
        """Remember that a program that names itself sent from this address."""
        _keep(self._suspected, self.hash(address), now_us + SUSPECTED_US)

    def confirm(self, address: str, user_agent: str, now_us: int) -> None:
        """Remember that this browser at this address behaved as only programs do. Others behind
        the same address are not meant: whole offices share one."""
        _keep(self._confirmed, self.hash(address, user_agent=user_agent), now_us + CONFIRMED_US)

    def find_standing(self, address: str, user_agent: str, now_us: int) -> Standing:
        """Return what is remembered of a sender."""
        if self._confirmed.get(self.hash(address, user_agent=user_agent), 0) > now_us:
            return "confirmed"
        return "suspected" if self._suspected.get(self.hash(address), 0) > now_us else ""

    def forget(self) -> None:
        """Forget every address and the key they were hashed with."""
        self._key = secrets.token_bytes(16)
        for book in (self._sent, self._suspected, self._confirmed):
            book.clear()


def _keep(book: OrderedDict[bytes, T], key: bytes, value: T) -> None:
    book.pop(key, None)
    book[key] = value
    if len(book) > _MOST_ADDRESSES:
        book.popitem(last=False)
