"""The management calls for experiments and flags, opened by the admin token. They speak like the
rest of the admin realm: every error is one sentence."""

from asyncio import to_thread
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response, Router, delete, get, post, put
from litestar.connection import ASGIConnection
from litestar.exceptions import HTTPException
from litestar.handlers import BaseRouteHandler
from litestar.params import FromPath

from footfall.api.experiment.parse import parse_plan
from footfall.api.experiment.render import render_experiment
from footfall.api.experiment.wire import (
    CreateExperimentBody,
    ErrorBody,
    ExperimentBody,
    ExperimentListBody,
    SplitBody,
    StatusBody,
)
from footfall.api.parse import decode_body
from footfall.errors import FootfallError, UnauthenticatedError
from footfall.experiments.experiment import Status
from footfall.experiments.register import Experiments
from footfall.experiments.status import PERMISSIVE, parse_status
from footfall.http.auth import is_same_secret, parse_bearer
from footfall.http.limit import RateLimiter
from footfall.http.router import OwnRouter
from footfall.http.status import retry_after_s, status_of
from footfall.projects.register import Projects

PATH = "/api/admin/projects/{project_id:str}/experiments"

BODY_LIMIT_BYTES = 1024 * 1024
"""Twenty variants with their changes; more is no experiment."""

REMOVABLE: tuple[Status, ...] = ("draft", "completed", "archived")
UNAUTHORIZED = "Unauthorized"

AnyRequest = Request[Any, Any, Any]
Id = FromPath[str]
T = TypeVar("T")


def make_experiment_router(
    projects: Projects, experiments: Experiments, admin_token: str, limiter: RateLimiter
) -> Router:
    """Make the router of `/api/admin/projects/{id}/experiments`."""

    # The framework deep-copies what a route carries; plain functions are shared.
    def check_access(
        connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler
    ) -> None:
        if not is_same_secret(parse_bearer(connection.headers.get("authorization")), admin_token):
            raise UnauthenticatedError(UNAUTHORIZED)
        limiter.take("admin")

    @get(PATH, sync_to_thread=True)
    def list_experiments(project_id: Id) -> Response[bytes]:
        found = experiments.list_experiments(projects.find(project_id).number)
        return _answer(ExperimentListBody([render_experiment(e) for e in found]))

    @post(PATH, request_max_body_size=BODY_LIMIT_BYTES)
    async def create(request: AnyRequest, project_id: Id) -> Response[bytes]:
        body = _decode(CreateExperimentBody, await request.body())
        project = await to_thread(projects.find, project_id)
        made = await to_thread(experiments.create, project.number, parse_plan(body))
        return _answer(render_experiment(made), 201)

    @get(f"{PATH}/{{experiment_id:str}}", sync_to_thread=True)
    def show(project_id: Id, experiment_id: Id) -> Response[bytes]:
        project = projects.find(project_id)
        return _answer(render_experiment(experiments.find(project.number, experiment_id)))

    @put(f"{PATH}/{{experiment_id:str}}/status", request_max_body_size=BODY_LIMIT_BYTES)
    async def change_status(
        request: AnyRequest, project_id: Id, experiment_id: Id
    ) -> Response[bytes]:
        status = parse_status(_decode(StatusBody, await request.body()).status)
        project = await to_thread(projects.find, project_id)
        changed = await to_thread(
            experiments.change_status, project.number, experiment_id, status, PERMISSIVE
        )
        return _answer(render_experiment(changed))

    @put(f"{PATH}/{{experiment_id:str}}/split", request_max_body_size=BODY_LIMIT_BYTES)
    async def change_split(
        request: AnyRequest, project_id: Id, experiment_id: Id
    ) -> Response[bytes]:
        body = _decode(SplitBody, await request.body())
        project = await to_thread(projects.find, project_id)
        changed = await to_thread(
            experiments.change_split,
            project.number,
            experiment_id,
            traffic_percent=body.traffic_percentage,
            weights=body.weights,
        )
        return _answer(render_experiment(changed))

    @delete(f"{PATH}/{{experiment_id:str}}", sync_to_thread=True)
    def remove(project_id: Id, experiment_id: Id) -> None:
        experiments.remove(projects.find(project_id).number, experiment_id, REMOVABLE)

    return OwnRouter(
        "/",
        route_handlers=[list_experiments, create, show, change_status, change_split, remove],
        guards=[check_access],
        exception_handlers={FootfallError: _render_fault, HTTPException: _render_refusal},
        include_in_schema=False,
    )


def _decode(body_type: type[T], body: bytes) -> T:
    return decode_body(msgspec.json.Decoder(body_type), body)


def _answer(
    body: ExperimentBody | ExperimentListBody | ErrorBody,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response[bytes]:
    return Response(
        msgspec.json.encode(body),
        media_type="application/json",
        status_code=status,
        headers=headers,
    )


def _render_fault(_: AnyRequest, error: FootfallError) -> Response[bytes]:
    seconds = retry_after_s(error)
    headers = None if seconds is None else {"Retry-After": str(seconds)}
    return _answer(ErrorBody(error.message), status_of(error), headers)


def _render_refusal(_: AnyRequest, error: HTTPException) -> Response[bytes]:
    return _answer(ErrorBody(error.detail), error.status_code)
