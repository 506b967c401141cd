"""Leads in the records: who is recognised as whom, what is a follow-up, what is a duplicate. One
transaction takes a submission, its lead and its forwarding, or nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from footfall.clock import US_PER_DAY, US_PER_HOUR, Clock
from footfall.delivery.delivery import Message
from footfall.delivery.outbox import Outbox
from footfall.errors import ConflictError, InvalidInputError, NotFoundError, StoreError
from footfall.leads.lead import STATUSES, Activity, Lead, Status, Submission
from footfall.leads.quality import find_duplicate_quality
from footfall.leads.setting import Keeping
from footfall.store.records import (
    AtLeast,
    AtMost,
    Contains,
    OneOf,
    Record,
    Records,
    Transaction,
    Where,
)

LEADS: Final = "leads"
SUBMISSIONS: Final = "lead_submissions"
IDENTITIES: Final = "lead_identities"
ACTIVITIES: Final = "lead_activities"

ATTEMPTS = 20
"""Two that meet cost one more attempt; more than this many do not meet at one lead."""

SOURCE = "leads"
"""What stands in the list of deliveries as their cause."""

SUBMISSIONS_MOST = 500
"""Submissions of one lead that are shown."""

RELATED_LIMIT = 20
"""Other projects of a person that are named."""

SORTS: Final[Mapping[str, str]] = {
    "newest": "-number",
    "oldest": "number",
    "last_follow_up": "-last_follow_up_at_us",
    "score_desc": "-engagement_score",
    "score_asc": "engagement_score",
    "risk_desc": "-suspicion_score",
    "risk_asc": "suspicion_score",
    "name_asc": "name_key",
}

_PRIVATE = frozenset({"name_key", "search_text"})


@dataclass(frozen=True, slots=True)
class Identities:
    """By what a person is recognised, the surest first."""

    visitor_id: str
    email: str
    phone: str
    address: str

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return what is known, by priority. The address counts only for somebody of whom nothing
        else is known: a whole office may share one."""
        known = (
            ("visitor", self.visitor_id),
            ("email", self.email.lower()),
            ("phone", self.phone),
        )
        kept = tuple((kind, value) for kind, value in known if value)
        return kept or ((("address", self.address),) if self.address else ())


@dataclass(frozen=True, slots=True)
class Taken:
    """A submission as it was stored."""

    submission: Submission
    lead: Lead | None
    """None for what makes no lead."""


MakeMessage = Callable[[Taken], Message | None]
"""Makes what is sent on; None for what is not."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which leads are asked for."""

    text: str = ""
    status: str = ""
    project_name: str = ""
    source: str = ""
    sort: str = "newest"
    limit: int = 25
    offset: int = 0


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
        kind, value = next(iter(identities.pairs()), ("", ""))
        if kind in {"", "address"}:
            return ()
        where = {"project": project, "kind": kind, "value": value}
        with self._records.transaction() as t:
            numbers = tuple(r["lead"] for r in t.find(IDENTITIES, where))
            found = t.find(LEADS, {"number": OneOf(numbers)}, order="-number")
        names = {make_key(r["project_name"]): r["project_name"] for r in reversed(found)}
        names.pop(make_key(but), None)
        return tuple(name for name in reversed(list(names.values())) if name)[:RELATED_LIMIT]

    def take_apart(self, submission: Submission, make_message: MakeMessage) -> Taken:
        """Store a submission that makes no lead: a test, a blocked sender's, a program's."""
        with self._records.transaction() as t:
            return self._add(t, Taken(submission, None), make_message)

    def take(
        self,
        submission: Submission,
        identities: Identities,
        make_message: MakeMessage,
        *,
        reengage_hours: int,
    ) -> Taken:
        """Store a submission: of the lead it belongs to, else of a new one. Two of one person at
        the same time make one lead."""
        for _ in range(ATTEMPTS):
            try:
                with self._records.transaction() as t:
                    return self._take(t, submission, identities, make_message, reengage_hours)
            except ConflictError:
                continue  # another one of the same person was faster; now it is seen
        raise StoreError("The lead cannot be stored just now.")

    def _take(
        self,
        t: Transaction,
        submission: Submission,
        identities: Identities,
        make_message: MakeMessage,
        reengage_hours: int,
    ) -> Taken:
        subject = make_key(submission.project_name)
        where = {"project": submission.project, "subject": subject}
        known = None
        missing: list[tuple[str, str]] = []
        for kind, value in identities.pairs():
            found = t.find(IDENTITIES, {**where, "kind": kind, "value": value})
            if not found:
                missing.append((kind, value))
            elif known is None:
                known = found[0]["lead"]
        if known is None:
            submission = replace(submission, kind="primary")
            number = t.add(LEADS, _make_lead(submission))
        else:
            number = known
            submission = self._follow_up(t, number, submission, reengage_hours)
        for kind, value in missing:
            t.add(IDENTITIES, {**where, "lead": number, "kind": kind, "value": value})
        lead = _read_lead(t.find(LEADS, {"number": number})[0])
        return self._add(t, Taken(replace(submission, lead=number), lead), make_message)

    def _follow_up(
        self, t: Transaction, number: int, submission: Submission, reengage_hours: int
    ) -> Submission:
        """Bring a lead up to date and return the submission as the follow-up it is."""
        now_us = submission.submitted_at_us
        # A write first: whoever else follows up waits here, and what is read next is current.
        t.change(LEADS, {"number": number}, {"last_follow_up_at_us": now_us})
        before = t.find(LEADS, {"number": number})[0]
        since_us = now_us - before["last_submitted_at_us"]
        changes: dict[str, Any] = {
            "submissions": before["submissions"] + 1,
            "last_submitted_at_us": now_us,
            "engagement_score": submission.engagement_score,
            "engagement_label": submission.engagement_label,
            "suspicion_score": submission.suspicion_score,
            "session_id": submission.session_id or before["session_id"],
        }
        for field in ("contact_name", "contact_email", "contact_phone", "location", "visitor_id"):
            # What is known is not overwritten by whoever shares a browser; the forms keep it all.
            changes[field] = before[field] or getattr(submission, field)
        changes |= _make_keys({**before, **changes})
        t.change(LEADS, {"number": number}, changes)
        submission = replace(submission, kind="follow_up")
        if since_us >= reengage_hours * US_PER_HOUR:
            return submission
        quality = find_duplicate_quality(submission.quality)
        return replace(submission, is_duplicate=1, quality=quality)

    def _add(self, t: Transaction, taken: Taken, make_message: MakeMessage) -> Taken:
        number = t.add(SUBMISSIONS, _write_submission(taken.submission))
        taken = replace(taken, submission=replace(taken.submission, number=number))
        message = make_message(taken)
        if message is not None:
            delivery = self._outbox.put(t, message)
            t.change(SUBMISSIONS, {"number": number}, {"delivery": delivery})
        return taken

    def list_leads(self, search: Search) -> tuple[list[Lead], int]:
        """Return a page of leads and how many there are in all. Raises InvalidInputError."""
        if search.sort not in SORTS:
            raise InvalidInputError(
                f"sort is '{search.sort[:40]}'; accepted are {', '.join(SORTS)}", field="sort"
            )
        where: dict[str, Any] = {}
        if search.text.strip():
            where["search_text"] = Contains(search.text.strip().lower())
        for field in ("status", "project_name", "source"):
            if value := getattr(search, field):
                where[field] = value
        with self._records.transaction() as t:
            total = t.count(LEADS, where)
            found = t.find(
                LEADS, where, order=SORTS[search.sort], limit=search.limit, offset=search.offset
            )
        return [_read_lead(record) for record in found], total

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

    def list_names(self, column: str) -> list[str]:
        """Return the different values of a column that are not empty, A to Z."""
        with self._records.transaction() as t:
            found = t.tally(LEADS, {}, by=(column,))
        return sorted((r[column] for r in found if r[column]), key=str.lower)

    def find_newest(self) -> Lead | None:
        """Return the newest lead; None without any."""
        with self._records.transaction() as t:
            found = t.find(LEADS, {}, order="-number", limit=1)
        return _read_lead(found[0]) if found else None

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
        t.add(ACTIVITIES, {**record, "crm_id": crm_id, "created_at_us": self._clock.now_us()})


def load_submissions(
    records: Records, where: Where, *, limit: int, offset: int = 0
) -> list[Submission]:
    """Return the submissions that meet `where`, newest first."""
    with records.transaction() as t:
        found = t.find(SUBMISSIONS, where, order="-number", limit=limit, offset=offset)
    return [_read_submission(record) for record in found]


def parse_status(text: str) -> Status:
    """Return a status, whatever its case. Raises InvalidInputError."""
    for status in STATUSES:
        if text.strip().lower() == status:
            return status
    raise InvalidInputError(
        f"status is '{text[:40]}'; accepted are {', '.join(STATUSES)}", field="status"
    )


def make_key(name: str) -> str:
    """Return a name as it is compared: people write one project in many ways."""
    return " ".join(name.casefold().split())


def day_of(us: int) -> int:
    """Return the UTC day of an instant, counted from the epoch."""
    return us // US_PER_DAY


def _find(t: Transaction, number: int) -> Lead:
    found = t.find(LEADS, {"number": number})
    if not found:
        raise NotFoundError("Lead", str(number))
    return _read_lead(found[0])


def _make_lead(submission: Submission) -> dict[str, Any]:
    names = ("project", "project_name", "contact_name", "contact_email", "contact_phone")
    more = ("location", "source", "country", "city", "visitor_id", "session_id")
    scores = ("engagement_score", "engagement_label", "suspicion_score")
    record = {name: getattr(submission, name) for name in (*names, *more, *scores)}
    record |= {
        "status": "new",
        "submissions": 1,
        "created_at_us": submission.submitted_at_us,
        "last_submitted_at_us": submission.submitted_at_us,
        "last_follow_up_at_us": 0,
        "crm_id": None,
    }
    return record | _make_keys(record)


def _make_keys(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns that are searched and sorted by: one case on every engine."""
    searched = ("contact_name", "contact_email", "contact_phone", "project_name", "visitor_id")
    return {
        "name_key": make_key(record["contact_name"]),
        "search_text": "\n".join(record[name] for name in searched).lower(),
    }


def _read_lead(record: Record) -> Lead:
    return Lead(**{name: value for name, value in record.items() if name not in _PRIVATE})


def _write_submission(submission: Submission) -> dict[str, Any]:
    record = {
        name: getattr(submission, name)
        for name in Submission.__dataclass_fields__
        if name != "number"
    }
    return record | {
        "day": day_of(submission.submitted_at_us),
        "is_timed": int(submission.elapsed_ms >= 0),
    }


def _read_submission(record: Record) -> Submission:
    return Submission(**{name: record[name] for name in Submission.__dataclass_fields__})
