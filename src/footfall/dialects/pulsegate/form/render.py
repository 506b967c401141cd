"""Sites, forms and integrations in PulseGate's words."""

import json
from typing import Any

from footfall.dialects.pulsegate.form.shape import (
    DomainBody,
    FormBody,
    IntegrationBody,
    SiteBody,
)
from footfall.forms.lookup import FormEntry
from footfall.forms.site import Domain, Form, Integration, SiteWhole
from footfall.projects.directory import Directory

MASK = "••••••••"

_US_PER_MS = 1_000


def render_site(whole: SiteWhole, directory: Directory) -> SiteBody:
    """Return a site with its domains and forms."""
    site = whole.site
    return SiteBody(
        id=site.number,
        site_key=site.site_key,
        name=site.name,
        project=_slug(directory, site.project),
        enabled=site.is_enabled,
        record_session=site.records_sessions,
        fingerprint=site.takes_fingerprints,
        domains=[render_domain(domain) for domain in whole.domains],
        forms=[render_form(form) for form in whole.forms],
        created_at=site.created_at_us // _US_PER_MS,
        updated_at=site.updated_at_us // _US_PER_MS,
    )


def render_domain(domain: Domain) -> DomainBody:
    """Return a domain."""
    return DomainBody(domain.number, domain.site, domain.host, domain.created_at_us // _US_PER_MS)


def render_form(form: Form) -> FormBody:
    """Return a form with its content parsed."""
    return FormBody(
        id=form.number,
        site_id=form.site,
        form_id=form.form_id,
        name=form.name,
        enabled=form.is_enabled,
        form_json=json.loads(form.content),
        created_at=form.created_at_us // _US_PER_MS,
        updated_at=form.updated_at_us // _US_PER_MS,
    )


def render_integration(
    integration: Integration, directory: Directory, secret: str = ""
) -> IntegrationBody:
    """Return a key, masked unless its secret is given."""
    return IntegrationBody(
        id=integration.number,
        name=integration.name,
        project=_slug(directory, integration.project),
        api_key=secret or integration.prefix + MASK,
        created_at=integration.created_at_us // _US_PER_MS,
    )


def render_config(site_key: str, form_id: str, form: FormEntry) -> dict[str, Any]:
    """Return what a page needs to show a form: as it was written, with its keys."""
    named = {"name": form.name} if form.name else {}
    return {**form.content, "siteKey": site_key, "formId": form_id, **named}


def _slug(directory: Directory, number: int) -> str:
    entry = directory.find_number(number)
    return entry.project.slug if entry else ""
