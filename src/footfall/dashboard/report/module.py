"""The page of modules: which of a project's features are on, and whether they read, take data in,
or both. Only the operator reaches it."""

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.page import AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.report.catalogue import REPORTS
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, InvalidInputError
from footfall.projects.module import MODULES, ModuleChange, ModuleState, parse_access

STATES: dict[str, str] = {
    "all": "on",
    "read": "on, but takes nothing new in",
    "write": "takes data in, shows nothing",
    "off": "off",
}
"""What the form offers, by its word."""


@get("/modules")
async def show_modules(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show all modules with their state."""
    screen = await _open(door, request, sight)
    context = await make_context(door, sight, screen, "modules")
    states = await door.parts.modules.list_states(screen.project.number)
    context |= {
        "modules": [(m, _word(states[m.name])) for m in MODULES],
        "states": STATES,
        "pages": {report.module: report.key for report in REPORTS},
    }
    return render_screen("report/modules.html", screen, context)


@post("/modules/{name:str}", status_code=200)
async def save_module(request: AnyRequest, door: TheDoor, sight: TheSight, name: InPath) -> Page:
    """Switch a module, and go back to where the form stood."""
    door.check_form(request)
    screen = await _open(door, request, sight)
    form = await read_form(request)
    word = read_field(form, "state")
    if word not in STATES:
        raise InvalidInputError(
            f"'{word[:40]}' is no state of a module; use {', '.join(STATES)}", field="state"
        )
    change = ModuleChange(is_enabled=False)
    if word != "off":
        change = ModuleChange(is_enabled=True, access=parse_access(word))
    await door.parts.modules.save_state(screen.project.number, name, change)
    back = read_field(form, "next")
    is_known = any(report.key == back for report in REPORTS)
    return render_redirect(request, f"{screen.home}/{back if is_known else 'modules'}")


def _word(state: ModuleState) -> str:
    return state.access if state.is_enabled else "off"


async def _open(door: Door, request: AnyRequest, sight: Sight) -> Screen:
    screen = await open_screen(door, request, sight, place="modules")
    if not screen.viewer.is_operator:
        raise ForbiddenError("Modules are the operator's; sign in with the admin token.")
    return screen


MODULE_PAGES = (show_modules, save_module)
