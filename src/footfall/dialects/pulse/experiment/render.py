"""From experiments and their analysis to Pulse's words. Nothing here can fail."""

from uuid import UUID

from footfall.dialects.pulse.experiment.shape import (
    CreatedExperiment,
    ExperimentBody,
    ExperimentLine,
    Results,
    VariantBody,
    VariantResult,
)
from footfall.dialects.pulse.render import render_time
from footfall.experiments.analysis import Analysis, ArmFigures
from footfall.experiments.experiment import Experiment, Status, Variant
from footfall.experiments.register import ID_PREFIX


def render_id(experiment: Experiment) -> str:
    """Return 'exp-' and the UUID; an id that a person chose elsewhere stays as it is."""
    try:
        UUID(experiment.id)
    except ValueError:
        return experiment.id
    return ID_PREFIX + experiment.id


def render_status(status: Status) -> str:
    """Return a status; Pulse has no archive, what lies there is completed."""
    return "completed" if status == "archived" else status


def render_line(experiment: Experiment) -> ExperimentLine:
    """Return an experiment for a list."""
    return ExperimentLine(
        id=render_id(experiment),
        name=experiment.name,
        status=render_status(experiment.status),
        variants=len(experiment.variants),
        created_at=render_time(experiment.created_at_us),
    )


def render_created(experiment: Experiment) -> CreatedExperiment:
    """Return a new experiment."""
    return CreatedExperiment(
        id=render_id(experiment),
        name=experiment.name,
        status=render_status(experiment.status),
        variants=[_render_variant(v) for v in experiment.variants],
        goal_id=experiment.goal_id or None,
        created_at=render_time(experiment.created_at_us),
    )


def render_experiment(experiment: Experiment) -> ExperimentBody:
    """Return an experiment with everything."""
    return ExperimentBody(
        id=render_id(experiment),
        name=experiment.name,
        description=experiment.description,
        status=render_status(experiment.status),
        variants=[_render_variant(v) for v in experiment.variants],
        goal_id=experiment.goal_id or None,
        created_at=render_time(experiment.created_at_us),
        started_at=_time(experiment.started_at_us),
        ended_at=_time(experiment.ended_at_us),
    )


def render_results(analysis: Analysis) -> Results:
    """Return the results by the experiment's own goal."""
    experiment = analysis.experiment
    return Results(
        experiment_id=render_id(experiment),
        name=experiment.name,
        status=render_status(experiment.status),
        results=[_render_arm(arm) for arm in analysis.metrics[0].arms],
    )


def _render_arm(arm: ArmFigures) -> VariantResult:
    return VariantResult(
        variant=arm.variant.name,
        visitors=arm.rate.count,
        conversions=arm.rate.successes,
        conversion_rate=round((arm.rate.value or 0.0) * 100, 2),
        revenue=round(arm.revenue, 2),
        significance=arm.comparison.verdict.value if arm.comparison else None,
    )


def _render_variant(variant: Variant) -> VariantBody:
    weight = variant.weight
    return VariantBody(variant.name, int(weight) if weight == int(weight) else weight)


def _time(us: int | None) -> str | None:
    return None if us is None else render_time(us)
