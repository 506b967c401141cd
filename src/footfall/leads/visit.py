"""What is known of the visits a person's forms were sent from. The figures are the reports'; this
room knows which visitor and session an id that a form carries stands for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from footfall.clock import US_PER_DAY, US_PER_SECOND, Clock
from footfall.leads.address_visit import AddressVisits
from footfall.model.time_range import TimeRange
from footfall.reports import engagement
from footfall.reports.engagement import VisitsQuestion, run_engagement
from footfall.reports.port import Reports
from footfall.reports.scope import Scope

COLD = "Cold"

VPN_POINTS_MOST = 24
"""The scale of VPN points; everything in this room works with 0 to 100."""

VPN_SUSPECTED_FROM = 5
"""Points from which a visit counts as one through a VPN: one strong signal."""

VISITORS_MOST = 10
"""Visitors of one lead: a person's devices."""

VISITS_SHOWN = 50
"""Visits of one person that are listed."""

HashGiven = Callable[[int, str], int]
"""Gives what an id of a sender's own stands for in a project (number)."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as it stood when the form came."""

    session_id: str
    engagement_score: int = 0
    engagement_label: str = COLD
    duration_s: int = 0
    pages: int = 0
    returns: int = 0
    vpn_points: int = 0

    @property
    def vpn_score(self) -> int:
        """The VPN points on a scale from 0 to 100."""
        return round(self.vpn_points / VPN_POINTS_MOST * 100)

    @property
    def is_vpn(self) -> bool:
        """Tell whether a VPN is suspected."""
        return self.vpn_points >= VPN_SUSPECTED_FROM


@dataclass(frozen=True, slots=True)
class KnownVisit:
    """A visit of the reports with the ids that its sender knows it by."""

    session_id: str
    visitor_id: str
    visit: engagement.Visit


class Visits:
    """Finds visits by the ids that forms carry."""

    def __init__(
        self,
        reports: Reports,
        clock: Clock,
        hash_visitor: HashGiven,
        hash_session: HashGiven,
        addresses: AddressVisits,
    ) -> None:
        self._reports = reports
        self._clock = clock
        self._addresses = addresses
        self._hash_visitor = hash_visitor
        self._hash_session = hash_session

    async def find(
        self, project: int, visitor_id: str, session_id: str, address: str = ""
    ) -> Visit | None:
        """Return the visit that a form names, else the newest of its visitor, else the newest that
        the form's address had within the time of a session [PulseGate]; None for none.

        Raises UnavailableError.
        """
        visitor = self._hash_visitor(project, visitor_id)
        now_us = self._clock.now_us()
        found = None
        if session_id:
            session = self._hash_session(project, session_id)
            found = await run_engagement(self._reports, project, now_us, session=session)
        if found is None or found.visitor != visitor:
            session_id = ""
            found = await run_engagement(self._reports, project, now_us, visitor=visitor)
        if found is None and address:
            session_id = self._addresses.find(project, address)
            session = self._hash_session(project, session_id) if session_id else 0
            found = await run_engagement(self._reports, project, now_us, session=session)
        if found is None:
            return None
        return Visit(
            session_id=session_id or render_number(found.session),
            engagement_score=found.score,
            engagement_label=found.label,
            duration_s=found.duration_us // US_PER_SECOND,
            pages=found.pageviews,
            returns=found.returns,
            vpn_points=found.vpn,
        )

    async def list_visits(
        self, project: int, visitor_ids: Sequence[str], session_ids: Sequence[str]
    ) -> list[KnownVisit]:
        """Return the visits of a person's visitors, newest first. Raises UnavailableError."""
        known = {self._hash_session(project, text): text for text in session_ids if text}
        span = TimeRange(0, self._clock.now_us() + US_PER_DAY + 1)
        scope = Scope(project, span, bots="include")
        found: list[KnownVisit] = []
        for visitor_id in visitor_ids:
            visitor = self._hash_visitor(project, visitor_id)
            question = VisitsQuestion(scope, visitor=visitor, limit=VISITS_SHOWN)
            for visit in await self._reports.ask(question):
                session_id = known.get(visit.session) or render_number(visit.session)
                found.append(KnownVisit(session_id, visitor_id, visit))
        return sorted(found, key=lambda known_visit: -known_visit.visit.start_us)[:VISITS_SHOWN]


def render_number(session: int) -> str:
    """Return the hex form of a session whose sender's id is not known, 16 digits."""
    return f"{session & (1 << 64) - 1:016x}"
