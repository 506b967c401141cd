"""The leads of a list as a file for spreadsheets: sent while it is read, in UTF-8 with the mark by
which spreadsheets know it, and without a cell that one would run as a formula."""

from asyncio import to_thread
from collections.abc import AsyncIterator

from litestar import get
from litestar.response import Stream

from footfall.dashboard.context import TheSight, read_pairs
from footfall.dashboard.door import TheDoor
from footfall.dashboard.lead.access import KEPT_NOWHERE, LEADS, open_leads
from footfall.dashboard.lead.desk import LeadDesk
from footfall.dashboard.lead.view import parse_lead_view
from footfall.dashboard.lead.word import say_reasons
from footfall.dashboard.page import AnyRequest, find_headers
from footfall.http.csv import render_csv_line
from footfall.http.stream import begin_stream
from footfall.leads.lead import Lead
from footfall.leads.plain import show_text
from footfall.leads.search import Search
from footfall.model.time_range import from_us

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}".encode()

HEADS = (
    *("Lead", "Came (UTC)", "Status", "Name", "E-mail", "Phone", "About", "Place"),
    *("Country", "City", "Source", "UTM source", "UTM medium", "UTM campaign"),
    *("Site key", "Form", "Engagement", "Engagement score", "Suspicion", "Reasons"),
    *("Forms sent", "Last form (UTC)", "Last activity (UTC)", "Id in the CRM"),
)


@get(f"{LEADS}/csv")
async def send_leads(request: AnyRequest, door: TheDoor, sight: TheSight) -> Stream:
    """Send the leads that the list shows, all pages, newest first."""
    screen, desk = await open_leads(door, request, sight)
    view = parse_lead_view(read_pairs(request))
    search = view.make_search(screen.project.number, screen.calendar)
    chunks = await begin_stream(_iterate(desk, search))
    name = f"{screen.project.slug}-leads-{screen.calendar.today}.csv"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    headers = {**find_headers(screen), **KEPT_NOWHERE, **disposition}
    return Stream(chunks, media_type="text/csv", headers=headers)


async def _iterate(desk: LeadDesk, search: Search) -> AsyncIterator[bytes]:
    yield BYTE_ORDER_MARK + render_csv_line(HEADS).encode()
    batches = desk.leads.iterate_leads(search)
    while True:
        leads = await to_thread(next, batches, None)
        if leads is None:
            return
        yield "".join(map(render_lead, leads)).encode("utf-8", "replace")


def render_lead(lead: Lead) -> str:
    """Return the line of a lead."""
    values: tuple[str | int | None, ...] = (
        *(lead.number, _render_time(lead.created_at_us), lead.status),
        *(lead.contact_name, lead.contact_email, lead.contact_phone),
        *(lead.project_name, lead.location, lead.country, lead.city, lead.source),
        *(lead.utm_source, lead.utm_medium, lead.utm_campaign, lead.site_key, lead.form_id),
        *(lead.engagement_label, lead.engagement_score, lead.suspicion_score),
        "; ".join(say_reasons(lead.suspicion_reasons)),
        *(lead.submissions, _render_time(lead.last_submitted_at_us)),
        *(_render_time(lead.last_activity_at_us), lead.crm_id),
    )
    return render_csv_line(show_text(v) if isinstance(v, str) else v for v in values)


def _render_time(us: int) -> str:
    return from_us(us).strftime("%Y-%m-%d %H:%M:%S")
