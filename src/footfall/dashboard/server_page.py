"""What the server sees of the person who looks: address, connection, forwarded headers. It answers
why everyone has one address, before it becomes a wrong figure. Operators also see which old events
were erased last."""

from litestar import get

from footfall.clock import US_PER_SECOND
from footfall.dashboard.door import TheDoor
from footfall.dashboard.figure import render_count, render_duration
from footfall.dashboard.navigation import make_navigation
from footfall.dashboard.page import AnyRequest, Page, render_page
from footfall.dashboard.port import Peer
from footfall.dashboard.screen import ROOT
from footfall.dashboard.viewer import Viewer
from footfall.ingest.retention import RetentionRun
from footfall.model.time_range import from_us


@get(f"{ROOT}/server")
async def show_server(request: AnyRequest, door: TheDoor) -> Page:
    """Show the request as it arrived."""
    user = await door.require_user(request)
    projects = await door.list_projects(user)
    slug = door.remembered_project(request)
    home = next((p.slug for p in projects if p.slug == slug), projects[0].slug if projects else "")
    viewer = Viewer(
        user.name,
        f"{ROOT}/p/{home}" if home else ROOT,
        is_operator=user.is_operator,
        modules=user.modules,
    )
    peer = door.parts.peers.read(request.scope)
    headers = [
        (name, request.headers[name])
        for name in ("host", "user-agent", "accept-language", "x-forwarded-proto", "forwarded")
        if name in request.headers
    ]
    desk = door.parts.retention if user.is_operator else None
    values = {
        "retention": None if desk is None else render_last(await desk.find_last()),
        "viewer": viewer,
        "is_embedded": False,
        "navigation": make_navigation(viewer),
        "current": "server",
        "peer": peer,
        "verdict": find_verdict(peer),
        "headers": headers,
        "base_url": door.base_url(request),
    }
    return render_page("server.html", values)


def render_last(run: RetentionRun | None) -> list[tuple[str, str]]:
    """Return what is said of the latest run that erased old events."""
    if run is None:
        return [("Last run", "none yet")]
    began = from_us(run.started_at_us).strftime("%d %b %Y, %H:%M UTC")
    if run.ended_at_us is None:
        state = f"{began}, under way or broken off; it is completed by itself"
    else:
        took_s = (run.ended_at_us - run.started_at_us) / US_PER_SECOND
        state = f"{began}, in {render_duration(took_s)}"
    return [
        ("Last run", state),
        ("Events erased", render_count(run.events)),
        ("Sessions erased whole", render_count(run.sessions)),
    ]


def find_verdict(peer: Peer) -> tuple[str, str]:
    """Return ('good' or 'bad', what that means and what to do)."""
    if peer.forwarded and not peer.is_proxy_trusted:
        return "bad", (
            "A proxy passed this request on, but its network is not trusted, so every visitor "
            f"seems to come from {peer.connection}. If the proxy is yours, start Footfall with "
            f"FOOTFALL_TRUSTED_PROXIES={peer.connection}."
        )
    if peer.is_proxy_trusted and not peer.forwarded:
        return "bad", (
            "The connection comes from a trusted network but carries no X-Forwarded-For; "
            "let the proxy send it, or visitors behind it look like one."
        )
    if peer.is_proxy_trusted:
        return "good", "Your proxy is trusted, and the visitor's own address is known."
    return "good", "You are connected directly; the address of the connection is the visitor's."
