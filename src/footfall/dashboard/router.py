"""All addresses of the dashboard in one table: pages of the house, pages of a project for whoever
is signed in, and those of them that a shared link opens. `web` mounts the router."""

from pathlib import PurePosixPath

from litestar import Response, Router, get
from litestar.di import Provide
from litestar.params import FromPath

from footfall.dashboard.alert_page import (
    add_summary,
    preview_alert,
    remove_alert,
    remove_summary,
    retry_delivery,
    save_alert,
    show_alerts,
    toggle_alert,
)
from footfall.dashboard.context import provide_member
from footfall.dashboard.door import Door, make_door, render_error
from footfall.dashboard.experiment_page import EXPERIMENT_PAGES
from footfall.dashboard.first_page import make_first_key, show_waiting
from footfall.dashboard.form_page import FORM_PAGES
from footfall.dashboard.lead.pages import LEAD_PAGES
from footfall.dashboard.list_page import list_zones, send_csv, show_list
from footfall.dashboard.overview_page import (
    add_bot_filter,
    add_filter,
    show_bots,
    show_home,
    show_overview,
)
from footfall.dashboard.page import AnyRequest, Page, render_redirect
from footfall.dashboard.port import DashboardParts
from footfall.dashboard.realtime_page import show_live, show_realtime
from footfall.dashboard.recording.page import RECORDING_PAGES
from footfall.dashboard.report.campaign import show_campaigns
from footfall.dashboard.report.error import show_errors
from footfall.dashboard.report.funnel import FUNNEL_EDITORS, show_funnel, show_funnels
from footfall.dashboard.report.goal import GOAL_EDITORS, show_goals
from footfall.dashboard.report.heatmap import show_heatmap
from footfall.dashboard.report.journey import show_journeys
from footfall.dashboard.report.module import MODULE_PAGES
from footfall.dashboard.report.reading import show_links, show_scroll, show_search
from footfall.dashboard.report.retention import show_retention
from footfall.dashboard.report.vital import show_vitals
from footfall.dashboard.retention_settings import save_retention
from footfall.dashboard.screen import ROOT, SHARED
from footfall.dashboard.server_key import rotate_server_key
from footfall.dashboard.server_page import show_server
from footfall.dashboard.settings_page import make_key, revoke_key, show_settings
from footfall.dashboard.share_page import (
    give_password,
    provide_guest,
    render_shared_error,
)
from footfall.dashboard.share_settings import make_share, revoke_share, switch_sharing_on
from footfall.dashboard.sign_in import show_login, sign_in, sign_out
from footfall.dashboard.static_file import FOREVER, find_static_file
from footfall.dashboard.survey_page import SURVEY_PAGES
from footfall.errors import NotFoundError
from footfall.http.packed import IS_PACKED
from footfall.http.router import OwnRouter

HOUSE_PAGES = (show_home, show_login, sign_in, sign_out, show_server)
"""Pages of no project."""

SHARED_PAGES = (
    show_overview,
    add_filter,
    show_live,
    show_realtime,
    show_list,
    send_csv,
    list_zones,
    show_goals,
    show_funnels,
    show_funnel,
    show_vitals,
    show_errors,
    show_retention,
    show_journeys,
    show_campaigns,
    show_heatmap,
    show_search,
    show_scroll,
    show_links,
)
"""Pages of a project that a shared link opens too."""

MEMBER_PAGES = (
    *SHARED_PAGES,
    show_bots,
    add_bot_filter,
    show_waiting,
    make_first_key,
    show_alerts,
    preview_alert,
    save_alert,
    toggle_alert,
    remove_alert,
    add_summary,
    remove_summary,
    retry_delivery,
    show_settings,
    make_key,
    revoke_key,
    rotate_server_key,
    *SURVEY_PAGES,
    *EXPERIMENT_PAGES,
    *FORM_PAGES,
    *LEAD_PAGES,
    *RECORDING_PAGES,
    *GOAL_EDITORS,
    *FUNNEL_EDITORS,
    *MODULE_PAGES,
    make_share,
    switch_sharing_on,
    revoke_share,
    save_retention,
)
"""Pages of a project for whoever is signed in."""


@get(f"{ROOT}/static/{{name:path}}", include_in_schema=False, opt={IS_PACKED: True})
async def send_static(request: AnyRequest, name: FromPath[PurePosixPath]) -> Response[bytes]:
    """Send a file of the dashboard under its hashed name."""
    file = find_static_file(str(name).lstrip("/"))
    headers = {
        "Cache-Control": FOREVER,
        "ETag": file.etag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if request.headers.get("if-none-match") == file.etag:
        return Response(b"", status_code=304, headers=headers)
    content = file.plain
    if file.zipped and "gzip" in request.headers.get("accept-encoding", ""):
        content = file.zipped
        headers["Content-Encoding"] = "gzip"
    return Response(content, media_type=file.media_type, headers=headers)


@get("/", include_in_schema=False)
async def show_root(request: AnyRequest) -> Page:
    """Lead whoever types the bare address to the dashboard."""
    return render_redirect(request, ROOT)


@get("/robots.txt", include_in_schema=False)
async def send_robots() -> Response[str]:
    """Ask crawlers to stay away: there is nothing here for them."""
    return Response("User-agent: *\nDisallow: /\n", media_type="text/plain")


@get(f"{ROOT}/{{rest:path}}", include_in_schema=False)
async def show_nothing(rest: FromPath[PurePosixPath]) -> None:
    """Answer an address that no page has with a page. Raises NotFoundError."""
    raise NotFoundError("Page", str(rest))


def make_dashboard_router(parts: DashboardParts) -> Router:
    """Make the router of all pages under /dashboard; it renders its own errors."""
    door = make_door(parts)

    def provide_door() -> Door:
        return door

    members = OwnRouter(
        path=f"{ROOT}/p/{{slug:str}}",
        route_handlers=MEMBER_PAGES,
        dependencies={"sight": Provide(provide_member)},
    )
    guests = OwnRouter(
        path=f"{SHARED}/{{token:str}}",
        route_handlers=SHARED_PAGES,
        dependencies={"sight": Provide(provide_guest)},
        exception_handlers={Exception: render_shared_error},
    )
    links = OwnRouter(
        path="/",
        route_handlers=[give_password],
        exception_handlers={Exception: render_shared_error},
    )
    own = [show_root, send_robots, *HOUSE_PAGES, send_static, show_nothing]
    return OwnRouter(
        path="/",
        route_handlers=[*own, members, guests, links],
        dependencies={"door": Provide(provide_door, sync_to_thread=False)},
        exception_handlers={Exception: render_error},
        include_in_schema=False,
    )
