"""The hot paths of PulseGate, `POST /track/…`, as plain ASGI: limit, body, identity, signals,
intake, answer. They ask for no key; each address may call each of them so often a minute [doc]."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from footfall.bots.vpn import VpnJudge
from footfall.clock import US_PER_SECOND, Clock
from footfall.dialects.pulsegate.identity import hash_device, hash_visitor, render_event_id
from footfall.dialects.pulsegate.known_session import KnownSessions
from footfall.dialects.pulsegate.parse import (
    MS_LIMIT,
    Circumstance,
    Weighed,
    check_event,
    parse_event,
    parse_events,
)
from footfall.dialects.pulsegate.session_id import SessionIds
from footfall.dialects.pulsegate.track_path import (
    Reply,
    SessionBody,
    Take,
    TrackCall,
    TrackDesk,
    TrackPath,
    Whitelist,
    check_id,
    decode_body,
    require_session,
)
from footfall.dialects.pulsegate.wire import (
    BatchBody,
    BatchTakenBody,
    EndBody,
    EndedBody,
    EventBody,
    StartBody,
    StartedBody,
    TakenBody,
)
from footfall.errors import ForbiddenError, MissingFieldError, UnavailableError
from footfall.http.client_address import ClientAddress
from footfall.http.front_door import HotRoute
from footfall.http.short import step_through
from footfall.ingest.outcome import Accepted, Outcome
from footfall.ingest.port import Intake
from footfall.leads.address_visit import AddressVisits
from footfall.projects.directory import Directory, ProjectEntry
from footfall.projects.register import DEFAULT_SLUG

BODY_LIMIT_BYTES = 64 * 1024
"""What browsers let a page send while it is left."""

BATCH_LIMIT_BYTES = 1024 * 1024
"""A hundred events of 10 kB each."""

FindSite = Callable[[str], int | None]
"""Gives the number of a site key's project; None for a key that nobody made."""


@dataclass(frozen=True, slots=True)
class PulsegateIngest:
    """What all paths need."""

    intake: Intake
    directory: Directory
    clock: Clock
    addresses: ClientAddress
    session_ids: SessionIds
    vpn: VpnJudge
    is_whitelisted: Whitelist
    find_site: FindSite
    sessions: KnownSessions
    address_visits: AddressVisits

    @property
    def desk(self) -> TrackDesk:
        """What stands before every path."""
        return TrackDesk(self.clock, self.addresses, self.is_whitelisted)


class _Tracking:
    """What the four paths do."""

    def __init__(self, ingest: PulsegateIngest) -> None:
        self._ingest = ingest
        self._starts = msgspec.json.Decoder(StartBody)
        self._events = msgspec.json.Decoder(EventBody)
        self._batches = msgspec.json.Decoder(BatchBody)
        self._ends = msgspec.json.Decoder(EndBody)

    async def start(self, call: TrackCall, raw: bytes) -> Reply:
        """Begin a session: identity, VPN score, one signal."""
        ingest = self._ingest
        body = decode_body(self._starts, raw)
        fingerprint = body.fingerprint_id or call.header(b"x-fingerprint-id")
        if not fingerprint:
            raise MissingFieldError("fingerprint_id")
        check_id("fingerprint_id", fingerprint)
        if not body.page:
            raise MissingFieldError("page")
        entry = self._find_project(body.siteKey, None)
        device = body.device_info
        agent = (device.user_agent if device else None) or call.header(b"user-agent")
        session_id = ingest.session_ids.make(entry.project.number, call.now_us)
        visitor_id = hash_visitor(fingerprint)
        sender = call.make_sender(entry)
        score = ingest.vpn.judge(sender, visitor_id)
        circumstance = Circumstance(session_id, visitor_id, body.page, call.host, 0)
        signal = circumstance.make_signal("session_start", body.page, None)
        signal.referrer = body.referrer or ""
        signal.language = (device.language if device else None) or ""
        signal.screen = _render_screen(body)
        signal.value = float(score.points)
        signal.props = msgspec.json.encode({"vpn": score.reasons}) if score.points else b""
        outcomes = await ingest.intake.take(sender, (signal,))
        ingest.sessions.put(session_id, visitor_id, body.page)
        self._remember(call, entry, session_id)
        device_id = hash_device(agent, fingerprint)
        return StartedBody(session_id, visitor_id, device_id, call.now_ms), outcomes

    async def event(self, call: TrackCall, raw: bytes) -> Reply:
        """Take one event."""
        body = decode_body(self._events, raw)
        session_id = require_session(body)
        check_event(body)
        entry, circumstance = self._find_circumstance(call, body, session_id, body.sent_at)
        signal = parse_event(body, circumstance)
        (outcome,) = await self._ingest.intake.take(call.make_sender(entry), (signal,))
        self._ingest.sessions.move(session_id, body.page or "")
        self._remember(call, entry, session_id)
        event_id = render_event_id(outcome.event_id) if isinstance(outcome, Accepted) else None
        return TakenBody(event_id or str(uuid.uuid4()), call.now_ms), (outcome,)

    async def batch(self, call: TrackCall, raw: bytes) -> Reply:
        """Take up to a hundred events, all of them valid or none."""
        body = decode_body(self._batches, raw)
        session_id = require_session(body)
        entry, circumstance = self._find_circumstance(call, body, session_id, body.sent_at)
        weighed = parse_events(body.events, circumstance)
        signals = [one.signal for one in weighed]
        outcomes = await self._ingest.intake.take(call.make_sender(entry), signals)
        pages = [event.page for event in body.events or () if event.page]
        self._ingest.sessions.move(session_id, pages[-1] if pages else "")
        self._remember(call, entry, session_id)
        return BatchTakenBody(_count(weighed, outcomes), call.now_ms), outcomes

    async def end(self, call: TrackCall, raw: bytes) -> Reply:
        """End a session."""
        body = decode_body(self._ends, raw)
        session_id = require_session(body)
        entry, circumstance = self._find_circumstance(call, body, session_id, body.sent_at)
        signal = circumstance.make_signal("session_end", body.exit_page, body.timestamp)
        outcomes = await self._ingest.intake.take(call.make_sender(entry), (signal,))
        ended_us = call.now_us if signal.ts_us is None else signal.ts_us
        return EndedBody(session_id, ended_us // 1_000), outcomes

    def _remember(self, call: TrackCall, entry: ProjectEntry, session_id: str) -> None:
        visits, project = self._ingest.address_visits, entry.project.number
        visits.put(project, call.address, session_id)

    def _find_circumstance(
        self, call: TrackCall, body: SessionBody, session_id: str, sent_at: float | None
    ) -> tuple[ProjectEntry, Circumstance]:
        ingest = self._ingest
        begin = ingest.session_ids.read(session_id)
        entry = self._find_project(body.siteKey, begin.project if begin else None)
        known = ingest.sessions.find(session_id)
        # Whose a session is, is settled when it begins; a stranger's is whoever its events say.
        visitor_id = known.visitor_id or body.visitor_id or call.header(b"x-visitor-id")
        check_id("visitor_id", visitor_id)
        skew_us = 0
        if sent_at is not None:
            skew_us = call.now_us - int(min(max(sent_at, 0), MS_LIMIT) * 1_000)
        return entry, Circumstance(
            session_id,
            visitor_id,
            known.page or call.header(b"referer"),
            call.host,
            begin.second * US_PER_SECOND if begin else 0,
            skew_us,
        )

    def _find_project(self, site_key: str | None, number: int | None) -> ProjectEntry:
        """Return the project of a site key, else of a session that began, else the default one.

        Raises ForbiddenError for a site key that nobody made.
        """
        ingest = self._ingest
        if site_key:
            number = ingest.find_site(site_key)
            if number is None:
                raise ForbiddenError(f"Unknown site key '{site_key[:60]}'")
        entry = None if number is None else ingest.directory.find_number(number)
        entry = entry or ingest.directory.find_slug(DEFAULT_SLUG)
        if entry is None:
            raise UnavailableError
        return entry


def make_track_routes(ingest: PulsegateIngest) -> tuple[HotRoute, ...]:
    """Return the paths of tracking."""
    tracking = _Tracking(ingest)
    own: tuple[tuple[str, Take, int], ...] = (
        ("/track/session/start", tracking.start, BODY_LIMIT_BYTES),
        ("/track/event", tracking.event, BODY_LIMIT_BYTES),
        ("/track/events/batch", tracking.batch, BATCH_LIMIT_BYTES),
        ("/track/session/end", tracking.end, BODY_LIMIT_BYTES),
    )
    apps = [(path, TrackPath(ingest.desk, path, take, size)) for path, take, size in own]
    return tuple(HotRoute(path, app, "open", begin=step_through(app)) for path, app in apps)


def _render_screen(body: StartBody) -> str:
    screen = body.screen
    if screen is None or not screen.width or not screen.height:
        return ""
    return f"{screen.width:.0f}x{screen.height:.0f}"


def _count(weighed: Sequence[Weighed], outcomes: Sequence[Outcome]) -> int:
    pairs = zip(weighed, outcomes, strict=True)
    return sum(one.events for one, outcome in pairs if isinstance(outcome, Accepted))
