"""The visits of the person behind a lead, in PulseGate's words."""

import msgspec

from footfall.leads.lead import Lead, Submission
from footfall.leads.visit import VISITORS_MOST, KnownVisit, Visits

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


class VisitHistory:
    """Lists visits of leads."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    async def list_sessions(self, lead: Lead, submissions: list[Submission]) -> list[KnownVisit]:
        """Return the visits of everybody who sent a form for the lead, newest first."""
        everybody = (lead.visitor_id, *(s.visitor_id for s in submissions))
        visitors = dict.fromkeys(filter(None, everybody))
        sessions = [lead.session_id, *(s.session_id for s in submissions)]
        return await self._visits.list_visits(
            lead.project, list(visitors)[:VISITORS_MOST], sessions
        )


def render_session(known: KnownVisit) -> SessionBody:
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
    )
