"""Which session an address had last, for forms whose visitor has none [PulseGate: lead scoring].
Held in this process's memory for as long as a session lasts, the address as a keyed hash only; the
key dies with the process and with the salt of the day."""

import secrets
from collections import OrderedDict
from hashlib import blake2b

from footfall.clock import Clock
from footfall.leads.address import is_shared_address
from footfall.model.session import SESSION_TIMEOUT_US

MOST = 50_000
"""Addresses remembered at once, about 12 MB; the longest unseen is forgotten first."""


class AddressVisits:
    """Remembers sessions by address. A network's own addresses are left out: behind them may be a
    proxy that everybody comes through."""

    def __init__(self, clock: Clock, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._key = secrets.token_bytes(16)
        self._sessions: OrderedDict[bytes, tuple[int, str]] = OrderedDict()

    def put(self, project: int, address: str, session_id: str) -> None:
        """Remember that a session showed itself from an address just now."""
        key = self._hash(project, address)
        self._sessions.pop(key, None)
        self._sessions[key] = (self._clock.now_us(), session_id)
        if len(self._sessions) > self._most:
            self._sessions.popitem(last=False)

    def find(self, project: int, address: str) -> str:
        """Return the session (as its sender calls it) that showed itself last, '' for none within
        the time of a session."""
        if is_shared_address(address):
            return ""
        seen_us, session_id = self._sessions.get(self._hash(project, address), (0, ""))
        return session_id if self._clock.now_us() - seen_us < SESSION_TIMEOUT_US else ""

    def sweep(self) -> None:
        """Forget the addresses whose time is over; call it every minute."""
        oldest_us = self._clock.now_us() - SESSION_TIMEOUT_US
        # The longest unseen stand first.
        while self._sessions and next(iter(self._sessions.values()))[0] <= oldest_us:
            self._sessions.popitem(last=False)

    def forget(self) -> None:
        """Forget every address and the key they were hashed with."""
        self._key = secrets.token_bytes(16)
        self._sessions.clear()

    def _hash(self, project: int, address: str) -> bytes:
        return blake2b(f"{project}\0{address}".encode(), key=self._key, digest_size=8).digest()
