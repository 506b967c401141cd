"""Sites, forms and keys of integrations in memory, for the hot paths: every look-up is one or two
dictionary accesses. `FormRegister` keeps it current; a change is seen by the next request."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from footfall.forms.site import Domain, Form, FormSite
from footfall.projects.directory import SECRET_LIMIT, hash_secret
from footfall.projects.domain import strip_port


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A form with what taking and showing it needs."""

    project: int
    is_enabled: bool
    """False also when its site is off."""
    redirect_url: str
    """Whole address of the page that thanks; '' for none."""
    name: str
    content: Mapping[str, Any]
    """As it was written, parsed."""


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A site with its hosts and forms."""

    site: FormSite
    hosts: frozenset[str]
    """Without port and 'www.'."""
    forms: Mapping[str, FormEntry]
    """By form id."""

    @property
    def records_sessions(self) -> bool:
        """Tell whether the site, or one of its forms that are on, asks for recordings."""
        return self.site.records_sessions or any(
            form.is_enabled and form.content.get("recordSession") is True
            for form in self.forms.values()
        )


class FormLookup:
    """Finds sites, forms and keys without touching a store."""

    def __init__(self) -> None:
        self._sites: dict[str, SiteEntry] = {}
        self._hosts: frozenset[str] = frozenset()
        self._integrations: dict[str, int] = {}

    def find_site(self, site_key: str) -> SiteEntry | None:
        """Return a site by its key, also one that is off."""
        return self._sites.get(site_key)

    def find_project(self, site_key: str) -> int | None:
        """Return the project (number) of a site."""
        entry = self._sites.get(site_key)
        return None if entry is None else entry.site.project

    def find_form(self, site_key: str, form_id: str) -> FormEntry | None:
        """Return a form of a site, also one that is off."""
        entry = self._sites.get(site_key)
        return None if entry is None else entry.forms.get(form_id)

    def is_allowed_host(self, site_key: str, host: str) -> bool:
        """Tell whether pages of a host may show the forms of a site: one of its domains, with or
        without 'www.', on any port."""
        entry = self._sites.get(site_key)
        return entry is not None and strip_port(host.lower().rstrip(".")) in entry.hosts

    def is_known_host(self, host: str) -> bool:
        """Tell whether a host is a domain of any site."""
        return strip_port(host.lower().rstrip(".")) in self._hosts

    def find_integration(self, key: str) -> int | None:
        """Return the project (number) that a key of an integration belongs to."""
        if not key or len(key) > SECRET_LIMIT:
            return None
        return self._integrations.get(hash_secret(key))

    def replace(
        self,
        sites: Iterable[FormSite],
        domains: Iterable[Domain],
        forms: Iterable[Form],
        integrations: Mapping[str, int],
    ) -> None:
        """Take over what the store holds; keys of integrations come as their hash."""
        hosts_of: dict[int, list[str]] = {}
        for domain in domains:
            hosts_of.setdefault(domain.site, []).append(domain.host)
        forms_of: dict[int, list[Form]] = {}
        for form in forms:
            forms_of.setdefault(form.site, []).append(form)
        self._sites = {
            site.site_key: _make_entry(
                site, hosts_of.get(site.number, []), forms_of.get(site.number, [])
            )
            for site in sites
        }
        self._hosts = frozenset(host for hosts in hosts_of.values() for host in hosts)
        self._integrations = dict(integrations)


def _make_entry(site: FormSite, hosts: list[str], forms: list[Form]) -> SiteEntry:
    origin = f"https://{hosts[0]}/" if hosts else ""
    entries = {}
    for form in forms:
        content = json.loads(form.content)
        entries[form.form_id] = FormEntry(
            project=site.project,
            is_enabled=site.is_enabled and form.is_enabled,
            redirect_url=_resolve(origin, content.get("redirectUrl") or ""),
            name=form.name,
            content=content,
        )
    return SiteEntry(site, frozenset(hosts), entries)


def _resolve(origin: str, url: str) -> str:
    """Return a whole address: a path is one of the site's first domain."""
    whole = urljoin(origin, url) if url else ""
    return whole if whole.startswith(("https://", "http://")) else ""
