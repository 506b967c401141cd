"""What stands before the pages of a shared link: finding it, and its password. Behind it are the
same pages as everybody's; this decides who sees them, and shows nothing of its own but the form."""

from litestar import post
from litestar.datastructures import Cookie

from footfall.dashboard.cookie import SESSION_S, SHARE_COOKIE
from footfall.dashboard.door import Door, InPath, TheDoor, describe_error, render_trouble
from footfall.dashboard.page import (
    GUEST_HEADERS,
    AnyRequest,
    Page,
    is_fragment,
    render_page,
    render_redirect,
)
from footfall.dashboard.port import OpenShare
from footfall.dashboard.screen import SHARED
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import Sight, Viewer
from footfall.errors import NotFoundError, RateLimitedError, UnauthenticatedError
from footfall.projects.share import Share

GONE = (
    "This link shows nothing",
    "It has expired, was revoked, or was not copied whole. Ask whoever gave it to you.",
)


async def provide_guest(request: AnyRequest, door: TheDoor, token: InPath) -> Sight:
    """Give the sight of whoever holds a shared link. Raises NotFoundError for a link that opens
    nothing, UnauthenticatedError while its password is missing."""
    opened = await _find(door, token)
    share = opened.share
    cookie = request.cookies.get(SHARE_COOKIE, "")
    if share.password_hash is not None and door.share_signer.read(cookie) != share.id:
        raise UnauthenticatedError("This link needs a password.")
    viewer = Viewer(
        share.name,
        _path_of(share),
        is_guest=True,
        modules=opened.modules,
        frame_ancestors=share.embed_origins,
    )
    return Sight(viewer, opened.project)


@post("/shared/{token:str}")
async def give_password(request: AnyRequest, door: TheDoor, token: InPath) -> Page:
    """Take the password of a link and open it."""
    door.check_form(request)
    share = (await _find(door, token)).share
    form = await read_form(request)
    attempt = f"{door.parts.peers.read(request.scope).address} {share.id}"
    try:
        door.share_attempts.check(attempt)
    except RateLimitedError as error:
        page = _render_form(request, error.message, status=429)
        page.headers["Retry-After"] = str(error.retry_after_s)
        return page
    # Counted before the slow check, so that attempts sent at once count as well.
    door.share_attempts.count_wrong(attempt)
    if not await door.parts.shares.is_password(share, read_field(form, "password")):
        return _render_form(request, "That is not the password of this link.")
    door.share_attempts.forget(attempt)
    query = request.url.query
    page = render_redirect(request, _path_of(share) + (f"?{query}" if query else ""))
    page.cookies.append(
        Cookie(
            SHARE_COOKIE,
            value=door.share_signer.sign(share.id),
            path=_path_of(share),
            max_age=SESSION_S,
            httponly=True,
            samesite="lax",
            secure=door.is_secure(request),
        )
    )
    return page


def render_shared_error(request: AnyRequest, error: Exception) -> Page:
    """Turn whatever was raised into a page that leads nowhere but back into the link."""
    if isinstance(error, UnauthenticatedError):
        if is_fragment(request):
            return render_redirect(request, f"{SHARED}/{request.path_params['token']}")
        return _render_form(request, "")
    status, *words = describe_error(error)
    is_gone = isinstance(error, NotFoundError) and error.noun == "Shared dashboard"
    title, message = GONE if is_gone else words
    token = str(request.path_params.get("token", ""))
    home = "" if is_gone or not token else f"{SHARED}/{token}"
    return render_trouble(
        request, status, (title, message), home=home, error=error, headers=GUEST_HEADERS
    )


async def _find(door: Door, token: str) -> OpenShare:
    opened = await door.parts.shares.find_share(token)
    if opened is None:
        raise NotFoundError("Shared dashboard", "")
    return opened


def _path_of(share: Share) -> str:
    return f"{SHARED}/{share.token}"


def _render_form(request: AnyRequest, problem: str, *, status: int = 401) -> Page:
    query = request.url.query
    path = f"{SHARED}/{request.path_params['token']}"
    values = {"problem": problem, "action": path + (f"?{query}" if query else "")}
    return render_page("password.html", values, status=status, headers=GUEST_HEADERS)
