"""Routes of Pulse's admin API: projects and their keys. They run in threads, as records block."""

from typing import Annotated

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from footfall.dialects.pulse.access import ADMIN, ERRORS
from footfall.dialects.pulse.period import parse_time
from footfall.dialects.pulse.render import (
    render_created_key,
    render_key,
    render_project,
    render_project_detail,
)
from footfall.dialects.pulse.shape import (
    CreatedKey,
    CreateKey,
    CreateProject,
    KeyList,
    ProjectBody,
    ProjectDetail,
    ProjectList,
    UpdateProject,
)
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.ingest.erasure import Erasure
from footfall.projects.register import ProjectChange, Projects

Register = NamedDependency[Projects]
Id = FromPath[str]


@post(
    "/api/admin/projects",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Register a project",
)
def create_project(data: JSONBody[CreateProject], projects: Register) -> ProjectBody:
    """Register a project and return its id."""
    if not data.domain.strip():
        raise MissingFieldError("domain")
    project = projects.create(
        data.name, data.domain, settings=data.settings, time_zone=data.time_zone or "UTC"
    )
    return render_project(project)


@get(
    "/api/admin/projects",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=False,
    summary="List projects",
)
def list_projects(projects: Register) -> ProjectList:
    """List all projects, oldest first."""
    return ProjectList([render_project(p) for p in projects.list_projects()])


@get(
    "/api/admin/projects/{project_id:str}",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=False,
    summary="Get a project",
)
def get_project(project_id: Id, projects: Register) -> ProjectDetail:
    """Return a project with its settings."""
    return render_project_detail(projects.find(project_id))


@put(
    "/api/admin/projects/{project_id:str}",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Change a project",
)
def update_project(
    project_id: Id, data: JSONBody[UpdateProject], projects: Register
) -> ProjectDetail:
    """Change name, domain, time zone, further hosts or settings; what is missing stays."""
    wish = ProjectChange(data.name, data.domain, data.time_zone, data.hosts, data.settings)
    return render_project_detail(projects.change(projects.find(project_id), wish))


@delete(
    "/api/admin/projects/{project_id:str}",
    opt=ADMIN,
    responses=ERRORS,
    summary="Erase a project",
)
async def delete_project(
    project_id: Id,
    projects: Register,
    erasure: NamedDependency[SkipValidation[Erasure]],
    confirm: Annotated[
        str | None, QueryParameter(description="The project's name, to show that it is meant.")
    ] = None,
) -> None:
    """Erase a project: its events, its keys and every record. There is no way back."""
    project = projects.find(project_id)
    if confirm != project.name:
        given = "is missing" if confirm is None else f"is '{confirm[:60]}'"
        raise InvalidInputError(
            f"confirm {given}; to erase this project for good it must be its name, "
            f"'{project.name}'",
            field="confirm",
        )
    await erasure.erase(project)


@post(
    "/api/admin/projects/{project_id:str}/keys",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Create an API key",
)
def create_key(project_id: Id, data: JSONBody[CreateKey], projects: Register) -> CreatedKey:
    """Create a key; its text is in this answer and nowhere else."""
    key, secret = projects.create_key(
        projects.find(project_id),
        data.name,
        scopes=data.scopes,
        allowed_modules=data.allowed_modules,
        expires_at_us=parse_time(data.expires_at, "expires_at") if data.expires_at else None,
    )
    return render_created_key(key, secret)


@get(
    "/api/admin/projects/{project_id:str}/keys",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="List API keys",
)
def list_keys(project_id: Id, projects: Register) -> KeyList:
    """List the keys of a project, masked."""
    return KeyList([render_key(k) for k in projects.list_keys(projects.find(project_id))])


@delete(
    "/api/admin/keys/{key_id:str}",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Revoke an API key",
)
def revoke_key(key_id: Id, projects: Register) -> None:
    """Revoke a key; it stops working at once."""
    projects.revoke_key(key_id)


@delete(
    "/api/admin/projects/{project_id:str}/keys/{key_id:str}",
    opt=ADMIN,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Revoke an API key of a project",
)
def revoke_project_key(project_id: Id, key_id: Id, projects: Register) -> None:
    """Revoke a key of this project; it stops working at once."""
    projects.revoke_key(key_id, projects.find(project_id))


ADMIN_ROUTES = (
    create_project,
    list_projects,
    get_project,
    update_project,
    delete_project,
    create_key,
    list_keys,
    revoke_key,
    revoke_project_key,
)
