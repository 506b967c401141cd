"""The web side of the program, put together: hot paths in plain ASGI, everything else behind
Litestar. `app` makes the core; this makes the doors to it. No rule lives here."""

import os

from footfall.api.control_door import ControlDoor
from footfall.api.health import make_health, make_metrics
from footfall.app import Footfall
from footfall.dialects.pulse.collect import PulseBatch, PulseCollect, PulseIngest
from footfall.dialects.pulse.cors import make_pulse_cors
from footfall.http.asgi import AsgiApp, Receive, Scope, Send
from footfall.http.client_address import ClientAddress
from footfall.http.front_door import CorsPath, FrontDoor, HotRoute
from footfall.http.limit import RateLimiter
from footfall.http.response import JSON, Answer
from footfall.scripts import load_script_files

_ECHELON_HEALTH = Answer(200, b'{"status":"ok","service":"Echelon Analytics"}', (JSON,))


def make_asgi(footfall: Footfall) -> AsgiApp:
    """Return the whole web application of a running Footfall."""
    cors = make_pulse_cors()
    return FrontDoor(
        _make_hot_routes(footfall),
        _make_fallback(footfall),
        cors=[CorsPath(prefix, cors) for prefix in ("/api/collect", "/api/batch", "/api/v1/")],
    )


def _make_hot_routes(footfall: Footfall) -> list[HotRoute]:
    ingest = PulseIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=footfall.clock,
        limiter=RateLimiter(footfall.clock, footfall.config.integer("RATE_LIMIT_PER_SECOND")),
        addresses=ClientAddress(footfall.config.trusted_proxies),
        cors=make_pulse_cors(),
        drops=footfall.counters,
    )
    health = make_health(footfall.clock, [footfall.warehouse.ping, footfall.records.ping])
    metrics = make_metrics(footfall.read_samples, footfall.secrets.text("PULSE_ADMIN_TOKEN"))
    routes = [
        HotRoute("/api/collect", PulseCollect(ingest), "ingest"),
        HotRoute("/api/batch", PulseBatch(ingest), "ingest"),
        HotRoute("/health", health, "open"),
        HotRoute("/api/health", _send_echelon_health, "open"),
        HotRoute("/metrics", metrics, "admin"),
    ]
    routes += [HotRoute(path, app, "open") for path, app in load_script_files().routes().items()]
    return routes


async def _send_echelon_health(scope: Scope, receive: Receive, send: Send) -> None:
    await _ECHELON_HEALTH.send(send)


def _make_fallback(footfall: Footfall) -> AsgiApp:
    return ControlDoor(footfall.control, footfall.control_token, os.getpid())
