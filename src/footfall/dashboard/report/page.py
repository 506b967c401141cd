"""What the pages of all reports share: the way from a request to a whole page or the piece that a
fragment request asks for, and the words of a module that is off."""

from collections.abc import Awaitable, Callable

from footfall.dashboard.context import make_context, open_screen
from footfall.dashboard.door import Door
from footfall.dashboard.overview import Part, load_part, load_parts
from footfall.dashboard.page import AnyRequest, Page, find_target, render_screen
from footfall.dashboard.report.catalogue import Report
from footfall.dashboard.screen import Screen
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, NotFoundError

Load = Callable[[Door, Screen], Awaitable[object]]
"""Finds what a report shows."""


async def show_report(
    door: Door,
    request: AnyRequest,
    sight: Sight,
    report: Report,
    load: Load,
    *,
    place: str = "",
    template: str = "",
) -> Page:
    """Show a report, at `place` when it is not the report's own address, by the template of its key
    unless another is given. Raises NotFoundError where it is not theirs to see."""
    screen = await open_screen(door, request, sight, place=place or report.key)
    is_on = await is_readable(door, screen, report.module)
    part = Part()
    target = find_target(request)
    if is_on and (target == "report" or "wait" in request.query_params):
        part = await load_part(load(door, screen))
    elif is_on:
        part = (await load_parts({"report": load(door, screen)}))["report"]
    context = await make_context(door, sight, screen, report.key)
    context |= {
        "report": report,
        "part": part,
        "is_on": is_on,
        "content": f"report/{template or report.key}.html",
    }
    pieces = {"report": "report/body.html", "view": "report/view.html"}
    return render_screen(pieces.get(target, "report/page.html"), screen, context)


async def is_readable(door: Door, screen: Screen, module: str) -> bool:
    """Tell whether a module is on. Raises NotFoundError for whoever may not see it, or not know
    that it is off."""
    if not screen.viewer.shows(module):
        raise NotFoundError("Report", module)
    readable = await door.parts.modules.list_readable(screen.project.number)
    if module in readable or (screen.viewer.is_guest and module == "events"):
        return True
    if not screen.viewer.is_operator:
        raise NotFoundError("Report", module)
    return False


async def open_editor(
    door: Door, request: AnyRequest, sight: Sight, report: Report, place: str
) -> Screen:
    """Open a form of a report. Raises ForbiddenError for all but the operator."""
    screen = await open_screen(door, request, sight, place=place)
    if not screen.viewer.is_operator:
        raise ForbiddenError(f"{report.title} are the operator's to change; a key may look.")
    return screen
