"""What the OpenAPI document of Echelon's API says beside its routes: the tracking paths, from the
types and tables that read them."""

import msgspec

from footfall.dialects.echelon.errors import ErrorBody
from footfall.dialects.echelon.event import EVENTS_LIMIT, TYPES, EventBody
from footfall.dialects.echelon.pixel import TAGS
from footfall.http.api_document import DoorDescription, HotCall, Parameter

PATH = "/api/docs/echelon.json"


class HealthBody(msgspec.Struct):
    """The server answers."""

    status: str
    service: str


class BeaconBody(msgspec.Struct, rename="camel"):
    """What happened on a page."""

    events: list[EventBody]
    site_id: str = "default"
    tok: str = ""


_PIXEL = (
    Parameter("p", "Path and query of the page, percent-encoded, in base64.", is_required=True),
    Parameter("s", "Site; `default` when absent."),
    Parameter("sid", "UUID of the session."),
    Parameter("_v", "Milliseconds to the first interaction, or `spa`.", is_required=True),
    Parameter("sw", "Width of the screen."),
    Parameter("sh", "Height of the screen."),
    Parameter("ref", "Referrer, in base64."),
    Parameter("tok", "Answer to the challenge: 32 hex digits."),
    Parameter("ck", "`1` to be known by a cookie."),
    Parameter("pwa", "`1` for an installed application."),
    *(Parameter(name, f"{tag}, in base64.") for name, tag in TAGS.items()),
)

_TYPES = ", ".join(f"`{name}`" for name in TYPES)

DESCRIPTION = DoorDescription(
    title="Echelon API of Footfall",
    description="Statistics, robots, campaigns, experiments and measurements of builds. The secret"
    " comes as a bearer token, or a cookie from /admin/login.",
    schemes={
        "secret": {"type": "http", "scheme": "bearer"},
        "session": {"type": "apiKey", "in": "cookie", "name": "echelon_session"},
    },
    security={"read": ("secret", "session"), "write": ("secret", "session")},
    error=ErrorBody,
    hot=(
        HotCall(
            "GET",
            "/ea.js",
            "The tracker script",
            "JavaScript with the running challenge, to be kept for five minutes.",
            parameters=(Parameter("s", "Site, for its look of the consent question."),),
            answers=(
                (200, "application/javascript", None),
                (304, "", None),
                (403, "application/javascript", None),
                (429, "application/javascript", None),
            ),
            has_errors=False,
        ),
        HotCall(
            "GET",
            "/b.gif",
            "Take the view of a page",
            "Always a transparent GIF of 43 bytes; the header Footfall-Dropped says why a view was"
            " not taken.",
            parameters=_PIXEL,
            answers=((200, "image/gif", None),),
            has_errors=False,
        ),
        HotCall(
            "POST",
            "/e",
            "Take what happened on a page",
            f"At most {EVENTS_LIMIT} events of the types {_TYPES}; others are skipped. Errors have"
            " no body.",
            body=BeaconBody,
            answers=(
                (204, "", None),
                (400, "", None),
                (413, "", None),
                (429, "", None),
                (503, "", None),
            ),
            has_errors=False,
        ),
        HotCall(
            "GET",
            "/api/health",
            "Whether the server answers",
            "Open to everybody.",
            answers=((200, "application/json", HealthBody),),
            has_errors=False,
        ),
    ),
)
