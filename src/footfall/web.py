"""The web side of the program, put together: hot paths in plain ASGI, everything else behind
Litestar. `app` makes the core; this makes the doors to it. No rule lives here."""

import asyncio
import os
from typing import Any, cast

from litestar import Litestar, Request, Response, Router
from litestar.config.app import AppConfig
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException

from footfall.api.access import ApiAccess
from footfall.api.control_door import PATHS, ControlDoor
from footfall.api.experiment.route import make_experiment_router
from footfall.api.export_route import make_export_router
from footfall.api.family.experiment import EXPERIMENT, make_experiment_parse
from footfall.api.flags import FLAGS_CORS, Flags
from footfall.api.health import make_health, make_metrics
from footfall.api.page import OtherApi
from footfall.api.route import ApiParts, make_api_router
from footfall.api.saved import SavedDefinitions
from footfall.app import Footfall
from footfall.bots.proof.desk import ProofDesk
from footfall.dashboard.account import ProjectAccounts
from footfall.dashboard.lead.desk import LeadDesk
from footfall.dashboard.live import ReportLive
from footfall.dashboard.module_desk import ProjectModules
from footfall.dashboard.peer import ClientPeers
from footfall.dashboard.port import AlertParts, DashboardParts
from footfall.dashboard.retention_desk import RetentionDesk
from footfall.dashboard.router import make_dashboard_router
from footfall.dashboard.server_key import ServerKeyRegister
from footfall.dashboard.share_desk import ProjectShares
from footfall.dashboard.survey_desk import SurveyDesk
from footfall.dialects.echelon.access import EchelonAccess, Sessions
from footfall.dialects.echelon.openapi import DESCRIPTION as ECHELON
from footfall.dialects.echelon.openapi import PATH as ECHELON_DOCUMENT_PATH
from footfall.dialects.echelon.part import EchelonParts
from footfall.dialects.echelon.proxy import ProxiedAddress
from footfall.dialects.echelon.route import make_echelon_hot_routes, make_echelon_router
from footfall.dialects.echelon.script import Script
from footfall.dialects.echelon.setting import parse_settings
from footfall.dialects.echelon.sign_in import ATTEMPTS, ATTEMPTS_WINDOW_S, Desk
from footfall.dialects.echelon.track import EchelonIngest
from footfall.dialects.grademypage.admin import make_admin_router
from footfall.dialects.grademypage.openapi import DESCRIPTION as GRADEMYPAGE
from footfall.dialects.grademypage.openapi import PATH as GRADEMYPAGE_DOCUMENT_PATH
from footfall.dialects.grademypage.routes import (
    GRADEMYPAGE_CORS,
    make_grademypage_cors_paths,
    make_grademypage_hot_routes,
)
from footfall.dialects.grademypage.track import TrackIngest
from footfall.dialects.pulse.access import PulseAccess
from footfall.dialects.pulse.collect import PulseIngest
from footfall.dialects.pulse.cors import make_pulse_cors
from footfall.dialects.pulse.openapi import PATH as PULSE_DOCUMENT_PATH
from footfall.dialects.pulse.openapi import PulseDocument, make_document_router
from footfall.dialects.pulse.part import PulseParts
from footfall.dialects.pulse.problem import render_problem
from footfall.dialects.pulse.routes import (
    ADMIN_PER_SECOND,
    make_pulse_cors_paths,
    make_pulse_hot_routes,
    make_pulse_router,
)
from footfall.dialects.pulsegate.access import PulsegateAccess
from footfall.dialects.pulsegate.cors import ANSWER_HEADERS, is_pulsegate, make_pulsegate_cors_paths
from footfall.dialects.pulsegate.errors import render_problem as render_pulsegate_problem
from footfall.dialects.pulsegate.form.config import make_config_routes
from footfall.dialects.pulsegate.known_session import KnownSessions
from footfall.dialects.pulsegate.lead.callback import LeadSecrets
from footfall.dialects.pulsegate.lead.capture import LeadDoor
from footfall.dialects.pulsegate.lead.gate import Doorkeeper, StoredGate
from footfall.dialects.pulsegate.lead.history import VisitHistory
from footfall.dialects.pulsegate.openapi import DESCRIPTION as PULSEGATE
from footfall.dialects.pulsegate.openapi import PATH as PULSEGATE_DOCUMENT_PATH
from footfall.dialects.pulsegate.part import AnomalyDetectors, PulsegateParts
from footfall.dialects.pulsegate.replay.recording import RecordingDoor, make_recording_route
from footfall.dialects.pulsegate.routes import ALIASES as PULSEGATE_ALIASES
from footfall.dialects.pulsegate.routes import make_pulsegate_router
from footfall.dialects.pulsegate.session_id import SessionIds
from footfall.dialects.pulsegate.track import PulsegateIngest, make_track_routes
from footfall.http.api_document import DoorDocument
from footfall.http.api_document import make_document_router as make_door_document_router
from footfall.http.asgi import AsgiApp, Receive, Scope, Send
from footfall.http.client_address import ClientAddress
from footfall.http.cors import CorsRule
from footfall.http.front_door import CorsPath, FrontDoor, HotRoute
from footfall.http.limit import RateLimiter
from footfall.http.meter import RequestMeter
from footfall.http.packed import IS_PACKED
from footfall.http.response import JSON, Answer
from footfall.http.window import FixedWindow
from footfall.leads.anomaly import make_drop_detector
from footfall.projects.performance import Performance
from footfall.projects.project import Project
from footfall.reports.property import WarehouseProperties
from footfall.scripts import ScriptFiles, load_script_files
from footfall.scripts.file import MODULE_PREFIX

FLAGS_PATH = "/api/flags"

TITLES = {"pulsegate": "PulseGate", "grademypage": "GradeMyPage", "echelon": "Echelon"}

_ECHELON_HEALTH = Answer(200, b'{"status":"ok","service":"Echelon Analytics"}', (JSON,))

COMPRESSED_FROM_BYTES = 1_400
"""What fits one packet is not worth the work."""


def make_asgi(footfall: Footfall) -> FrontDoor:
    """Return the whole web application of a running Footfall."""
    cors = make_pulse_cors(footfall.config.allowed_origins)
    scripts = load_script_files()
    meter = RequestMeter()
    # Litestar's types name every message; ours say that a message is a mapping. Both mean ASGI.
    pages = cast("AsgiApp", make_litestar(footfall, meter))

    async def fallback(scope: Scope, receive: Receive, send: Send) -> None:
        # A core that a browser keeps for a day asks for modules by the names of its own build.
        is_module = scope["type"] == "http" and scope["path"].startswith(MODULE_PREFIX)
        await (scripts if is_module else pages)(scope, receive, send)

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
    addresses = _make_addresses(footfall)
    ingest = PulseIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=footfall.clock,
        limiter=_make_project_limiter(footfall),
        addresses=addresses,
        cors=cors,
        drops=footfall.counters,
    )
    track = TrackIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=footfall.clock,
        limiter=_make_project_limiter(footfall),
        addresses=addresses,
        cors=GRADEMYPAGE_CORS,
        drops=footfall.counters,
        experiments=footfall.experiments,
    )
    pings = [footfall.warehouse.ping, footfall.records.ping]
    health = make_health(footfall.clock, pings, ANSWER_HEADERS)
    metrics = make_metrics(footfall.read_samples, _admin_token(footfall))
    control = ControlDoor(footfall.control, footfall.control_token, os.getpid())
    flags = Flags(footfall.directory, footfall.experiments, _make_project_limiter(footfall))
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


def _make_echelon_router(footfall: Footfall, meter: RequestMeter | None) -> Router:
    config, clock, secrets = footfall.config, footfall.clock, footfall.secrets
    secret = secrets.text("ECHELON_SECRET")
    sessions = Sessions(secrets.lasting_key, clock)
    return make_echelon_router(
        EchelonParts(
            clock=clock,
            directory=footfall.directory,
            reports=footfall.reports,
            intake=footfall.intake,
            access=EchelonAccess(secret, sessions, is_public=config.flag("ECHELON_PUBLIC_MODE")),
            desk=Desk(
                config.text("ECHELON_USERNAME"),
                config.text("ECHELON_PASSWORD_HASH"),
                sessions,
                FixedWindow(clock, ATTEMPTS, ATTEMPTS_WINDOW_S),
                ClientAddress(config.trusted_proxies),
            ),
            campaigns=footfall.campaigns,
            experiments=footfall.experiments,
            laboratory=footfall.laboratory,
            excluded=footfall.excluded,
            performance=Performance(footfall.records, clock),
            styles=footfall.site_styles,
            meter=meter or RequestMeter(),
            waiting=footfall.spool.count_waiting,
            book=parse_settings(config).points,
            rules=parse_settings(config).rules,
        )
    )


def _make_track_routes(footfall: Footfall) -> tuple[HotRoute, ...]:
    ingest = PulsegateIngest(
        intake=footfall.intake,
        directory=footfall.directory,
        clock=footfall.clock,
        addresses=_make_addresses(footfall),
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


def _make_pulsegate_router(footfall: Footfall) -> Router:
    room, config, directory = footfall.leadroom, footfall.config, footfall.directory
    return make_pulsegate_router(
        PulsegateParts(
            clock=footfall.clock,
            directory=directory,
            reports=footfall.reports,
            access=PulsegateAccess(
                footfall.secrets.text("ANALYTICS_API_KEY"),
                footfall.config.text("ANALYTICS_MARKETING_API_KEY"),
                footfall.viewer_keys,
            ),
            viewer_keys=footfall.viewer_keys,
            forms=footfall.forms,
            leads=room.leads,
            lead_door=LeadDoor(
                room.capture,
                Doorkeeper(StoredGate(footfall.forms.lookup, directory, footfall.clock), directory),
                room.addresses,
                room.settings,
                _make_addresses(footfall),
                footfall.clock,
            ),
            lead_reports=room.reports,
            lead_secrets=LeadSecrets(
                config.text("CRM_CALLBACK_SECRET"), config.text("CRM_WEBHOOK_SECRET")
            ),
            lead_settings=room.settings,
            lead_erasure=room.erasure,
            address_lists=room.addresses,
            visit_history=VisitHistory(room.visits, footfall.replayroom.recordings),
            recorded_visits=footfall.replayroom.visits,
            detectors=AnomalyDetectors((make_drop_detector(room.reports),)),
        )
    )


def make_litestar(footfall: Footfall, meter: RequestMeter | None = None) -> Litestar:
    """Return everything that is not a hot path."""
    clock, directory, reports = footfall.clock, footfall.directory, footfall.reports
    admin_token = _admin_token(footfall)
    query_limiter = _make_project_limiter(footfall)
    admin_limiter = RateLimiter(clock, ADMIN_PER_SECOND)
    accounts = ProjectAccounts(footfall.projects, admin_token, clock)

    async def resolve_project(reference: str) -> Project:
        return await asyncio.to_thread(footfall.projects.find, reference)

    pulse_parts = PulseParts(
        clock=clock,
        projects=footfall.projects,
        reports=reports,
        goals=footfall.goals,
        funnels=footfall.funnels,
        alerts=footfall.mailroom.alerts,
        webhooks=footfall.mailroom.webhooks,
        webhook_trial=footfall.mailroom.webhook_trial,
        outbox=footfall.mailroom.outbox,
        surveys=footfall.surveys,
        responses=footfall.responses,
        laboratory=footfall.laboratory,
        addresses=_make_addresses(footfall),
        erasure=footfall.erasure,
        shares=footfall.shares,
    )
    pulse_access = PulseAccess(
        directory=directory,
        clock=clock,
        admin_token=admin_token,
        query_limiter=query_limiter,
        admin_limiter=admin_limiter,
    )

    def make_pulse() -> Router:
        return make_pulse_router(pulse_parts, pulse_access)

    document = PulseDocument(make_pulse)
    access = ApiAccess(directory, admin_token, clock, query_limiter)
    parsers = {EXPERIMENT.name: make_experiment_parse(footfall.laboratory)}
    experiments = make_experiment_router(
        footfall.projects, footfall.experiments, admin_token, admin_limiter
    )

    def make_pulsegate() -> Router:
        return _make_pulsegate_router(footfall)

    def make_grademypage() -> Router:
        return make_admin_router(
            footfall.projects, footfall.server_keys, admin_token, admin_limiter
        )

    def make_echelon() -> Router:
        return _make_echelon_router(footfall, meter)

    doors = (
        ("pulsegate", PULSEGATE_DOCUMENT_PATH, DoorDocument(PULSEGATE, make_pulsegate)),
        ("grademypage", GRADEMYPAGE_DOCUMENT_PATH, DoorDocument(GRADEMYPAGE, make_grademypage)),
        ("echelon", ECHELON_DOCUMENT_PATH, DoorDocument(ECHELON, make_echelon)),
    )
    others = (
        OtherApi("pulse", "Pulse", PULSE_DOCUMENT_PATH, document.load),
        *(OtherApi(name, TITLES[name], path, one.load) for name, path, one in doors),
    )
    api = make_api_router(
        ApiParts(
            reports=reports,
            resolve_project=resolve_project,
            authorise=access,
            clock=clock,
            saved=SavedDefinitions(footfall.goals, footfall.funnels),
            others=others,
            parsers=parsers,
        )
    )
    export = make_export_router(footfall.event_files, resolve_project, access)
    dashboard = make_dashboard_router(
        DashboardParts(
            reports=reports,
            projects=accounts,
            accounts=accounts,
            keys=accounts,
            server_keys=ServerKeyRegister(footfall.server_keys),
            shares=ProjectShares(footfall.shares, footfall.projects),
            live=ReportLive(reports, clock),
            peers=ClientPeers(footfall.config.trusted_proxies),
            goals=footfall.goals,
            funnels=footfall.funnels,
            modules=ProjectModules(footfall.projects),
            surveys=SurveyDesk(footfall.surveys, footfall.responses, footfall.projects),
            clock=clock,
            session_secret=footfall.secrets.lasting_key,
            alerts=AlertParts(
                footfall.mailroom.alerts, footfall.mailroom.summaries, footfall.mailroom.outbox
            ),
            properties=WarehouseProperties(footfall.warehouse, footfall.loader, clock),
            laboratory=footfall.laboratory,
            forms=footfall.forms,
            retention=RetentionDesk(footfall.retention, footfall.projects),
            leads=LeadDesk(
                footfall.leadroom.leads,
                footfall.leadroom.reports,
                footfall.leadroom.visits,
                footfall.leadroom.erasure,
                footfall.leadroom.notices,
                has_mail=bool(footfall.config.text("FOOTFALL_SMTP_HOST")),
                has_recording=footfall.replayroom.visits.has_recording,
            ),
            recorded_visits=footfall.replayroom.visits,
        )
    )
    return Litestar(
        route_handlers=[
            make_pulse(),
            make_document_router(document),
            make_door_document_router({path: one.load for _, path, one in doors}),
            make_grademypage(),
            api,
            export,
            experiments,
            dashboard,
            make_echelon(),
            make_pulsegate(),
        ],
        openapi_config=None,
        compression_config=CompressionConfig(
            "gzip", minimum_size=COMPRESSED_FROM_BYTES, exclude_opt_key=IS_PACKED
        ),
        on_app_init=[_use_our_logs],
        # Unknown paths and methods belong to no router; every door but one says `{"error": …}`.
        exception_handlers={HTTPException: _render_unknown},
    )


def _render_unknown(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    render = render_pulsegate_problem if is_pulsegate(request.url.path) else render_problem
    return render(request, error)


def _use_our_logs(config: AppConfig) -> AppConfig:
    """Keep the framework from setting up logging of its own."""
    config.logging_config = None
    return config


def _make_addresses(footfall: Footfall) -> ClientAddress:
    addresses = ClientAddress(footfall.config.trusted_proxies)
    footfall.salts.on_change(addresses.forget)
    return addresses


def _make_project_limiter(footfall: Footfall) -> RateLimiter:
    return RateLimiter(footfall.clock, footfall.config.integer("RATE_LIMIT_PER_SECOND"))


def _admin_token(footfall: Footfall) -> str:
    return footfall.secrets.text("PULSE_ADMIN_TOKEN")


async def _send_echelon_health(scope: Scope, receive: Receive, send: Send) -> None:
    await _ECHELON_HEALTH.send(send)
