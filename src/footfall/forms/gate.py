"""Which pages may load a site's forms and settings: those of its domains. Every refusal is counted
by its reason; the log names the reason and never the page. It guards a form from being put on
foreign pages by accident or for spam, not a secret: a program may claim any origin."""

import logging
from typing import Final, Literal
from urllib.parse import urlsplit

from footfall.errors import ForbiddenError, MissingFieldError
from footfall.forms.lookup import FormLookup, SiteEntry

Reason = Literal[
    "empty_site_key",
    "missing_origin_referer",
    "site_not_found",
    "site_disabled",
    "hostname_not_in_site_domains",
]
"""Names as PulseGate logs them [original]; a look-up in memory has no database error."""

NOT_FROM_A_PAGE: Final = "Origin or Referer is required: only pages of the site may ask"
NOT_ALLOWED: Final = "Domain not allowed for this site"
DISABLED: Final = "This site is disabled"

_log = logging.getLogger(__name__)


class FormGate:
    """Lets pages in."""

    def __init__(self, lookup: FormLookup) -> None:
        self._lookup = lookup
        self.refusals: dict[Reason, int] = {}

    def admit(self, site_key: str, origin: str, referrer: str) -> SiteEntry:
        """Return the site whose page asks; `origin` counts before `referrer`.

        Raises MissingFieldError without a key, ForbiddenError for every other page.
        """
        if not site_key:
            self._count("empty_site_key")
            raise MissingFieldError("siteKey")
        host = _host_of(origin) or _host_of(referrer)
        if not host:
            self._count("missing_origin_referer")
            raise ForbiddenError(NOT_FROM_A_PAGE)
        entry = self._lookup.find_site(site_key)
        if entry is None:
            self._count("site_not_found")
            # The same words as for a foreign page: nobody learns which keys exist.
            raise ForbiddenError(NOT_ALLOWED)
        if not self._lookup.is_allowed_host(site_key, host):
            self._count("hostname_not_in_site_domains")
            raise ForbiddenError(NOT_ALLOWED)
        if not entry.site.is_enabled:
            self._count("site_disabled")
            raise ForbiddenError(DISABLED)
        return entry

    def _count(self, reason: Reason) -> None:
        self.refusals[reason] = self.refusals.get(reason, 0) + 1
        _log.info("a form's settings are refused: %s", reason)


def _host_of(url: str) -> str:
    try:
        return urlsplit(url.strip()).hostname or ""
    except ValueError:
        return ""
