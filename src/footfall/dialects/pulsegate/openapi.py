"""What the OpenAPI document of PulseGate's API says beside its routes: what pages load and send,
from the types that read and write it."""

from typing import Any

import msgspec

from footfall.dialects.pulsegate.errors import ErrorBody
from footfall.dialects.pulsegate.form.config import FORM_PATH, TRACK_PATH
from footfall.dialects.pulsegate.lead.capture import CapturedBody
from footfall.dialects.pulsegate.replay.recording import RecordedBody, RecordingBody
from footfall.dialects.pulsegate.track_path import LIMITS
from footfall.dialects.pulsegate.wire import (
    BatchBody,
    BatchTakenBody,
    EndBody,
    EndedBody,
    EventBody,
    StartBody,
    StartedBody,
    TakenBody,
)
from footfall.http.api_document import DoorDescription, HotCall, Parameter

PATH = "/api/docs/pulsegate.json"


class TrackConfigBody(msgspec.Struct, rename="camel"):
    """What a page's tracker may do."""

    record_session: bool
    fingerprint: bool


class HealthBody(msgspec.Struct):
    """The server and its stores answer."""

    status: str
    timestamp: int


_KEY = Parameter("siteKey", "The site's key; pages of its domains only are answered.")


def _describe_track(path: str, summary: str, description: str, body: Any, answer: Any) -> HotCall:
    limit = f"{description} At most {LIMITS[path]} calls of one address a minute."
    json = ((200, "application/json", answer),)
    return HotCall("POST", path, summary, limit, body=body, answers=json)


def _describe_script(path: str, summary: str) -> HotCall:
    return HotCall(
        "GET",
        path,
        summary,
        "JavaScript, to be kept for a day.",
        answers=((200, "text/javascript", None), (304, "", None)),
        has_errors=False,
    )


DESCRIPTION = DoorDescription(
    title="PulseGate API of Footfall",
    description="Tracking, leads, forms and analytics. A key comes as a bearer token or X-API-Key;"
    " the admin key sees everything, a marketing key its pages.",
    schemes={
        "key": {"type": "http", "scheme": "bearer"},
        "key_header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    },
    security=dict.fromkeys(("admin", "any", "page"), ("key", "key_header")),
    error=ErrorBody,
    hot=(
        _describe_track(
            "/track/session/start",
            "Start a session",
            "`fingerprint_id` and `page` are required; the first may come as X-Fingerprint-ID.",
            StartBody,
            StartedBody,
        ),
        _describe_track(
            "/track/event",
            "Take an event",
            "`session_id` and `event_type` are required.",
            EventBody,
            TakenBody,
        ),
        _describe_track(
            "/track/events/batch",
            "Take several events",
            "1 to 100, all valid or none.",
            BatchBody,
            BatchTakenBody,
        ),
        _describe_track(
            "/track/session/end", "End a session", "`session_id` is required.", EndBody, EndedBody
        ),
        _describe_track(
            "/track/recording",
            "Take a piece of a recorded visit",
            "`session_id` and `events` are required; 403 where nothing is recorded.",
            RecordingBody,
            RecordedBody,
        ),
        HotCall(
            "GET",
            TRACK_PATH,
            "What a page's tracker may do",
            "Without a key, what the operator's settings say.",
            parameters=(_KEY,),
            answers=((200, "application/json", TrackConfigBody),),
        ),
        HotCall(
            "GET",
            FORM_PATH,
            "Get a form",
            "The form as it was written, with its keys.",
            parameters=(
                Parameter(_KEY.name, _KEY.description, is_required=True),
                Parameter("formId", "The form's id.", is_required=True),
            ),
            answers=((200, "application/json", dict[str, Any]),),
        ),
        HotCall(
            "POST",
            "/",
            "Take a lead (deprecated)",
            "The same as /lead.capture, which is to be used.",
            body=dict[str, Any],
            answers=((200, "application/json", CapturedBody), (301, "", None)),
        ),
        _describe_script("/tracker.js", "The tracker script"),
        _describe_script("/form.js", "The script of forms"),
        _describe_script("/pulse.js", "Tracker and forms in one script"),
        HotCall(
            "GET",
            "/health",
            "Whether the server and its stores answer",
            "Open to everybody; 503 when a store does not answer.",
            answers=((200, "application/json", HealthBody), (503, "application/json", HealthBody)),
            has_errors=False,
        ),
    ),
)
