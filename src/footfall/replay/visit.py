"""Recorded visits: recordings beside what the reports know of the same visits, and what happened in
them. Figures are the reports'; this room knows which recording belongs to which visit."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from footfall.clock import US_PER_DAY, Clock
from footfall.errors import NotFoundError
from footfall.model.time_range import TimeRange
from footfall.replay.recording import Recording, Wanted
from footfall.replay.register import Recordings
from footfall.reports.engagement import SESSIONS_LIMIT, Visit, VisitsQuestion
from footfall.reports.journal import LIMIT, JournalEntry, JournalQuestion
from footfall.reports.port import Reports
from footfall.reports.query import Query
from footfall.reports.scope import Scope

HashGiven = Callable[[int, str], int]
"""Gives the visitor or session that a sender's own id stands for in a project (number)."""

EVENTS_LIMIT: Final = LIMIT
"""Events of one visit that are shown, the first ones."""

_HEX_DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class RecordedVisit:
    """A visit with its recording; at least one of them is there."""

    session: int
    """As events carry it."""
    recording: Recording | None
    visit: Visit | None
    """None once its events are erased, or before they came."""

    @property
    def session_id(self) -> str:
        """As its sender knows it, else 16 hex digits."""
        return self.recording.session_id if self.recording else render_number(self.session)

    @property
    def visitor_id(self) -> str:
        """As its sender knows it, else 16 hex digits; '' when nothing is known."""
        if self.recording and self.recording.visitor_id:
            return self.recording.visitor_id
        return render_number(self.visit.visitor) if self.visit else ""


@dataclass(frozen=True, slots=True)
class Taste:
    """What the figures of a visit must be to be listed."""

    min_score: int = 0
    country: str = ""
    entry_page: str = ""
    """A part of its path."""

    @property
    def is_open(self) -> bool:
        """Tell whether every visit will do."""
        return self == Taste()

    def accepts(self, found: RecordedVisit) -> bool:
        """Tell whether a visit is one to list."""
        visit, recording = found.visit, found.recording
        page = recording.entry_page if recording else ""
        entry = page or (visit.entry_page if visit else "")
        return (
            (not self.min_score or (visit is not None and visit.score >= self.min_score))
            and (not self.country or (visit is not None and visit.country == self.country))
            and self.entry_page.lower() in entry.lower()
        )


class RecordedVisits:
    """Finds recordings with their visits."""

    def __init__(
        self,
        recordings: Recordings,
        reports: Reports,
        clock: Clock,
        *,
        hash_visitor: HashGiven,
        hash_session: HashGiven,
    ) -> None:
        self.recordings = recordings
        self._reports = reports
        self._clock = clock
        self._hash_visitor = hash_visitor
        self._hash_session = hash_session

    async def list_visits(
        self, scope: Scope, *, visitor_id: str = "", limit: int, offset: int = 0
    ) -> tuple[list[RecordedVisit], int]:
        """Return a page of the visits of a scope, recorded or not, newest first, and how many
        there are; of one visitor at most 1,000 are counted. Raises UnavailableError."""
        visitor = self._hash_visitor(scope.project, visitor_id) if visitor_id else None
        if visitor is None:
            question = VisitsQuestion(scope, limit=limit, offset=offset)
            visits = await self._reports.ask(question)
            counted = await self._reports.run(
                Query(scope.project, ("sessions",), scope.range, bots=scope.bots)
            )
            total = int(counted.totals[0] or 0)
        else:
            question = VisitsQuestion(scope, visitor=visitor, limit=SESSIONS_LIMIT)
            every = await self._reports.ask(question)
            visits, total = every[offset : offset + limit], len(every)
        sessions = [visit.session for visit in visits]
        found = await asyncio.to_thread(self.recordings.find_sessions, scope.project, sessions)
        by_session = {recording.session: recording for recording in found}
        return [RecordedVisit(v.session, by_session.get(v.session), v) for v in visits], total

    async def list_recorded(self, wanted: Wanted) -> tuple[list[RecordedVisit], int]:
        """Return a page of recorded visits, newest first, and how many there are.

        Raises UnavailableError.
        """
        found, total = await asyncio.to_thread(self.recordings.search, wanted)
        return await self._add_visits(wanted.project, found), total

    async def choose_recorded(
        self, wanted: Wanted, taste: Taste
    ) -> tuple[list[RecordedVisit], int, bool]:
        """Return the same for visits of some taste, and whether it saw all: figures are worked
        out when asked for, so only the newest 1,000 recordings are looked at."""
        if taste.is_open:
            return *await self.list_recorded(wanted), True
        most = Wanted(
            wanted.project,
            wanted.since_us,
            wanted.until_us,
            wanted.visitor_id,
            wanted.min_duration_us,
            limit=SESSIONS_LIMIT,
        )
        found, total = await self.list_recorded(most)
        fitting = [one for one in found if taste.accepts(one)]
        page = fitting[wanted.offset : wanted.offset + wanted.limit]
        return page, len(fitting), total <= len(found)

    async def find(self, project: int, reference: str) -> RecordedVisit:
        """Return the visit of a session id, or of a session's 16 hex digits.

        Raises NotFoundError, UnavailableError.
        """
        for session in self._read_reference(project, reference):
            recordings = await asyncio.to_thread(self.recordings.find_sessions, project, (session,))
            question = VisitsQuestion(self._scope(project), (session,), limit=1)
            visits = await self._reports.ask(question)
            if recordings or visits:
                recording = recordings[0] if recordings else None
                return RecordedVisit(session, recording, visits[0] if visits else None)
        raise NotFoundError("Session", reference[:64])

    async def find_recording(self, project: int, reference: str) -> Recording:
        """Return the recording of a session id, or of a session's 16 hex digits.

        Raises NotFoundError.
        """
        sessions = self._read_reference(project, reference)
        found = await asyncio.to_thread(self.recordings.find_sessions, project, sessions)
        if not found:
            raise NotFoundError("Recording", reference[:64])
        return found[0]

    async def has_recording(self, project: int, reference: str) -> bool:
        """Tell whether the session of an id, or of 16 hex digits, was recorded."""
        sessions = self._read_reference(project, reference)
        return bool(await asyncio.to_thread(self.recordings.find_sessions, project, sessions))

    async def list_events(
        self, project: int, session: int, *, without: tuple[str, ...] = ()
    ) -> list[JournalEntry]:
        """Return what happened in a visit, oldest first. Raises UnavailableError."""
        question = JournalQuestion(
            self._scope(project), without=without, session=session, limit=EVENTS_LIMIT
        )
        return sorted(await self._reports.ask(question), key=lambda entry: entry.ts_us)

    async def _add_visits(
        self, project: int, recordings: Sequence[Recording]
    ) -> list[RecordedVisit]:
        if not recordings:
            return []
        sessions = tuple(recording.session for recording in recordings)
        question = VisitsQuestion(self._scope(project), sessions, limit=len(sessions))
        visits = {visit.session: visit for visit in await self._reports.ask(question)}
        return [RecordedVisit(one.session, one, visits.get(one.session)) for one in recordings]

    def _scope(self, project: int) -> Scope:
        """Return all time, bots included: whoever asks has a visit in mind."""
        span = TimeRange(0, self._clock.now_us() + US_PER_DAY + 1)
        return Scope(project, span, bots="include")

    def _read_reference(self, project: int, reference: str) -> tuple[int, ...]:
        sessions = [self._hash_session(project, reference)]
        if len(reference) == _HEX_DIGITS:
            try:
                number = int(reference, 16)
            except ValueError:
                return tuple(sessions)
            sessions.append(number - (1 << 64) if number >> 63 else number)
        return tuple(sessions)


def render_number(number: int) -> str:
    """Return the hex form of a session or visitor whose sender's id is not known, 16 digits."""
    return f"{number & (1 << 64) - 1:016x}"
