"""Routes of shared dashboards: links made, listed and revoked. They run in threads, as records
and password hashes block."""

from typing import Any

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from footfall.dialects.pulse.access import ERRORS, grant_of, reads, writes
from footfall.dialects.pulse.errors import missing_module
from footfall.dialects.pulse.period import parse_time
from footfall.dialects.pulse.sharing.render import render_share
from footfall.dialects.pulse.sharing.shape import CreateShare, ShareBody, ShareList
from footfall.errors import ForbiddenError
from footfall.projects.directory import Grant
from footfall.projects.module import CORE_MODULES, parse_module_names
from footfall.projects.share import Shares, ShareWish

MODULE = "sharing"

AnyRequest = Request[Any, Any, Any]
Links = NamedDependency[SkipValidation[Shares]]


@get(
    "/api/v1/sharing",
    opt=reads(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="List shared dashboards",
)
def list_shares(request: AnyRequest, shares: Links) -> ShareList:
    """List the project's shared dashboards, newest first."""
    found = shares.list_shares(grant_of(request).entry.project)
    return ShareList([render_share(share, str(request.base_url)) for share in found])


@post(
    "/api/v1/sharing",
    opt=writes(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="Share the dashboard",
)
def create_share(request: AnyRequest, data: JSONBody[CreateShare], shares: Links) -> ShareBody:
    """Make a link that opens the dashboard for reading."""
    grant = grant_of(request)
    modules = [m for name in data.modules or () for m in parse_module_names(name)]
    _check_modules(grant, modules)
    wish = ShareWish(
        name=data.name or "",
        modules=modules,
        password=data.password or "",
        expires_at_us=parse_time(data.expires_at, "expires_at") if data.expires_at else None,
        embed_origins=data.embed_origins or (),
    )
    return render_share(shares.create(grant.entry.project, wish), str(request.base_url))


@delete(
    "/api/v1/sharing/{share_id:str}",
    opt=writes(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="Revoke a shared dashboard",
)
def revoke_share(request: AnyRequest, share_id: FromPath[str], shares: Links) -> None:
    """Close a link at once."""
    shares.revoke(share_id, grant_of(request).entry.project)


def _check_modules(grant: Grant, modules: list[str]) -> None:
    """Refuse to share what the key itself may not read."""
    for module in modules:
        is_limited = grant.allowed_modules is not None and module not in grant.allowed_modules
        if is_limited and module not in CORE_MODULES:
            raise ForbiddenError(missing_module(module))


SHARING_ROUTES = (list_shares, create_share, revoke_share)
