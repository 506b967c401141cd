"""Bodies of the routes of sites, forms and integrations. Unknown fields are tolerated."""

from typing import Any

import msgspec


class DomainBody(msgspec.Struct):
    """A domain of a site."""

    id: int
    site_id: int
    domain: str
    created_at: int
    """Milliseconds, as everywhere in PulseGate."""


class FormBody(msgspec.Struct):
    """A form; `form_json` is an object whatever it was sent as."""

    id: int
    site_id: int
    form_id: str
    name: str
    enabled: bool
    form_json: Any
    created_at: int
    updated_at: int


class SiteBody(msgspec.Struct):
    """A site with its domains and forms."""

    id: int
    site_key: str
    name: str
    project: str
    """Slug of the project that its visits and leads belong to."""
    enabled: bool
    record_session: bool
    fingerprint: bool
    domains: list[DomainBody]
    forms: list[FormBody]
    created_at: int
    updated_at: int


class IntegrationBody(msgspec.Struct):
    """A key of another system, masked."""

    id: int
    name: str
    project: str
    api_key: str
    created_at: int


class CreateSite(msgspec.Struct):
    """A site to create; without a key it gets one."""

    site_key: str = ""
    name: str | None = None
    project: str | None = None


class ChangeSite(msgspec.Struct):
    """A change of a site."""

    name: str | None = None
    enabled: bool | None = None
    record_session: bool | None = None
    fingerprint: bool | None = None


class CreateDomain(msgspec.Struct):
    """A domain to register."""

    domain: str


class CreateForm(msgspec.Struct):
    """A form to create; `form_json` is an object or its text."""

    site_id: int
    form_id: str
    form_json: Any
    name: str | None = None


class ChangeForm(msgspec.Struct):
    """A change of a form."""

    name: str | None = None
    form_json: Any = None
    enabled: bool | None = None


class CreateIntegration(msgspec.Struct):
    """A key to make."""

    name: str | None = None
    project: str | None = None


class Deleted(msgspec.Struct):
    """What is answered to a removal."""

    deleted: bool = True
