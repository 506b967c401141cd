"""The list of leads and the pipeline: filters, counts, pages, and moving a lead from stage to stage
without leaving either."""

from asyncio import to_thread
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context, read_pairs
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.lead.access import (
    LEADS,
    find_lead,
    make_clock_words,
    open_leads,
)
from footfall.dashboard.lead.desk import LeadDesk
from footfall.dashboard.lead.view import ORDERS, ROWS, SHOWN, LeadView, parse_lead_view
from footfall.dashboard.lead.word import (
    KIND_TITLES,
    STATUS_TITLES,
    read_fields,
    say_reasons,
    shown,
)
from footfall.dashboard.page import AnyRequest, Page, find_target, render_redirect, render_screen
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import Sight
from footfall.leads.lead import Kind, Lead, Status
from footfall.leads.plain import show_text
from footfall.leads.register import parse_status
from footfall.leads.search import SUSPICIOUS_FROM

BOARD_ROWS = 50
"""Leads of a stage that the pipeline shows; the list has them all."""

_APART: dict[str, tuple[Kind, ...]] = {"tests": ("test",), "blocked": ("blocked", "bot")}

_AREA = "leads"
"""Id of the part of the page that changes."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A column of the pipeline."""

    status: Status
    title: str
    total: int
    leads: list[Lead]


@get(LEADS)
async def show_leads(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the leads of a project, or what was kept apart from them."""
    screen, desk = await open_leads(door, request, sight)
    view = parse_lead_view(read_pairs(request))
    return await _render(door, request, sight, screen, desk, view, "list")


@get(f"{LEADS}/board")
async def show_lead_board(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the pipeline: a column for each stage."""
    screen, desk = await open_leads(door, request, sight)
    view = parse_lead_view(read_pairs(request))
    return await _render(door, request, sight, screen, desk, view, "board")


@post(f"{LEADS}/{{number:str}}/status", status_code=200)
async def move_lead(request: AnyRequest, door: TheDoor, sight: TheSight, number: InPath) -> Page:
    """Move a lead to another stage and show again what it was moved from."""
    door.check_form(request)
    screen, desk = await open_leads(door, request, sight)
    sent = await read_form(request)
    lead = await find_lead(desk, screen, number)
    status = parse_status(read_field(sent, "status"))
    await to_thread(desk.leads.change_status, lead.number, status, screen.viewer.name)
    place = read_field(sent, "place")
    if place not in {"list", "board"}:
        return render_redirect(request, f"{screen.home}{LEADS}/{lead.number}")
    view = parse_lead_view(parse_qsl(read_field(sent, "query").removeprefix("?")))
    if find_target(request) != _AREA:
        below = "/board" if place == "board" else ""
        return render_redirect(request, f"{screen.home}{LEADS}{below}{view.query(page=view.page)}")
    said = f"{lead.contact_name or 'The lead'} is {STATUS_TITLES[status]} now"
    return await _render(
        door, request, sight, screen, desk, view, place, said=said, moved=lead.number
    )


async def _render(
    door: Door,
    request: AnyRequest,
    sight: Sight,
    screen: Screen,
    desk: LeadDesk,
    view: LeadView,
    place: str,
    *,
    said: str = "",
    moved: int = 0,
) -> Page:
    is_board = place == "board"
    below = f"{LEADS}/board" if is_board else LEADS
    context = await make_context(door, sight, screen, "leads")
    context |= {
        "view": view,
        "place": place,
        "here": screen.home + below,
        "was_erased": request.query_params.get("erased") == "1",
        "said": show_text(said),
        "moved": moved,
        "titles": STATUS_TITLES,
        "orders": ORDERS,
        "shows": SHOWN,
        "reasons_of": say_reasons,
        "suspicious_from": SUSPICIOUS_FROM,
        **make_clock_words(screen),
        **await _find_choices(door, desk, screen.project.number, view),
        **await (_load_board if is_board else _load_list)(desk, screen, view),
    }
    is_part = find_target(request) == _AREA
    page = render_screen("lead/part.html" if is_part else "lead/page.html", screen, context)
    if is_part and request.method == "GET":
        page.headers["HX-Push-Url"] = f"{screen.home}{below}{view.query(page=view.page)}"
    return page


async def _load_list(desk: LeadDesk, screen: Screen, view: LeadView) -> dict[str, Any]:
    number = screen.project.number
    if view.show:
        found, total = await to_thread(
            desk.reports.list_apart,
            _APART[view.show],
            limit=ROWS,
            offset=(view.page - 1) * ROWS,
            project=number,
        )
        return {
            "rows": [shown(one) for one in found],
            "total": total,
            "pages": max(1, -(-total // ROWS)),
            "first_row": (view.page - 1) * ROWS + 1,
            "kinds": KIND_TITLES,
            "fields_of": read_fields,
        }
    search = view.make_search(number, screen.calendar)
    leads, total = await to_thread(desk.leads.list_leads, search)
    counts = await to_thread(desk.leads.count_by_status, replace(search, status=""))
    apart = {}
    for name, kinds in _APART.items():
        _, apart[name] = await to_thread(
            desk.reports.list_apart, kinds, limit=1, offset=0, project=number
        )
    return {
        "rows": [shown(lead) for lead in leads],
        "total": total,
        "counts": counts,
        "apart": apart,
        "pages": max(1, -(-total // ROWS)),
        "first_row": (view.page - 1) * ROWS + 1,
    }


async def _load_board(desk: LeadDesk, screen: Screen, view: LeadView) -> dict[str, Any]:
    search = replace(
        view.make_search(screen.project.number, screen.calendar),
        sort="last_activity",
        limit=BOARD_ROWS,
        offset=0,
    )
    stages = []
    for status, title in STATUS_TITLES.items():
        of_stage = replace(search, status=status)
        leads, total = await to_thread(desk.leads.list_leads, of_stage)
        stages.append(Stage(status, title, total, [shown(lead) for lead in leads]))
    return {"stages": stages, "total": sum(stage.total for stage in stages)}


async def _find_choices(
    door: Door, desk: LeadDesk, project: int, view: LeadView
) -> dict[str, list[tuple[str, str]]]:
    """Return what can be filtered by, as values with titles; sites and forms by the names that
    were given to them. What the view asks for stands there, whatever is left of it."""
    columns = {"about": "project_name", "source": "source", "site": "site_key", "form": "form_id"}
    titles: dict[str, dict[str, str]] = {"site": {}, "form": {}}
    if door.parts.forms is not None:
        for whole in await to_thread(door.parts.forms.list_sites):
            if whole.site.project == project:
                titles["site"][whole.site.site_key] = whole.site.name
                titles["form"] |= {form.form_id: form.name for form in whole.forms}
    choices = {}
    for name, column in columns.items():
        found = await to_thread(desk.leads.list_names, column, project)
        asked = getattr(view, name)
        values = found if not asked or asked in found else [asked, *found]
        choices[f"{name}_choices"] = [
            (value, show_text(titles.get(name, {}).get(value) or value)) for value in values
        ]
    return choices
