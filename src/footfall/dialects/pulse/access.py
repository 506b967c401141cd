"""Who may call Pulse's routes. A route says so in its `opt`; one that says nothing is closed."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from footfall.clock import Clock
from footfall.dialects.pulse.errors import missing_scope
from footfall.dialects.pulse.shape import ErrorBody
from footfall.errors import (
    ConfigError,
    ForbiddenError,
    MissingCredentialError,
    UnauthenticatedError,
)
from footfall.http.auth import is_same_secret, parse_bearer
from footfall.http.limit import RateLimiter
from footfall.projects.directory import Directory, Grant
from footfall.projects.project import SCOPES

ADMIN = {"access": "admin_token"}
QUERY = {"access": "query"}

ERRORS = {
    status: ResponseSpec(ErrorBody, description=description, generate_examples=False)
    for status, description in (
        (400, "The request cannot be understood."),
        (401, "No valid API key or admin token came with the request."),
        (403, "The key lacks the scope or the module."),
        (404, "There is no such project or key."),
        (429, "Too many requests; Retry-After says how many seconds to wait."),
        (503, "Nothing can be read or stored now; Retry-After says when to try again."),
    )
}
"""What every route may answer besides its own."""

_GRANT = "pulse_grant"


@dataclass(frozen=True, slots=True)
class PulseAccess:
    """Lets requests pass by their route's rule."""

    directory: Directory
    clock: Clock
    admin_token: str
    query_limiter: RateLimiter
    """Query requests by project number."""
    admin_limiter: RateLimiter
    """Admin requests; there is one token."""

    def __post_init__(self) -> None:
        if not self.admin_token:
            raise ConfigError("PULSE_ADMIN_TOKEN is empty; the admin API cannot be guarded")

    def check(
        self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        """Raise unless the request may pass (a Litestar guard)."""
        rule = handler.opt.get("access")
        if rule == "admin_token":
            self._check_admin(connection)
        elif rule in SCOPES:
            connection.state[_GRANT] = self._find_grant(connection, rule)
        else:
            raise ForbiddenError("This endpoint is closed.")

    def _check_admin(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        token = parse_bearer(connection.headers.get("authorization"))
        if not is_same_secret(token, self.admin_token):
            raise UnauthenticatedError
        self.admin_limiter.take("admin")

    def _find_grant(self, connection: ASGIConnection[Any, Any, Any, Any], scope: Any) -> Grant:
        secret = connection.headers.get("x-pulse-key") or connection.query_params.get("key")
        if not secret:
            raise MissingCredentialError
        grant = self.directory.find_grant(secret, self.clock.now_us())
        if grant is None:
            raise UnauthenticatedError
        if not grant.key.has_scope(scope):
            raise ForbiddenError(missing_scope(scope))
        self.query_limiter.take(grant.entry.project.number)
        return grant


def grant_of(request: Request[Any, Any, Any]) -> Grant:
    """Return what the request's key opened; only for routes whose rule is a scope."""
    grant: Grant = request.state[_GRANT]
    return grant
