"""The table of Pulse's routes: hot paths in plain ASGI, everything else in one Litestar router
with its own guard and its own errors."""

from typing import Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from footfall.dialects.pulse.access import PulseAccess
from footfall.dialects.pulse.admin import ADMIN_ROUTES
from footfall.dialects.pulse.alert.routes import ALERT_ROUTES
from footfall.dialects.pulse.campaign.routes import CAMPAIGN_ROUTES
from footfall.dialects.pulse.collect import PulseBatch, PulseCollect, PulseIngest
from footfall.dialects.pulse.core import CORE_ROUTES, QUERY_DEPENDENCIES
from footfall.dialects.pulse.delivery.routes import DELIVERY_ROUTES
from footfall.dialects.pulse.experiment.routes import EXPERIMENT_ROUTES
from footfall.dialects.pulse.export.routes import EXPORT_ROUTES
from footfall.dialects.pulse.funnel.routes import FUNNEL_ROUTES
from footfall.dialects.pulse.goal.routes import GOAL_ROUTES
from footfall.dialects.pulse.journey.routes import JOURNEY_ROUTES
from footfall.dialects.pulse.measurement.routes import MEASUREMENT_ROUTES
from footfall.dialects.pulse.modules.routes import MODULE_ROUTES
from footfall.dialects.pulse.part import PulseParts
from footfall.dialects.pulse.problem import render_problem
from footfall.dialects.pulse.sharing.routes import SHARING_ROUTES
from footfall.dialects.pulse.surveys.routes import SURVEY_ROUTES
from footfall.dialects.pulse.webhook.routes import WEBHOOK_ROUTES
from footfall.http.cors import CorsRule
from footfall.http.front_door import CorsPath, HotRoute
from footfall.http.router import OwnRouter

ADMIN_PER_SECOND = 20
"""Admin requests a second and token [doc]; ingest and query follow RATE_LIMIT_PER_SECOND."""

ROUTES = (
    *ADMIN_ROUTES,
    *WEBHOOK_ROUTES,
    *DELIVERY_ROUTES,
    *MODULE_ROUTES,
    *CORE_ROUTES,
    *CAMPAIGN_ROUTES,
    *FUNNEL_ROUTES,
    *GOAL_ROUTES,
    *JOURNEY_ROUTES,
    *MEASUREMENT_ROUTES,
    *EXPERIMENT_ROUTES,
    *SURVEY_ROUTES,
    *EXPORT_ROUTES,
    *ALERT_ROUTES,
    *SHARING_ROUTES,
)
"""Everything but the hot paths."""

PREFIXES = ("/api/admin/", "/api/v1/", "/api/collect", "/api/batch", "/api/script.js", "/api/docs")
"""The paths that are Pulse's: its CORS rule and its words for errors hold there."""


def make_pulse_hot_routes(ingest: PulseIngest) -> tuple[HotRoute, ...]:
    """Return the paths that bypass the web framework."""
    collect, batch = PulseCollect(ingest), PulseBatch(ingest)
    return (
        HotRoute("/api/collect", collect, access="ingest", begin=collect.begin),
        HotRoute("/api/batch", batch, access="ingest", begin=batch.begin),
    )


def make_pulse_cors_paths(rule: CorsRule) -> tuple[CorsPath, ...]:
    """Return where Pulse's CORS rule holds."""
    return tuple(CorsPath(prefix, rule) for prefix in PREFIXES)


def make_pulse_router(parts: PulseParts, access: PulseAccess) -> Router:
    """Return the routes of the admin and query APIs."""

    # Whatever the framework copies of a route, a plain function is shared, and with it the
    # directory and the limits.
    def check_access(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        access.check(connection, handler)

    return OwnRouter(
        path="/",
        route_handlers=ROUTES,
        guards=[check_access],
        dependencies={**parts.dependencies(), **QUERY_DEPENDENCIES},
        exception_handlers={Exception: render_problem},
        tags=["Pulse"],
    )
