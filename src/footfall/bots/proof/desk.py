"""Gives out challenges and checks tokens. Both derive from one secret and the clock, so that a
restart or another node answers alike; only which tokens were seen is remembered."""

import hashlib
import hmac
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from footfall.bots.proof.function import ProofFunction, make_function
from footfall.bots.proof.module import make_module
from footfall.clock import US_PER_HOUR, US_PER_MINUTE, Clock

MODULE_HOURS = 6
"""A module serves so long; the one before it stays valid for as long again."""

CHALLENGE_BYTES = 16
TOKEN_DIGITS = 32

REMEMBERED = 100_000
"""Tokens remembered as valid; about 20 MB. Beyond it the oldest are checked anew."""

PART_LIMIT = 64
"""Characters of a session or site id that are hashed: a UUID has 36. Longer ones are no id."""

Verdict = Literal["valid", "missing", "invalid"]

_DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a page is given to prove that it runs."""

    text: str
    """32 hex digits, of the running minute."""
    module: bytes
    """WebAssembly; the answer is `solve(text + ":" + session + ":" + site)`."""


class ProofDesk:
    """Gives out challenges and checks tokens."""

    def __init__(self, secret: bytes, clock: Clock, *, window_minutes: int) -> None:
        """`window_minutes`: how long a challenge may be answered."""
        self._secret = secret
        self._clock = clock
        self._window = window_minutes
        self._seen: OrderedDict[tuple[str, str, str], int] = OrderedDict()
        """Valid tokens with the minute in which they were checked first."""
        self._find_function = lru_cache(maxsize=4)(self._make_function)
        self._find_module = lru_cache(maxsize=4)(self._make_module)
        self._find_challenge = lru_cache(maxsize=256)(self._make_challenge)

    def give(self) -> Challenge:
        """Return the challenge of the running minute with the module of the running hours."""
        now_us = self._clock.now_us()
        minute = now_us // US_PER_MINUTE
        return Challenge(self._find_challenge(minute), self._find_module(_period(now_us)))

    def check(self, token: str, session: str, site: str) -> Verdict:
        """Tell whether a token proves this session on this site. A token stays valid for its
        session while it is remembered: a page is left open longer than a challenge lives."""
        if not token:
            return "missing"
        if len(token) != TOKEN_DIGITS or not _DIGITS.issuperset(token):
            return "invalid"
        if len(session) > PART_LIMIT or len(site) > PART_LIMIT:
            return "invalid"
        key = (token, session, site)
        now_us = self._clock.now_us()
        if key in self._seen:
            self._seen.move_to_end(key)
            return "valid"
        if not self._was_given(token, session, site, now_us):
            return "invalid"
        self._seen[key] = now_us // US_PER_MINUTE
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return "valid"

    def _was_given(self, token: str, session: str, site: str, now_us: int) -> bool:
        answer = bytes.fromhex(token)
        minute, period = now_us // US_PER_MINUTE, _period(now_us)
        # The newest first: most tokens were solved within the last minute.
        for back in range(self._window + 1):
            text = f"{self._find_challenge(minute - back)}:{session}:{site}".encode()
            for age in (0, 1):
                if self._find_function(period - age).solve(text) == answer:
                    return True
        return False

    def _make_challenge(self, minute: int) -> str:
        digest = hmac.new(self._secret, str(minute).encode(), hashlib.sha256).digest()
        return digest[:CHALLENGE_BYTES].hex()

    def _make_function(self, period: int) -> ProofFunction:
        return make_function(hmac.new(self._secret, b"module:%d" % period, "sha512").digest())

    def _make_module(self, period: int) -> bytes:
        return make_module(self._find_function(period))


def _period(now_us: int) -> int:
    return now_us // (MODULE_HOURS * US_PER_HOUR)
