"""Routes of Pulse's experiments: seven as documented. Definitions block on the records and run in
threads; assignment and results go through the intake and the reports."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from footfall.dialects.pulse.access import ERRORS, grant_of, reads, serves, writes
from footfall.dialects.pulse.collect import DOOR
from footfall.dialects.pulse.core import ClockPort, Project
from footfall.dialects.pulse.experiment.render import (
    render_created,
    render_experiment,
    render_id,
    render_line,
    render_results,
)
from footfall.dialects.pulse.experiment.shape import (
    Assignment,
    AssignVisitor,
    ChangeStatus,
    CreatedExperiment,
    CreateExperiment,
    ExperimentBody,
    ExperimentList,
    Results,
)
from footfall.dialects.pulse.parse import VISITOR_LIMIT, find_host
from footfall.dialects.pulse.period import parse_range
from footfall.errors import InvalidInputError
from footfall.experiments.experiment import Plan, Status, Variant
from footfall.experiments.laboratory import Laboratory
from footfall.experiments.status import STRICT, parse_status
from footfall.http.client_address import ClientAddress
from footfall.http.json_body import parse_json
from footfall.ingest.request import Sender
from footfall.projects.directory import ProjectEntry

MODULE = "ab_testing"

REMOVABLE: tuple[Status, ...] = ("draft", "completed", "archived")
"""What may be deleted: drafts and what is over [doc]."""

LaboratoryPort = NamedDependency[SkipValidation[Laboratory]]
AddressesPort = NamedDependency[SkipValidation[ClientAddress]]
Id = FromPath[str]

_ASSIGN = msgspec.json.Decoder(AssignVisitor)


@get(
    "/api/v1/experiments",
    opt=reads(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="List experiments",
)
def list_experiments(project: Project, laboratory: LaboratoryPort) -> ExperimentList:
    """List the experiments of the project, oldest first."""
    found = laboratory.experiments.list_experiments(project)
    return ExperimentList([render_line(experiment) for experiment in found])


@post(
    "/api/v1/experiments",
    opt=writes(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="Create an experiment",
)
def create_experiment(
    data: JSONBody[CreateExperiment], project: Project, laboratory: LaboratoryPort
) -> CreatedExperiment:
    """Create an experiment as a draft; the first variant is the control."""
    plan = Plan(
        name=data.name,
        description=data.description or "",
        variants=tuple(Variant("", v.name, v.weight) for v in data.variants),
        goal_id=data.goal_id or "",
    )
    return render_created(laboratory.experiments.create(project, plan))


@get(
    "/api/v1/experiments/{experiment_id:str}",
    opt=reads(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="Get an experiment",
)
def get_experiment(
    experiment_id: Id, project: Project, laboratory: LaboratoryPort
) -> ExperimentBody:
    """Return an experiment with everything."""
    return render_experiment(laboratory.experiments.find(project, experiment_id))


@delete(
    "/api/v1/experiments/{experiment_id:str}",
    opt=writes(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="Delete an experiment",
)
def delete_experiment(experiment_id: Id, project: Project, laboratory: LaboratoryPort) -> None:
    """Delete an experiment that is a draft or completed."""
    laboratory.experiments.remove(project, experiment_id, REMOVABLE)


@put(
    "/api/v1/experiments/{experiment_id:str}/status",
    opt=writes(MODULE),
    responses=ERRORS,
    sync_to_thread=True,
    summary="Change the status of an experiment",
)
def change_status(
    experiment_id: Id,
    data: JSONBody[ChangeStatus],
    project: Project,
    laboratory: LaboratoryPort,
) -> ExperimentBody:
    """Bring an experiment into its next status: draft, running, paused, running, completed."""
    status = parse_status(data.status)
    return render_experiment(
        laboratory.experiments.change_status(project, experiment_id, status, STRICT)
    )


@get(
    "/api/v1/experiments/{experiment_id:str}/results",
    opt=reads(MODULE),
    responses=ERRORS,
    summary="Results of an experiment",
)
async def get_results(
    experiment_id: Id,
    project: Project,
    laboratory: LaboratoryPort,
    clock: ClockPort,
    start_at: Annotated[
        str | None, QueryParameter(description="Period start, ISO 8601. Default: its start.")
    ] = None,
    end_at: Annotated[
        str | None, QueryParameter(description="Period end, ISO 8601. Default: now.")
    ] = None,
) -> Results:
    """Visitors, conversions and revenue of each variant, over all of its time unless a period is
    asked for."""
    experiment = await asyncio.to_thread(laboratory.experiments.find, project, experiment_id)
    span = None
    if start_at or end_at:
        # Without a start everything up to the end is meant.
        span = parse_range(start_at or "1970-01-01", end_at, clock.now_us())
    return render_results(await laboratory.analyse(experiment, span))


@post(
    "/api/v1/experiments/{experiment_id:str}/assign",
    opt=serves(MODULE),
    responses=ERRORS,
    status_code=200,
    summary="Assign a visitor",
)
async def assign_visitor(
    request: Request[Any, Any, Any],
    experiment_id: Id,
    laboratory: LaboratoryPort,
    addresses: AddressesPort,
    clock: ClockPort,
    visitor_id: Annotated[
        str | None, QueryParameter(description="The visitor, when the body does not say.")
    ] = None,
) -> Assignment:
    """Return the variant of a visitor: the same for every call with the same visitor."""
    body = await request.body()
    given = parse_json(_ASSIGN, body).visitor_id if body.strip() else None
    visitor = given or visitor_id or ""
    if len(visitor) > VISITOR_LIMIT:
        raise InvalidInputError(
            f"visitor_id has {len(visitor)} characters; accepted are up to {VISITOR_LIMIT}",
            field="visitor_id",
        )
    sender = _make_sender(request, grant_of(request).entry, addresses, clock.now_us())
    assigned = await laboratory.assign(sender, experiment_id, visitor)
    return Assignment(render_id(assigned.experiment), assigned.variant.name)


def _make_sender(
    request: Request[Any, Any, Any], entry: ProjectEntry, addresses: ClientAddress, now_us: int
) -> Sender:
    headers = request.headers
    return Sender(
        project=entry.project.number,
        door=DOOR,
        ip=addresses.find({**request.scope}),
        user_agent=headers.get("user-agent", ""),
        received_at_us=now_us,
        accept_language=headers.get("accept-language", ""),
        headers_seen=frozenset(name.lower() for name in headers),
        site=find_host(headers.get("origin") or headers.get("referer") or "") or entry.host,
        own_hosts=entry.own_hosts,
    )


EXPERIMENT_ROUTES = (
    list_experiments,
    create_experiment,
    get_experiment,
    delete_experiment,
    change_status,
    get_results,
    assign_visitor,
)
