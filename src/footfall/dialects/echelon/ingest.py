"""`POST /api/ingest`: views and events from a server or a CI run, in bulk. They bring no proof and
get no score; each has an id, and what came before is counted as a duplicate."""

import re
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, post
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from msgspec import Meta

from footfall.clock import Clock
from footfall.dialects.echelon.access import WRITE
from footfall.dialects.echelon.body import read_json
from footfall.dialects.echelon.pixel import PATH_LIMIT, REFERRER_LIMIT
from footfall.dialects.echelon.site import DEFAULT_SITE, find_project
from footfall.dialects.echelon.sites import require_site
from footfall.dialects.echelon.track import DOOR, EchelonRules
from footfall.errors import InvalidInputError, NotFoundError
from footfall.http.api_document import takes
from footfall.ingest.outcome import Accepted
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal
from footfall.model.time_range import to_us
from footfall.projects.directory import Directory

BODY_LIMIT_BYTES = 1_048_576
EVENTS_LIMIT = 100
VERSION = 1
TYPE_LIMIT = 64

VIEWS = frozenset({"pageview", "page_view"})

_TYPE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_UUID = r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"

Uuid = Annotated[str, Meta(pattern=_UUID)]

TheIntake = NamedDependency[SkipValidation[Intake]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
TheClock = NamedDependency[SkipValidation[Clock]]
TheRules = NamedDependency[SkipValidation[EchelonRules]]


class Context(msgspec.Struct):
    """What all events of a batch share."""

    session_id: Uuid
    site_id: str = DEFAULT_SITE
    viewport_width: float | None = None
    viewport_height: float | None = None
    screen_width: float | None = None
    screen_height: float | None = None
    device_pixel_ratio: float | None = None
    device_class: str | None = None
    user_agent: str = ""
    language: str = ""
    timezone_offset_min: float | None = None
    connection_type: str | None = None


class Variant(msgspec.Struct):
    """Which variant of an experiment was shown."""

    experiment_id: str
    variant_id: str


class Event(msgspec.Struct):
    """One event."""

    event_id: Uuid
    type: str
    ts: str
    hi_res_ts: float | None = None
    path: str | None = None
    referrer: str | None = None
    experiments: list[Variant] = []
    data: dict[str, Any] | None = None


class Batch(msgspec.Struct):
    """The body."""

    v: int
    batch_id: Uuid
    sent_at: str
    context: Context
    events: list[Event]


class Taken(msgspec.Struct):
    """What became of a batch."""

    accepted: int
    duplicate: int


_BATCH: Final = msgspec.json.Decoder(Batch)
_encode: Final = msgspec.json.Encoder().encode


@post(
    "/api/ingest", opt=takes(WRITE, Batch), status_code=200, summary="Take views and events in bulk"
)
async def ingest(
    request: Request[Any, Any, Any],
    intake: TheIntake,
    directory: TheDirectory,
    clock: TheClock,
    rules: TheRules,
) -> Taken:
    """Take up to a hundred events; each counts once, however often it is sent."""
    batch = await read_json(request, _BATCH, BODY_LIMIT_BYTES)
    if batch.v != VERSION:
        raise InvalidInputError(f"v is {batch.v}; accepted is {VERSION}", field="v")
    if not 1 <= len(batch.events) <= EVENTS_LIMIT:
        raise InvalidInputError(
            f"events holds {len(batch.events)}; accepted are 1 to {EVENTS_LIMIT}", field="events"
        )
    _parse_time(batch.sent_at, "sent_at")
    site = require_site(batch.context.site_id)
    entry = find_project(directory, site)
    if entry is None:
        raise NotFoundError("Site", site)
    signals = [_parse_event(i, event, batch.context, site) for i, event in enumerate(batch.events)]
    sender = Sender(
        entry.project.number,
        DOOR,
        # The address is the server's: it says nothing of the visitor, whom the session stands for.
        "",
        batch.context.user_agent[:512],
        clock.now_us(),
        batch.context.language[:64],
        site=site,
        own_hosts=entry.own_hosts,
        is_unscored=True,
        is_anonymous=rules.is_anonymous(site),
    )
    outcomes = await intake.take(sender, signals)
    accepted = sum(isinstance(outcome, Accepted) for outcome in outcomes)
    return Taken(accepted, len(outcomes) - accepted)


def _parse_event(index: int, event: Event, context: Context, site: str) -> Signal:
    if not _TYPE.fullmatch(event.type) or len(event.type) > TYPE_LIMIT:
        raise InvalidInputError(
            f"events[{index}].type is '{event.type[:40]}'; accepted are up to {TYPE_LIMIT} "
            "letters, digits and '_', not beginning with a digit",
            field="type",
        )
    is_view = event.type in VIEWS and bool(event.path)
    signal = Signal(
        "pageview" if is_view else "event",
        "" if is_view else event.type,
        url=(event.path or "")[:PATH_LIMIT],
        site=site,
        referrer=(event.referrer or "")[:REFERRER_LIMIT],
        ts_us=_parse_time(event.ts, f"events[{index}].ts"),
        client_id=event.event_id.lower(),
        visitor_id=context.session_id.lower(),
        session_id=context.session_id.lower(),
        is_interactive=True,
    )
    if context.screen_width and context.screen_height:
        signal.screen = f"{int(context.screen_width)}x{int(context.screen_height)}"
    props = dict(event.data or {})
    if event.experiments:
        props["experiments"] = [msgspec.structs.asdict(v) for v in event.experiments]
    signal.props = _encode(props) if props else b""
    return signal


def _parse_time(text: str, field: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return to_us(moment)
    except (ValueError, OverflowError):
        pass
    raise InvalidInputError(
        f"{field} is '{text[:40]}'; accepted is ISO 8601 with a time zone, for example"
        " 2026-03-01T12:00:00Z",
        field=field,
    )
