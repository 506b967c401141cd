"""Pages of recorded visits: the list, one of them with its player, its pieces, and the switches of
the sites. Only the operator sees them: a recording shows what one person did."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.figure import render_duration
from footfall.dashboard.links import recording_link
from footfall.dashboard.page import (
    HEADERS,
    AnyRequest,
    Page,
    render_page,
    render_redirect,
    render_screen,
)
from footfall.dashboard.panel import name_of
from footfall.dashboard.period import render_day
from footfall.dashboard.player import make_policy
from footfall.dashboard.recording.choice import (
    PER_PAGE,
    Choice,
    list_lengths,
    list_scores,
    read_choice,
)
from footfall.dashboard.recording.timeline import SILENT, make_lines
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, NotFoundError
from footfall.forms.register import FormRegister, SiteChange
from footfall.forms.site import FormSite
from footfall.http.packed import IS_PACKED, unpack_for
from footfall.model.time_range import from_us
from footfall.replay.chunk import parse_seq
from footfall.replay.recording import Recording
from footfall.replay.visit import RecordedVisit, RecordedVisits
from footfall.scripts.file import find_module_path


@dataclass(frozen=True, slots=True)
class SiteState:
    """A site, and whether its visits are recorded now: by its own switch, or by a form's wish."""

    site: FormSite
    is_recorded: bool


RECORDINGS = "/recordings"
_ONE = f"{RECORDINGS}/{{session_id:str}}"

PLACE = "recordings"


@get(RECORDINGS)
async def show_recordings(
    request: AnyRequest, door: TheDoor, sight: TheSight, offset: FromQuery[str] = ""
) -> Page:
    """Show the recorded visits of a project, newest first, and which sites record."""
    screen = await _open(door, request, sight)
    choice = read_choice(screen.view, offset)
    visits = _visits(door)
    found, total, is_whole = await visits.choose_recorded(choice.make_wanted(screen), choice.taste)
    context = await make_context(door, sight, screen, PLACE)
    context |= {
        "found": [_make_row(screen, one) for one in found],
        "total": total,
        "is_whole": is_whole,
        "choice": choice,
        "lengths": list_lengths(),
        "scores": list_scores(),
        "newer_url": _turn(screen, choice, -PER_PAGE) if choice.offset else "",
        "older_url": _turn(screen, choice, PER_PAGE) if choice.offset + PER_PAGE < total else "",
        "sites": await _list_states(door, screen.project.number),
        "keep_days": visits.recordings.limits.keep_days,
    }
    return render_screen("recordings.html", screen, context)


@get(_ONE)
async def show_recording(
    request: AnyRequest, door: TheDoor, sight: TheSight, session_id: InPath
) -> Page:
    """Show one recorded visit: its player, what happened in it, and what is known of it."""
    screen = await _open(door, request, sight)
    visits, number = _visits(door), screen.project.number
    found = await visits.find(number, session_id)
    recording = found.recording
    if recording is None:
        raise NotFoundError("Recording", session_id[:64])
    chunks = await asyncio.to_thread(visits.recordings.list_chunks, recording)
    entries = await visits.list_events(number, recording.session, without=SILENT)
    url = recording_link(screen.home, recording.session_id)
    context = await make_context(door, sight, screen, PLACE)
    context |= {
        "row": _make_row(screen, found),
        "recording": recording,
        "visit": found.visit,
        "lines": make_lines(entries, recording.started_at_us),
        "first": entries[0] if entries else None,
        "chunk_urls": " ".join(f"{url}/chunks/{chunk.seq}" for chunk in chunks),
        "until": _render_time(
            screen,
            recording.changed_at_us,
            timedelta(days=visits.recordings.limits.keep_days),
        ),
        "url": url,
        "player": find_module_path("player"),
        "size": f"{recording.size_bytes / 1_000:,.0f} kB",
    }
    headers = {**HEADERS, "Content-Security-Policy": make_policy(recording.host)}
    return render_page("recording.html", {"screen": screen, **context}, headers=headers)


@get(f"{_ONE}/chunks/{{seq:str}}", opt={IS_PACKED: True})
async def send_recording_chunk(
    request: AnyRequest, door: TheDoor, sight: TheSight, session_id: InPath, seq: InPath
) -> Response[bytes]:
    """Send a piece of a recording: an array of rrweb's events."""
    recording = await _find(door, await _open(door, request, sight), session_id)
    recordings = _visits(door).recordings
    packed = await asyncio.to_thread(recordings.load_chunk, recording, parse_seq(seq))
    accepted = request.headers.get("accept-encoding", "")
    body, told = await asyncio.to_thread(unpack_for, accepted, packed)
    headers = {**HEADERS, **told, "Vary": "Cookie, Accept-Encoding"}
    return Response(body, media_type="application/json", headers=headers)


@post(f"{_ONE}/remove")
async def remove_recording(
    request: AnyRequest, door: TheDoor, sight: TheSight, session_id: InPath
) -> Page:
    """Remove a recording; what is counted of the visit stays."""
    door.check_form(request)
    screen = await _open(door, request, sight)
    recording = await _find(door, screen, session_id)
    await asyncio.to_thread(_visits(door).recordings.remove, recording)
    return render_redirect(request, f"{screen.home}{RECORDINGS}")


@post(f"{RECORDINGS}/sites", status_code=200)
async def switch_recording(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Let a site record its visits, or no longer."""
    door.check_form(request)
    screen = await _open(door, request, sight)
    number = read_field(await read_form(request), "site")
    sites = await _list_sites(door, screen.project.number)
    site = next((one for one in sites if str(one.number) == number), None)
    if site is None or door.parts.forms is None:
        raise NotFoundError("Site", number[:40])
    change = SiteChange(records_sessions=not site.records_sessions)
    await asyncio.to_thread(door.parts.forms.change_site, site.number, change)
    return render_redirect(request, f"{screen.home}{RECORDINGS}#sites")


def _visits(door: Door) -> RecordedVisits:
    if door.parts.recorded_visits is None:
        raise NotFoundError("Page", PLACE)
    return door.parts.recorded_visits


async def _open(door: Door, request: AnyRequest, sight: Sight) -> Screen:
    screen = await open_screen(door, request, sight, place=PLACE)
    if not screen.viewer.is_operator:
        raise ForbiddenError(
            "Recordings show what single persons did: only the operator sees them."
        )
    return screen


async def _find(door: Door, screen: Screen, session_id: str) -> Recording:
    return await _visits(door).find_recording(screen.project.number, session_id)


async def _list_sites(door: Door, project: int) -> list[FormSite]:
    forms: FormRegister | None = door.parts.forms
    if forms is None:
        return []
    found = await asyncio.to_thread(forms.list_sites)
    return [whole.site for whole in found if whole.site.project == project]


async def _list_states(door: Door, project: int) -> list[SiteState]:
    forms = door.parts.forms
    states = []
    for site in await _list_sites(door, project):
        entry = forms.lookup.find_site(site.site_key) if forms else None
        is_recorded = site.is_enabled and entry is not None and entry.records_sessions
        states.append(SiteState(site, is_recorded))
    return states


def _make_row(screen: Screen, found: RecordedVisit) -> dict[str, Any]:
    recording, visit = found.recording, found.visit
    if recording is None:
        raise NotFoundError("Recording", found.session_id)
    page = recording.entry_page.partition("://")[2].partition("/")
    return {
        "url": recording_link(screen.home, recording.session_id),
        "started": _render_time(screen, recording.started_at_us),
        "entry": f"/{page[2]}" if page[1] else (visit.entry_page if visit else "") or "–",
        "host": page[0],
        "length": render_duration(recording.duration_us / 1_000_000),
        "pages": recording.pages,
        "country": name_of("country", visit.country) if visit else "–",
        "score": visit.score if visit else None,
        "label": visit.label if visit else "",
        "visitor": found.visitor_id,
        "visitor_url": screen.url(screen.view.with_own(visitor=recording.visitor_id))
        if recording.visitor_id
        else "",
    }


def _turn(screen: Screen, choice: Choice, by: int) -> str:
    return screen.url(offset=max(choice.offset + by, 0))


def _render_time(screen: Screen, us: int, after: timedelta = timedelta()) -> str:
    moment = from_us(us).astimezone(screen.calendar.zone) + after
    return f"{render_day(moment.date())}, {moment:%H:%M}"


RECORDING_PAGES = (
    show_recordings,
    show_recording,
    send_recording_chunk,
    remove_recording,
    switch_recording,
)
