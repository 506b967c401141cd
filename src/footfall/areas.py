"""Everything that is not a hot path, put together: the routes of the four doors, of our own API and
of the dashboard, in areas. No rule lives here."""

import asyncio
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.config.app import AppConfig
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException

from footfall.api.access import ApiAccess
from footfall.api.experiment.route import make_experiment_router
from footfall.api.export_route import make_export_router
from footfall.api.family.experiment import EXPERIMENT, make_experiment_parse
from footfall.api.page import OtherApi
from footfall.api.route import ApiParts, ResolveProject, make_api_router
from footfall.api.saved import SavedDefinitions
from footfall.app import Footfall
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
from footfall.dialects.echelon.route import make_echelon_router
from footfall.dialects.echelon.setting import parse_settings
from footfall.dialects.echelon.sign_in import ATTEMPTS, ATTEMPTS_WINDOW_S, Desk
from footfall.dialects.grademypage.admin import make_admin_router
from footfall.dialects.grademypage.openapi import DESCRIPTION as GRADEMYPAGE
from footfall.dialects.grademypage.openapi import PATH as GRADEMYPAGE_DOCUMENT_PATH
from footfall.dialects.pulse.access import PulseAccess
from footfall.dialects.pulse.openapi import PATH as PULSE_DOCUMENT_PATH
from footfall.dialects.pulse.openapi import PulseDocument, make_document_router
from footfall.dialects.pulse.part import PulseParts
from footfall.dialects.pulse.problem import render_problem
from footfall.dialects.pulse.routes import (
    ADMIN_PER_SECOND,
    make_pulse_router,
)
from footfall.dialects.pulsegate.access import PulsegateAccess
from footfall.dialects.pulsegate.cors import is_pulsegate
from footfall.dialects.pulsegate.errors import render_problem as render_pulsegate_problem
from footfall.dialects.pulsegate.lead.callback import LeadSecrets
from footfall.dialects.pulsegate.lead.capture import LeadDoor
from footfall.dialects.pulsegate.lead.gate import Doorkeeper, StoredGate
from footfall.dialects.pulsegate.lead.history import VisitHistory
from footfall.dialects.pulsegate.openapi import DESCRIPTION as PULSEGATE
from footfall.dialects.pulsegate.openapi import PATH as PULSEGATE_DOCUMENT_PATH
from footfall.dialects.pulsegate.part import AnomalyDetectors, PulsegateParts
from footfall.dialects.pulsegate.routes import make_pulsegate_router
from footfall.door_part import make_addresses, make_project_limiter
from footfall.http.api_document import DoorDocument
from footfall.http.api_document import make_document_router as make_door_document_router
from footfall.http.area import Area, Areas
from footfall.http.client_address import ClientAddress
from footfall.http.limit import RateLimiter
from footfall.http.meter import RequestMeter
from footfall.http.packed import IS_PACKED
from footfall.http.window import FixedWindow
from footfall.leads.anomaly import make_drop_detector
from footfall.projects.performance import Performance
from footfall.projects.project import Project
from footfall.reports.property import WarehouseProperties

DASHBOARD = ("/", "/dashboard", "/shared", "/robots.txt")
PULSEGATE_PREFIXES = ("/analytics", "/lead", "/lead.capture", "/replay", "/webhooks")
ECHELON_PREFIXES = (
    "/admin",
    *("/api/bots", "/api/campaigns", "/api/experiments", "/api/ingest"),
    *("/api/perf", "/api/sites", "/api/stats"),
)

COMPRESSED_FROM_BYTES = 1_400
"""What fits one packet is not worth the work."""


def make_areas(footfall: Footfall, meter: RequestMeter) -> Areas:
    """Return everything that is not a hot path; Echelon's door shows what `meter` counts."""
    query_limiter = make_project_limiter(footfall)
    admin_limiter = RateLimiter(footfall.clock, ADMIN_PER_SECOND)
    admin_token = footfall.secrets.text("PULSE_ADMIN_TOKEN")
    pulse_access = PulseAccess(
        directory=footfall.directory,
        clock=footfall.clock,
        admin_token=admin_token,
        query_limiter=query_limiter,
        admin_limiter=admin_limiter,
    )
    access = ApiAccess(footfall.directory, admin_token, footfall.clock, query_limiter)

    def make_pulse() -> Router:
        return _make_pulse_router(footfall, pulse_access)

    def make_grademypage() -> Router:
        return make_admin_router(
            footfall.projects, footfall.server_keys, admin_token, admin_limiter
        )

    def make_pulsegate() -> Router:
        return _make_pulsegate_router(footfall)

    def make_echelon() -> Router:
        return _make_echelon_router(footfall, meter)

    # A document is a router of its own, made when somebody reads it.
    pulse_document = PulseDocument(make_pulse)
    grademypage = DoorDocument(GRADEMYPAGE, make_grademypage)
    pulsegate = DoorDocument(PULSEGATE, make_pulsegate)
    echelon = DoorDocument(ECHELON, make_echelon)
    others = (
        OtherApi("pulse", "Pulse", PULSE_DOCUMENT_PATH, pulse_document.load),
        OtherApi("pulsegate", "PulseGate", PULSEGATE_DOCUMENT_PATH, pulsegate.load),
        OtherApi("grademypage", "GradeMyPage", GRADEMYPAGE_DOCUMENT_PATH, grademypage.load),
        OtherApi("echelon", "Echelon", ECHELON_DOCUMENT_PATH, echelon.load),
    )

    def make_own() -> Litestar:
        return _make_application(
            _make_own_router(footfall, access, others),
            make_export_router(footfall.event_files, _make_resolve(footfall), access),
            make_document_router(pulse_document),
            make_door_document_router({other.path: other.load for other in others[1:]}),
        )

    def make_projects() -> Litestar:
        experiments = make_experiment_router(
            footfall.projects, footfall.experiments, admin_token, admin_limiter
        )
        return _make_application(make_pulse(), make_grademypage(), experiments)

    return Areas(
        [
            Area("dashboard", DASHBOARD, lambda: _make_application(_make_dashboard(footfall))),
            Area("pulsegate", PULSEGATE_PREFIXES, lambda: _make_application(make_pulsegate())),
            Area("echelon", ECHELON_PREFIXES, lambda: _make_application(make_echelon())),
            Area("pulse", ("/api/v1", "/api/admin"), make_projects),
            Area("api", (), make_own),
        ]
    )


def _make_application(*routers: Router) -> Litestar:
    return Litestar(
        routers,
        openapi_config=None,
        compression_config=CompressionConfig(
            "gzip", minimum_size=COMPRESSED_FROM_BYTES, exclude_opt_key=IS_PACKED
        ),
        on_app_init=[_use_our_logs],
        # Unknown paths and methods belong to no router; every door but one says `{"error": …}`.
        exception_handlers={HTTPException: _render_unknown},
    )


def _make_pulse_router(footfall: Footfall, access: PulseAccess) -> Router:
    parts = PulseParts(
        clock=footfall.clock,
        projects=footfall.projects,
        reports=footfall.reports,
        goals=footfall.goals,
        funnels=footfall.funnels,
        alerts=footfall.mailroom.alerts,
        webhooks=footfall.mailroom.webhooks,
        webhook_trial=footfall.mailroom.webhook_trial,
        outbox=footfall.mailroom.outbox,
        surveys=footfall.surveys,
        responses=footfall.responses,
        laboratory=footfall.laboratory,
        addresses=make_addresses(footfall),
        erasure=footfall.erasure,
        shares=footfall.shares,
    )
    return make_pulse_router(parts, access)


def _make_resolve(footfall: Footfall) -> ResolveProject:
    async def resolve_project(reference: str) -> Project:
        return await asyncio.to_thread(footfall.projects.find, reference)

    return resolve_project


def _make_own_router(footfall: Footfall, access: ApiAccess, others: tuple[OtherApi, ...]) -> Router:
    return make_api_router(
        ApiParts(
            reports=footfall.reports,
            resolve_project=_make_resolve(footfall),
            authorise=access,
            clock=footfall.clock,
            saved=SavedDefinitions(footfall.goals, footfall.funnels),
            others=others,
            parsers={EXPERIMENT.name: make_experiment_parse(footfall.laboratory)},
        )
    )


def _make_dashboard(footfall: Footfall) -> Router:
    clock = footfall.clock
    admin_token = footfall.secrets.text("PULSE_ADMIN_TOKEN")
    accounts = ProjectAccounts(footfall.projects, admin_token, clock)
    return make_dashboard_router(
        DashboardParts(
            reports=footfall.reports,
            projects=accounts,
            accounts=accounts,
            keys=accounts,
            server_keys=ServerKeyRegister(footfall.server_keys),
            shares=ProjectShares(footfall.shares, footfall.projects),
            live=ReportLive(footfall.reports, clock),
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


def _make_echelon_router(footfall: Footfall, meter: RequestMeter) -> Router:
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
            meter=meter,
            waiting=footfall.spool.count_waiting,
            book=parse_settings(config).points,
            rules=parse_settings(config).rules,
        )
    )


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
                make_addresses(footfall),
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


def _render_unknown(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    render = render_pulsegate_problem if is_pulsegate(request.url.path) else render_problem
    return render(request, error)


def _use_our_logs(config: AppConfig) -> AppConfig:
    """Keep the framework from setting up logging of its own."""
    config.logging_config = None
    return config
