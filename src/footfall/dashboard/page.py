"""How a page leaves the house: templates, security headers, and the words for an error.
Every page carries a strict policy: no inline script or style, nothing from another host."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from litestar import Request, Response

from footfall.dashboard.screen import ROOT, Screen
from footfall.dashboard.static_file import load_static_files

AnyRequest = Request[Any, Any, Any]
Page = Response[bytes]

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
    "Vary": "Cookie, HX-Request, HX-Target",
}


GUEST_HEADERS = {**HEADERS, "X-Robots-Tag": "noindex, nofollow"}
"""A shared link may stand where crawlers find it. The policy for referrers is that of every page:
the address, which holds the token, is told to no other host."""


def find_headers(screen: Screen) -> dict[str, str]:
    """Return the headers of a project's page: framed only where its viewer's link allows it, and
    only when the address says so."""
    if not screen.viewer.is_guest:
        return HEADERS
    if not screen.view.is_embedded:
        return GUEST_HEADERS
    sources = " ".join(screen.viewer.frame_ancestors)
    kept = {k: v for k, v in GUEST_HEADERS.items() if k != "X-Frame-Options"}
    policy = POLICY.replace("frame-ancestors 'none'", f"frame-ancestors {sources}")
    return {**kept, "Content-Security-Policy": policy}


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["root"] = ROOT
    environment.globals["static"] = _render_static
    return environment


def _render_static(key: str) -> str:
    return f"{ROOT}/static/{load_static_files()[key].name}"


def render_page(
    template: str,
    values: dict[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] = HEADERS,
) -> Page:
    """Render a template into an answer with the headers every page has."""
    html = _environment().get_template(template).render(values)
    return Response(
        html.encode(), status_code=status, media_type="text/html", headers=dict(headers)
    )


def render_screen(
    template: str, screen: Screen, values: dict[str, Any], *, status: int = 200
) -> Page:
    """Render a page of a project, or a piece of one, for its viewer."""
    headers = find_headers(screen)
    return render_page(template, {"screen": screen, **values}, status=status, headers=headers)


def render_redirect(request: AnyRequest, url: str) -> Page:
    """Send the browser elsewhere, from a form, a link or a fragment request."""
    if is_fragment(request):
        return Response(
            b"", status_code=200, media_type="text/html", headers={**HEADERS, "HX-Redirect": url}
        )
    return Response(
        b"", status_code=303, media_type="text/html", headers={**HEADERS, "Location": url}
    )


def is_fragment(request: AnyRequest) -> bool:
    """Tell whether htmx asks for a piece rather than for a whole page."""
    headers = request.headers
    return "hx-request" in headers and "hx-history-restore-request" not in headers


def find_target(request: AnyRequest) -> str:
    """Return the id of the element the answer goes into ('panel-pages'), or ''."""
    return request.headers.get("hx-target", "").rpartition("#")[2] if is_fragment(request) else ""
