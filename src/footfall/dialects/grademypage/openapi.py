"""What the OpenAPI document of GradeMyPage's API says: its paths, all of them hot, from the types
that read and write them."""

from footfall.dialects.grademypage.script import PATH as SCRIPT_PATH
from footfall.dialects.grademypage.wire import (
    ActiveExperiments,
    ErrorBody,
    Reported,
    ServerEvent,
    Tracked,
    TrackRequest,
)
from footfall.http.api_document import DoorDescription, HotCall, Parameter

PATH = "/api/docs/grademypage.json"

_PROJECT = Parameter("projectId", "The project's public key, a UUID.", is_required=True)

DESCRIPTION = DoorDescription(
    title="GradeMyPage API of Footfall",
    description="Events of pages by the public key, events of backends by the secret key, and the"
    " running experiments.",
    schemes={
        "secret_key": {"type": "http", "scheme": "bearer"},
        "admin_token": {"type": "http", "scheme": "bearer"},
    },
    security={"secret": ("secret_key",), "admin_token": ("admin_token",)},
    error=ErrorBody,
    hot=(
        HotCall(
            "GET",
            SCRIPT_PATH,
            "The tracker script",
            "JavaScript for the project; without one it does nothing.",
            parameters=(Parameter("projectId", "The project's public key, a UUID."),),
            answers=((200, "application/javascript", None), (304, "", None)),
            has_errors=False,
        ),
        HotCall(
            "POST",
            "/api/analytics/track",
            "Take events of a page",
            "Events with the same visitor, time, type and path count once.",
            body=TrackRequest,
            answers=((200, "application/json", Tracked),),
        ),
        HotCall(
            "POST",
            "/api/analytics/server-events",
            "Take an event of a backend",
            "With an idempotency key, a repeat is answered 200 with the first event's id.",
            body=ServerEvent,
            answers=((200, "application/json", Reported), (201, "application/json", Reported)),
            access="secret",
        ),
        HotCall(
            "GET",
            "/api/analytics/experiments/active",
            "List running experiments",
            "To be kept for a minute.",
            parameters=(_PROJECT,),
            answers=((200, "application/json", ActiveExperiments), (304, "", None)),
        ),
    ),
)
