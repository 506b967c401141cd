"""The table of PulseGate's routes: everything that is no hot path, in one Litestar router with its
own guard and its own errors."""

from typing import Any

from litestar import HttpMethod, Router, route
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from footfall.dialects.pulsegate.access import ANY
from footfall.dialects.pulsegate.analytics.routes import ANALYTICS_ROUTES
from footfall.dialects.pulsegate.errors import NOT_FOUND, ErrorBody, render_problem
from footfall.dialects.pulsegate.form.routes import FORM_ROUTES
from footfall.dialects.pulsegate.lead.address import ADDRESS_ROUTES
from footfall.dialects.pulsegate.lead.callback import CALLBACK_ROUTES
from footfall.dialects.pulsegate.lead.capture import CAPTURE_ROUTES
from footfall.dialects.pulsegate.lead.engine import ENGINE_ROUTES
from footfall.dialects.pulsegate.lead.leads import LEAD_ROUTES
from footfall.dialects.pulsegate.lead.moderation import MODERATION_ROUTES
from footfall.dialects.pulsegate.lead.person import PERSON_ROUTES
from footfall.dialects.pulsegate.lead.setting import SETTING_ROUTES
from footfall.dialects.pulsegate.marketing_key import MARKETING_KEY_ROUTES
from footfall.dialects.pulsegate.part import PulsegateParts
from footfall.dialects.pulsegate.replay.routes import REPLAY_ROUTES
from footfall.http.router import OwnRouter


@route(
    ["/analytics", "/analytics/{rest:path}"],
    http_method=[HttpMethod.GET, HttpMethod.POST, HttpMethod.PATCH, HttpMethod.DELETE],
    opt=ANY,
    include_in_schema=False,
)
async def refuse_unknown() -> ErrorBody:
    """Answer 404 to whoever has a key; others learn that they need one."""
    raise HTTPException(NOT_FOUND, status_code=404)


ROUTES: tuple[Any, ...] = (
    refuse_unknown,
    *ANALYTICS_ROUTES,
    *MARKETING_KEY_ROUTES,
    *FORM_ROUTES,
    *CAPTURE_ROUTES,
    *CALLBACK_ROUTES,
    *LEAD_ROUTES,
    *ENGINE_ROUTES,
    *MODERATION_ROUTES,
    *ADDRESS_ROUTES,
    *SETTING_ROUTES,
    *PERSON_ROUTES,
    *REPLAY_ROUTES,
)


ALIASES = {("POST", "/"): "/lead", ("OPTIONS", "/"): "/lead"}
"""Whoever posts to the bare address sends a lead, as long ago; the dashboard has GET."""


def make_pulsegate_router(parts: PulsegateParts) -> Router:
    """Return the routes of analytics, forms and leads."""
    access = parts.access

    # Whatever the framework copies of a route, a plain function is shared.
    def check_access(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        access.check(connection, handler)

    return OwnRouter(
        path="/",
        route_handlers=list(ROUTES),
        guards=[check_access],
        dependencies=parts.dependencies(),
        # The application has words of its own for the library's errors; these are nearer.
        exception_handlers={Exception: render_problem, HTTPException: render_problem},
        tags=["PulseGate"],
    )
