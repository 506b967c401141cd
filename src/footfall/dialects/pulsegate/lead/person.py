"""Routes by which an operator gives a person what is kept of them, or erases it (ours)."""

from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from footfall.dialects.pulsegate.access import ADMIN
from footfall.dialects.pulsegate.lead.callback import read_object
from footfall.dialects.pulsegate.lead.render import (
    ActivityBody,
    LeadBody,
    SubmissionBody,
    render_activity,
    render_lead,
    render_submission,
)
from footfall.http.api_document import takes
from footfall.leads.erasure import LeadErasure, Person
from footfall.replay.recording import Recording

AnyRequest = Request[Any, Any, Any]
_US_PER_MS = 1_000

TheErasure = NamedDependency[SkipValidation[LeadErasure]]


class RecordingBody(msgspec.Struct):
    """A recorded visit; its pieces are read at `replay_url`."""

    session_id: str
    visitor_id: str
    entry_page: str
    started_at: int
    duration: int
    """Milliseconds, as `started_at`."""
    events: int
    size: int
    replay_url: str


class PersonBody(msgspec.Struct):
    """What is kept of a person."""

    leads: list[LeadBody]
    submissions: list[SubmissionBody]
    activity: list[ActivityBody]
    visitor_ids: list[str]
    recordings: list[RecordingBody]


class ErasedBody(msgspec.Struct):
    """How much was erased."""

    leads: int
    submissions: int
    visitor_ids: int
    recordings: int


@post(
    "/analytics/persons/export",
    opt=takes(ADMIN, dict[str, Any]),
    status_code=200,
    summary="Give what is kept",
)
async def export_person(request: AnyRequest, lead_erasure: TheErasure) -> PersonBody:
    """Give everything that is kept of a person, named by email, phone or visitor_id."""
    kept = await lead_erasure.find(_read_person(await read_object(request)))
    return PersonBody(
        [render_lead(lead) for lead in kept.leads],
        [render_submission(submission) for submission in kept.submissions],
        [render_activity(activity) for activity in kept.activities],
        sorted({visitor_id for _, visitor_id in kept.visitors}),
        [_render_recording(recording) for recording in kept.recordings],
    )


@post(
    "/analytics/persons/erase",
    opt=takes(ADMIN, dict[str, Any]),
    status_code=200,
    summary="Erase a person",
)
async def erase_person(request: AnyRequest, lead_erasure: TheErasure) -> ErasedBody:
    """Erase a person's leads, submissions, deliveries, events, sessions and recordings."""
    kept = await lead_erasure.erase(_read_person(await read_object(request)))
    visitors = {visitor_id for _, visitor_id in kept.visitors}
    return ErasedBody(len(kept.leads), len(kept.submissions), len(visitors), len(kept.recordings))


def _render_recording(recording: Recording) -> RecordingBody:
    return RecordingBody(
        recording.session_id,
        recording.visitor_id,
        recording.entry_page,
        recording.started_at_us // _US_PER_MS,
        recording.duration_us // _US_PER_MS,
        recording.events,
        recording.size_bytes,
        f"/replay/sessions/{quote(recording.session_id, safe='')}",
    )


def _read_person(fields: dict[str, Any]) -> Person:
    email, phone, visitor_id = (
        str(fields.get(name) or "") for name in ("email", "phone", "visitor_id")
    )
    return Person(email, phone, visitor_id)


PERSON_ROUTES = (export_person, erase_person)
