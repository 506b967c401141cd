"""Everything that is kept of one person: given to them, or erased. A person is who an e-mail, a
phone number or a visitor id stands for; what leads on from there belongs to them as well."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from footfall.errors import InvalidInputError
from footfall.leads.lead import Activity, Lead, Submission
from footfall.leads.notice import find_source
from footfall.leads.table import (
    ACTIVITIES,
    IDENTITIES,
    LEADS,
    SUBMISSIONS,
    load_submissions,
    read_lead,
)
from footfall.leads.visit import HashGiven
from footfall.replay.recording import Recording
from footfall.replay.register import Recordings
from footfall.store.records import OneOf, Records

MOST = 10_000
"""Leads or submissions of one person."""

_DELIVERIES = "deliveries"


@dataclass(frozen=True, slots=True)
class Person:
    """By what somebody is looked for; '' for what is not known."""

    email: str = ""
    phone: str = ""
    visitor_id: str = ""
    lead: int = 0
    """Number of a lead of theirs; 0 for none."""

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return what is known as identities. Raises InvalidInputError when nothing is."""
        digits = "".join(character for character in self.phone if character.isdecimal())
        known = (
            ("email", self.email.strip().lower()),
            ("phone", digits),
            ("visitor", self.visitor_id.strip()),
        )
        kept = tuple((kind, value) for kind, value in known if value)
        if not kept and not self.lead:
            raise InvalidInputError("name a person by email, phone or visitor_id", field="email")
        return kept


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a person."""

    leads: tuple[Lead, ...]
    submissions: tuple[Submission, ...]
    activities: tuple[Activity, ...]
    visitors: tuple[tuple[int, str], ...]
    """Projects with the visitor ids known in them."""
    recordings: tuple[Recording, ...] = ()


class EventEraser(Protocol):
    """Erases visitors from the warehouse."""

    async def erase_visitors(self, project: int, visitors: Sequence[int]) -> None:
        """Erase their events and sessions."""
        ...


class LeadErasure:
    """Finds and erases what is kept of persons."""

    def __init__(
        self,
        records: Records,
        events: EventEraser,
        hash_visitor: HashGiven,
        recordings: Recordings,
    ) -> None:
        self._records = records
        self._events = events
        self._hash_visitor = hash_visitor
        self._recordings = recordings

    async def find(self, person: Person) -> Kept:
        """Return everything that is kept of a person. Raises InvalidInputError."""
        return await asyncio.to_thread(self._find, person)

    async def erase(self, person: Person) -> Kept:
        """Erase everything of a person and return what it was; recordings and events first, so
        that after a failure the call can be repeated. Raises InvalidInputError, StoreError,
        UnavailableError.
        """
        kept = await self.find(person)
        for recording in kept.recordings:
            await asyncio.to_thread(self._recordings.remove, recording)
        for project in {project for project, _ in kept.visitors}:
            visitors = [
                self._hash_visitor(project, visitor_id)
                for owner, visitor_id in kept.visitors
                if owner == project
            ]
            await self._events.erase_visitors(project, visitors)
        await asyncio.to_thread(self._remove, kept)
        return kept

    def _find(self, person: Person) -> Kept:
        numbers: set[int] = {person.lead} - {0}
        columns = {"email": "contact_email", "phone": "contact_phone", "visitor": "visitor_id"}
        submissions: dict[int, Submission] = {}
        visitors: dict[tuple[int, str], None] = {}
        for kind, value in person.pairs():
            with self._records.transaction() as t:
                known = t.find(IDENTITIES, {"kind": kind, "value": value}, limit=MOST)
                everywhere = [row["number"] for row in t.find("projects", {}, limit=MOST)]
            numbers.update(row["lead"] for row in known)
            given = {"email": person.email.strip(), "phone": person.phone.strip()}.get(kind, value)
            where = {columns[kind]: OneOf((value, given))}
            # Tests, blocked senders and programs belong to no lead.
            for submission in load_submissions(self._records, where, limit=MOST):
                submissions[submission.number] = submission
                if submission.lead is not None:
                    numbers.add(submission.lead)
            if kind == "visitor":
                visitors.update(dict.fromkeys((project, value) for project in everywhere))
        of_leads: dict[str, Any] = {"lead": OneOf(tuple(numbers))}
        for submission in load_submissions(self._records, of_leads, limit=MOST):
            submissions[submission.number] = submission
        with self._records.transaction() as t:
            rows = t.find(LEADS, {"number": of_leads["lead"]}, limit=MOST)
            activities = t.find(ACTIVITIES, of_leads, limit=MOST)
        leads = tuple(read_lead(row) for row in rows)
        pairs = [(lead.project, lead.visitor_id) for lead in leads]
        pairs += [(sent.project, sent.visitor_id) for sent in submissions.values()]
        visitors.update(dict.fromkeys(pair for pair in pairs if pair[1]))
        sessions = {(lead.project, lead.session_id) for lead in leads}
        sessions |= {(sent.project, sent.session_id) for sent in submissions.values()}
        return Kept(
            leads,
            tuple(submissions[number] for number in sorted(submissions)),
            tuple(Activity(**row) for row in activities),
            tuple(visitors),
            self._find_recordings(tuple(visitors), sessions),
        )

    def _find_recordings(
        self, visitors: Sequence[tuple[int, str]], sessions: Iterable[tuple[int, str]]
    ) -> tuple[Recording, ...]:
        """Return the recordings of a person's visitors, and of the visits forms came from."""
        by_project: dict[int, tuple[list[str], list[str]]] = {}
        for place, pairs in enumerate((visitors, sessions)):
            for project, own_id in pairs:
                by_project.setdefault(project, ([], []))[place].append(own_id)
        return tuple(
            recording
            for project, ids in sorted(by_project.items())
            for recording in self._recordings.find_person(project, *ids)
        )

    def _remove(self, kept: Kept) -> None:
        deliveries = tuple(s.delivery for s in kept.submissions if s.delivery)
        notices = tuple(find_source(s.number) for s in kept.submissions)
        with self._records.transaction() as t:
            t.remove(_DELIVERIES, {"id": OneOf(deliveries)})
            t.remove(_DELIVERIES, {"source": OneOf(notices)})
            t.remove(SUBMISSIONS, {"number": OneOf(tuple(s.number for s in kept.submissions))})
            # Identities, submissions and activities go with their lead.
            t.remove(LEADS, {"number": OneOf(tuple(lead.number for lead in kept.leads))})
