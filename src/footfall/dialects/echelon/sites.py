"""Routes of sites' settings."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from footfall.dialects.echelon.access import READ, WRITE
from footfall.dialects.echelon.body import read_json
from footfall.dialects.echelon.campaigns import Updated
from footfall.dialects.echelon.site import parse_site
from footfall.errors import InvalidInputError
from footfall.http.api_document import takes
from footfall.projects.site_style import SiteStyles

TheStyles = NamedDependency[SkipValidation[SiteStyles]]
AnyRequest = Request[Any, Any, Any]
Id = FromPath[str]


class SiteBody(msgspec.Struct):
    """A site's settings."""

    site_id: str
    consent_css: str | None


class ChangeSite(msgspec.Struct):
    """A change; what is no text clears [original]."""

    consent_css: Any = None


_CHANGE: Final = msgspec.json.Decoder(ChangeSite)


@get("/api/sites/{site_id:str}", opt=READ, summary="Get a site's settings")
async def get_site(site_id: Id, styles: TheStyles) -> SiteBody:
    """Return a site's settings; a site nobody has set has none."""
    site = require_site(site_id)
    return SiteBody(site, styles.find_style(site) or None)


@patch("/api/sites/{site_id:str}", opt=takes(WRITE, ChangeSite), summary="Change a site's settings")
async def change_site(request: AnyRequest, site_id: Id, styles: TheStyles) -> Updated:
    """Replace the rules of a site's consent question."""
    site = require_site(site_id)
    style = (await read_json(request, _CHANGE)).consent_css
    await asyncio.to_thread(styles.save, site, style if isinstance(style, str) else None)
    return Updated(site)


def require_site(text: str) -> str:
    """Return a site id. Raises InvalidInputError for what is none."""
    site = parse_site(text)
    if not site:
        raise InvalidInputError(
            f"site_id '{text[:40]}' must be 1 to 64 letters, digits, '.', '_' or '-'",
            field="site_id",
        )
    return site


SITE_ROUTES = (get_site, change_site)
