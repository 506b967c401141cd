"""Who is recognised as whom: to which lead a submission belongs, what is a follow-up, and what is a
duplicate. Everything happens within a transaction of the caller."""

from dataclasses import dataclass, replace
from typing import Any

from footfall.clock import US_PER_HOUR
from footfall.leads.lead import Lead, Submission
from footfall.leads.quality import find_duplicate_quality
from footfall.leads.table import IDENTITIES, LEADS, make_key, make_keys, make_lead, read_lead
from footfall.store.records import OneOf, Records, Transaction

RELATED_LIMIT = 20
"""Other projects of a person that are named."""


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


def recognise(
    t: Transaction, submission: Submission, identities: Identities, *, reengage_hours: int
) -> tuple[Submission, Lead]:
    """Return the lead that a submission belongs to, made or brought up to date, and the submission
    as what it turned out to be. Raises ConflictError when another one of the same person came in
    between."""
    where = {"project": submission.project, "subject": make_key(submission.project_name)}
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
        number = t.add(LEADS, make_lead(submission))
    else:
        number = known
        submission = _follow_up(t, number, submission, reengage_hours)
    for kind, value in missing:
        t.add(IDENTITIES, {**where, "lead": number, "kind": kind, "value": value})
    lead = read_lead(t.find(LEADS, {"number": number})[0])
    return replace(submission, lead=number), lead


def _follow_up(
    t: Transaction, number: int, submission: Submission, reengage_hours: int
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
        "last_activity_at_us": now_us,
        "engagement_score": submission.engagement_score,
        "engagement_label": submission.engagement_label,
        "suspicion_score": submission.suspicion_score,
        "suspicion_reasons": submission.suspicion_reasons,
        "session_id": submission.session_id or before["session_id"],
    }
    for field in ("contact_name", "contact_email", "contact_phone", "location", "visitor_id"):
        # What is known is not overwritten by whoever shares a browser; the forms keep it all.
        changes[field] = before[field] or getattr(submission, field)
    changes |= make_keys({**before, **changes})
    t.change(LEADS, {"number": number}, changes)
    submission = replace(submission, kind="follow_up")
    if since_us >= reengage_hours * US_PER_HOUR:
        return submission
    quality = find_duplicate_quality(submission.quality)
    return replace(submission, is_duplicate=1, quality=quality)


def find_related(
    records: Records, project: int, identities: Identities, but: str
) -> tuple[str, ...]:
    """Return the other projects a person has leads of, newest first: by the surest identity."""
    kind, value = next(iter(identities.pairs()), ("", ""))
    if kind in {"", "address"}:
        return ()
    where = {"project": project, "kind": kind, "value": value}
    with records.transaction() as t:
        numbers = tuple(r["lead"] for r in t.find(IDENTITIES, where))
        found = t.find(LEADS, {"number": OneOf(numbers)}, order="-number")
    names = {make_key(r["project_name"]): r["project_name"] for r in reversed(found)}
    names.pop(make_key(but), None)
    return tuple(name for name in reversed(list(names.values())) if name)[:RELATED_LIMIT]
