"""The web side of the program, put together: hot paths in plain ASGI, everything else in the areas
behind them. `app` makes the core; this makes the doors to it. No rule lives here."""

import os

from footfall.api.control_door import PATHS, ControlDoor
from footfall.api.flags import FLAGS_CORS, Flags
from footfall.api.health import make_health, make_metrics
from footfall.app import Footfall
from footfall.areas import make_areas
from footfall.bots.proof.desk import ProofDesk
from footfall.dialects.echelon.proxy import ProxiedAddress
from footfall.dialects.echelon.route import make_echelon_hot_routes
from footfall.dialects.echelon.script import Script
from footfall.dialects.echelon.setting import parse_settings
from footfall.dialects.echelon.track import EchelonIngest
from footfall.dialects.grademypage.routes import (
    GRADEMYPAGE_CORS,
    make_grademypage_cors_paths,
    make_grademypage_hot_routes,
)
from footfall.dialects.grademypage.track import TrackIngest
from footfall.dialects.pulse.collect import PulseIngest
from footfall.dialects.pulse.cors import make_pulse_cors
from footfall.dialects.pulse.routes import (
    make_pulse_cors_paths,
    make_pulse_hot_routes,
)
from footfall.dialects.pulsegate.cors import ANSWER_HEADERS, make_pulsegate_cors_paths
from footfall.dialects.pulsegate.form.config import make_config_routes
from footfall.dialects.pulsegate.known_session import KnownSessions
from footfall.dialects.pulsegate.replay.recording import RecordingDoor, make_recording_route
from footfall.dialects.pulsegate.routes import ALIASES as PULSEGATE_ALIASES
from footfall.dialects.pulsegate.session_id import SessionIds
from footfall.dialects.pulsegate.track import PulsegateIngest, make_track_routes
from footfall.door_part import make_addresses, make_project_limiter
from footfall.http.asgi import Receive, Scope, Send
from footfall.http.client_address import ClientAddress
from footfall.http.cors import CorsRule
from footfall.http.front_door import CorsPath, FrontDoor, HotRoute
from footfall.http.meter import RequestMeter
from footfall.http.response import JSON, Answer
from footfall.http.window import FixedWindow
from footfall.scripts import ScriptFiles, load_script_files
from footfall.scripts.file import MODULE_PREFIX

FLAGS_PATH = "/api/flags"

_ECHELON_HEALTH = Answer(200, b'{"status":"ok","service":"Echelon Analytics"}', (JSON,))


def make_asgi(footfall: Footfall) -> FrontDoor:
    """Return the whole web application of a running Footfall."""
    cors = make_pulse_cors(footfall.config.allowed_origins)
    scripts = load_script_files()
    meter = RequestMeter()
    areas = make_areas(footfall, meter)

    async def fallback(scope: Scope, receive: Receive, send: Send) -> None:
        # A core that a browser keeps for a day asks for modules by the names of its own build.
        is_module = scope["type"] == "http" and scope["path"].startswith(MODULE_PREFIX)
        await (scripts if is_module else areas)(scope, receive, send)

    hot_routes = _make_hot_routes(footfall, cors, scripts)
    flags_cors = CorsPath(FLAGS_PATH, FLAGS_CORS)
    cors_paths = (
        flags_cors,
        *make_pulse_cors_paths(cors),
        *make_grademypage_cors_paths(),
        *make_pulsegate_cors_paths(),
    )
    return FrontDoor(hot_routes, fallback, cors=cors_paths, meter=meter, aliases=PULSEGATE_ALIASES)


def _make_hot_routes(footfall: Footfall, cors: CorsRule, scripts: ScriptFiles) -> list[HotRoute]:
    addresses = make_addresses(footfall)
    ingest = PulseIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=footfall.clock,
        limiter=make_project_limiter(footfall),
        addresses=addresses,
        cors=cors,
        drops=footfall.counters,
    )
    track = TrackIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=footfall.clock,
        limiter=make_project_limiter(footfall),
        addresses=addresses,
        cors=GRADEMYPAGE_CORS,
        drops=footfall.counters,
        experiments=footfall.experiments,
    )
    pings = [footfall.warehouse.ping, footfall.records.ping]
    health = make_health(footfall.clock, pings, ANSWER_HEADERS)
    metrics = make_metrics(footfall.read_samples, footfall.secrets.text("PULSE_ADMIN_TOKEN"))
    control = ControlDoor(footfall.control, footfall.control_token, os.getpid())
    flags = Flags(footfall.directory, footfall.experiments, make_project_limiter(footfall))
    return [
        *make_pulse_hot_routes(ingest),
        *make_grademypage_hot_routes(track, footfall.once, footfall.server_keys),
        *_make_track_routes(footfall),
        HotRoute(FLAGS_PATH, flags, "open"),
        *_make_echelon_routes(footfall, addresses),
        *make_config_routes(
            footfall.form_gate,
            has_fingerprint=footfall.config.flag("PULSEGATE_FINGERPRINT"),
            has_recording=footfall.config.flag("PULSEGATE_RECORDING"),
        ),
        HotRoute("/health", health, "open"),
        HotRoute("/api/health", _send_echelon_health, "open"),
        HotRoute("/metrics", metrics, "admin"),
        *(HotRoute(path, control, "control") for path in PATHS),
        *(HotRoute(path, app, "open") for path, app in scripts.routes().items()),
    ]


def _make_echelon_routes(footfall: Footfall, near: ClientAddress) -> tuple[HotRoute, ...]:
    settings, clock = parse_settings(footfall.config), footfall.clock
    addresses = ProxiedAddress(
        near,
        trusts_cloudflare=settings.rules.trusts_cloudflare,
        trusts_real_ip=footfall.config.flag("ECHELON_TRUST_PROXY"),
    )
    secret = footfall.secrets.text("ECHELON_SECRET").encode()
    proofs = ProofDesk(secret, clock, window_minutes=settings.window_minutes)
    window = FixedWindow(clock, settings.requests, settings.requests_window_s)
    ingest = EchelonIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=clock,
        window=window,
        addresses=addresses,
        proofs=proofs,
        campaigns=footfall.campaigns,
        experiments=footfall.experiments,
        drops=footfall.counters,
        rules=settings.rules,
    )
    script = Script(
        proofs,
        window,
        addresses,
        footfall.site_styles,
        settings.allowed_hosts,
        asks_consent=settings.asks_consent,
    )
    return make_echelon_hot_routes(ingest, script)


def _make_track_routes(footfall: Footfall) -> tuple[HotRoute, ...]:
    ingest = PulsegateIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=footfall.clock,
        addresses=make_addresses(footfall),
        session_ids=SessionIds(footfall.secrets.lasting_key),
        vpn=footfall.vpn,
        is_whitelisted=footfall.leadroom.addresses.is_whitelisted,
        find_site=footfall.forms.lookup.find_project,
        sessions=KnownSessions(),
        address_visits=footfall.leadroom.address_visits,
    )
    recording = RecordingDoor(
        recordings=footfall.replayroom.recordings,
        directory=footfall.directory,
        gate=footfall.form_gate,
        session_ids=ingest.session_ids,
        sessions=ingest.sessions,
        hash_session=footfall.hasher.hash_given_session,
        records_strangers=footfall.config.flag("PULSEGATE_RECORDING"),
    )
    return (*make_track_routes(ingest), make_recording_route(recording, ingest.desk))


async def _send_echelon_health(scope: Scope, receive: Receive, send: Send) -> None:
    await _ECHELON_HEALTH.send(send)
