"""Which leads are asked for, and how they are found: pages of a list, columns of a board, and all
of them one after the other for a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from footfall.errors import InvalidInputError
from footfall.leads.lead import STATUSES, Lead, Status
from footfall.leads.table import LEADS, read_lead
from footfall.store.records import AtLeast, AtMost, Between, Contains, Records

SORTS: Final[Mapping[str, str]] = {
    "newest": "-number",
    "oldest": "number",
    "last_follow_up": "-last_follow_up_at_us",
    "last_activity": "-last_activity_at_us",
    "score_desc": "-engagement_score",
    "score_asc": "engagement_score",
    "risk_desc": "-suspicion_score",
    "risk_asc": "suspicion_score",
    "name_asc": "name_key",
}

SUSPICIOUS_FROM = 50
"""Points from which a lead counts as suspicious: above what the moderation calls high for a mean
[PulseGate: 50]."""

BATCH = 500
"""Leads of a file that are read at once."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which leads are asked for; '' and None narrow nothing."""

    text: str = ""
    status: str = ""
    project_name: str = ""
    source: str = ""
    sort: str = "newest"
    limit: int = 25
    offset: int = 0
    project: int | None = None
    """Number of the project that took them."""
    site_key: str = ""
    form_id: str = ""
    created_us: tuple[int, int] | None = None
    """First and last instant at which they came, both included."""
    is_suspicious: bool = False


def list_leads(records: Records, search: Search) -> tuple[list[Lead], int]:
    """Return a page of leads and how many there are in all. Raises InvalidInputError."""
    if search.sort not in SORTS:
        raise InvalidInputError(
            f"sort is '{search.sort[:40]}'; accepted are {', '.join(SORTS)}", field="sort"
        )
    where = _make_where(search)
    with records.transaction() as t:
        total = t.count(LEADS, where)
        found = t.find(
            LEADS, where, order=SORTS[search.sort], limit=search.limit, offset=search.offset
        )
    return [read_lead(record) for record in found], total


def count_by_status(records: Records, search: Search) -> dict[Status, int]:
    """Return how many leads stand in each status, also in those that hold none."""
    with records.transaction() as t:
        found = t.tally(LEADS, _make_where(search), by=("status",))
    counts = {row["status"]: row["count"] for row in found}
    return {status: counts.get(status, 0) for status in STATUSES}


def iterate_leads(records: Records, search: Search) -> Iterator[list[Lead]]:
    """Yield all leads, newest first, some hundred at a time; one that comes meanwhile moves no
    other one out of the file."""
    where = _make_where(search)
    while True:
        with records.transaction() as t:
            found = t.find(LEADS, where, order="-number", limit=BATCH)
        if not found:
            return
        yield [read_lead(record) for record in found]
        where["number"] = AtMost(found[-1]["number"] - 1)


def list_names(records: Records, column: str, project: int | None = None) -> list[str]:
    """Return the different values of a column that are not empty, A to Z."""
    with records.transaction() as t:
        found = t.tally(LEADS, {} if project is None else {"project": project}, by=(column,))
    return sorted((r[column] for r in found if r[column]), key=str.lower)


def _make_where(search: Search) -> dict[str, Any]:
    where: dict[str, Any] = {}
    if search.text.strip():
        where["search_text"] = Contains(search.text.strip().lower())
    for field in ("status", "project_name", "source", "site_key", "form_id"):
        if value := getattr(search, field):
            where[field] = value
    if search.project is not None:
        where["project"] = search.project
    if search.created_us is not None:
        where["created_at_us"] = Between(*search.created_us)
    if search.is_suspicious:
        where["suspicion_score"] = AtLeast(SUSPICIOUS_FROM)
    return where
