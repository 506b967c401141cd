"""The routes of our own query API. Whoever may ask is decided by the guard passed in; errors get
their status from the one table."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from footfall.api.family.family import Family, Parse
from footfall.api.family.scope import ScopeBody
from footfall.api.family.table import FAMILIES
from footfall.api.openapi import make_document
from footfall.api.page import OtherApi, render_door_page, render_page
from footfall.api.parse import decode_body, parse_body, parse_query
from footfall.api.render import render_catalogue, render_error, render_result
from footfall.api.saved import SavedDefinitions
from footfall.api.wire import ErrorBody, FaultBody, QueryBody
from footfall.clock import Clock
from footfall.errors import FootfallError, NotFoundError
from footfall.http.router import OwnRouter
from footfall.http.status import retry_after_s, status_of
from footfall.projects.project import Project
from footfall.reports.port import Reports

AnyRequest = Request[Any, Any, Any]

ResolveProject = Callable[[str], Awaitable[Project]]
"""Finds a project by id or slug; raises NotFoundError."""

Authorise = Callable[[AnyRequest, Project | None], Awaitable[None]]
"""Called first with None, when it must refuse strangers, then with the project, when it must
refuse those who may not read it. Raises UnauthenticatedError or ForbiddenError."""

BODY_LIMIT_BYTES = 64 * 1024
"""A question with a thousand filter values is 30 KiB."""

_JSON = "application/json"

Body = TypeVar("Body", QueryBody, ScopeBody)


@dataclass(frozen=True, slots=True)
class ApiParts:
    """What the routes work with."""

    reports: Reports
    resolve_project: ResolveProject
    authorise: Authorise
    clock: Clock
    saved: SavedDefinitions
    others: tuple[OtherApi, ...] = ()
    """APIs of other doors, listed in the documentation."""
    parsers: Mapping[str, Parse] = field(default_factory=dict)
    """Those of the families that have none of their own."""


def make_api_router(parts: ApiParts) -> Router:
    """Make the router of `/api/query`, the families under `/api/reports/`, `/api/catalogue`,
    `/api/openapi.json` and `/docs`."""

    @post("/api/query", status_code=200, request_max_body_size=BODY_LIMIT_BYTES)
    async def query(request: AnyRequest) -> Response[bytes]:
        await parts.authorise(request, None)
        body = parse_body(await request.body())
        project = await parts.resolve_project(body.project)
        await parts.authorise(request, project)
        if body.filters is not None:
            body = await asyncio.to_thread(_fill_filters, body, parts.saved, project)
        result = await parts.reports.run(parse_query(body, project, parts.clock.now_us()))
        return _answer(render_result(result, project))

    @post("/api/reports/{name:str}", status_code=200, request_max_body_size=BODY_LIMIT_BYTES)
    async def report(request: AnyRequest, name: FromPath[str]) -> Response[bytes]:
        await parts.authorise(request, None)
        family = _find_family(name)
        body = decode_body(family.make_decoder(), await request.body())
        project = await parts.resolve_project(body.project)
        await parts.authorise(request, project)
        if body.filters is not None:
            body = await asyncio.to_thread(_fill_filters, body, parts.saved, project)
        if family.fill is not None:
            body = await asyncio.to_thread(family.fill, body, parts.saved, project)
        parse = family.parse or parts.parsers[family.name]
        question = await asyncio.to_thread(parse, body, project, parts.clock.now_us())
        return _answer(family.render(await parts.reports.ask(question), question, project))

    @get("/docs", sync_to_thread=True)
    def page() -> Response[str]:
        return Response(render_page(_document(), parts.others), media_type="text/html")

    @get("/docs/{name:str}", sync_to_thread=True)
    def door_page(name: FromPath[str]) -> Response[str]:
        found = next((other for other in parts.others if other.name == name), None)
        if found is None:
            raise NotFoundError("API", name)
        return Response(render_door_page(found, parts.others), media_type="text/html")

    handlers: list[BaseRouteHandler] = [query, report, catalogue, openapi, page, door_page]
    return OwnRouter(
        "/",
        route_handlers=handlers,
        exception_handlers={FootfallError: render_fault, HTTPException: render_refusal},
        include_in_schema=False,
    )


def _fill_filters(body: Body, saved: SavedDefinitions, project: Project) -> Body:
    if body.filters is None:
        return body
    filters = saved.fill_filter(body.filters, project.number)
    return msgspec.structs.replace(body, filters=filters)


def _find_family(name: str) -> Family:
    for family in FAMILIES:
        if family.name == name:
            return family
    raise NotFoundError("Report", name)


@get("/api/catalogue")
async def catalogue() -> Response[bytes]:
    """Answer with everything that can be asked for."""
    return _answer(render_catalogue())


@get("/api/openapi.json")
async def openapi() -> Response[bytes]:
    """Answer with the OpenAPI document."""
    return _answer(_document())


@cache
def _document() -> dict[str, Any]:
    return make_document()


def _answer(
    body: object, status: int = 200, headers: dict[str, str] | None = None
) -> Response[bytes]:
    return Response(
        msgspec.json.encode(body), media_type=_JSON, status_code=status, headers=headers
    )


def render_fault(_: AnyRequest, error: FootfallError) -> Response[bytes]:
    """Render an error of ours in the words of our API."""
    seconds = retry_after_s(error)
    headers = None if seconds is None else {"Retry-After": str(seconds)}
    return _answer(render_error(error), status_of(error), headers)


def render_refusal(_: AnyRequest, error: HTTPException) -> Response[bytes]:
    """Render what the web library refuses by itself: a body too large, a wrong method."""
    code = "too_large" if error.status_code == 413 else "invalid_input"
    message = (
        f"the body is larger than the {BODY_LIMIT_BYTES} bytes accepted here"
        if error.status_code == 413
        else error.detail
    )
    return _answer(ErrorBody(FaultBody(code, message)), error.status_code)
