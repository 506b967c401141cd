"""The hot path `POST /track/recording`: pieces of recordings, taken only where recording is on.
Decoding, masking and keeping a piece happen in a thread: a snapshot may have megabytes."""

import asyncio
from dataclasses import dataclass
from typing import Final

import msgspec

from footfall.dialects.pulsegate.known_session import KnownSessions
from footfall.dialects.pulsegate.parse import MS_LIMIT
from footfall.dialects.pulsegate.session_id import SessionIds
from footfall.dialects.pulsegate.track_path import (
    Reply,
    TrackCall,
    TrackDesk,
    TrackPath,
    check_id,
    decode_body,
    require_session,
)
from footfall.errors import ForbiddenError, MissingFieldError, UnavailableError
from footfall.forms.gate import FormGate
from footfall.http.front_door import HotRoute
from footfall.projects.directory import Directory, ProjectEntry
from footfall.projects.domain import strip_port
from footfall.projects.register import DEFAULT_SLUG
from footfall.replay.chunk import make_chunk, unpack_body
from footfall.replay.recording import Source
from footfall.replay.register import Recordings
from footfall.replay.visit import HashGiven

PATH: Final = "/track/recording"

BODY_LIMIT_BYTES: Final = 2 * 1024 * 1024
"""As it is sent. Our recorder compresses: a page of 4 MiB has about half of one."""

OFF: Final = "Recording is switched off"
OFF_HERE: Final = "Recording is switched off for this site"
UNWANTED: Final = "This browser asks not to be tracked"


class RecordingBody(msgspec.Struct):
    """A piece of a recording."""

    session_id: str | None = None
    visitor_id: str | None = None
    events: msgspec.Raw = msgspec.field(default_factory=msgspec.Raw)
    """rrweb's events."""
    seq: int | None = None
    """Number of the piece; sent again with the same number it counts once."""
    siteKey: str | None = None  # noqa: N815
    sent_at: float | None = None
    """The sender's clock as it sends, ms; ours."""


class RecordedBody(msgspec.Struct):
    """A piece is kept."""

    accepted: int
    """Events; those that are no part of the picture are not kept and not counted."""
    timestamp: int


@dataclass(frozen=True, slots=True)
class RecordingDoor:
    """Takes pieces of recordings."""

    recordings: Recordings
    directory: Directory
    gate: FormGate
    session_ids: SessionIds
    sessions: KnownSessions
    hash_session: HashGiven
    records_strangers: bool
    """The operator lets visits of pages without a site key be recorded."""

    async def take(self, call: TrackCall, raw: bytes) -> Reply:
        """Take one piece. Raises ForbiddenError where nothing is recorded."""
        decoder = msgspec.json.Decoder(RecordingBody)
        body = await asyncio.to_thread(lambda: decode_body(decoder, unpack_body(raw)))
        session_id = require_session(body)
        if not bytes(body.events):
            raise MissingFieldError("events")
        source = self._find_source(call, body, session_id)
        events = await asyncio.to_thread(self._keep, source, bytes(body.events), body.seq)
        return RecordedBody(events, call.now_ms), ()

    def _keep(self, source: Source, events: bytes, seq: int | None) -> int:
        chunk = make_chunk(events, seq)
        self.recordings.save(source, chunk)
        return chunk.events

    def _find_source(self, call: TrackCall, body: RecordingBody, session_id: str) -> Source:
        if "1" in {call.header(b"dnt"), call.header(b"sec-gpc")}:
            raise ForbiddenError(UNWANTED)
        site_key, host = body.siteKey or "", ""
        if site_key:
            site = self.gate.admit(site_key, call.header(b"origin"), call.header(b"referer"))
            if not site.records_sessions:
                raise ForbiddenError(OFF_HERE)
            project, host = self._find_project(site.site.project), strip_port(call.host)
        elif self.records_strangers:
            begin = self.session_ids.read(session_id)
            project = self._find_project(begin.project if begin else None)
        else:
            raise ForbiddenError(OFF)
        number = project.project.number
        known = self.sessions.find(session_id).visitor_id
        visitor_id = known or body.visitor_id or call.header(b"x-visitor-id")
        check_id("visitor_id", visitor_id)
        # Where visitors are not to be known tomorrow, a recording must not tell either.
        is_daily = self.directory.has_daily_visitors(number)
        sent_us = call.now_us
        if body.sent_at is not None:
            sent_us = int(min(max(body.sent_at, 0), MS_LIMIT) * 1_000)
        return Source(
            project=number,
            session=self.hash_session(number, session_id),
            session_id=session_id,
            visitor_id="" if is_daily else visitor_id,
            site_key=site_key,
            host=host,
            skew_us=call.now_us - sent_us,
        )

    def _find_project(self, number: int | None) -> ProjectEntry:
        entry = None if number is None else self.directory.find_number(number)
        entry = entry or self.directory.find_slug(DEFAULT_SLUG)
        if entry is None:
            raise UnavailableError
        return entry


def make_recording_route(door: RecordingDoor, desk: TrackDesk) -> HotRoute:
    """Return the path that takes recordings."""
    return HotRoute(PATH, TrackPath(desk, PATH, door.take, BODY_LIMIT_BYTES), "open")
