"""Routes of leads: the list, one with its history, its status, and the values to filter by. They
are the admin key's; a marketing key sees none of the people behind them."""

import asyncio
from typing import Any

import msgspec
from litestar import Request, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, SkipValidation

from footfall.dialects.pulsegate.access import ADMIN, sees, viewer_of
from footfall.dialects.pulsegate.lead.callback import read_object
from footfall.dialects.pulsegate.lead.history import SessionBody, VisitHistory
from footfall.dialects.pulsegate.lead.render import (
    ActivityBody,
    LeadBody,
    SubmissionBody,
    render_activity,
    render_lead,
    render_submission,
)
from footfall.errors import InvalidInputError, MissingFieldError, NotFoundError
from footfall.http.api_document import takes
from footfall.leads.lead import Kind
from footfall.leads.register import Leads, parse_status
from footfall.leads.report import LeadReports
from footfall.leads.search import Search

LIMIT = 25
LIMIT_MOST = 100
OFFSET_MOST = 1_000_000_000

AnyRequest = Request[Any, Any, Any]
TheLeads = NamedDependency[SkipValidation[Leads]]
TheReports = NamedDependency[SkipValidation[LeadReports]]
TheHistory = NamedDependency[SkipValidation[VisitHistory]]
Text = FromQuery[str]
Number = FromQuery[int]


class LeadsBody(msgspec.Struct):
    """A page of leads."""

    leads: list[LeadBody]
    total: int


class LeadDetailBody(msgspec.Struct):
    """A lead with its history."""

    lead: LeadBody
    sessions: list[SessionBody]
    submissions: list[SubmissionBody]
    crm_activity: list[ActivityBody]
    status_history: list[ActivityBody]


class ChangeStatus(msgspec.Struct):
    """A new stage of a lead; upper case is accepted."""

    status: str


class UpdatedBody(msgspec.Struct):
    """A lead was changed."""

    updated: bool = True


class SubmissionsBody(msgspec.Struct):
    """A page of submissions."""

    submissions: list[SubmissionBody]
    total: int


@get("/analytics/leads", opt=ADMIN, summary="List leads")
async def list_leads(
    leads: TheLeads,
    limit: Number = LIMIT,
    offset: Number = 0,
    q: Text = "",
    status: Text = "",
    sort: Text = "newest",
    project: Text = "",
    source: Text = "",
) -> LeadsBody:
    """List leads; `q` looks into name, e-mail, phone, project and visitor."""
    search = Search(
        text=q,
        status=parse_status(status) if status else "",
        project_name=project,
        source=source,
        sort=sort or "newest",
        limit=parse_limit(limit),
        offset=parse_offset(offset),
    )
    found, total = await asyncio.to_thread(leads.list_leads, search)
    return LeadsBody([render_lead(lead) for lead in found], total)


@get("/analytics/leads/projects", opt=sees("dropdown-options"), summary="List projects of leads")
async def list_projects(leads: TheLeads) -> list[str]:
    """List the names of projects that leads are about, A to Z."""
    return await asyncio.to_thread(leads.list_names, "project_name")


@get("/analytics/leads/sources", opt=sees("dropdown-options"), summary="List sources of leads")
async def list_sources(leads: TheLeads) -> list[str]:
    """List the sources that leads came from, A to Z."""
    return await asyncio.to_thread(leads.list_names, "source")


@get("/analytics/leads/{lead_id:str}", opt=ADMIN, summary="Show a lead")
async def show_lead(
    leads: TheLeads, visit_history: TheHistory, lead_id: FromPath[str]
) -> LeadDetailBody:
    """Show a lead with its sessions, what was sent, and what happened since."""
    number = parse_lead_id(lead_id)
    lead = await asyncio.to_thread(leads.find, number)
    submissions = await asyncio.to_thread(leads.list_submissions, number)
    activities = await asyncio.to_thread(leads.list_activities, number)
    sessions = await visit_history.list_sessions(lead, submissions)
    return LeadDetailBody(
        render_lead(lead),
        sessions,
        [render_submission(submission) for submission in submissions],
        [render_activity(a) for a in activities if a.kind != "status"],
        [render_activity(a) for a in activities if a.kind == "status"],
    )


@patch(
    "/analytics/leads/{lead_id:str}",
    opt=takes(ADMIN, ChangeStatus),
    summary="Change a lead's status",
)
async def change_lead(request: AnyRequest, leads: TheLeads, lead_id: FromPath[str]) -> UpdatedBody:
    """Move a lead to another stage. A stage that does not exist is not found, as documented."""
    number = parse_lead_id(lead_id)
    value = (await read_object(request)).get("status")
    if value is None or value == "":
        raise MissingFieldError("status")
    if not isinstance(value, str):
        raise InvalidInputError(f"status is {value}; accepted is text", field="status")
    try:
        status = parse_status(value)
    except InvalidInputError as error:
        raise UnknownStatusError(error.message) from None
    await asyncio.to_thread(leads.change_status, number, status, viewer_of(request).role)
    return UpdatedBody()


@get("/analytics/submissions", opt=ADMIN, summary="List submissions")
async def list_submissions(
    lead_reports: TheReports, limit: Number = LIMIT, offset: Number = 0
) -> SubmissionsBody:
    """List what came in lately."""
    return await _list_apart(lead_reports, ("primary", "follow_up"), limit, offset)


@get("/analytics/testing-leads", opt=sees("testing-leads"), summary="List test leads")
async def list_tests(
    request: AnyRequest, lead_reports: TheReports, limit: Number = LIMIT, offset: Number = 0
) -> SubmissionsBody:
    """List tests, which are no leads; masked for marketing keys."""
    is_masked = not viewer_of(request).is_admin
    return await _list_apart(lead_reports, ("test",), limit, offset, is_masked=is_masked)


@get("/analytics/blocked-ip-leads", opt=sees("blocked-ip-leads"), summary="List blocked leads")
async def list_blocked(
    request: AnyRequest, lead_reports: TheReports, limit: Number = LIMIT, offset: Number = 0
) -> SubmissionsBody:
    """List what blocked senders and programs sent; masked for marketing keys."""
    is_masked = not viewer_of(request).is_admin
    return await _list_apart(lead_reports, ("blocked", "bot"), limit, offset, is_masked=is_masked)


class UnknownStatusError(NotFoundError):
    """There is no such status."""

    def __init__(self, message: str) -> None:
        super().__init__("Status", "")
        self.args = (message,)


async def _list_apart(
    lead_reports: LeadReports,
    kinds: tuple[Kind, ...],
    limit: int,
    offset: int,
    *,
    is_masked: bool = False,
) -> SubmissionsBody:
    found, total = await asyncio.to_thread(
        lead_reports.list_apart, kinds, limit=parse_limit(limit), offset=parse_offset(offset)
    )
    return SubmissionsBody([render_submission(s, is_masked=is_masked) for s in found], total)


def parse_lead_id(text: str) -> int:
    """Return a lead's number. Raises InvalidInputError."""
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise InvalidInputError(f"lead id '{text[:40]}' is invalid; accepted is a whole number")
    return int(text)


def parse_limit(limit: int) -> int:
    """Return the rows of a page; more than the maximum becomes the maximum.

    Raises InvalidInputError.
    """
    if limit < 1:
        raise InvalidInputError(f"limit is {limit}; accepted are 1 to {LIMIT_MOST}", field="limit")
    return min(limit, LIMIT_MOST)


def parse_offset(offset: int) -> int:
    """Return the rows to leave out. Raises InvalidInputError."""
    if not 0 <= offset <= OFFSET_MOST:
        raise InvalidInputError(
            f"offset is {offset}; accepted are 0 to {OFFSET_MOST}", field="offset"
        )
    return offset


LEAD_ROUTES = (
    list_leads,
    list_projects,
    list_sources,
    show_lead,
    change_lead,
    list_submissions,
    list_tests,
    list_blocked,
)
