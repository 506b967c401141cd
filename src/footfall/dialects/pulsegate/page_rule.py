"""`GET /track/config`: what a page may do that loads the tracker. Without a site key that is what
the operator's settings say; a site key nobody made opens nothing."""

from typing import Annotated, Any

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter, SkipValidation

from footfall.dialects.pulsegate.access import OPEN
from footfall.dialects.pulsegate.part import PageRules
from footfall.errors import ForbiddenError

SiteKey = Annotated[str | None, QueryParameter(name="siteKey", description="Of a site.")]


class PageRuleBody(msgspec.Struct, rename="camel"):
    """What is allowed."""

    record_session: bool
    fingerprint: bool


@get("/track/config", opt=OPEN, summary="What a page may do")
async def get_config(
    rules: NamedDependency[SkipValidation[PageRules]], site_key: SiteKey = None
) -> PageRuleBody:
    """Whether to record sessions and to take fingerprints."""
    if site_key:
        raise ForbiddenError
    return PageRuleBody(record_session=False, fingerprint=rules.has_fingerprint)


PAGE_RULE_ROUTES: tuple[Any, ...] = (get_config,)
