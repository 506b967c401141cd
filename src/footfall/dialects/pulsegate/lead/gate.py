"""Who may send leads, and whereto a form leads afterwards. Registered sites and forms are looked up
through `Gate`; nothing here knows where they are kept."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

from footfall.clock import Clock
from footfall.errors import ForbiddenError, InvalidInputError, UnauthenticatedError
from footfall.forms.lookup import FormLookup
from footfall.leads.lead import Form
from footfall.projects.directory import Directory, ProjectEntry
from footfall.projects.domain import parse_domain, strip_port
from footfall.projects.register import DEFAULT_SLUG

THANKS = "/thank-you"


@dataclass(frozen=True, slots=True)
class FormPlace:
    """A registered form of a site."""

    project: int
    is_enabled: bool
    redirect_url: str = ""


class Gate(Protocol):
    """Finds sites, forms and keys of integrations without touching a store."""

    def find_project(self, site_key: str) -> int | None:
        """Return the project of a site."""
        ...

    def find_form(self, site_key: str, form_id: str) -> FormPlace | None:
        """Return a form of a site; not enabled when its site is not."""
        ...

    def is_allowed_host(self, site_key: str, host: str) -> bool:
        """Tell whether pages of a host may show the forms of a site."""
        ...

    def find_integration(self, key: str) -> int | None:
        """Return the project (number) that a key of an integration belongs to."""
        ...

    def is_known_host(self, host: str) -> bool:
        """Tell whether a host is one of any site."""
        ...


class StoredGate:
    """Knows the sites and forms that were registered, and projects: their hosts, and their keys
    that may send."""

    def __init__(self, lookup: FormLookup, directory: Directory, clock: Clock) -> None:
        self._lookup = lookup
        self._directory = directory
        self._clock = clock

    def find_project(self, site_key: str) -> int | None:
        """Return the project of a site."""
        return self._lookup.find_project(site_key)

    def find_form(self, site_key: str, form_id: str) -> FormPlace | None:
        """Return a form of a site; not enabled when its site is not."""
        entry = self._lookup.find_form(site_key, form_id)
        if entry is None:
            return None
        return FormPlace(entry.project, entry.is_enabled, entry.redirect_url)

    def is_allowed_host(self, site_key: str, host: str) -> bool:
        """Tell whether pages of a host may show the forms of a site."""
        return self._lookup.is_allowed_host(site_key, host)

    def find_integration(self, key: str) -> int | None:
        """Return the project of an integration's key, or of a project's key that may send."""
        number = self._lookup.find_integration(key)
        if number is not None:
            return number
        grant = self._directory.find_grant(key, self._clock.now_us())
        return grant.key.project if grant is not None and grant.can_ingest else None

    def is_known_host(self, host: str) -> bool:
        """Tell whether a host belongs to a site or a project."""
        return self._lookup.is_known_host(host) or self._directory.find_host(host) is not None


@dataclass(frozen=True, slots=True)
class Caller:
    """What a request says of who sends it."""

    key: str
    """The key of an integration, '' for none."""
    origin: str
    referrer: str


@dataclass(frozen=True, slots=True)
class Entry:
    """Leave to send: for which project, and as whom."""

    project: ProjectEntry
    is_server: bool
    """A server speaks for the person: its address is not theirs."""
    redirect_url: str = ""


class Doorkeeper:
    """Lets senders in."""

    def __init__(self, gate: Gate, directory: Directory) -> None:
        self._gate = gate
        self._directory = directory

    def admit(self, caller: Caller, form: Form, *, requires_form: bool) -> Entry:
        """Return for which project a form is taken. With a key that is its project; else that of
        the site whose key the form carries; else the default one.

        Raises UnauthenticatedError for a wrong key, ForbiddenError where only registered forms on
        registered hosts may send.
        """
        if caller.key:
            number = self._gate.find_integration(caller.key)
            if number is None:
                raise UnauthenticatedError
            return Entry(self._find_entry(number), is_server=True)
        if requires_form:
            if not form.site_key or not form.form_id:
                raise ForbiddenError("siteKey and formId are required")
            host = host_of(caller.origin) or host_of(caller.referrer)
            if not host or not self._gate.is_allowed_host(form.site_key, host):
                raise ForbiddenError("Domain not allowed for this site")
        place = self._gate.find_form(form.site_key, form.form_id)
        if requires_form and (place is None or not place.is_enabled):
            raise ForbiddenError("Site or form is disabled")
        number = place.project if place else self._gate.find_project(form.site_key)
        return Entry(
            self._find_entry(number),
            is_server=False,
            redirect_url=place.redirect_url if place else "",
        )

    def find_redirect(self, caller: Caller, form: Form, entry: Entry) -> str:
        """Return whereto the browser goes: the form's own page, else that of a host of ours which
        the form names, else of the page that sent it. Nowhere else: '' then."""
        if entry.redirect_url:
            return entry.redirect_url
        domain = _parse_host(form.domain)
        if domain and self._gate.is_known_host(domain):
            return f"https://{domain}{THANKS}"
        origin = origin_of(caller.referrer)
        if domain and origin and strip_port(domain) == strip_port(origin.partition("://")[2]):
            return f"https://{domain}{THANKS}"
        return f"{origin}{THANKS}" if origin else ""

    def _find_entry(self, number: int | None) -> ProjectEntry:
        found = None if number is None else self._directory.find_number(number)
        found = found or self._directory.find_slug(DEFAULT_SLUG)
        if found is None:
            raise ForbiddenError("There is no project to take the form")
        return found


def host_of(url: str) -> str:
    """Return the host of an address without its port, '' for none."""
    origin = origin_of(url)
    return strip_port(origin.partition("://")[2]) if origin else ""


def origin_of(url: str) -> str:
    """Return scheme, host and port of a page's address, each checked; '' for anything else."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    host = _parse_host(parts.netloc)
    return f"{parts.scheme}://{host}" if parts.scheme in {"http", "https"} and host else ""


def _parse_host(text: str) -> str:
    try:
        return parse_domain(text) if text.strip() else ""
    except InvalidInputError:
        return ""
