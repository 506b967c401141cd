"""Leads and submissions as records: names of the tables, and the way from a value to its record
and back."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from footfall.clock import US_PER_DAY
from footfall.leads.lead import Lead, Submission
from footfall.store.records import Record, Records, Where

LEADS: Final = "leads"
SUBMISSIONS: Final = "lead_submissions"
IDENTITIES: Final = "lead_identities"
ACTIVITIES: Final = "lead_activities"

_PRIVATE = frozenset({"name_key", "search_text"})

_COPIED = (
    *("project", "project_name", "contact_name", "contact_email", "contact_phone"),
    *("location", "source", "country", "city", "visitor_id", "session_id"),
    *("site_key", "form_id", "utm_source", "utm_medium", "utm_campaign"),
    *("engagement_score", "engagement_label", "suspicion_score", "suspicion_reasons"),
)
"""What a lead has of its first submission."""


def load_submissions(
    records: Records, where: Where, *, limit: int, offset: int = 0
) -> list[Submission]:
    """Return the submissions that meet `where`, newest first."""
    with records.transaction() as t:
        found = t.find(SUBMISSIONS, where, order="-number", limit=limit, offset=offset)
    return [read_submission(record) for record in found]


def make_key(name: str) -> str:
    """Return a name as it is compared: people write one project in many ways."""
    return " ".join(name.casefold().split())


def day_of(us: int) -> int:
    """Return the UTC day of an instant, counted from the epoch."""
    return us // US_PER_DAY


def make_lead(submission: Submission) -> dict[str, Any]:
    """Return the record of the lead that a first submission makes."""
    record = {name: getattr(submission, name) for name in _COPIED}
    record |= {
        "status": "new",
        "submissions": 1,
        "created_at_us": submission.submitted_at_us,
        "last_submitted_at_us": submission.submitted_at_us,
        "last_follow_up_at_us": 0,
        "last_activity_at_us": submission.submitted_at_us,
        "crm_id": None,
    }
    return record | make_keys(record)


def make_keys(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the columns that are searched and sorted by: one case on every engine."""
    searched = ("contact_name", "contact_email", "contact_phone", "project_name", "visitor_id")
    return {
        "name_key": make_key(record["contact_name"]),
        "search_text": "\n".join(record[name] for name in searched).lower(),
    }


def read_lead(record: Record) -> Lead:
    """Return the lead of its record."""
    return Lead(**{name: value for name, value in record.items() if name not in _PRIVATE})


def write_submission(submission: Submission) -> dict[str, Any]:
    """Return the record of a submission, without its number."""
    names = [field.name for field in fields(Submission) if field.name != "number"]
    record = {name: getattr(submission, name) for name in names}
    return record | {
        "day": day_of(submission.submitted_at_us),
        "is_timed": int(submission.elapsed_ms >= 0),
    }


def read_submission(record: Record) -> Submission:
    """Return the submission of its record."""
    return Submission(**{field.name: record[field.name] for field in fields(Submission)})
