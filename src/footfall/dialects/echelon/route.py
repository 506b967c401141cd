"""The table of Echelon's routes: hot paths in plain ASGI, everything else in one Litestar router
with its own guard and its own errors."""

from typing import Any

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler

from footfall.dialects.echelon.bots import BOT_ROUTES
from footfall.dialects.echelon.campaign_stats import CAMPAIGN_STAT_ROUTES
from footfall.dialects.echelon.campaigns import CAMPAIGN_ROUTES
from footfall.dialects.echelon.errors import render_problem
from footfall.dialects.echelon.experiments import EXPERIMENT_ROUTES
from footfall.dialects.echelon.ingest import ingest
from footfall.dialects.echelon.live import get_dashboard
from footfall.dialects.echelon.overview import OVERVIEW_ROUTES
from footfall.dialects.echelon.part import EchelonParts
from footfall.dialects.echelon.perf import PERF_ROUTES
from footfall.dialects.echelon.renewal import make_renewal
from footfall.dialects.echelon.script import PATH, Script
from footfall.dialects.echelon.sign_in import show_login, sign_in, sign_out
from footfall.dialects.echelon.sites import SITE_ROUTES
from footfall.dialects.echelon.track import EchelonEvents, EchelonIngest, EchelonPixel
from footfall.http.front_door import HotRoute
from footfall.http.router import OwnRouter
from footfall.http.short import step_through

ROUTES = (
    *OVERVIEW_ROUTES,
    get_dashboard,
    *CAMPAIGN_STAT_ROUTES,
    *CAMPAIGN_ROUTES,
    *EXPERIMENT_ROUTES,
    *BOT_ROUTES,
    *PERF_ROUTES,
    *SITE_ROUTES,
    ingest,
)

SIGN_IN_ROUTES = (show_login, sign_in, sign_out)


def make_echelon_hot_routes(ingest: EchelonIngest, script: Script) -> tuple[HotRoute, ...]:
    """Return the paths that bypass the web framework."""
    pixel, events = EchelonPixel(ingest), EchelonEvents(ingest)
    return (
        HotRoute(PATH, script, "open", has_own_preflight=True),
        HotRoute("/b.gif", pixel, "open", has_own_preflight=True, begin=step_through(pixel)),
        HotRoute("/e", events, "open", has_own_preflight=True, begin=step_through(events)),
    )


def make_echelon_router(parts: EchelonParts) -> Router:
    """Return the routes of the API and of signing in."""
    access = parts.access

    # Whatever the framework copies of a route, a plain function is shared.
    def check_access(
        connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
    ) -> None:
        if handler.opt.get("access") != "open":
            access.check(connection, handler)

    return OwnRouter(
        path="/",
        route_handlers=[*ROUTES, *SIGN_IN_ROUTES],
        guards=[check_access],
        dependencies=parts.dependencies(),
        # The application has words of its own for the library's errors; these are nearer.
        exception_handlers={Exception: render_problem, HTTPException: render_problem},
        middleware=[make_renewal(access)],
        tags=["Echelon"],
    )
