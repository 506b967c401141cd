"""Who stands before a page. It reads the session cookie, finds the person and the project, and
turns what goes wrong into a page in plain words. No handler looks at a cookie itself."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from litestar.di import NamedDependency
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from footfall.dashboard.cookie import COOKIE_NAME, PROJECT_COOKIE, Signer
from footfall.dashboard.guard import Attempts, check_origin
from footfall.dashboard.history import History
from footfall.dashboard.page import (
    HEADERS,
    AnyRequest,
    Page,
    is_fragment,
    render_page,
    render_redirect,
)
from footfall.dashboard.port import DashboardParts, DashboardUser
from footfall.dashboard.screen import ROOT
from footfall.errors import (
    FootfallError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    UnauthenticatedError,
    UnavailableError,
)
from footfall.http.status import status_of
from footfall.projects.project import Project

_log = logging.getLogger(__name__)

_TITLES: tuple[tuple[type[FootfallError], str], ...] = (
    (InvalidInputError, "This address asks for something we do not know"),
    (UnauthenticatedError, "Please sign in"),
    (ForbiddenError, "This is not open to you"),
    (NotFoundError, "There is nothing here"),
    (RateLimitedError, "Too many attempts"),
    (UnavailableError, "Not right now"),
)
"""Pages have words of their own for an error; the status comes from the one table."""


@dataclass(slots=True)
class Door:
    """The parts of the house, and what is made of them once."""

    parts: DashboardParts
    signer: Signer
    attempts: Attempts
    share_signer: Signer
    """Signs that the password of a shared link was given."""
    share_attempts: Attempts
    history: History

    async def find_user(self, request: AnyRequest) -> DashboardUser | None:
        """Return who is signed in, looked up anew: a revoked key is out at once."""
        subject = self.signer.read(request.cookies.get(COOKIE_NAME, ""))
        return await self.parts.accounts.find(subject) if subject else None

    async def require_user(self, request: AnyRequest) -> DashboardUser:
        """Return who is signed in. Raises UnauthenticatedError."""
        user = await self.find_user(request)
        if user is None:
            raise UnauthenticatedError("Your session has ended; sign in again.")
        return user

    async def list_projects(self, user: DashboardUser) -> list[Project]:
        """Return the projects this person may see."""
        return [p for p in await self.parts.projects.list_projects() if user.may_see(p.number)]

    async def require_project(self, user: DashboardUser, slug: str) -> Project:
        """Return a project by its slug. Raises NotFoundError also for one that is not theirs."""
        for project in await self.list_projects(user):
            if project.slug == slug:
                return project
        raise NotFoundError("Project", slug)

    def check_form(self, request: AnyRequest) -> None:
        """Refuse a form from another site. Raises ForbiddenError."""
        check_origin(
            origin=request.headers.get("origin", ""),
            fetch_site=request.headers.get("sec-fetch-site", ""),
            host=request.headers.get("host", ""),
            base_url=self.parts.base_url,
        )

    def base_url(self, request: AnyRequest) -> str:
        """Return how the world reaches us, without a slash at the end."""
        return (self.parts.base_url or str(request.base_url)).rstrip("/")

    def is_secure(self, request: AnyRequest) -> bool:
        """Tell whether cookies must stay on https."""
        return self.base_url(request).startswith("https://")

    def remembered_project(self, request: AnyRequest) -> str:
        """Return the slug looked at last, or ''."""
        return request.cookies.get(PROJECT_COOKIE, "")


TheDoor = NamedDependency[Door]
"""How a handler asks for the door."""

InPath = FromPath[str]
"""How a handler asks for a part of its path."""


def render_error(request: AnyRequest, error: Exception) -> Page:
    """Turn whatever was raised into a page: what happened, and what to do next."""
    status, title, message = describe_error(error)
    if status == 401:
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        after = f"?next={quote(here)}" if request.method == "GET" and here != ROOT else ""
        return render_redirect(request, f"{ROOT}/login{after}")
    return render_trouble(request, status, (title, message), home=ROOT, error=error)


def render_trouble(
    request: AnyRequest,
    status: int,
    words: tuple[str, str],
    *,
    home: str,
    error: Exception,
    headers: Mapping[str, str] = HEADERS,
) -> Page:
    """Show what happened, with a way to `home` ('' for none)."""
    template = "part/error.html" if is_fragment(request) else "error.html"
    values = {"title": words[0], "message": words[1], "home": home}
    page = render_page(template, values, status=status, headers=headers)
    if isinstance(error, RateLimitedError | UnavailableError):
        page.headers["Retry-After"] = str(error.retry_after_s)
    return page


def describe_error(error: Exception) -> tuple[int, str, str]:
    """Return the status of an error with a title and a sentence for a page; a fault is logged."""
    for kind, title in _TITLES:
        if isinstance(error, kind):
            return status_of(error), title, error.message
    if isinstance(error, HTTPException) and error.status_code < 500:
        return error.status_code, "That did not work", "Check the address, or go back."
    _log.error("a page of the dashboard failed", exc_info=error)
    return 500, "Something went wrong on our side", "Try again; the server's log says what it was."


def make_door(parts: DashboardParts) -> Door:
    """Make the door of the house."""
    return Door(
        parts,
        Signer(parts.session_secret, parts.clock),
        Attempts(parts.clock),
        Signer(parts.session_secret, parts.clock, "shared link cookie"),
        Attempts(parts.clock),
        History(parts.reports),
    )
