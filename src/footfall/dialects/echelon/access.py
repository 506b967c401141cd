"""Who may call Echelon's API: the holder of the secret, or of a session cookie from the sign-in
page. A cookie changes something only when the request comes from a page of this server. In public
mode everybody reads and nobody writes."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from footfall.clock import US_PER_SECOND, Clock
from footfall.dialects.echelon.errors import CsrfError, ReadOnlyError, RedactedError
from footfall.errors import UnauthenticatedError
from footfall.http.auth import is_same_secret, parse_bearer
from footfall.http.signature import Seal

Connection = ASGIConnection[Any, Any, Any, Any]

COOKIE = "echelon_session"
LIFE_S = 24 * 3600
IDLE_S = 30 * 60
"""A session ends after a day, or half an hour without a request [original]."""

READ = {"access": "read"}
WRITE = {"access": "write"}
REDACTED = {"access": "read", "redacted": True}
"""Rules of routes. What is redacted is not shown in public mode."""


@dataclass(frozen=True, slots=True)
class EchelonAccess:
    """Lets requests pass by their route's rule."""

    secret: str
    sessions: "Sessions"
    is_public: bool = False

    def check(self, connection: Connection, handler: BaseRouteHandler) -> None:
        """Raise unless the request may pass (a Litestar guard)."""
        rule = handler.opt.get("access")
        if rule not in {"read", "write"}:
            raise UnauthenticatedError
        if self.is_public:
            if rule == "write":
                raise ReadOnlyError
            if handler.opt.get("redacted"):
                raise RedactedError
            return
        bearer = parse_bearer(connection.headers.get("authorization"))
        if is_same_secret(bearer, self.secret):
            return
        if not self.sessions.is_open(connection.cookies.get(COOKIE, "")):
            raise UnauthenticatedError
        if rule == "write" and not is_from_here(connection):
            raise CsrfError


def is_from_here(connection: Connection) -> bool:
    """Tell whether a request's page is of this server: the host of Origin, else of Referer."""
    headers = connection.headers
    page = headers.get("origin") or headers.get("referer") or ""
    host = urlsplit(page).netloc.lower()
    return bool(host) and host == headers.get("host", "").lower()


class Sessions:
    """Opens and reads session cookies; they hold when they began and were last used."""

    def __init__(self, secret: bytes, clock: Clock) -> None:
        self._seal = Seal(secret, "echelon session")
        self._clock = clock

    def open(self) -> str:
        """Return the cookie of a new session."""
        now_s = self._clock.now_us() // US_PER_SECOND
        return self._seal.close(f"{now_s}:{now_s}")

    def renew(self, cookie: str) -> str | None:
        """Return the cookie of a session that was used just now; None when it is over."""
        times = self._read(cookie)
        if times is None:
            return None
        return self._seal.close(f"{times[0]}:{self._clock.now_us() // US_PER_SECOND}")

    def is_open(self, cookie: str) -> bool:
        """Tell whether a session holds."""
        return self._read(cookie) is not None

    def _read(self, cookie: str) -> tuple[int, int] | None:
        text = self._seal.open(cookie) if cookie else None
        if text is None:
            return None
        began_s, used_s = (int(part) for part in text.split(":"))
        now_s = self._clock.now_us() // US_PER_SECOND
        is_open = now_s - began_s < LIFE_S and now_s - used_s < IDLE_S
        return (began_s, used_s) if is_open else None
