"""Who may call PulseGate's analytics: the admin key sees everything, a marketing key sees the pages
it lists and never a lead. A route says in its `opt` what it needs; one that says nothing is
closed. The key comes as `Authorization: Bearer` or `X-API-Key`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from footfall.errors import ForbiddenError, MissingCredentialError, UnauthenticatedError
from footfall.http.auth import is_same_secret, parse_bearer

Role = Literal["admin", "marketing"]

PAGES = (
    "overview",
    "lead-stats",
    "moderation",
    "ai-report",
    "ask",
    "lead-analytics",
    "testing-leads",
    "blocked-ip-leads",
    "blocked-ips",
    "whitelisted-ips",
    "sessions",
    "replay",
    "dropdown-options",
)
"""Pages that a marketing key may list, and those it sees when it lists none [original]."""

ADMIN = {"access": "admin"}
"""The rule of a route for the admin key alone."""

ANY = {"access": "any"}
"""The rule of a route for every key, whatever pages it lists."""

OPEN = {"access": "open"}
"""The rule of a route that asks for no key; it stands in the table of open routes as well."""


def sees(page: str) -> dict[str, str]:
    """The rule of a route that shows a page: for the admin key and for marketing keys that list
    the page."""
    if page not in PAGES:
        raise ValueError(f"'{page}' is none of {', '.join(PAGES)}")
    return {"access": "page", "page": page}


@dataclass(frozen=True, slots=True)
class Viewer:
    """Whose key a request carries."""

    role: Role
    pages: tuple[str, ...] = PAGES
    """What a marketing key sees."""

    @property
    def is_admin(self) -> bool:
        """Tell whether everything may be seen, e-mail and phone unmasked."""
        return self.role == "admin"


class ViewerKeys(Protocol):
    """Finds the marketing keys that were made in the settings."""

    def find_pages(self, secret: str) -> tuple[str, ...] | None:
        """Return the pages a key lists; None for a key that opens nothing."""
        ...


@dataclass(frozen=True, slots=True)
class PulsegateAccess:
    """Lets requests pass by their route's rule."""

    admin_key: str
    marketing_key: str
    """Of the settings; '' for none."""
    keys: ViewerKeys

    def find_viewer(self, headers: Mapping[str, str]) -> Viewer:
        """Return whose key a request carries; names of headers are lower-case.

        Raises MissingCredentialError, UnauthenticatedError.
        """
        secret = parse_bearer(headers.get("authorization")) or headers.get("x-api-key", "").strip()
        if not secret:
            raise MissingCredentialError
        if is_same_secret(secret, self.admin_key):
            return Viewer("admin")
        if is_same_secret(secret, self.marketing_key):
            return Viewer("marketing")
        pages = self.keys.find_pages(secret)
        if pages is None:
            raise UnauthenticatedError
        return Viewer("marketing", pages)

    def check(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Raise unless the request may pass (a Litestar guard)."""
        rule = handler.opt.get("access")
        if rule == "open":
            return
        viewer = self.find_viewer(connection.headers)
        connection.state[_VIEWER] = viewer
        page = handler.opt.get("page", "")
        is_shown = rule == "any" or (rule == "page" and page in viewer.pages)
        if not (viewer.is_admin and rule in {"admin", "any", "page"}) and not is_shown:
            raise ForbiddenError


_VIEWER = "pulsegate_viewer"


def viewer_of(request: Request[Any, Any, Any]) -> Viewer:
    """Return whose key the request carries; only for routes that ask for one."""
    viewer: Viewer = request.state[_VIEWER]
    return viewer
