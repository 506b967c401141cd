"""Signing in to Echelon's API by name and password, for whoever calls it from a page."""

import asyncio
import hmac
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from footfall.dialects.echelon.access import COOKIE, LIFE_S, Sessions, is_from_here
from footfall.dialects.echelon.errors import CsrfError
from footfall.dialects.echelon.password import is_password
from footfall.errors import RateLimitedError
from footfall.http.client_address import ClientAddress
from footfall.http.window import FixedWindow

ATTEMPTS = 5
ATTEMPTS_WINDOW_S = 15 * 60
"""[original]"""

OPEN = {"access": "open"}

_STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;"
    "color:CanvasText;color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}"
    "form{display:grid;gap:1rem;width:min(20rem,90vw)}label{display:grid;gap:.25rem}"
    "input,button{font:inherit;padding:.6rem .75rem;border-radius:.5rem;border:1px solid GrayText}"
    "button{border:0;background:#2f5bd7;color:#fff;cursor:pointer}p{margin:0;color:#c0392b}"
)
_PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">'
    '<meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="robots" content="noindex"><title>Sign in · Footfall</title>'
    "<style>{style}</style></head><body>"
    '<form method="post" action="/admin/login"><h1>Sign in</h1>{problem}'
    '<label>Name<input name="username" autocomplete="username" required autofocus></label>'
    '<label>Password<input name="password" type="password" autocomplete="current-password" '
    "required></label><button>Sign in</button></form></body></html>"
)

AnyRequest = Request[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Desk:
    """What signing in needs."""

    username: str
    password_hash: str
    sessions: Sessions
    attempts: FixedWindow
    addresses: ClientAddress

    async def is_known(self, username: str, password: str) -> bool:
        """Tell whether name and password are those of the settings. Nothing is, while none are
        set; a wrong name takes as long as a wrong password."""
        is_name = hmac.compare_digest(username.encode(), self.username.encode())
        is_right = await asyncio.to_thread(is_password, password, self.password_hash)
        return bool(self.username) and is_name and is_right


TheDesk = NamedDependency[SkipValidation[Desk]]


@get("/admin/login", opt=OPEN, include_in_schema=False)
async def show_login() -> Response[str]:
    """Show the form."""
    return _render("")


@post("/admin/login", opt=OPEN, include_in_schema=False, status_code=200)
async def sign_in(request: AnyRequest, desk: TheDesk) -> Response[str]:
    """Check name and password and open a session."""
    if not is_from_here(request):
        raise CsrfError
    allowance = desk.attempts.take(desk.addresses.find(dict(request.scope)))
    if not allowance.is_allowed:
        minutes = -(-allowance.wait_s // 60)
        raise RateLimitedError(
            f"Too many attempts; try again in {minutes} min.", retry_after_s=allowance.wait_s
        )
    fields = parse_qs((await request.body()).decode("utf-8", "replace"))
    name, password = fields.get("username", [""])[-1], fields.get("password", [""])[-1]
    if not await desk.is_known(name, password):
        return _render("<p role='alert'>That name and password do not belong together.</p>", 401)
    cookie = _make_cookie(request, desk.sessions.open(), LIFE_S)
    return Response("", status_code=303, headers={"Location": "/dashboard"}, cookies=[cookie])


@post("/admin/logout", opt=OPEN, include_in_schema=False)
async def sign_out(request: AnyRequest) -> Response[str]:
    """End the session of this browser."""
    if not is_from_here(request):
        raise CsrfError
    cookie = _make_cookie(request, "", 0)
    return Response("", status_code=303, headers={"Location": "/admin/login"}, cookies=[cookie])


def _render(problem: str, status: int = 200) -> Response[str]:
    html = _PAGE.format(style=_STYLE, problem=problem)
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'"
    headers = {
        "Content-Security-Policy": f"{policy}; frame-ancestors 'none'",
        "Cache-Control": "no-store",
    }
    return Response(html, media_type="text/html", status_code=status, headers=headers)


def _make_cookie(request: AnyRequest, value: str, max_age_s: int) -> Cookie:
    is_secure = request.url.scheme == "https"
    return Cookie(
        COOKIE,
        value=value,
        path="/",
        max_age=max_age_s,
        httponly=True,
        samesite="strict",
        secure=is_secure,
    )
