"""The session cookie: who, until when, and a signature. It holds no secret; whoever it names is
looked up again on each request, so that a revoked key ends the session at once."""

from footfall.clock import US_PER_SECOND, Clock
from footfall.http.signature import Seal

COOKIE_NAME = "footfall_session"
SHARE_COOKIE = "footfall_share"
"""Says that the password of a shared link was given; it holds on the link's own path only."""
PROJECT_COOKIE = "footfall_project"
"""Remembers the project last looked at; a preference, no authority."""
SESSION_S = 12 * 3600
"""A working day: the page asks again each morning."""


class Signer:
    """Signs and reads session cookies with one secret."""

    def __init__(
        self, secret: bytes, clock: Clock, purpose: str = "dashboard session cookie"
    ) -> None:
        if len(secret) < 32:
            raise ValueError("the session secret must have at least 32 bytes")
        self._seal = Seal(secret, purpose)
        self._clock = clock

    def sign(self, subject: str) -> str:
        """Return a cookie that names the subject for `SESSION_S` seconds."""
        expires_s = self._clock.now_us() // US_PER_SECOND + SESSION_S
        return self._seal.close(f"{expires_s}:{subject}")

    def read(self, cookie: str) -> str | None:
        """Return the subject of a cookie of ours that has not expired, else None."""
        text = self._seal.open(cookie)
        if text is None:
            return None
        expires_s, _, subject = text.partition(":")
        return subject if int(expires_s) * US_PER_SECOND > self._clock.now_us() else None
