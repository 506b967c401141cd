"""Who may ask our own API: the operator with the admin token, and the holder of a key with scope
query, for the key's project. The credential comes as a bearer token or as X-Pulse-Key."""

from typing import Any

from litestar import Request

from footfall.clock import Clock
from footfall.errors import ForbiddenError, MissingCredentialError, UnauthenticatedError
from footfall.http.auth import is_same_secret, parse_bearer
from footfall.http.limit import RateLimiter
from footfall.projects.directory import Directory, Grant
from footfall.projects.project import Project


class ApiAccess:
    """Lets questions pass; an instance is the `Authorise` of `make_api_router`."""

    def __init__(
        self, directory: Directory, admin_token: str, clock: Clock, limiter: RateLimiter
    ) -> None:
        self._directory = directory
        self._admin_token = admin_token
        self._clock = clock
        self._limiter = limiter

    async def __call__(self, request: Request[Any, Any, Any], project: Project | None) -> None:
        """Refuse strangers, and with a project those who may not read it.

        Raises MissingCredentialError, UnauthenticatedError, ForbiddenError, RateLimitedError.
        """
        secret = parse_bearer(request.headers.get("authorization"))
        secret = secret or request.headers.get("x-pulse-key")
        if not secret:
            raise MissingCredentialError(
                "No credential came with the request: send 'Authorization: Bearer' with a key of"
                " scope query, or with the admin token."
            )
        if is_same_secret(secret, self._admin_token):
            return
        grant = self._directory.find_grant(secret, self._clock.now_us())
        if grant is None:
            raise UnauthenticatedError("This key is unknown, revoked or expired.")
        if project is None:
            self._limiter.take(grant.entry.project.number)
        else:
            _check_project(grant, project)


def _check_project(grant: Grant, project: Project) -> None:
    if not grant.key.has_scope("query"):
        raise ForbiddenError("This key lacks the scope 'query'.")
    if grant.entry.project.number != project.number:
        raise ForbiddenError(f"This key does not open project '{project.slug}'.")
