"""Who may call Pulse's routes. A route says so in its `opt`; one that says nothing is closed."""

from dataclasses import dataclass
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from footfall.clock import Clock
from footfall.dialects.pulse.errors import missing_module, missing_scope
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
from footfall.projects.project import SCOPES, Scope

ADMIN = {"access": "admin_token"}
QUERY = {"access": "query"}


def reads(module: str) -> dict[str, str]:
    """The rule of a route that reads a module's reports or settings."""
    return {"access": "query", "reads": module}


def writes(module: str) -> dict[str, str]:
    """The rule of a route that changes what a module keeps: definitions, states."""
    return {"access": "query", "writes": module}


def serves(module: str) -> dict[str, str]:
    """The rule of a route that a visitor's page calls; a key for queries may try it as well."""
    return {"access": "ingest or query", "serves": module}


ERRORS = {
    status: ResponseSpec(ErrorBody, description=description, generate_examples=False)
    for status, description in (
        (400, "The request cannot be understood."),
        (401, "No valid API key or admin token came with the request."),
        (403, "The key lacks the scope or the module."),
        (404, "There is no such project or key."),
        (413, "The body is too large."),
        (429, "Too many requests; Retry-After says how many seconds to wait."),
        (503, "Nothing can be read or stored now; Retry-After says when to try again."),
    )
}
"""What every route may answer besides its own."""

_GRANT = "pulse_grant"

_SCOPES_OF: dict[str, tuple[Scope, ...]] = {
    **{scope: (scope,) for scope in SCOPES},
    "ingest or query": ("ingest", "query"),
}
"""Any of them opens; the first is named when none does."""


@dataclass(frozen=True, slots=True)
class PulseAccess:
    """Lets requests pass by their route's rule."""

    directory: Directory
    clock: Clock
    admin_token: str
    query_limiter: RateLimiter
    """Query requests by project number; those of visitors' pages by ("page", number)."""
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
        elif rule in _SCOPES_OF:
            grant = self._find_grant(connection, _SCOPES_OF[rule])
            # Pages of visitors must not use up what the owner's own requests may take.
            number = grant.entry.project.number
            self.query_limiter.take(("page", number) if "serves" in handler.opt else number)
            _check_module(grant, handler.opt)
            connection.state[_GRANT] = grant
        else:
            raise ForbiddenError("This endpoint is closed.")

    def _check_admin(self, connection: ASGIConnection[Any, Any, Any, Any]) -> None:
        token = parse_bearer(connection.headers.get("authorization"))
        if not is_same_secret(token, self.admin_token):
            raise UnauthenticatedError
        self.admin_limiter.take("admin")

    def _find_grant(
        self, connection: ASGIConnection[Any, Any, Any, Any], scopes: tuple[Scope, ...]
    ) -> Grant:
        secret = connection.headers.get("x-pulse-key") or connection.query_params.get("key")
        if not secret:
            raise MissingCredentialError
        grant = self.directory.find_grant(secret, self.clock.now_us())
        if grant is None:
            raise UnauthenticatedError
        if not any(grant.key.has_scope(scope) for scope in scopes):
            raise ForbiddenError(missing_scope(scopes[0]))
        return grant


def _check_module(grant: Grant, opt: dict[str, Any]) -> None:
    """Refuse a module that the project has off, that is not open for this, or that the key does
    not list."""
    entry = grant.entry
    for word, modules in (
        ("reads", entry.readable_modules),
        ("writes", entry.writable_modules),
        ("serves", entry.writable_modules),
    ):
        module = opt.get(word)
        if module is None:
            continue
        if module not in modules:
            raise ForbiddenError(f"Module '{module}' is not enabled for this project.")
        if grant.allowed_modules is not None and module not in grant.allowed_modules:
            raise ForbiddenError(missing_module(module))


def grant_of(request: Request[Any, Any, Any]) -> Grant:
    """Return what the request's key opened; only for routes whose rule is a scope."""
    grant: Grant = request.state[_GRANT]
    return grant
