"""The management call that GradeMyPage leaves to a page of its own: a new secret key."""

from datetime import UTC, datetime
from typing import Any

from litestar import Router, post
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from footfall.clock import US_PER_SECOND
from footfall.dialects.grademypage.errors import render_problem
from footfall.dialects.grademypage.wire import ErrorBody, RotatedKey
from footfall.errors import UnauthenticatedError
from footfall.http.auth import is_same_secret, parse_bearer
from footfall.http.limit import RateLimiter
from footfall.http.router import OwnRouter
from footfall.projects.register import Projects
from footfall.projects.server_key import ServerKeys

UNAUTHORIZED = "Unauthorized"
"""The sentence of the whole admin realm, whichever door a route of it belongs to."""


@post(
    "/api/admin/projects/{project_id:str}/secret-key/rotate",
    opt={"access": "admin_token"},
    responses={
        status: ResponseSpec(ErrorBody, description=description, generate_examples=False)
        for status, description in (
            (401, "No valid admin token came with the request."),
            (404, "There is no such project."),
            (429, "Too many requests; Retry-After says how many seconds to wait."),
            (503, "Nothing can be stored now; Retry-After says when to try again."),
        )
    },
    sync_to_thread=True,
    summary="Make a new secret key",
)
def rotate_key(
    project_id: FromPath[str],
    projects: NamedDependency[Projects],
    server_keys: NamedDependency[ServerKeys],
) -> RotatedKey:
    """Make a new secret key; the one before it works for another 24 hours. The key is in this
    answer and nowhere else."""
    rotation = server_keys.rotate(projects.find(project_id).number)
    ends_us = rotation.previous_expires_at_us
    return RotatedKey(rotation.secret, None if ends_us is None else render_time(ends_us))


def render_time(instant_us: int) -> str:
    """Return an instant as ISO 8601 in UTC, to the second."""
    moment = datetime.fromtimestamp(instant_us // US_PER_SECOND, UTC)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def make_admin_router(
    projects: Projects, server_keys: ServerKeys, admin_token: str, limiter: RateLimiter
) -> Router:
    """Return the routes that the admin token opens."""

    # Whatever the framework copies of a route, a plain function is shared.
    def check_access(
        connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
    ) -> None:
        if not is_same_secret(parse_bearer(connection.headers.get("authorization")), admin_token):
            raise UnauthenticatedError(UNAUTHORIZED)
        limiter.take("admin")

    return OwnRouter(
        path="/",
        route_handlers=[rotate_key],
        guards=[check_access],
        dependencies={
            "projects": Provide(lambda: projects, sync_to_thread=False),
            "server_keys": Provide(lambda: server_keys, sync_to_thread=False),
        },
        exception_handlers={Exception: render_problem},
        tags=["GradeMyPage"],
    )
