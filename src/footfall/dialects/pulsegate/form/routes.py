"""Routes of sites, forms and keys of integrations: for the admin key alone."""

import asyncio
from typing import Any, Final, TypeVar

import msgspec
from litestar import Request, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, SkipValidation

from footfall.dialects.pulsegate.access import ADMIN
from footfall.dialects.pulsegate.form.render import (
    render_domain,
    render_form,
    render_integration,
    render_site,
)
from footfall.dialects.pulsegate.form.shape import (
    ChangeForm,
    ChangeSite,
    CreateDomain,
    CreateForm,
    CreateIntegration,
    CreateSite,
    Deleted,
    DomainBody,
    FormBody,
    IntegrationBody,
    SiteBody,
)
from footfall.errors import InvalidInputError, NotFoundError
from footfall.forms.register import FormChange, FormRegister, SiteChange
from footfall.forms.schema import SIZE_LIMIT_BYTES
from footfall.http.api_document import takes
from footfall.http.body import check_declared
from footfall.http.json_body import parse_json
from footfall.projects.directory import Directory
from footfall.projects.register import DEFAULT_SLUG

BODY_LIMIT_BYTES: Final = 4 * SIZE_LIMIT_BYTES
"""A form as text within JSON escapes every quote and may escape every letter."""

TheForms = NamedDependency[SkipValidation[FormRegister]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
AnyRequest = Request[Any, Any, Any]
Id = FromPath[str]

T = TypeVar("T")

_CREATE_SITE: Final = msgspec.json.Decoder(CreateSite)
_CHANGE_SITE: Final = msgspec.json.Decoder(ChangeSite)
_CREATE_DOMAIN: Final = msgspec.json.Decoder(CreateDomain)
_CREATE_FORM: Final = msgspec.json.Decoder(CreateForm)
_CHANGE_FORM: Final = msgspec.json.Decoder(ChangeForm)
_CREATE_INTEGRATION: Final = msgspec.json.Decoder(CreateIntegration)


@get("/analytics/sites", opt=ADMIN, summary="List sites")
async def list_sites(forms: TheForms, directory: TheDirectory) -> list[SiteBody]:
    """List sites with their domains and forms, oldest first."""
    found = await asyncio.to_thread(forms.list_sites)
    return [render_site(whole, directory) for whole in found]


@post("/analytics/sites", opt=takes(ADMIN, CreateSite), status_code=201, summary="Create a site")
async def create_site(request: AnyRequest, forms: TheForms, directory: TheDirectory) -> SiteBody:
    """Create a site of a project, of the default one unless another is named."""
    body = await _read(request, _CREATE_SITE)
    made = await asyncio.to_thread(
        forms.create_site,
        _find_project(directory, body.project),
        name=body.name or "",
        site_key=body.site_key,
    )
    return render_site(await asyncio.to_thread(forms.find_site, made.number), directory)


@get("/analytics/sites/{site_id:str}", opt=ADMIN, summary="Get a site")
async def get_site(site_id: Id, forms: TheForms, directory: TheDirectory) -> SiteBody:
    """Return a site with its domains and forms."""
    found = await asyncio.to_thread(forms.find_site, _parse_number(site_id, "Site"))
    return render_site(found, directory)


@patch("/analytics/sites/{site_id:str}", opt=takes(ADMIN, ChangeSite), summary="Change a site")
async def change_site(
    request: AnyRequest, site_id: Id, forms: TheForms, directory: TheDirectory
) -> SiteBody:
    """Rename a site, switch it on or off, or let it record."""
    number = _parse_number(site_id, "Site")
    body = await _read(request, _CHANGE_SITE)
    change = SiteChange(body.name, body.enabled, body.record_session, body.fingerprint)
    _require_change(change, "name, enabled, record_session, fingerprint")
    return render_site(await asyncio.to_thread(forms.change_site, number, change), directory)


@post(
    "/analytics/sites/{site_id:str}/domains",
    opt=takes(ADMIN, CreateDomain),
    status_code=201,
    summary="Add a domain",
)
async def add_domain(request: AnyRequest, site_id: Id, forms: TheForms) -> DomainBody:
    """Let pages of a domain show the site's forms."""
    number = _parse_number(site_id, "Site")
    body = await _read(request, _CREATE_DOMAIN)
    return render_domain(await asyncio.to_thread(forms.add_domain, number, body.domain))


@delete(
    "/analytics/sites/{site_id:str}/domains/{domain_id:str}",
    opt=ADMIN,
    status_code=200,
    summary="Remove a domain",
)
async def remove_domain(site_id: Id, domain_id: Id, forms: TheForms) -> Deleted:
    """Refuse the site's forms to pages of a domain."""
    site, domain = _parse_number(site_id, "Site"), _parse_number(domain_id, "Domain")
    await asyncio.to_thread(forms.remove_domain, site, domain)
    return Deleted()


@get("/analytics/forms", opt=ADMIN, summary="List forms")
async def list_forms(forms: TheForms, site_id: FromQuery[str | None] = None) -> list[FormBody]:
    """List all forms, or those of one site, oldest first."""
    site = None if site_id is None else _parse_number(site_id, "Site")
    return [render_form(form) for form in await asyncio.to_thread(forms.list_forms, site)]


@post("/analytics/forms", opt=takes(ADMIN, CreateForm), status_code=201, summary="Create a form")
async def create_form(request: AnyRequest, forms: TheForms) -> FormBody:
    """Create a form of a site; what no page could show is refused with its place."""
    body = await _read(request, _CREATE_FORM)
    made = await asyncio.to_thread(
        forms.create_form, body.site_id, body.form_id, body.form_json, name=body.name or ""
    )
    return render_form(made)


@get("/analytics/forms/{form_id:str}", opt=ADMIN, summary="Get a form")
async def get_form(form_id: Id, forms: TheForms) -> FormBody:
    """Return a form by its id, or by its form_id where only one site has it."""
    return render_form(await asyncio.to_thread(forms.find_form, form_id))


@patch("/analytics/forms/{form_id:str}", opt=takes(ADMIN, ChangeForm), summary="Change a form")
async def change_form(request: AnyRequest, form_id: Id, forms: TheForms) -> FormBody:
    """Change a form; the next page view shows it."""
    body = await _read(request, _CHANGE_FORM)
    change = FormChange(body.name, body.enabled, body.form_json)
    _require_change(change, "name, form_json, enabled")
    found = await asyncio.to_thread(forms.find_form, form_id)
    return render_form(await asyncio.to_thread(forms.change_form, found.number, change))


@delete("/analytics/forms/{form_id:str}", opt=ADMIN, status_code=200, summary="Remove a form")
async def remove_form(form_id: Id, forms: TheForms) -> Deleted:
    """Remove a form; the leads it brought stay."""
    found = await asyncio.to_thread(forms.find_form, form_id)
    await asyncio.to_thread(forms.remove_form, found.number)
    return Deleted()


@get("/analytics/integrations", opt=ADMIN, summary="List keys of integrations")
async def list_integrations(forms: TheForms, directory: TheDirectory) -> list[IntegrationBody]:
    """List keys, masked, oldest first."""
    found = await asyncio.to_thread(forms.list_integrations)
    return [render_integration(integration, directory) for integration in found]


@post(
    "/analytics/integrations",
    opt=takes(ADMIN, CreateIntegration),
    status_code=201,
    summary="Make a key",
)
async def create_integration(
    request: AnyRequest, forms: TheForms, directory: TheDirectory
) -> IntegrationBody:
    """Make a key that sends leads in place of a form; it is shown this once."""
    body = await _read(request, _CREATE_INTEGRATION)
    project = _find_project(directory, body.project)
    made, secret = await asyncio.to_thread(forms.create_integration, project, name=body.name or "")
    return render_integration(made, directory, secret)


@delete(
    "/analytics/integrations/{integration_id:str}", opt=ADMIN, status_code=200, summary="Revoke"
)
async def remove_integration(integration_id: Id, forms: TheForms) -> Deleted:
    """Revoke a key; it opens nothing from now on."""
    number = _parse_number(integration_id, "Integration")
    await asyncio.to_thread(forms.remove_integration, number)
    return Deleted()


async def _read(request: AnyRequest, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode the body. Raises InvalidInputError, TooLargeError."""
    declared = request.headers.get("content-length")
    check_declared(declared.encode() if declared else None, BODY_LIMIT_BYTES)
    return parse_json(decoder, await request.body())


def _parse_number(text: str, noun: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFoundError(noun, text[:40])
    return int(text)


def _require_change(change: SiteChange | FormChange, words: str) -> None:
    if change == type(change)():
        raise InvalidInputError(f"nothing to change; accepted are {words}")


def _find_project(directory: Directory, reference: str | None) -> int:
    """Return the number of the project with this slug or id; of the default one for none."""
    slug = reference or DEFAULT_SLUG
    entry = directory.find_slug(slug) or directory.find_id(slug.lower())
    if entry is None:
        raise InvalidInputError(
            f"project '{slug[:60]}' is unknown; write its slug or its id", field="project"
        )
    return entry.project.number


FORM_ROUTES = (
    list_sites,
    create_site,
    get_site,
    change_site,
    add_domain,
    remove_domain,
    list_forms,
    create_form,
    get_form,
    change_form,
    remove_form,
    list_integrations,
    create_integration,
    remove_integration,
)
