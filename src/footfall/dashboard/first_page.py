"""The first start: the snippet to paste, and the wait for the first event. An operator is offered
a key; who signed in with a reading key is told whom to ask."""

from typing import Any

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.page import AnyRequest, Page, is_fragment, render_page, render_screen
from footfall.dashboard.screen import Screen
from footfall.errors import ForbiddenError

KEY_PLACEHOLDER = "YOUR_INGEST_KEY"
KEY_NAME = "Website"


def render_first_page(
    door: Door, request: AnyRequest, screen: Screen, context: dict[str, Any], *, key: str = ""
) -> Page:
    """Show what to paste. `key` is a secret made a moment ago; it is shown this once."""
    context |= {
        "key": key,
        "snippet": render_snippet(door.base_url(request), key or KEY_PLACEHOLDER),
        "curl": render_curl(door.base_url(request), key or KEY_PLACEHOLDER),
    }
    template = "part/first.html" if is_fragment(request) else "first.html"
    return render_screen(template, screen, context)


def render_snippet(base_url: str, key: str) -> str:
    """Return the tag that a site carries."""
    return (
        f'<script defer src="{base_url}/api/script.js"\n'
        f'  data-api="{base_url}" data-key="{key}"></script>'
    )


def render_page_snippet(base_url: str, project_id: str) -> str:
    """Return the tag of a site that speaks GradeMyPage's API; its id is public."""
    address = f"{base_url}/api/analytics/script.js?projectId={project_id}"
    return f'<script async\n  src="{address}"></script>'


def render_curl(base_url: str, key: str) -> str:
    """Return a command that sends one pageview, to try without a site."""
    return (
        f"curl '{base_url}/api/collect' -H 'X-Pulse-Key: {key}' \\\n"
        "  -A 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' \\\n"
        '  -H \'Content-Type: application/json\' -d \'{"type":"pageview","path":"/"}\''
    )


@get("/waiting")
async def show_waiting(door: TheDoor, sight: TheSight) -> Page:
    """Say whether the first event has come; if so, have the browser open the dashboard."""
    home = sight.viewer.home
    has_come = await door.history.has_events(sight.project, door.parts.clock.now_us())
    page = render_page("part/waiting.html", {"home": home, "has_come": has_come})
    if has_come:
        page.headers["HX-Redirect"] = f"{home}?period=today"
    return page


@post("/first-key", status_code=200)
async def make_first_key(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Make the key for the snippet and show it once."""
    door.check_form(request)
    screen = await open_screen(door, request, sight)
    if not screen.viewer.is_operator:
        raise ForbiddenError("Only an operator makes keys; ask yours for one with scope ingest.")
    key = await door.parts.keys.create_key(screen.project.number, KEY_NAME, ("ingest",))
    context = await make_context(door, sight, screen, "overview")
    return render_first_page(door, request, screen, context, key=key)
