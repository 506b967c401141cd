"""Routes of the module switches. They change a project's settings; what a switch means is decided
by the room `projects`, and holds from the next request on."""

from collections.abc import Iterable

from litestar import get, post, put
from litestar.params import JSONBody

from footfall.dialects.pulse.access import ADMIN, ERRORS
from footfall.dialects.pulse.admin import Id, Register
from footfall.dialects.pulse.modules.shape import (
    ChangeModules,
    ModuleBody,
    ModuleList,
    ModulePatch,
    NamedModulePatch,
    SetAccess,
)
from footfall.errors import InvalidInputError, NotFoundError
from footfall.projects.module import ModuleChange, parse_access, parse_module_names
from footfall.projects.register import Projects


@get(
    "/api/admin/projects/{project_id:str}/modules",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=False,
    summary="List modules",
)
def list_modules(project_id: Id, projects: Register) -> ModuleList:
    """List all modules of a project with their state."""
    return _render(projects, project_id)


@put(
    "/api/admin/projects/{project_id:str}/modules",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Set several modules",
)
def change_modules(project_id: Id, data: JSONBody[ChangeModules], projects: Register) -> ModuleList:
    """Set several modules, all of them or none."""
    pairs: Iterable[tuple[str, ModulePatch]]
    if isinstance(data.modules, dict):
        pairs = data.modules.items()
    else:
        pairs = [(patch.name, patch) for patch in data.modules]
    changes = [(name, _parse_change(patch)) for name, patch in pairs]
    projects.save_modules(projects.find(project_id), changes)
    return _render(projects, project_id)


@post(
    "/api/admin/projects/{project_id:str}/modules/{name:str}/enable",
    opt=ADMIN,
    responses=ERRORS,
    status_code=200,
    sync_to_thread=True,
    summary="Enable a module",
)
def enable_module(project_id: Id, name: Id, projects: Register) -> ModuleBody:
    """Switch a module on; without an access chosen before, it allows all."""
    return _set(projects, project_id, name, ModuleChange(is_enabled=True))


@post(
    "/api/admin/projects/{project_id:str}/modules/{name:str}/disable",
    opt=ADMIN,
    responses=ERRORS,
    status_code=200,
    sync_to_thread=True,
    summary="Disable a module",
)
def disable_module(project_id: Id, name: Id, projects: Register) -> ModuleBody:
    """Switch a module off; what it has kept stays."""
    return _set(projects, project_id, name, ModuleChange(is_enabled=False))


@put(
    "/api/admin/projects/{project_id:str}/modules/{name:str}/access",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Set what a module allows",
)
def set_access(
    project_id: Id, name: Id, data: JSONBody[SetAccess], projects: Register
) -> ModuleBody:
    """Set what a module allows while it is on: read, write or all."""
    return _set(projects, project_id, name, ModuleChange(access=parse_access(data.access)))


def _parse_change(patch: ModulePatch | NamedModulePatch) -> ModuleChange:
    access = None if patch.access is None else parse_access(patch.access)
    return ModuleChange(patch.enabled, access)


def _set(projects: Projects, project_id: str, name: str, change: ModuleChange) -> ModuleBody:
    project = projects.find(project_id)
    try:
        names = parse_module_names(name)
    except InvalidInputError:
        raise NotFoundError("Module", name) from None
    projects.save_modules(project, [(name, change)])
    body = next(m for m in _render(projects, project_id).modules if m.name == names[0])
    # An alias of several modules answers under its own name.
    return body if len(names) == 1 else ModuleBody(name, body.enabled, body.access)


def _render(projects: Projects, project_id: str) -> ModuleList:
    entry = projects.directory.find_number(projects.find(project_id).number)
    if entry is None:
        raise NotFoundError("Project", project_id)
    states = entry.settings.modules
    return ModuleList([ModuleBody(n, s.is_enabled, s.access) for n, s in states.items()])


MODULE_ROUTES = (list_modules, change_modules, enable_module, disable_module, set_access)
