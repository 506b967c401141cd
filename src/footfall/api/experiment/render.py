"""From experiments to the bodies of our management calls. Nothing here can fail."""

import msgspec

from footfall.api.experiment.wire import NOTHING, ChangeBody, ExperimentBody, VariantBody
from footfall.experiments.experiment import Experiment, Variant
from footfall.model.time_range import from_us


def render_experiment(experiment: Experiment) -> ExperimentBody:
    """Return an experiment with everything but its salt."""
    return ExperimentBody(
        id=experiment.id,
        name=experiment.name,
        description=experiment.description,
        type=experiment.kind,
        status=experiment.status,
        target_url=experiment.target_url,
        url_match_type=experiment.url_match,
        traffic_percentage=_render_number(experiment.traffic_percent),
        goal_id=experiment.goal_id,
        metric=experiment.metric,
        variants=[_render_variant(variant) for variant in experiment.variants],
        created_at=_render_time(experiment.created_at_us),
        started_at=_render_some_time(experiment.started_at_us),
        ended_at=_render_some_time(experiment.ended_at_us),
    )


def _render_variant(variant: Variant) -> VariantBody:
    return VariantBody(
        id=variant.id,
        name=variant.name,
        weight=_render_number(variant.weight),
        is_control=variant.is_control,
        changes=[ChangeBody(c.selector, c.type, c.value, c.property) for c in variant.changes],
        config=msgspec.Raw(variant.config.encode()) if variant.config else NOTHING,
    )


def _render_number(number: float) -> float | int:
    return int(number) if number == int(number) else number


def _render_some_time(us: int | None) -> str | None:
    return None if us is None else _render_time(us)


def _render_time(us: int) -> str:
    return from_us(us).isoformat(timespec="seconds").replace("+00:00", "Z")
