"""Routes of experiments: made, listed, moved on and judged. The page chooses the variant; what it
says of it is an exposure, and sessions are what converts."""

import asyncio
from typing import Any, Final

import msgspec
from litestar import Request, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, SkipValidation

from footfall.dialects.echelon.access import READ, WRITE
from footfall.dialects.echelon.body import read_json
from footfall.dialects.echelon.campaigns import ChangeStatus, Created, Updated
from footfall.dialects.echelon.render import render_number, render_time
from footfall.dialects.echelon.site import DEFAULT_SITE, find_project
from footfall.dialects.echelon.sites import require_site
from footfall.errors import InvalidInputError, MissingFieldError, NotFoundError
from footfall.experiments.analysis import Analysis, ArmFigures
from footfall.experiments.experiment import Experiment, Plan, Variant
from footfall.experiments.laboratory import Laboratory
from footfall.experiments.register import Experiments
from footfall.experiments.status import PERMISSIVE, parse_status
from footfall.http.api_document import takes
from footfall.projects.directory import Directory

LIST_LIMIT = 200
"""[original]"""

JUDGED = ("running", "completed")
"""Whose statistics are told when nobody names one [original]."""

TheExperiments = NamedDependency[SkipValidation[Experiments]]
TheLaboratory = NamedDependency[SkipValidation[Laboratory]]
TheDirectory = NamedDependency[SkipValidation[Directory]]
AnyRequest = Request[Any, Any, Any]
Id = FromPath[str]


class VariantBody(msgspec.Struct):
    """A variant."""

    variant_id: str
    name: str
    weight: int | float
    is_control: bool
    config: Any = None


class ExperimentBody(msgspec.Struct):
    """An experiment."""

    experiment_id: str
    name: str
    description: str
    status: str
    metric_event_type: str
    allocation_percent: int | float
    created_at: str
    started_at: str | None
    ended_at: str | None
    variants: list[VariantBody]


class NewVariant(msgspec.Struct):
    """A variant to make."""

    variant_id: str
    name: str
    weight: float = 1
    is_control: bool = False
    config: Any = None


class CreateExperiment(msgspec.Struct):
    """An experiment to make."""

    experiment_id: str
    name: str
    metric_event_type: str
    variants: list[NewVariant]
    description: str | None = None
    allocation_percent: float = 100
    site_id: str = DEFAULT_SITE
    """Ours: the site whose project it belongs to."""


class VariantFigures(msgspec.Struct):
    """A variant with what came of it; rates and uplift are fractions."""

    variant_id: str
    name: str
    is_control: bool
    impressions: int
    conversions: int
    conversion_rate: float
    relative_uplift: float | None
    significance: str | None


class ExperimentFigures(msgspec.Struct):
    """An experiment with what came of it."""

    experiment_id: str
    name: str
    status: str
    metric_event_type: str
    variants: list[VariantFigures]


_CREATE: Final = msgspec.json.Decoder(CreateExperiment)
_STATUS: Final = msgspec.json.Decoder(ChangeStatus)


@get("/api/experiments", opt=READ, summary="List experiments")
async def list_experiments(
    experiments: TheExperiments, directory: TheDirectory
) -> list[ExperimentBody]:
    """List experiments with their variants, newest first."""
    found = await _list_all(experiments, directory)
    return [render_experiment(experiment) for experiment in found[:LIST_LIMIT]]


@post(
    "/api/experiments",
    opt=takes(WRITE, CreateExperiment),
    status_code=201,
    summary="Make an experiment",
)
async def create_experiment(
    request: AnyRequest, experiments: TheExperiments, directory: TheDirectory
) -> Created:
    """Make an experiment; it is a draft until it is set active."""
    body = await read_json(request, _CREATE)
    site = require_site(body.site_id)
    entry = find_project(directory, site)
    if entry is None:
        raise NotFoundError("Site", site)
    if not body.experiment_id:
        raise MissingFieldError("experiment_id")
    made = await asyncio.to_thread(experiments.create, entry.project.number, _make_plan(body))
    return Created(made.id)


@patch(
    "/api/experiments/{experiment_id:str}",
    opt=takes(WRITE, ChangeStatus),
    summary="Change an experiment's status",
)
async def change_experiment(
    request: AnyRequest, experiment_id: Id, experiments: TheExperiments, directory: TheDirectory
) -> Updated:
    """Set an experiment active, paused, completed, archived, or a draft again."""
    status = parse_status((await read_json(request, _STATUS)).status)
    experiment = await _find(experiments, directory, experiment_id)
    await asyncio.to_thread(
        experiments.change_status, experiment.project, experiment.id, status, PERMISSIVE
    )
    return Updated(experiment.id)


@get("/api/stats/experiments", opt=READ, summary="What came of experiments")
async def get_experiment_stats(
    experiments: TheExperiments,
    laboratory: TheLaboratory,
    directory: TheDirectory,
    experiment_id: FromQuery[str | None] = None,
) -> list[ExperimentFigures]:
    """Impressions, conversions, rates and significance of each variant, by sessions."""
    found = await _list_all(experiments, directory)
    if experiment_id is not None:
        asked = [experiment for experiment in found if experiment.id == experiment_id]
    else:
        asked = [experiment for experiment in found if experiment.status in JUDGED]
    return [
        render_figures(await laboratory.analyse(experiment, unit="session"))
        for experiment in asked[:LIST_LIMIT]
    ]


async def _list_all(experiments: Experiments, directory: Directory) -> list[Experiment]:
    found: list[Experiment] = []
    for entry in directory.entries():
        number = entry.project.number
        found += await asyncio.to_thread(experiments.list_experiments, number)
    return sorted(found, key=lambda e: (-e.created_at_us, -e.number))


async def _find(experiments: Experiments, directory: Directory, experiment_id: str) -> Experiment:
    for experiment in await _list_all(experiments, directory):
        if experiment.id == experiment_id:
            return experiment
    raise NotFoundError("Experiment", experiment_id)


def _make_plan(body: CreateExperiment) -> Plan:
    return Plan(
        name=body.name,
        variants=tuple(
            Variant(
                id=v.variant_id,
                name=v.name,
                weight=v.weight,
                is_control=v.is_control,
                config="" if v.config is None else msgspec.json.encode(v.config).decode(),
            )
            for v in body.variants
        ),
        id=body.experiment_id,
        description=body.description or "",
        metric=_require(body.metric_event_type, "metric_event_type"),
        # Beyond its bounds the share is cut, as documented.
        traffic_percent=min(max(body.allocation_percent, 1), 100),
    )


def _require(text: str, field: str) -> str:
    if not text:
        raise InvalidInputError(f"{field} is empty; name an event", field=field)
    return text


def render_experiment(experiment: Experiment) -> ExperimentBody:
    """Return an experiment in Echelon's words."""
    return ExperimentBody(
        experiment_id=experiment.id,
        name=experiment.name,
        description=experiment.description,
        status=render_status(experiment.status),
        metric_event_type=experiment.metric,
        allocation_percent=render_number(float(experiment.traffic_percent)),
        created_at=render_time(experiment.created_at_us),
        started_at=_render_some(experiment.started_at_us),
        ended_at=_render_some(experiment.ended_at_us),
        variants=[
            VariantBody(
                v.id,
                v.name,
                render_number(float(v.weight)),
                v.is_control,
                msgspec.json.decode(v.config) if v.config else None,
            )
            for v in experiment.variants
        ],
    )


def render_figures(analysis: Analysis) -> ExperimentFigures:
    """Return what came of an experiment in Echelon's words."""
    experiment = analysis.experiment
    return ExperimentFigures(
        experiment.id,
        experiment.name,
        render_status(experiment.status),
        experiment.metric,
        [_render_arm(arm) for arm in analysis.metrics[0].arms],
    )


def _render_arm(arm: ArmFigures) -> VariantFigures:
    compared = arm.comparison
    uplift = compared.uplift if compared else None
    rate = arm.rate
    return VariantFigures(
        arm.variant.id,
        arm.variant.name,
        arm.variant.is_control,
        rate.count,
        rate.successes,
        round(rate.successes / rate.count, 6) if rate.count else 0.0,
        round(uplift.value, 6) if uplift else None,
        # The sentences are Echelon's own.
        compared.z_test.significance.value if compared else None,
    )


def render_status(status: str) -> str:
    """Return Echelon's word for a status."""
    return "active" if status == "running" else status


def _render_some(us: int | None) -> str | None:
    return None if us is None else render_time(us)


EXPERIMENT_ROUTES = (
    list_experiments,
    create_experiment,
    change_experiment,
    get_experiment_stats,
)
