"""Routes of recordings: the list of visits, one visit, the pieces of its recording, and the shell
that shows them to whoever has a key. Marketing keys that list the page `replay` get pieces with
mail addresses and phone numbers covered."""

import asyncio
from typing import Annotated, Any

from litestar import Request, Response, delete, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter, SkipValidation

from footfall.clock import Clock
from footfall.dialects.pulsegate.access import ADMIN, OPEN, sees, viewer_of
from footfall.dialects.pulsegate.analytics.scope import (
    Wanted,
    WantedBots,
    find_project,
    make_history,
    make_scope,
    parse_count,
)
from footfall.dialects.pulsegate.lead.leads import parse_offset
from footfall.dialects.pulsegate.replay.render import render_chunk, render_events, render_session
from footfall.dialects.pulsegate.replay.shape import (
    RemovedBody,
    ReplayBody,
    ReplaySessionsBody,
)
from footfall.dialects.pulsegate.replay.shell import SHELL_HEADERS, render_shell
from footfall.errors import InvalidInputError
from footfall.http.packed import IS_PACKED, unpack_for
from footfall.projects.directory import Directory
from footfall.replay.chunk import mask_chunk, parse_seq
from footfall.replay.recording import Wanted as WantedRecordings
from footfall.replay.visit import RecordedVisits

LIMIT = 50
LIMIT_MOST = 100
"""[original]"""

SORTS = ("started_at_desc",)
"""[original]"""

TheVisits = NamedDependency[SkipValidation[RecordedVisits]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
TheClock = NamedDependency[SkipValidation[Clock]]
AnyRequest = Request[Any, Any, Any]
Id = FromPath[str]
Limit = Annotated[int, QueryParameter(description="Visits. At most 100.")]
Recorded = Annotated[
    bool, QueryParameter(description="`true` lists only visits that have a recording; ours.")
]

_REPLAY = sees("replay")


@get("/replay", opt=OPEN, include_in_schema=False)
async def show_shell() -> Response[bytes]:
    """Show a page that asks for a key and then shows recordings; by itself it knows nothing."""
    return Response(render_shell(), media_type="text/html", headers=SHELL_HEADERS)


@get("/replay/sessions", opt=_REPLAY, summary="List visits to replay")
async def list_sessions(
    recorded_visits: TheVisits,
    directory: TheDirectory,
    clock: TheClock,
    limit: Limit = LIMIT,
    offset: FromQuery[int] = 0,
    visitor_id: FromQuery[str] = "",
    sort: FromQuery[str] = SORTS[0],
    recorded: Recorded = False,
    project: Wanted = None,
    bots: WantedBots = "exclude",
) -> ReplaySessionsBody:
    """List visits, newest first, and tell which of them have a recording."""
    if sort not in SORTS:
        raise InvalidInputError(
            f"sort is '{sort[:40]}'; accepted is {', '.join(SORTS)}", field="sort"
        )
    limit, offset = parse_count("limit", limit, LIMIT_MOST), parse_offset(offset)
    entry = find_project(directory, project)
    if recorded:
        wanted = WantedRecordings(
            entry.project.number, visitor_id=visitor_id, limit=limit, offset=offset
        )
        found, total = await recorded_visits.list_recorded(wanted)
    else:
        found, total = await recorded_visits.list_visits(
            make_scope(entry, make_history(clock.now_us()), bots),
            visitor_id=visitor_id,
            limit=limit,
            offset=offset,
        )
    sessions = [render_session(one) for one in found]
    for session in sessions if visitor_id else ():
        session.visitor_id = visitor_id
    return ReplaySessionsBody(sessions, total)


@get("/replay/sessions/{session_id:str}", opt=_REPLAY, summary="Show a visit to replay")
async def show_session(
    recorded_visits: TheVisits,
    directory: TheDirectory,
    session_id: Id,
    project: Wanted = None,
) -> ReplayBody:
    """Show a visit with what happened in it, its first 1,000 signals, and the pieces of its
    recording."""
    number = find_project(directory, project).project.number
    found = await recorded_visits.find(number, session_id)
    entries = await recorded_visits.list_events(number, found.session)
    session, recording = render_session(found), found.recording
    chunks = []
    if recording is not None:
        chunks = await asyncio.to_thread(recorded_visits.recordings.list_chunks, recording)
    return ReplayBody(
        session,
        render_events(entries),
        session.event_count,
        [render_chunk(chunk) for chunk in chunks],
        recording.skew_us // 1_000 if recording else 0,
    )


@get(
    "/replay/sessions/{session_id:str}/chunks/{seq:str}",
    opt={**_REPLAY, IS_PACKED: True},
    summary="Get a piece of a recording",
)
async def send_chunk(
    request: AnyRequest,
    recorded_visits: TheVisits,
    directory: TheDirectory,
    session_id: Id,
    seq: Id,
    project: Wanted = None,
) -> Response[bytes]:
    """Send a piece: an array of rrweb's events."""
    number = find_project(directory, project).project.number
    recording = await recorded_visits.find_recording(number, session_id)
    packed = await asyncio.to_thread(
        recorded_visits.recordings.load_chunk, recording, parse_seq(seq)
    )
    if not viewer_of(request).is_admin:
        packed = await asyncio.to_thread(mask_chunk, packed)
    accepted = request.headers.get("accept-encoding", "")
    body, told = await asyncio.to_thread(unpack_for, accepted, packed)
    headers = {
        "Cache-Control": "private, no-cache",
        "X-Content-Type-Options": "nosniff",
        **told,
    }
    return Response(body, media_type="application/json", headers=headers)


@delete(
    "/replay/sessions/{session_id:str}",
    opt=ADMIN,
    status_code=200,
    summary="Remove a recording",
)
async def remove_recording(
    recorded_visits: TheVisits,
    directory: TheDirectory,
    session_id: Id,
    project: Wanted = None,
) -> RemovedBody:
    """Remove the recording of a visit; its events stay."""
    number = find_project(directory, project).project.number
    recording = await recorded_visits.find_recording(number, session_id)
    await asyncio.to_thread(recorded_visits.recordings.remove, recording)
    return RemovedBody()


REPLAY_ROUTES = (show_shell, list_sessions, show_session, send_chunk, remove_recording)
