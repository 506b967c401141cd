"""Server keys: what a project's own backend shows to report events. Only hashes are stored; a key
that was replaced opens the project for another day, so that nobody has to stop to rotate it."""

import secrets
import threading
from dataclasses import dataclass

from footfall.clock import US_PER_DAY, Clock
from footfall.projects.directory import SECRET_LIMIT, hash_secret
from footfall.projects.register import EVERYTHING
from footfall.store.records import AtMost, Records

SERVER_KEY_PREFIX = "gmp_sk_"
"""What stands before a key, so that scanners for leaked secrets can find one."""

SERVER_KEY_BYTES = 24
"""Random bytes of a key: 32 characters of url-safe base64."""

OVERLAP_US = US_PER_DAY
"""How long a replaced key still opens its project: the time to deploy its successor [doc]."""

_TABLE = "server_keys"


@dataclass(frozen=True, slots=True)
class Rotation:
    """A new key, and when its predecessors end."""

    secret: str
    """Plain text, which cannot be read again."""
    previous_expires_at_us: int | None
    """None when no other key opens the project any more."""


@dataclass(frozen=True, slots=True)
class _ServerKey:
    project: int
    expires_at_us: int | None


class ServerKeys:
    """Keeps server keys. Calls block, all but `find_project` and `count`: on the event loop, go
    through a thread."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.Lock()
        self._keys: dict[str, _ServerKey] = {}

    def reload(self) -> None:
        """Read everything anew: at the start, and to see what other nodes changed."""
        with self._changing, self._records.transaction() as t:
            found = t.find(_TABLE, {}, limit=EVERYTHING)
            self._keys = {r["hash"]: _ServerKey(r["project"], r["expires_at_us"]) for r in found}

    def rotate(self, project: int) -> Rotation:
        """Make a new key; the one before it ends in 24 hours, older ones when they were to end."""
        now = self._clock.now_us()
        ends_us = now + OVERLAP_US
        secret = SERVER_KEY_PREFIX + secrets.token_urlsafe(SERVER_KEY_BYTES)
        key_hash = hash_secret(secret)
        record = {
            "project": project,
            "hash": key_hash,
            "created_at_us": now,
            "expires_at_us": None,
        }
        with self._changing:
            with self._records.transaction() as t:
                t.remove(_TABLE, {"project": project, "expires_at_us": AtMost(now)})
                t.change(
                    _TABLE, {"project": project, "expires_at_us": None}, {"expires_at_us": ends_us}
                )
                t.add(_TABLE, record)
                mine = t.find(_TABLE, {"project": project}, limit=EVERYTHING)
            others = {h: key for h, key in self._keys.items() if key.project != project}
            self._keys = others | {r["hash"]: _ServerKey(project, r["expires_at_us"]) for r in mine}
        ends = [r["expires_at_us"] for r in mine if r["expires_at_us"] is not None]
        return Rotation(secret, max(ends, default=None))

    def find_project(self, secret: str) -> int | None:
        """Return the number of the project that a key opens now; None for any other text."""
        if len(secret) > SECRET_LIMIT:
            return None
        key = self._keys.get(hash_secret(secret))
        if key is None:
            return None
        if key.expires_at_us is not None and self._clock.now_us() >= key.expires_at_us:
            return None
        return key.project

    def count(self, project: int) -> int:
        """Return how many keys open the project now."""
        now = self._clock.now_us()
        return sum(
            key.project == project and (key.expires_at_us is None or now < key.expires_at_us)
            for key in self._keys.values()
        )
