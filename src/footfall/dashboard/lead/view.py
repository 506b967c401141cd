"""What a page of leads is asked for, as its address says it, and back. The address alone reproduces
the page; defaults are left out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from footfall.dashboard.period import Calendar, parse_day
from footfall.errors import InvalidInputError
from footfall.leads.register import parse_status
from footfall.leads.search import Search

ROWS = 25
"""Leads of one page."""

PAGES_MOST = 100_000

TEXT_MOST = 500
"""Characters of one filter."""

SHOWN = {"": "Leads", "tests": "Tests", "blocked": "Blocked"}
"""What can be shown; tests and what was blocked are no leads and stand apart."""

ORDERS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "last_activity": "Last activity first",
    "last_follow_up": "Last follow-up first",
    "score_desc": "Most engaged first",
    "risk_desc": "Most suspicious first",
    "name_asc": "Name, A to Z",
}

_NAMES = ("show", "q", "status", "about", "source", "site", "form", "since", "until", "risk")


@dataclass(frozen=True, slots=True)
class LeadView:
    """The state of a page; "" narrows nothing. Each link is this with one thing changed."""

    show: str = ""
    q: str = ""
    status: str = ""
    about: str = ""
    """Name of the project that people ask about."""
    source: str = ""
    site: str = ""
    form: str = ""
    since: str = ""
    """First day, in the project's zone."""
    until: str = ""
    """Last day, included."""
    risk: str = ""
    """'high': suspicious ones only."""
    sort: str = "newest"
    page: int = 1

    @property
    def is_narrowed(self) -> bool:
        """Tell whether any filter is set."""
        return any(getattr(self, name) for name in _NAMES if name != "show")

    @property
    def filters(self) -> int:
        """How many filters are set beside search and status, which are seen anyway."""
        return sum(bool(getattr(self, name)) for name in _NAMES[3:])

    def query(self, **changes: object) -> str:
        """Return the query string of this view with some things changed, '' for the plain list.
        Another page is turned back to the first when anything else changes."""
        view = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]
        pairs = [(name, getattr(view, name)) for name in _NAMES if getattr(view, name)]
        pairs += [("sort", view.sort)] if view.sort != "newest" else []
        pairs += [("page", str(view.page))] if view.page > 1 else []
        return "?" + urlencode(pairs, safe="/:@") if pairs else ""

    def make_search(self, project: int, calendar: Calendar) -> Search:
        """Return which leads of a project (number) are meant. Raises InvalidInputError."""
        return Search(
            text=self.q,
            status=self.status,
            project_name=self.about,
            source=self.source,
            sort=self.sort,
            limit=ROWS,
            offset=(self.page - 1) * ROWS,
            project=project,
            site_key=self.site,
            form_id=self.form,
            created_us=self._find_span(calendar),
            is_suspicious=self.risk == "high",
        )

    def _find_span(self, calendar: Calendar) -> tuple[int, int] | None:
        if not self.since and not self.until:
            return None
        first = calendar.start_us(parse_day(self.since, "since")) if self.since else 0
        last = parse_day(self.until, "until") if self.until else calendar.today
        end_us = calendar.start_us(last + timedelta(days=1))
        if end_us <= first:
            raise InvalidInputError(
                f"since is {self.since} and until is {self.until}; the first day comes first",
                field="since",
            )
        return first, end_us - 1


def parse_lead_view(pairs: Iterable[tuple[str, str]]) -> LeadView:
    """Read a view from the pairs of a query string. Raises InvalidInputError that quotes what is
    not known."""
    given = {name: value.strip() for name, value in pairs if name in {*_NAMES, "sort", "page"}}
    for name, value in given.items():
        if len(value) > TEXT_MOST:
            raise InvalidInputError(
                f"{name} has {len(value)} characters; {TEXT_MOST} are accepted", field=name
            )
    for name, accepted in (("show", SHOWN), ("sort", ORDERS), ("risk", {"": "", "high": ""})):
        value = given.get(name, "")
        if value and value not in accepted:
            words = ", ".join(word for word in accepted if word)
            raise InvalidInputError(
                f"{name}: '{value[:40]}' is not known; use one of {words}", field=name
            )
    status = given.get("status", "")
    texts = {name: given.get(name, "") for name in _NAMES if name != "status"}
    return LeadView(
        **texts,
        status=parse_status(status) if status else "",
        sort=given.get("sort") or "newest",
        page=_parse_page(given.get("page") or "1"),
    )


def _parse_page(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7 and 1 <= int(text) <= PAGES_MOST):
        raise InvalidInputError(f"'{text[:20]}' is no page; count from 1", field="page")
    return int(text)
