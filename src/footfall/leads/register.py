"""Leads in the records: taken, found, moved on, reported about and forgotten. One transaction takes
a submission, its lead and what is told of it, or nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from footfall.clock import US_PER_DAY, Clock
from footfall.delivery.delivery import Message
from footfall.delivery.outbox import Outbox
from footfall.errors import ConflictError, InvalidInputError, NotFoundError, StoreError
from footfall.leads import search as searching
from footfall.leads.lead import STATUSES, Activity, Lead, Status, Submission
from footfall.leads.recognition import Identities, find_related, recognise
from footfall.leads.search import Search
from footfall.leads.setting import Keeping
from footfall.leads.table import (
    ACTIVITIES,
    LEADS,
    SUBMISSIONS,
    load_submissions,
    read_lead,
    read_submission,
    write_submission,
)
from footfall.store.records import AtLeast, AtMost, OneOf, Records, Transaction

ATTEMPTS = 20
"""Two that meet cost one more attempt; more than this many do not meet at one lead."""

SOURCE = "leads"
"""What stands in the list of deliveries as their cause."""

SUBMISSIONS_MOST = 500
"""Submissions of one lead that are shown."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A submission as it was stored."""

    submission: Submission
    lead: Lead | None
    """None for what makes no lead."""


MakeMessages = Callable[[Taken], Sequence[Message]]
"""Makes what others are told; the one under SOURCE is the submission's forwarding."""


class Leads:
    """Keeps leads. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock, outbox: Outbox) -> None:
        self._records = records
        self._clock = clock
        self._outbox = outbox

    def count_recent(self, visitor_id: str, address: str, since_us: int) -> int:
        """Return how many submissions a visitor or an address sent since then, the larger."""
        since = {"submitted_at_us": AtLeast(since_us)}
        with self._records.transaction() as t:
            return max(
                t.count(SUBMISSIONS, {"visitor_id": visitor_id, **since}) if visitor_id else 0,
                t.count(SUBMISSIONS, {"address": address, **since}) if address else 0,
            )

    def find_related(self, project: int, identities: Identities, but: str) -> tuple[str, ...]:
        """Return the other projects a person has leads of, newest first: by the surest identity."""
        return find_related(self._records, project, identities, but)

    def find_taken(self, project: int, client_id: str) -> Taken | None:
        """Return what was stored under the id that a form gave itself; None for nothing."""
        with self._records.transaction() as t:
            return _find_taken(t, project, client_id)

    def take_apart(self, submission: Submission, make_messages: MakeMessages) -> Taken:
        """Store a submission that makes no lead: a test, a blocked sender's, a program's."""

        def store(t: Transaction) -> Taken:
            return self._add(t, Taken(submission, None), make_messages)

        return self._store_once(submission, store)

    def take(
        self,
        submission: Submission,
        identities: Identities,
        make_messages: MakeMessages,
        *,
        reengage_hours: int,
    ) -> Taken:
        """Store a submission: of the lead it belongs to, else of a new one. Two of one person at
        the same time make one lead; two with the same `client_id` are one."""

        def store(t: Transaction) -> Taken:
            known, lead = recognise(t, submission, identities, reengage_hours=reengage_hours)
            return self._add(t, Taken(known, lead), make_messages)

        return self._store_once(submission, store)

    def _store_once(self, submission: Submission, store: Callable[[Transaction], Taken]) -> Taken:
        for _ in range(ATTEMPTS):
            try:
                with self._records.transaction() as t:
                    if submission.client_id is not None:
                        known = _find_taken(t, submission.project, submission.client_id)
                        if known is not None:
                            return known
                    return store(t)
            except ConflictError:
                continue  # another one of the same person was faster; now it is seen
        raise StoreError("The lead cannot be stored just now.")

    def _add(self, t: Transaction, taken: Taken, make_messages: MakeMessages) -> Taken:
        number = t.add(SUBMISSIONS, write_submission(taken.submission))
        taken = replace(taken, submission=replace(taken.submission, number=number))
        for message in make_messages(taken):
            delivery = self._outbox.put(t, message)
            if message.source == SOURCE:
                t.change(SUBMISSIONS, {"number": number}, {"delivery": delivery})
        return taken

    def list_leads(self, search: Search) -> tuple[list[Lead], int]:
        """Return a page of leads and how many there are in all. Raises InvalidInputError."""
        return searching.list_leads(self._records, search)

    def count_by_status(self, search: Search) -> dict[Status, int]:
        """Return how many leads stand in each status, also in those that hold none."""
        return searching.count_by_status(self._records, search)

    def iterate_leads(self, search: Search) -> Iterator[list[Lead]]:
        """Yield all leads, newest first, some hundred at a time."""
        return searching.iterate_leads(self._records, search)

    def find(self, number: int) -> Lead:
        """Return a lead. Raises NotFoundError."""
        with self._records.transaction() as t:
            return _find(t, number)

    def list_submissions(self, lead: int) -> list[Submission]:
        """Return what was sent for a lead, newest first."""
        return load_submissions(self._records, {"lead": lead}, limit=SUBMISSIONS_MOST)

    def list_activities(self, lead: int) -> list[Activity]:
        """Return what happened to a lead, newest first."""
        with self._records.transaction() as t:
            return [Activity(**r) for r in t.find(ACTIVITIES, {"lead": lead}, order="-number")]

    def change_status(self, number: int, status: Status, actor: str) -> Lead:
        """Move a lead on and write down who did. Raises NotFoundError."""
        with self._records.transaction() as t:
            # A write first: whoever else moves it waits here, and what is read next is current.
            t.change(LEADS, {"number": number}, {"number": number})
            lead = _find(t, number)
            if lead.status != status:
                t.change(LEADS, {"number": number}, {"status": status})
                body = msgspec.json.encode({"from": lead.status, "to": status}).decode()
                self._note(t, number, kind="status", event=status, actor=actor, body=body)
        return replace(lead, status=status)

    def put_crm_id(self, lead: int | None, submission: int | None, crm_id: str) -> Lead:
        """Write down under which id the CRM keeps a lead. Raises NotFoundError."""
        with self._records.transaction() as t:
            found = self._find_target(t, lead, submission)
            t.change(LEADS, {"number": found.number}, {"crm_id": crm_id})
            if submission is not None:
                t.change(SUBMISSIONS, {"number": submission}, {"crm_id": crm_id})
        return found

    def put_execution(
        self, lead: int | None, submission: int | None, url: str, status: str
    ) -> Lead:
        """Write down where the run that forwarded a submission can be looked at: of the newest
        where only the lead is named. Raises NotFoundError."""
        with self._records.transaction() as t:
            found = self._find_target(t, lead, submission)
            if submission is None:
                newest = t.find(SUBMISSIONS, {"lead": found.number}, order="-number", limit=1)
                submission = newest[0]["number"]
            t.change(SUBMISSIONS, {"number": submission}, {"execution_url": url})
            body = msgspec.json.encode({"execution_url": url, "status": status}).decode()
            self._note(
                t, found.number, kind="forwarding", event=status or "executed", actor="", body=body
            )
        return found

    def put_report(self, crm_id: str, event: str, body: str) -> int | None:
        """Write down what the CRM reports of a lead and return its number; None when it keeps none
        of ours under that id."""
        with self._records.transaction() as t:
            found = t.find(LEADS, {"crm_id": crm_id}, order="-number", limit=1)
            number = found[0]["number"] if found else None
            if number is None:
                sent = t.find(SUBMISSIONS, {"crm_id": crm_id}, order="-number", limit=1)
                number = sent[0]["lead"] if sent else None
            if number is not None:
                self._note(
                    t, number, kind="crm", event=event, actor="crm", body=body, crm_id=crm_id
                )
        return number

    def list_names(self, column: str, project: int | None = None) -> list[str]:
        """Return the different values of a column that are not empty, A to Z."""
        return searching.list_names(self._records, column, project)

    def find_newest(self) -> Lead | None:
        """Return the newest lead; None without any."""
        with self._records.transaction() as t:
            found = t.find(LEADS, {}, order="-number", limit=1)
        return read_lead(found[0]) if found else None

    def drop_old(self, keeping: Keeping) -> int:
        """Forget what is older than it is to be kept; returns how many submissions and leads."""
        gone = 0
        for kinds, days in (
            (("test",), keeping.test_days),
            (("blocked", "bot"), keeping.blocked_days),
        ):
            if days:
                until = {"submitted_at_us": AtMost(self._clock.now_us() - days * US_PER_DAY)}
                with self._records.transaction() as t:
                    gone += t.remove(SUBMISSIONS, {"kind": OneOf(kinds), **until})
        if keeping.lead_days:
            before_us = self._clock.now_us() - keeping.lead_days * US_PER_DAY
            with self._records.transaction() as t:
                gone += t.remove(LEADS, {"last_submitted_at_us": AtMost(before_us)})
        return gone

    def _find_target(self, t: Transaction, lead: int | None, submission: int | None) -> Lead:
        if submission is not None:
            found = t.find(SUBMISSIONS, {"number": submission})
            owner = found[0]["lead"] if found else None
            if owner is None or lead not in {None, owner}:
                raise NotFoundError("Submission", str(submission))
            return _find(t, owner)
        return _find(t, lead or 0)

    def _note(
        self,
        t: Transaction,
        lead: int,
        *,
        kind: str,
        event: str,
        actor: str,
        body: str,
        crm_id: str = "",
    ) -> None:
        record = {"lead": lead, "kind": kind, "event": event, "actor": actor, "body": body}
        now_us = self._clock.now_us()
        t.add(ACTIVITIES, {**record, "crm_id": crm_id, "created_at_us": now_us})
        t.change(LEADS, {"number": lead}, {"last_activity_at_us": now_us})


def parse_status(text: str) -> Status:
    """Return a status, whatever its case. Raises InvalidInputError."""
    for status in STATUSES:
        if text.strip().lower() == status:
            return status
    raise InvalidInputError(
        f"status is '{text[:40]}'; accepted are {', '.join(STATUSES)}", field="status"
    )


def _find(t: Transaction, number: int) -> Lead:
    found = t.find(LEADS, {"number": number})
    if not found:
        raise NotFoundError("Lead", str(number))
    return read_lead(found[0])


def _find_taken(t: Transaction, project: int, client_id: str) -> Taken | None:
    found = t.find(SUBMISSIONS, {"project": project, "client_id": client_id})
    if not found:
        return None
    submission = read_submission(found[0])
    lead = None if submission.lead is None else _find(t, submission.lead)
    return Taken(submission, lead)
