"""The session cookie: who, until when, and a signature. It holds no secret; whoever it names is
looked up again on each request, so that a revoked key ends the session at once."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256

from footfall.clock import US_PER_SECOND, Clock

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
        self, secret: bytes, clock: Clock, purpose: bytes = b"dashboard session cookie"
    ) -> None:
        if len(secret) < 32:
            raise ValueError("the session secret must have at least 32 bytes")
        # The secret given may key other things too; this one keys nothing but its purpose.
        self._secret = hmac.digest(secret, purpose, sha256)
        self._clock = clock

    def sign(self, subject: str) -> str:
        """Return a cookie that names the subject for `SESSION_S` seconds."""
        expires_s = self._clock.now_us() // US_PER_SECOND + SESSION_S
        body = _encode(f"{expires_s}:{subject}".encode())
        return f"{body}.{self._mark(body)}"

    def read(self, cookie: str) -> str | None:
        """Return the subject of a cookie of ours that has not expired, else None."""
        body, _, mark = cookie.partition(".")
        if not hmac.compare_digest(mark.encode(), self._mark(body).encode()):
            return None
        expires_s, _, subject = _decode(body).decode().partition(":")
        if int(expires_s) * US_PER_SECOND <= self._clock.now_us():
            return None
        return subject

    def _mark(self, body: str) -> str:
        return _encode(hmac.digest(self._secret, body.encode(), sha256))


def _encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
