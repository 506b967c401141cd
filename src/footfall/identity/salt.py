"""The day's salts and the lasting secret: what makes a visitor's hash impossible to undo.
A salt lives 48 hours and is then overwritten. Nothing here knows an address or a visitor."""

import secrets
from collections.abc import Callable, Mapping
from typing import Protocol

import msgspec

from footfall.clock import US_PER_DAY, US_PER_HOUR, Clock

SALT_LIFETIME_US = 48 * US_PER_HOUR
"""Yesterday's salt is needed while a session crosses midnight; nothing older is (design §3)."""

_SALT_BYTES = 32


class Salt(msgspec.Struct, frozen=True):
    """The salt of one UTC day and when it was drawn."""

    secret: bytes
    created_at_us: int


class SaltBox(msgspec.Struct):
    """Everything that is kept: the lasting secret, and the salts by UTC day number."""

    secret: bytes
    salts: dict[int, Salt]


class SaltStore(Protocol):
    """Where the salts outlive the process."""

    def load(self) -> SaltBox | None:
        """Return what was saved; None when nothing ever was. Raises StoreError when damaged."""
        ...

    def save(self, box: SaltBox) -> None:
        """Replace what was saved, whole or not at all."""
        ...


class Salts:
    """Hands out the salt of a UTC day and forgets it in time."""

    def __init__(self, store: SaltStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._forget: list[Callable[[], None]] = []
        loaded = store.load()
        self._box = loaded or SaltBox(secrets.token_bytes(_SALT_BYTES), {})
        if loaded is None:
            store.save(self._box)
        self.sweep()

    @property
    def secret(self) -> bytes:
        """The lasting secret, for ids that the sender gave."""
        return self._box.secret

    @property
    def days(self) -> Mapping[int, Salt]:
        """The salts that exist, by UTC day number."""
        return self._box.salts

    def on_change(self, forget: Callable[[], None]) -> None:
        """Call `forget` whenever a salt is drawn or destroyed, so that no cache outlives it."""
        self._forget.append(forget)

    def salt_of(self, day: int) -> bytes:
        """Return the salt of a UTC day; draws one when the day has none.

        A day long gone (an import) gets a random salt like any other, for 48 hours from now.
        """
        salt = self._box.salts.get(day)
        if salt is None:
            salt = Salt(secrets.token_bytes(_SALT_BYTES), self._clock.now_us())
            self._box.salts[day] = salt
            self._change()
        return salt.secret

    def find_salt(self, day: int) -> bytes | None:
        """Return the salt of a UTC day if there is one."""
        salt = self._box.salts.get(day)
        return None if salt is None else salt.secret

    def sweep(self) -> int:
        """Destroy salts that are 48 hours old; returns how many. `app` calls it every hour."""
        oldest_us = self._clock.now_us() - SALT_LIFETIME_US
        expired = [d for d, s in self._box.salts.items() if s.created_at_us <= oldest_us]
        if expired:
            for day in expired:
                del self._box.salts[day]
            self._change()
        return len(expired)

    def _change(self) -> None:
        self._store.save(self._box)
        for forget in self._forget:
            forget()


def day_of(ts_us: int) -> int:
    """Return the UTC day number of an instant: days since 1970-01-01."""
    return ts_us // US_PER_DAY
