"""One lead: who it is, every form with its fields, every move with who made it, what the CRM
reported, and the visits behind it; and the person given out or erased."""

from asyncio import to_thread
from dataclasses import asdict
from typing import Any

import msgspec
from litestar import Response, get, post

from footfall.dashboard.context import TheSight, make_context
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.figure import render_duration
from footfall.dashboard.lead.access import (
    KEPT_NOWHERE,
    LEADS,
    find_lead,
    make_clock_words,
    open_leads,
    require_operator,
)
from footfall.dashboard.lead.desk import LeadDesk
from footfall.dashboard.lead.word import (
    KIND_TITLES,
    QUALITY_TITLES,
    STATUS_TITLES,
    read_fields,
    say_reasons,
    shown,
)
from footfall.dashboard.links import recording_link
from footfall.dashboard.page import HEADERS, AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.place import find_country
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.errors import FootfallError
from footfall.leads.erasure import Kept, Person
from footfall.leads.lead import Activity, Lead, Submission
from footfall.leads.plain import show_text
from footfall.leads.search import SUSPICIOUS_FROM
from footfall.leads.visit import VISITORS_MOST, VPN_POINTS_MOST, VPN_SUSPECTED_FROM, KnownVisit

_ONE = f"{LEADS}/{{number:str}}"


@get(_ONE)
async def show_lead(request: AnyRequest, door: TheDoor, sight: TheSight, number: InPath) -> Page:
    """Show a lead with everything that belongs to it."""
    screen, desk = await open_leads(door, request, sight)
    lead = await find_lead(desk, screen, number)
    submissions = await to_thread(desk.leads.list_submissions, lead.number)
    activities = await to_thread(desk.leads.list_activities, lead.number)
    context = await make_context(door, sight, screen, "leads")
    context |= {
        "lead": shown(lead),
        "forms": _make_forms(submissions, await _load_labels(door)),
        "events": [_describe(one) for one in activities],
        **await _find_visits(desk, screen, lead, submissions),
        "titles": STATUS_TITLES,
        "kinds": KIND_TITLES,
        "qualities": QUALITY_TITLES,
        "reasons_of": say_reasons,
        "suspicious_from": SUSPICIOUS_FROM,
        "country_of": find_country,
        "duration_of": lambda us: render_duration(us / 1_000_000),
        **make_clock_words(screen),
    }
    return render_screen("lead/detail.html", screen, context)


@get(f"{_ONE}/person.json")
async def send_person(
    request: AnyRequest, door: TheDoor, sight: TheSight, number: InPath
) -> Response[bytes]:
    """Send everything that is kept of the person behind a lead, in all projects."""
    screen, desk = await open_leads(door, request, sight)
    require_operator(screen)
    lead = await find_lead(desk, screen, number)
    kept = await desk.erasure.find(make_person(lead))
    content = msgspec.json.format(msgspec.json.encode(_render_kept(kept)), indent=2)
    name = f'attachment; filename="lead-{lead.number}-person.json"'
    return Response(
        content,
        media_type="application/json",
        headers={**HEADERS, **KEPT_NOWHERE, "Content-Disposition": name},
    )


@get(f"{_ONE}/erase")
async def show_erasure(request: AnyRequest, door: TheDoor, sight: TheSight, number: InPath) -> Page:
    """Show what would be erased with a person, and ask."""
    screen, desk = await open_leads(door, request, sight)
    require_operator(screen)
    return await _render_erasure(door, sight, screen, desk, number)


@post(f"{_ONE}/erase", status_code=200)
async def erase_lead(request: AnyRequest, door: TheDoor, sight: TheSight, number: InPath) -> Page:
    """Erase the person behind a lead once it was confirmed."""
    door.check_form(request)
    screen, desk = await open_leads(door, request, sight)
    require_operator(screen)
    sent = await read_form(request)
    if read_field(sent, "sure") != "yes":
        problem = "Tick the box to say that you mean it."
        return await _render_erasure(door, sight, screen, desk, number, problem)
    lead = await find_lead(desk, screen, number)
    await desk.erasure.erase(make_person(lead))
    return render_redirect(request, f"{screen.home}{LEADS}?erased=1")


def make_person(lead: Lead) -> Person:
    """Return the person behind a lead by everything it is known by, and by the lead itself."""
    return Person(lead.contact_email, lead.contact_phone, lead.visitor_id, lead.number)


async def _render_erasure(
    door: TheDoor,
    sight: TheSight,
    screen: Screen,
    desk: LeadDesk,
    number: str,
    problem: str = "",
) -> Page:
    lead = await find_lead(desk, screen, number)
    kept = await desk.erasure.find(make_person(lead))
    names = {project.number: project.name for project in await door.parts.projects.list_projects()}
    context = await make_context(door, sight, screen, "leads")
    context |= {
        "lead": shown(lead),
        "kept_leads": [(shown(one), names.get(one.project, "")) for one in kept.leads],
        "forms": len(kept.submissions),
        "activities": len(kept.activities),
        "visitors": len({visitor_id for _, visitor_id in kept.visitors}),
        "titles": STATUS_TITLES,
        "problem": problem,
    }
    return render_screen("lead/erase.html", screen, context, status=400 if problem else 200)


def _describe(activity: Activity) -> dict[str, Any]:
    """Return what happened to a lead in words, with what was reported."""
    fields = dict(read_fields(activity.body)[0])
    known = shown(activity)
    if activity.kind == "status":
        titles = {str(status): title for status, title in STATUS_TITLES.items()}
        before, after = (titles.get(fields.get(word, ""), "?") for word in ("from", "to"))
        return {
            "kind": "status",
            "what": (before, after),
            "at_us": known.created_at_us,
            "actor": known.actor or "unknown",
            "fields": {},
            "url": "",
        }
    is_run = activity.kind == "forwarding"
    url = fields.pop("execution_url", "") if is_run else ""
    if is_run:
        fields.pop("status", "")
    return {
        "kind": activity.kind,
        "what": f"Forwarding: {known.event}" if is_run else f"CRM: {known.event}",
        "at_us": known.created_at_us,
        "actor": known.actor,
        "fields": fields,
        "url": url if url.lower().startswith(("https://", "http://")) else "",
    }


Labels = dict[tuple[str, str], dict[str, str]]
"""What fields are called on the page, by name; by the key of the site and the id of the form."""


async def _load_labels(door: Door) -> Labels:
    if door.parts.forms is None:
        return {}
    return {
        (whole.site.site_key, form.form_id): {
            show_text(field["name"]): show_text(field.get("label") or field["name"])
            for field in msgspec.json.decode(form.content)["fields"]
            if field.get("type") != "hidden"
        }
        for whole in await to_thread(door.parts.forms.list_sites)
        for form in whole.forms
    }


def _make_forms(
    submissions: list[Submission], labels: Labels
) -> list[tuple[Submission, list[tuple[str, str]], list[tuple[str, str]]]]:
    """Return each form with what was asked on the page, as it was called there, and what came along
    with it. Of a form that is not ours everything counts as asked but what scripts add."""
    made = []
    for one in submissions:
        typed, added = read_fields(one.payload)
        known = labels.get((one.site_key, one.form_id), {})
        asked = [(known[name], text) for name, text in typed if name in known]
        if asked:
            added = [*(pair for pair in typed if pair[0] not in known), *added]
        made.append((shown(one), asked or typed, added))
    return made


async def _find_visits(
    desk: LeadDesk, screen: Screen, lead: Lead, submissions: list[Submission]
) -> dict[str, Any]:
    """Return the visits of everybody who sent a form for the lead; a report that fails leaves the
    rest of the page as it is."""
    everybody = dict.fromkeys(filter(None, (lead.visitor_id, *(s.visitor_id for s in submissions))))
    sessions = list(dict.fromkeys([lead.session_id, *(s.session_id for s in submissions)]))
    project = screen.project.number
    try:
        found = await desk.visits.list_visits(project, list(everybody)[:VISITORS_MOST], sessions)
    except FootfallError:
        return {"visits": [], "has_failed": True}
    return {
        "visits": [await _make_visit(desk, screen, known, sessions) for known in found],
        "has_failed": False,
    }


async def _make_visit(
    desk: LeadDesk, screen: Screen, known: KnownVisit, sessions: list[str]
) -> dict[str, Any]:
    is_recorded = await desk.has_recording(screen.project.number, known.session_id)
    return {
        "is_of_form": known.session_id in sessions,
        "visit": known.visit,
        "entry_page": show_text(known.visit.entry_page),
        "exit_page": show_text(known.visit.exit_page),
        "is_vpn": known.visit.vpn >= VPN_SUSPECTED_FROM,
        "vpn": round(known.visit.vpn / VPN_POINTS_MOST * 100),
        "recording_url": recording_link(screen.home, known.session_id) if is_recorded else "",
    }


def _render_kept(kept: Kept) -> dict[str, Any]:
    return {
        "leads": [asdict(lead) for lead in kept.leads],
        "forms": [asdict(submission) for submission in kept.submissions],
        "activities": [asdict(activity) for activity in kept.activities],
        "visitor_ids": sorted({visitor_id for _, visitor_id in kept.visitors}),
    }
