"""The visits of the person behind a lead, in PulseGate's words."""

import asyncio
from urllib.parse import quote

import msgspec

from footfall.leads.lead import Lead, Submission
from footfall.leads.visit import VISITORS_MOST, KnownVisit, Visits
from footfall.replay.register import Recordings

_US_PER_MS = 1_000


class SessionBody(msgspec.Struct):
    """A session [doc]; times and durations in milliseconds."""

    session_id: str
    visitor_id: str
    entry_page: str
    exit_page: str
    country: str
    started_at: int
    ended_at: int | None
    duration: int
    engagement_score: int
    event_count: int
    recorded: bool
    """Whether it can be replayed; ours."""
    replay_url: str
    """Where it can be read by whoever holds the key; '' for a visit that was not recorded. Ours."""


class VisitHistory:
    """Lists visits of leads."""

    def __init__(self, visits: Visits, recordings: Recordings) -> None:
        self._visits = visits
        self._recordings = recordings

    async def list_sessions(self, lead: Lead, submissions: list[Submission]) -> list[SessionBody]:
        """Return the visits of everybody who sent a form for the lead, newest first, and tell
        which of them were recorded."""
        everybody = (lead.visitor_id, *(s.visitor_id for s in submissions))
        visitors = dict.fromkeys(filter(None, everybody))
        sessions = [lead.session_id, *(s.session_id for s in submissions)]
        people = list(visitors)[:VISITORS_MOST]
        recordings = await asyncio.to_thread(
            self._recordings.find_person, lead.project, people, sessions
        )
        recorded = {recording.session_id for recording in recordings if recording.chunks}
        known = await self._visits.list_visits(lead.project, people, [*sessions, *recorded])
        return [_render_session(one, is_recorded=one.session_id in recorded) for one in known]


def _render_session(known: KnownVisit, *, is_recorded: bool) -> SessionBody:
    """Return one session."""
    visit = known.visit
    return SessionBody(
        session_id=known.session_id,
        visitor_id=known.visitor_id,
        entry_page=visit.entry_page,
        exit_page=visit.exit_page,
        country=visit.country,
        started_at=visit.start_us // _US_PER_MS,
        ended_at=visit.end_us // _US_PER_MS if visit.is_ended else None,
        duration=visit.duration_us // _US_PER_MS,
        engagement_score=visit.score,
        event_count=visit.events,
        recorded=is_recorded,
        replay_url=f"/replay/sessions/{quote(known.session_id, safe='')}" if is_recorded else "",
    )
