"""The route that hands out raw events: `GET /api/export/events`. Whoever may ask is decided by the
guard passed in, as for reports."""

from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.exceptions import HTTPException
from litestar.params import QueryParameter
from litestar.response import Stream

from footfall.api.event_file import EXPORT_PATH, EventFiles, parse_event_file
from footfall.api.route import Authorise, ResolveProject, render_fault, render_refusal
from footfall.errors import FootfallError, MissingFieldError
from footfall.http.router import OwnRouter
from footfall.http.stream import begin_stream


def make_export_router(
    files: EventFiles, resolve_project: ResolveProject, authorise: Authorise
) -> Router:
    """Make the router of `/api/export/events`."""

    @get(EXPORT_PATH)
    async def export_events(
        request: Request[Any, Any, Any],
        project: Annotated[str, QueryParameter()] = "",
        format_: Annotated[str, QueryParameter(name="format")] = "ndjson",
        start: Annotated[str, QueryParameter()] = "",
        end: Annotated[str, QueryParameter()] = "",
    ) -> Stream:
        await authorise(request, None)
        if not project:
            raise MissingFieldError("project")
        found = await resolve_project(project)
        await authorise(request, found)
        file = parse_event_file(found, format_, start, end)
        chunks = await begin_stream(files.make(file))
        disposition = f'attachment; filename="{file.name}"'
        return Stream(
            chunks, media_type=file.media_type, headers={"Content-Disposition": disposition}
        )

    return OwnRouter(
        "/",
        route_handlers=[export_events],
        exception_handlers={FootfallError: render_fault, HTTPException: render_refusal},
        include_in_schema=False,
    )
