"""Signing in and out. One field takes either secret: a key that may read, or the operator's token.
Wrong secrets are counted by sender and never logged."""

from urllib.parse import parse_qs, urlsplit

from litestar import get, post
from litestar.datastructures import Cookie

from footfall.dashboard.cookie import COOKIE_NAME, SESSION_S
from footfall.dashboard.door import Door, TheDoor
from footfall.dashboard.page import AnyRequest, Page, render_page, render_redirect
from footfall.dashboard.screen import ROOT
from footfall.errors import RateLimitedError, TooLargeError

FORM_LIMIT_BYTES = 16_384
"""A secret and an address to return to; more is no form of ours."""


async def read_form(
    request: AnyRequest, *, limit_bytes: int = FORM_LIMIT_BYTES
) -> dict[str, list[str]]:
    """Return the fields of a urlencoded form; a field may repeat. Raises TooLargeError."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            raise TooLargeError(f"a form may have {limit_bytes} bytes")
    return parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True)


def read_field(form: dict[str, list[str]], name: str, default: str = "") -> str:
    """Return the last value of a field."""
    return form.get(name, [default])[-1]


def clean_next(url: str) -> str:
    """Return where to go after signing in: a page of ours, whatever the address says."""
    parts = urlsplit(url)
    is_ours = not parts.scheme and not parts.netloc and "\\" not in url
    is_page = parts.path == ROOT or parts.path.startswith(f"{ROOT}/")
    return url if is_ours and is_page and not parts.path.startswith(f"{ROOT}/login") else ROOT


@get(f"{ROOT}/login")
async def show_login(request: AnyRequest, door: TheDoor) -> Page:
    """Show the form, or go on when somebody is signed in already."""
    after = clean_next(request.query_params.get("next", ROOT))
    if await door.find_user(request):
        return render_redirect(request, after)
    return render_page("login.html", {"problem": "", "after": after})


@post(f"{ROOT}/login")
async def sign_in(request: AnyRequest, door: TheDoor) -> Page:
    """Check the secret and set the cookie."""
    door.check_form(request)
    form = await read_form(request)
    sender = door.parts.peers.read(request.scope).address
    after = clean_next(read_field(form, "next", ROOT))
    try:
        door.attempts.check(sender)
    except RateLimitedError as error:
        page = render_page("login.html", {"problem": error.message, "after": after}, status=429)
        page.headers["Retry-After"] = str(error.retry_after_s)
        return page
    secret = read_field(form, "secret").strip()
    user = await door.parts.accounts.authenticate(secret) if secret else None
    if user is None:
        door.attempts.count_wrong(sender)
        problem = "That is neither a key with scope “query” nor the admin token. Nothing is stored."
        if not secret:
            problem = "Enter a key or the admin token."
        return render_page("login.html", {"problem": problem, "after": after}, status=401)
    door.attempts.forget(sender)
    page = render_redirect(request, after)
    page.cookies.append(_make_cookie(door, request, door.signer.sign(user.subject), SESSION_S))
    return page


@post(f"{ROOT}/logout")
async def sign_out(request: AnyRequest, door: TheDoor) -> Page:
    """Remove the cookie."""
    door.check_form(request)
    page = render_redirect(request, f"{ROOT}/login")
    page.cookies.append(_make_cookie(door, request, "", 0))
    return page


def _make_cookie(door: Door, request: AnyRequest, value: str, max_age_s: int) -> Cookie:
    return Cookie(
        COOKIE_NAME,
        value=value,
        path=ROOT,
        max_age=max_age_s,
        httponly=True,
        samesite="lax",
        secure=door.is_secure(request),
    )
