"""Who may send a form: only our own pages, and only so many attempts to sign in. The counts live
in memory, keyed by a hash that this process forgets, and are bounded."""

import secrets
from collections import OrderedDict
from hashlib import blake2b
from urllib.parse import urlsplit

from footfall.clock import US_PER_SECOND, Clock
from footfall.errors import ForbiddenError, RateLimitedError

ATTEMPTS = 10
"""Wrong secrets from one address before it must wait: typing errors fit, guessing does not."""
WINDOW_S = 15 * 60
REMEMBERED = 10_000
"""Addresses remembered at most; about 1 MB."""


def check_origin(*, origin: str, fetch_site: str, host: str, base_url: str) -> None:
    """Refuse a form that another site sent. A client that names no origin at all is no browser
    and carries nobody's cookie by accident.

    Raises ForbiddenError that quotes the origin.
    """
    if origin:
        ours = {host.lower(), urlsplit(base_url).netloc.lower()} - {""}
        if urlsplit(origin).netloc.lower() not in ours:
            raise ForbiddenError(
                f"this form was sent from '{origin}'; open the page on '{host}' and send it there"
            )
    elif fetch_site not in {"", "same-origin", "none"}:
        raise ForbiddenError("this form was sent from another site; open our page and send it")


class Attempts:
    """Counts wrong secrets by sender."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._salt = secrets.token_bytes(16)
        self._wrong: OrderedDict[bytes, list[int]] = OrderedDict()

    def check(self, sender: str) -> None:
        """Raise RateLimitedError when this sender has been wrong too often."""
        now_s = self._clock.now_us() // US_PER_SECOND
        recent = [s for s in self._wrong.get(self._key(sender), []) if s > now_s - WINDOW_S]
        if len(recent) >= ATTEMPTS:
            wait_s = recent[-ATTEMPTS] + WINDOW_S - now_s
            minutes = -(-wait_s // 60)
            raise RateLimitedError(
                f"{ATTEMPTS} wrong attempts; try again in {minutes} min.", retry_after_s=wait_s
            )

    def count_wrong(self, sender: str) -> None:
        """Remember a wrong secret."""
        key = self._key(sender)
        now_s = self._clock.now_us() // US_PER_SECOND
        self._wrong[key] = [*self._wrong.pop(key, [])[-ATTEMPTS:], now_s]
        while len(self._wrong) > REMEMBERED:
            self._wrong.popitem(last=False)

    def forget(self, sender: str) -> None:
        """Forget the wrong secrets of a sender who got in."""
        self._wrong.pop(self._key(sender), None)

    def _key(self, sender: str) -> bytes:
        return blake2b(sender.encode(), key=self._salt, digest_size=8).digest()
