"""Routes of visitors under suspicion: who they are, what speaks against them, leaving them out."""

import asyncio
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, QueryParameter, SkipValidation

from footfall.bots.exclusion import ExcludedVisitors, render_visitor
from footfall.bots.point import PointBook
from footfall.clock import US_PER_DAY, Clock
from footfall.dialects.echelon.access import READ, WRITE
from footfall.dialects.echelon.body import read_json
from footfall.dialects.echelon.render import (
    REFERRER_TYPES,
    UNKNOWN_REFERRER,
    render_detail,
    render_device,
    render_event_type,
    render_time,
)
from footfall.dialects.echelon.scope import make_site_scope
from footfall.errors import InvalidInputError, MissingFieldError, NotFoundError
from footfall.http.api_document import takes
from footfall.model.time_range import TimeRange
from footfall.projects.directory import Directory
from footfall.reports.journal import JournalEntry, JournalQuestion
from footfall.reports.port import Reports
from footfall.reports.scope import Scope
from footfall.reports.suspect import LIMIT, Suspect, SuspectQuestion

LATELY_US = 90 * US_PER_DAY
"""Raw views and events of that long ago are the original's whole memory."""

LEAST_SCORE = 25
ROWS = 50
SEEN = 100
EXCLUDED_LIMIT = 500
"""[original]"""

VIEWS = ("pageview",)

ReportsPort = NamedDependency[SkipValidation[Reports]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
TheExcluded = NamedDependency[SkipValidation[ExcludedVisitors]]
TheClock = NamedDependency[SkipValidation[Clock]]
TheBook = NamedDependency[SkipValidation[PointBook]]
AnyRequest = Request[Any, Any, Any]
Id = FromPath[str]
SiteId = Annotated[str | None, QueryParameter(description="Only this site.")]


class SuspectBody(msgspec.Struct):
    """A visitor under suspicion; the plural fields are joined by commas."""

    visitor_id: str
    max_bot_score: int
    pageviews: int
    first_seen: str
    last_seen: str
    sites: str
    devices: str
    countries: str
    os_names: str
    browsers: str
    is_excluded: bool


class ExcludedBody(msgspec.Struct):
    """A visitor left out by hand."""

    visitor_id: str
    label: str
    created_at: str
    pageviews: int
    max_bot_score: int


class Exclude(msgspec.Struct):
    """A visitor to leave out."""

    visitor_id: str
    label: str | None = None


class Excluded(msgspec.Struct):
    """Who was left out."""

    excluded: str


class Included(msgspec.Struct):
    """Who was let in again."""

    included: str


class Exclusion(msgspec.Struct):
    """Why and since when a visitor is left out."""

    label: str
    created_at: str


class ViewBody(msgspec.Struct):
    """The view of a page."""

    id: str
    path: str
    site_id: str
    interaction_ms: int
    device_type: str
    os_name: str
    browser_name: str
    browser_version: str
    country_code: str
    referrer_type: str
    bot_score: int
    is_pwa: bool
    created_at: str


class EventBody(msgspec.Struct):
    """Something a visitor did."""

    id: str
    event_type: str
    site_id: str
    data: dict[str, Any]
    device_type: str
    bot_score: int
    created_at: str


class VisitorBody(msgspec.Struct):
    """Everything known of a visitor."""

    visitor_id: str
    is_excluded: bool
    exclusion: Exclusion | None
    views: list[ViewBody]
    events: list[EventBody]


class ScoreBody(msgspec.Struct):
    """A score and the points it is made of."""

    score: int
    detail: dict[str, int]


_EXCLUDE: Final = msgspec.json.Decoder(Exclude)


@get("/api/bots/suspicious", opt=READ, summary="Visitors under suspicion")
async def list_suspicious(
    reports: ReportsPort,
    directory: TheDirectory,
    excluded: TheExcluded,
    clock: TheClock,
    site_id: SiteId = None,
    min_score: FromQuery[int] = LEAST_SCORE,
    limit: FromQuery[int] = ROWS,
) -> list[SuspectBody]:
    """List visitors of this score and more, highest first."""
    span = _lately(clock)
    if site_id is not None:
        scopes = [make_site_scope(directory, site_id, span).scope]
    else:
        scopes = [Scope(entry.project.number, span) for entry in directory.entries()]
    found: list[SuspectBody] = []
    for scope in scopes:
        left_out = set(excluded.find_left_out(scope.project))
        suspects = await reports.ask(SuspectQuestion(scope, min_score, limit))
        found += [_render_suspect(s, is_excluded=s.visitor in left_out) for s in suspects]
    found.sort(key=lambda s: (-s.max_bot_score, -s.pageviews, s.visitor_id))
    return found[:limit]


@get("/api/bots/excluded", opt=READ, summary="Visitors left out")
async def list_excluded(
    reports: ReportsPort, directory: TheDirectory, excluded: TheExcluded, clock: TheClock
) -> list[ExcludedBody]:
    """List the visitors that an operator leaves out, newest first."""
    listed = (await asyncio.to_thread(excluded.list_visitors))[:EXCLUDED_LIMIT]
    seen: dict[str, list[Suspect]] = {}
    for entry in directory.entries():
        number = entry.project.number
        by_visitor = {
            visitor: one.visitor_id
            for one in listed
            for visitor in excluded.find_visitors(number, one.visitor_id)
        }
        for chunk in _split(tuple(by_visitor), LIMIT):
            question = SuspectQuestion(Scope(number, _lately(clock)), limit=LIMIT, visitors=chunk)
            for suspect in await reports.ask(question):
                seen.setdefault(by_visitor[suspect.visitor], []).append(suspect)
    return [
        ExcludedBody(
            one.visitor_id,
            one.label,
            render_time(one.created_at_us),
            sum(s.pageviews for s in seen.get(one.visitor_id, ())),
            max((s.score for s in seen.get(one.visitor_id, ())), default=0),
        )
        for one in listed
    ]


@post(
    "/api/bots/exclude", opt=takes(WRITE, Exclude), status_code=201, summary="Leave a visitor out"
)
async def exclude_visitor(request: AnyRequest, excluded: TheExcluded) -> Excluded:
    """Leave a visitor out of every report, past ones included."""
    body = await read_json(request, _EXCLUDE)
    await asyncio.to_thread(excluded.exclude, body.visitor_id, body.label or "")
    return Excluded(body.visitor_id)


@delete(
    "/api/bots/exclude/{visitor_id:str}",
    opt=WRITE,
    status_code=200,
    summary="Let a visitor in again",
)
async def include_visitor(visitor_id: Id, excluded: TheExcluded) -> Included:
    """Let a visitor in again; who was not left out stays in."""
    await asyncio.to_thread(excluded.include, visitor_id)
    return Included(visitor_id)


@get("/api/bots/visitor/{visitor_id:str}", opt=READ, summary="A visitor's views and events")
async def get_visitor(
    visitor_id: Id,
    reports: ReportsPort,
    directory: TheDirectory,
    excluded: TheExcluded,
    clock: TheClock,
) -> VisitorBody:
    """Return the latest hundred views and events of a visitor."""
    listed = await asyncio.to_thread(excluded.list_visitors)
    exclusion = next((e for e in listed if e.visitor_id == visitor_id), None)
    views: list[JournalEntry] = []
    events: list[JournalEntry] = []
    for entry in directory.entries():
        scope = Scope(entry.project.number, _lately(clock), bots="include")
        for visitor in excluded.find_visitors(entry.project.number, visitor_id):
            asked = JournalQuestion(scope, kinds=VIEWS, visitor=visitor, limit=SEEN)
            views += await reports.ask(asked)
            asked = JournalQuestion(scope, without=VIEWS, visitor=visitor, limit=SEEN)
            events += await reports.ask(asked)
    return VisitorBody(
        visitor_id,
        exclusion is not None,
        Exclusion(exclusion.label, render_time(exclusion.created_at_us)) if exclusion else None,
        [render_view(e) for e in _latest(views)],
        [render_event(e) for e in _latest(events)],
    )


@get("/api/bots/score-detail", opt=READ, summary="What a score is made of")
async def get_score_detail(
    reports: ReportsPort,
    directory: TheDirectory,
    book: TheBook,
    clock: TheClock,
    view_id: FromQuery[str | None] = None,
    event_id: FromQuery[str | None] = None,
) -> ScoreBody:
    """Return the points behind the score of a view or an event."""
    given = view_id or event_id
    if not given:
        raise MissingFieldError("view_id")
    number = _parse_event_id(given)
    for entry in directory.entries():
        scope = Scope(entry.project.number, _lately(clock), bots="include")
        found = await reports.ask(JournalQuestion(scope, event_id=number, limit=1))
        if found:
            return ScoreBody(found[0].bot_score, render_detail(found[0].bot_reasons, book))
    raise NotFoundError("View" if view_id else "Event", given)


def render_view(entry: JournalEntry) -> ViewBody:
    """Return a view in Echelon's words."""
    return ViewBody(
        str(entry.event_id),
        entry.path,
        entry.site,
        round(entry.value),
        render_device(entry.device),
        entry.os,
        entry.browser,
        entry.browser_version,
        entry.country,
        REFERRER_TYPES.get(entry.channel, UNKNOWN_REFERRER),
        entry.bot_score,
        entry.props.get("is_pwa") is True,
        render_time(entry.ts_us),
    )


def render_event(entry: JournalEntry) -> EventBody:
    """Return an event in Echelon's words."""
    return EventBody(
        str(entry.event_id),
        render_event_type(entry.kind, entry.name),
        entry.site,
        entry.props,
        render_device(entry.device),
        entry.bot_score,
        render_time(entry.ts_us),
    )


def _render_suspect(suspect: Suspect, *, is_excluded: bool) -> SuspectBody:
    features = {name: ",".join(values) for name, values in suspect.features.items()}
    return SuspectBody(
        render_visitor(suspect.visitor),
        suspect.score,
        suspect.pageviews,
        render_time(suspect.first_seen_us),
        render_time(suspect.last_seen_us),
        features["site"],
        features["device"].lower(),
        features["country"],
        features["os"],
        features["browser"],
        is_excluded,
    )


def _lately(clock: Clock) -> TimeRange:
    now_us = clock.now_us()
    return TimeRange(now_us - LATELY_US, now_us + 1)


def _latest(entries: list[JournalEntry]) -> list[JournalEntry]:
    return sorted(entries, key=lambda e: (-e.ts_us, -e.event_id))[:SEEN]


def _split(values: tuple[int, ...], size: int) -> list[tuple[int, ...]]:
    return [values[i : i + size] for i in range(0, len(values), size)]


def _parse_event_id(text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = 1 << 63
    if not -(1 << 63) <= number < 1 << 63:
        raise InvalidInputError(f"'{text[:40]}' is no id of a view or event", field="view_id")
    return number


BOT_ROUTES = (
    list_suspicious,
    list_excluded,
    exclude_visitor,
    include_visitor,
    get_visitor,
    get_score_detail,
)
