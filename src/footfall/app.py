"""The only place where objects are made: what there is, in which order it starts and in which it
drains. No rule lives here; a reader finds the whole program on one page."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from footfall.api.control import LocalControl
from footfall.api.event_file import EventFiles
from footfall.api.health import Sample, SampleKind
from footfall.bots.exclusion import ExcludedVisitors
from footfall.bots.network import HostingNetworks
from footfall.bots.scorer import BotScorer
from footfall.bots.vpn import VpnJudge
from footfall.clock import US_PER_DAY, US_PER_SECOND, Clock, SystemClock
from footfall.config import Config
from footfall.dialects.echelon.setting import parse_settings
from footfall.dialects.echelon.track import DOOR as ECHELON_DOOR
from footfall.errors import FootfallError, NotFoundError
from footfall.experiments.laboratory import Laboratory
from footfall.experiments.register import Experiments
from footfall.experiments.success import FindGoal, Success, make_success
from footfall.forms.gate import FormGate
from footfall.forms.register import FormRegister
from footfall.identity.salt import Salts
from footfall.identity.salt_file import SaltFile
from footfall.identity.session import SessionBook
from footfall.identity.snapshot import refill_sessions, restore_sessions, save_sessions
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.counter import Counters
from footfall.ingest.duplicate import WINDOW_US, Deduplicator
from footfall.ingest.erasure import Erasure
from footfall.ingest.event_id import EventIds
from footfall.ingest.event_import import EventImporter
from footfall.ingest.importer import Importer
from footfall.ingest.intake import IngestIntake
from footfall.ingest.loader import INTERVAL_S, Loader
from footfall.ingest.once import OnceIntake
from footfall.ingest.pipeline import Pipeline, Services, default_steps
from footfall.ingest.place import Places
from footfall.ingest.port import Intake
from footfall.ingest.recall import SessionRecall
from footfall.ingest.request import Sender
from footfall.ingest.retention import Retention, RetentionDefaults, run_retention
from footfall.ingest.source import Sources
from footfall.ingest.spool import Spool
from footfall.ingest.steps.visitor import VisitorFinder
from footfall.leadroom import LeadParts, Leadroom, make_leadroom, run_leadroom
from footfall.mailroom import Mailroom, make_mailroom, run_mailroom
from footfall.projects.campaign import Campaigns
from footfall.projects.directory import Directory
from footfall.projects.register import Projects
from footfall.projects.secret import Secrets
from footfall.projects.server_key import ServerKeys
from footfall.projects.share import Shares
from footfall.projects.site_style import SiteStyles
from footfall.projects.viewer_key import StoredViewerKeys
from footfall.replayroom import Replayroom, make_replayroom, run_replayroom
from footfall.reports.definition import Funnels, Goals
from footfall.reports.run import ReportRunner
from footfall.store.folder import DataFolder
from footfall.store.objects import open_objects
from footfall.store.records import Records
from footfall.store.relational import RelationalRecords
from footfall.store.warehouse import Warehouse
from footfall.surveys.register import Surveys
from footfall.surveys.response import Responses
from footfall.surveys.submission import SurveyIntake

_log = logging.getLogger(__name__)

HOUSEKEEPING_S = 60.0
"""How often salts are swept, idle sessions let go, last uses written down, and server keys that
another node changed seen here."""

FOLLOW_S = 2.0
"""How often a node looks whether another one changed projects or keys: a revoked key stops
everywhere within this time, for one look-up of one row."""

REMEMBERED_SESSIONS_US = US_PER_DAY
"""Late events are believed for a day, so that many sessions are looked up after a crash."""

START_TIMEOUT_S = 600.0
"""A full spool of a gigabyte loads in a minute or two; after this the warehouse is down."""

SNAPSHOT = "sessions.snapshot"


@dataclass(frozen=True, slots=True)
class Footfall:
    """One running Footfall without its web server."""

    config: Config
    clock: Clock
    folder: DataFolder
    secrets: Secrets
    control_token: str
    records: Records
    warehouse: Warehouse
    projects: Projects
    goals: Goals
    funnels: Funnels
    campaigns: Campaigns
    site_styles: SiteStyles
    viewer_keys: StoredViewerKeys
    forms: FormRegister
    form_gate: FormGate
    excluded: ExcludedVisitors
    directory: Directory
    experiments: Experiments
    server_keys: ServerKeys
    laboratory: Laboratory
    shares: Shares
    spool: Spool
    loader: Loader
    salts: Salts
    sessions: SessionBook
    counters: Counters
    places: Places
    vpn: VpnJudge
    hasher: VisitorHasher
    """Finds the visitors and sessions that senders' own ids stand for."""
    surveys: Surveys
    responses: Responses
    intake: Intake
    once: OnceIntake
    reports: ReportRunner
    erasure: Erasure
    retention: Retention
    event_files: EventFiles
    mailroom: Mailroom
    leadroom: Leadroom
    replayroom: Replayroom
    control: LocalControl

    def read_samples(self) -> Iterable[Sample]:
        """Return the figures of `/metrics`."""
        for (door, kind, outcome), count in sorted(self.counters.counts.items()):
            labels = (("door", door), ("kind", kind), ("outcome", outcome))
            yield Sample("footfall_events_total", "counter", "Events by outcome.", count, labels)
        state = self.loader.state
        figures: tuple[tuple[str, SampleKind, str, float], ...] = (
            ("footfall_loaded_events_total", "counter", "Events loaded.", state.events_loaded),
            ("footfall_waiting_events", "gauge", "Acknowledged, not loaded.", state.events_waiting),
            ("footfall_spool_bytes", "gauge", "Bytes in the spool.", state.waiting_bytes),
            ("footfall_failed_loads_total", "counter", "Loads that failed.", state.loads_failed),
            ("footfall_rejected_lines_total", "counter", "Set aside.", state.lines_rejected),
            ("footfall_open_sessions", "gauge", "Sessions at hand.", len(self.sessions.live)),
        )
        figures += self._read_retention()
        for name, sample_kind, text, value in figures:
            yield Sample(name, sample_kind, text, value)
        for reason, count in sorted(self.form_gate.refusals.items()):
            text, why = "Pages that asked for a form in vain.", (("reason", reason),)
            yield Sample("footfall_form_refusals_total", "counter", text, count, why)
        yield from self.mailroom.read_samples()

    def _read_retention(self) -> tuple[tuple[str, SampleKind, str, float], ...]:
        retention = self.retention
        return (
            ("footfall_expired_events_total", "counter", "Too old.", retention.events_erased),
            ("footfall_expired_sessions_total", "counter", "Too old.", retention.sessions_erased),
            (
                "footfall_retention_last_success_seconds",
                "gauge",
                "When old events were last erased by this process, Unix time; 0 not yet.",
                retention.ended_at_us / US_PER_SECOND,
            ),
        )


def make_warehouse(config: Config) -> Warehouse:
    """Open the warehouse that the settings name. Its driver is imported only when it is used."""
    url = config.text("FOOTFALL_WAREHOUSE_URL")
    if url:
        from footfall.store.clickhouse.warehouse import ClickhouseWarehouse

        return ClickhouseWarehouse(url)
    from footfall.store.duckdb.warehouse import DuckdbWarehouse

    return DuckdbWarehouse(
        config.data_dir / "footfall.duckdb",
        memory_limit_mb=config.integer("FOOTFALL_DUCKDB_MEMORY_MB"),
        threads=config.integer("FOOTFALL_DUCKDB_THREADS"),
        temp_dir=config.data_dir / "tmp",
    )


def make_records(config: Config) -> Records:
    """Open the records store that the settings name."""
    url = config.text("FOOTFALL_RECORDS_URL")
    return RelationalRecords(url or f"sqlite:///{config.data_dir / 'records.sqlite'}")


@asynccontextmanager
async def open_footfall(config: Config, clock: Clock | None = None) -> AsyncIterator[Footfall]:
    """Take the data folder, open the stores, load what the last run left, and give the program.

    On leaving, everything acknowledged is brought into the warehouse and the hot state is saved.
    Raises ConflictError when another process owns the folder, ConfigError, StoreError.
    """
    clock = clock or SystemClock()
    parse_settings(config)  # what is wrong is said before anything is opened
    folder = DataFolder(config.data_dir)
    folder.open()
    try:
        records = make_records(config)
        warehouse = make_warehouse(config)
        try:
            footfall = await _start(config, clock, folder, records, warehouse)
            tasks = [asyncio.create_task(_keep_house(footfall))]
            if _has_other_nodes(config):
                tasks.append(
                    asyncio.create_task(_follow_records(footfall.projects, footfall.experiments))
                )
            try:
                async with (
                    run_mailroom(footfall.mailroom),
                    run_leadroom(footfall.leadroom),
                    run_retention(footfall.retention),
                    run_replayroom(footfall.replayroom),
                ):
                    yield footfall
            finally:
                for task in tasks:
                    task.cancel()
                    with suppress(asyncio.CancelledError):
                        await task
                await _drain(footfall)
        finally:
            warehouse.close()
            records.close()
    finally:
        folder.close()


async def _start(
    config: Config, clock: Clock, folder: DataFolder, records: Records, warehouse: Warehouse
) -> Footfall:
    made = Secrets(folder, config.values)
    directory = Directory()
    projects = Projects(records, clock, directory)
    experiments = Experiments(records, clock)
    server_keys = ServerKeys(records, clock)
    await asyncio.to_thread(records.setup)
    await asyncio.to_thread(projects.setup)
    campaigns = Campaigns(records, clock)
    await asyncio.to_thread(campaigns.setup)
    site_styles = SiteStyles(records)
    await asyncio.to_thread(site_styles.setup)
    viewer_keys = StoredViewerKeys(records, clock)
    await asyncio.to_thread(viewer_keys.setup)
    forms = FormRegister(records, clock)
    await asyncio.to_thread(forms.reload)
    await asyncio.to_thread(experiments.reload)
    await asyncio.to_thread(server_keys.reload)
    await asyncio.to_thread(warehouse.setup)
    spool = Spool(
        folder.path / "spool",
        limit_bytes=config.integer("FOOTFALL_SPOOL_LIMIT_MB") * 1024 * 1024,
        clock=clock,
    )
    loader = Loader(spool, warehouse, interval_s=_load_interval_s(config))
    loader.start()
    # What a crash left must be in the warehouse before ids and sessions are read back from it.
    await loader.wait_loaded(timeout_s=START_TIMEOUT_S)
    salts = Salts(SaltFile(folder.path / "salts.json"), clock)
    sessions, deduplicator, counters = SessionBook(), Deduplicator(), Counters()
    await asyncio.to_thread(_restore, folder, clock, warehouse, sessions, deduplicator)
    places = Places(_path_or_none(config.text("FOOTFALL_COUNTRY_DB")))
    echelon = parse_settings(config)
    networks = HostingNetworks()
    scorer = BotScorer(networks, echelon.points, robots=echelon.robots)
    hasher = VisitorHasher(salts)
    visitors = VisitorFinder(hasher)
    excluded = ExcludedVisitors(records, clock, hasher.hash_given_visitor)
    await asyncio.to_thread(excluded.setup)
    # Caches keyed by addresses end with the salt that could have tied them to a visitor.
    for forget in (visitors.forget, places.forget, scorer.forget):
        salts.on_change(forget)
    services = Services(
        sessions=sessions,
        hasher=hasher,
        visitors=visitors,
        sources=Sources(),
        places=places,
        scorer=scorer,
        ids=EventIds(),
        find_exclusions=directory.find_exclusions,
        has_daily_visitors=directory.has_daily_visitors,
    )
    intake = IngestIntake(Pipeline(default_steps(services)), spool, deduplicator, counters)
    surveys, responses = Surveys(records, clock), Responses(records)
    recall = SessionRecall(sessions.history, warehouse)
    reports = ReportRunner(warehouse, loader, clock, excluded.find_left_out)

    def find_visitor(sender: Sender, visitor_id: str) -> int:
        if visitor_id and directory.has_daily_visitors(sender.project):
            return visitors.find_daily(sender.project, visitor_id, sender.received_at_us)
        if visitor_id:
            return visitors.find_given(sender.project, visitor_id)
        return visitors.find(sender, sender.received_at_us, sessions.live)

    goals = Goals(records, clock)
    laboratory = Laboratory(
        experiments, intake, reports, clock, find_visitor, _make_find_goal(goals)
    )
    importer = Importer(intake, warehouse, loader, recall, clock)
    event_importer = EventImporter(spool, warehouse, loader, deduplicator, clock)
    event_files = EventFiles(reports, folder.path / "tmp")
    mailroom = make_mailroom(config, clock, records, directory=directory, reports=reports)
    objects = open_objects(config.text("FOOTFALL_OBJECTS_URL"), folder.path / "objects")
    erasure = Erasure(projects, warehouse, loader, objects, settle_s=_settle_s(config))
    replayroom = make_replayroom(config, clock, records, objects, reports=reports, hasher=hasher)
    leadroom = make_leadroom(
        LeadParts(
            config,
            clock,
            records,
            mailroom.outbox,
            intake,
            reports,
            places,
            hasher,
            erasure,
            replayroom.recordings,
        )
    )
    salts.on_change(leadroom.address_visits.forget)
    return Footfall(
        config=config,
        clock=clock,
        folder=folder,
        secrets=made,
        control_token=secrets.token_urlsafe(32),
        records=records,
        warehouse=warehouse,
        projects=projects,
        goals=goals,
        funnels=Funnels(records, clock),
        campaigns=campaigns,
        site_styles=site_styles,
        viewer_keys=viewer_keys,
        forms=forms,
        form_gate=FormGate(forms.lookup),
        excluded=excluded,
        directory=directory,
        experiments=experiments,
        server_keys=server_keys,
        laboratory=laboratory,
        shares=Shares(records, clock),
        spool=spool,
        loader=loader,
        salts=salts,
        sessions=sessions,
        counters=counters,
        places=places,
        vpn=VpnJudge(scorer.score_sender, networks),
        hasher=hasher,
        surveys=surveys,
        responses=responses,
        intake=SurveyIntake(intake, surveys, responses, counters),
        once=OnceIntake(intake, records, warehouse, loader, clock),
        reports=reports,
        erasure=erasure,
        retention=Retention(
            records, clock, directory, warehouse, loader, _make_retention_defaults(config)
        ),
        event_files=event_files,
        mailroom=mailroom,
        leadroom=leadroom,
        replayroom=replayroom,
        control=LocalControl(
            projects, importer, event_importer, event_files, persons=leadroom.erasure
        ),
    )


def _make_find_goal(goals: Goals) -> FindGoal:
    def find_goal(project: int, goal_id: str) -> Success | None:
        try:
            return make_success(goals.find(project, goal_id).content)
        except NotFoundError:
            return None  # it was removed: the experiment counts no conversions

    return find_goal


def _restore(
    folder: DataFolder,
    clock: Clock,
    warehouse: Warehouse,
    sessions: SessionBook,
    deduplicator: Deduplicator,
) -> None:
    now_us = clock.now_us()
    if not restore_sessions(sessions.live, folder.path / SNAPSHOT):
        since_us = now_us - REMEMBERED_SESSIONS_US
        refill_sessions(sessions.live, warehouse.load_open_sessions(since_us))
    deduplicator.refill(warehouse.load_recent_client_ids(now_us - WINDOW_US))


async def _drain(footfall: Footfall) -> None:
    await asyncio.to_thread(footfall.spool.close)
    timeout_s = footfall.config.integer("ECHELON_SHUTDOWN_TIMEOUT_MS") / 1_000
    if not await asyncio.to_thread(footfall.loader.drain, timeout_s):
        _log.warning("the warehouse did not take everything; the spool keeps it for the next start")
    save_sessions(footfall.sessions.live, footfall.folder.path / SNAPSHOT)
    await asyncio.to_thread(footfall.projects.save_last_used)


async def _keep_house(footfall: Footfall) -> None:
    rotated_us = footfall.clock.now_us()
    while True:
        await asyncio.sleep(HOUSEKEEPING_S)
        try:
            footfall.salts.sweep()
            if footfall.clock.now_us() - rotated_us >= REMEMBERED_SESSIONS_US:
                rotated_us = footfall.clock.now_us()
                footfall.sessions.rotate()
            await asyncio.to_thread(footfall.projects.save_last_used)
            await asyncio.to_thread(footfall.server_keys.reload)
            await asyncio.to_thread(footfall.viewer_keys.setup)
            await asyncio.to_thread(footfall.forms.reload)
            await asyncio.to_thread(footfall.leadroom.reload)
        except (FootfallError, OSError) as error:
            _log.warning("housekeeping failed, trying again: %s", type(error).__name__)


def _has_other_nodes(config: Config) -> bool:
    return bool(config.text("FOOTFALL_RECORDS_URL"))


def _settle_s(config: Config) -> float:
    # Two looks and a rest: the other nodes must have loaded what they took before they noticed.
    return 2 * FOLLOW_S + _load_interval_s(config) if _has_other_nodes(config) else 0.0


async def _follow_records(projects: Projects, experiments: Experiments) -> None:
    while True:
        await asyncio.sleep(FOLLOW_S)
        try:
            await asyncio.to_thread(projects.follow)
            await asyncio.to_thread(experiments.reload)
        except FootfallError as error:
            _log.warning("other nodes' changes cannot be read: %s", type(error).__name__)


def _load_interval_s(config: Config) -> float:
    names = ("ECHELON_VIEW_FLUSH_MS", "ECHELON_EVENT_FLUSH_MS")
    given = [config.integer(name) for name in names if name in config.given]
    return min(given) / 1_000 if given else INTERVAL_S


def _make_retention_defaults(config: Config) -> RetentionDefaults:
    if "FOOTFALL_RETENTION_DAYS" in config.given:
        return RetentionDefaults(config.integer("FOOTFALL_RETENTION_DAYS"))
    return RetentionDefaults(door_days={ECHELON_DOOR: config.integer("ECHELON_RETENTION_DAYS")})


def _path_or_none(text: str) -> Path | None:
    return Path(text).expanduser() if text else None
