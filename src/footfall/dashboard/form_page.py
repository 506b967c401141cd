"""Pages of lead forms: sites with their domains and forms, keys of integrations, and the editor of
a form beside its preview. Only the operator sees them."""

import asyncio
import json
from collections.abc import Callable
from typing import TypeVar

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.form_draft import (
    THEME_TITLES,
    TYPE_TITLES,
    FormDraft,
    make_draft,
    read_draft,
    render_content,
)
from footfall.dashboard.page import AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.site_switch import SITE_SWITCHES, find_switch
from footfall.dashboard.viewer import Sight
from footfall.errors import (
    ConflictError,
    FootfallError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TooLargeError,
)
from footfall.forms.register import FormChange, FormRegister
from footfall.forms.site import Form, FormSite, SiteWhole

FORMS = "/forms"

FORM_LIMIT_BYTES = 256 * 1024
"""A form of the largest size, percent-encoded."""

T = TypeVar("T")


@get(FORMS)
async def show_forms(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the sites of a project with their domains, forms and tags."""
    return await _render_list(door, request, sight, await _open(door, request, sight))


@post(f"{FORMS}/do/{{wish:str}}", status_code=200)
async def change_forms(request: AnyRequest, door: TheDoor, sight: TheSight, wish: InPath) -> Page:
    """Add or remove a site's domain, a site, a form or a key."""
    door.check_form(request)
    screen = await _open(door, request, sight)
    sent = await read_form(request)
    forms, project = _forms(door), screen.project.number
    made = ""
    try:
        if wish == "site":
            await _run(lambda: forms.create_site(project, name=read_field(sent, "name")))
        elif wish == "site-switch":
            site = await _find_site(forms, project, read_field(sent, "site"))
            turned = find_switch(read_field(sent, "switch")).turn(site)
            await _run(lambda: forms.change_site(site.number, turned))
        elif wish == "domain":
            site = await _find_site(forms, project, read_field(sent, "site"))
            await _run(lambda: forms.add_domain(site.number, read_field(sent, "domain")))
        elif wish == "domain-remove":
            site = await _find_site(forms, project, read_field(sent, "site"))
            number = _number(read_field(sent, "domain"))
            await _run(lambda: forms.remove_domain(site.number, number))
        elif wish == "form-remove":
            form, _ = await _find_form(forms, project, read_field(sent, "form"))
            await _run(lambda: forms.remove_form(form.number))
        elif wish == "form-switch":
            form, _ = await _find_form(forms, project, read_field(sent, "form"))
            change = FormChange(is_enabled=not form.is_enabled)
            await _run(lambda: forms.change_form(form.number, change))
        elif wish == "key":
            _, made = await _run(
                lambda: forms.create_integration(project, name=read_field(sent, "name"))
            )
        elif wish == "key-remove":
            number = _number(read_field(sent, "key"))
            keys = await _run(forms.list_integrations)
            if not any(key.number == number and key.project == project for key in keys):
                raise NotFoundError("Key", str(number))
            await _run(lambda: forms.remove_integration(number))
        else:
            raise NotFoundError("Page", wish)
    except (InvalidInputError, ConflictError) as error:
        return await _render_list(door, request, sight, screen, problem=error)
    if made:
        return await _render_list(door, request, sight, screen, secret=made)
    return render_redirect(request, f"{screen.home}{FORMS}")


@get(f"{FORMS}/{{site_id:str}}/new")
async def show_new_form(
    request: AnyRequest, door: TheDoor, sight: TheSight, site_id: InPath
) -> Page:
    """Show the editor with the usual fields."""
    screen = await _open(door, request, sight)
    site = await _find_site(_forms(door), screen.project.number, site_id)
    return await _render_editor(door, sight, screen, FormDraft(), site=site)


@post(f"{FORMS}/{{site_id:str}}/new", status_code=200)
async def create_form(request: AnyRequest, door: TheDoor, sight: TheSight, site_id: InPath) -> Page:
    """Make a form, or show the editor again with one field more or less."""
    door.check_form(request)
    screen = await _open(door, request, sight)
    forms = _forms(door)
    site = await _find_site(forms, screen.project.number, site_id)
    sent = await read_form(request, limit_bytes=FORM_LIMIT_BYTES)
    draft = read_draft(sent)
    if read_field(sent, "do") != "save":
        return await _render_editor(door, sight, screen, draft, site=site)
    content = render_content(draft, {})
    try:
        await _run(
            lambda: forms.create_form(site.number, draft.form_id.strip(), content, name=draft.name)
        )
    except (InvalidInputError, ConflictError, TooLargeError) as error:
        return await _render_editor(door, sight, screen, draft, site=site, problem=error)
    return render_redirect(request, f"{screen.home}{FORMS}")


@get(f"{FORMS}/edit/{{form_id:str}}")
async def show_form(request: AnyRequest, door: TheDoor, sight: TheSight, form_id: InPath) -> Page:
    """Show the editor of a form."""
    screen = await _open(door, request, sight)
    form, site = await _find_form(_forms(door), screen.project.number, form_id)
    return await _render_editor(door, sight, screen, make_draft(form), site=site, form=form)


@post(f"{FORMS}/edit/{{form_id:str}}", status_code=200)
async def save_form(request: AnyRequest, door: TheDoor, sight: TheSight, form_id: InPath) -> Page:
    """Change a form, or show the editor again with one field more or less."""
    door.check_form(request)
    screen = await _open(door, request, sight)
    forms = _forms(door)
    form, site = await _find_form(forms, screen.project.number, form_id)
    sent = await read_form(request, limit_bytes=FORM_LIMIT_BYTES)
    draft = read_draft(sent)
    if read_field(sent, "do") != "save":
        return await _render_editor(door, sight, screen, draft, site=site, form=form)
    change = FormChange(draft.name, content=render_content(draft, json.loads(form.content)))
    try:
        await _run(lambda: forms.change_form(form.number, change))
    except (InvalidInputError, TooLargeError) as error:
        return await _render_editor(door, sight, screen, draft, site=site, form=form, problem=error)
    return render_redirect(request, f"{screen.home}{FORMS}")


async def _run(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)


def _forms(door: Door) -> FormRegister:
    if door.parts.forms is None:
        raise NotFoundError("Page", "forms")
    return door.parts.forms


async def _open(door: Door, request: AnyRequest, sight: Sight) -> Screen:
    screen = await open_screen(door, request, sight)
    if not screen.viewer.is_operator:
        raise ForbiddenError("Only the operator manages forms; sign in with the admin token.")
    return screen


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NotFoundError("Page", text[:40])
    return int(text)


async def _list_sites(forms: FormRegister, project: int) -> list[SiteWhole]:
    found = await _run(forms.list_sites)
    return [whole for whole in found if whole.site.project == project]


async def _find_site(forms: FormRegister, project: int, reference: str) -> FormSite:
    whole = await _run(lambda: forms.find_site(_number(reference)))
    if whole.site.project != project:
        raise NotFoundError("Site", reference)
    return whole.site


async def _find_form(forms: FormRegister, project: int, reference: str) -> tuple[Form, FormSite]:
    form = await _run(lambda: forms.find_form(str(_number(reference))))
    return form, await _find_site(forms, project, str(form.site))


async def _render_list(
    door: Door,
    request: AnyRequest,
    sight: Sight,
    screen: Screen,
    *,
    problem: FootfallError | None = None,
    secret: str = "",
) -> Page:
    forms, project = _forms(door), screen.project.number
    keys = await _run(forms.list_integrations)
    context = await make_context(door, sight, screen, "forms")
    context |= {
        "sites": await _list_sites(forms, project),
        "keys": [key for key in keys if key.project == project],
        "problem": problem.message if problem else "",
        "secret": secret,
        "switches": SITE_SWITCHES,
        "base_url": door.base_url(request),
    }
    return render_screen("forms.html", screen, context)


async def _render_editor(
    door: Door,
    sight: Sight,
    screen: Screen,
    draft: FormDraft,
    *,
    site: FormSite,
    form: Form | None = None,
    problem: FootfallError | None = None,
) -> Page:
    context = await make_context(door, sight, screen, "forms")
    context |= {
        "draft": draft,
        "site": site,
        "form": form,
        "problem": problem.message if problem else "",
        "type_titles": TYPE_TITLES,
        "theme_titles": THEME_TITLES,
    }
    return render_screen("form.html", screen, context)


FORM_PAGES = (show_forms, change_forms, show_new_form, create_form, show_form, save_form)
