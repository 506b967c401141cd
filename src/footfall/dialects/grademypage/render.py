"""From the core's experiments to GradeMyPage's JSON."""

import msgspec

from footfall.dialects.grademypage import wire
from footfall.experiments.experiment import Change, Experiment, Ranges, Variant

DEFAULT_TYPE = "copy"
"""The document knows three types; an experiment that other doors made may have none."""

TYPES = ("copy", "css", "layout")


def render_experiment(experiment: Experiment) -> wire.Experiment:
    """Return a running experiment in the documented shape, with what assignment needs beside."""
    return wire.Experiment(
        id=experiment.id,
        name=experiment.name,
        type=experiment.kind if experiment.kind in TYPES else DEFAULT_TYPE,
        target_url=experiment.target_url,
        url_match_type=experiment.url_match,
        traffic_percentage=experiment.traffic_percent,
        variants=[
            _render_variant(variant, ranges)
            for variant, ranges in zip(experiment.variants, experiment.split.ranges, strict=True)
        ],
        salt=experiment.salt,
    )


def _render_variant(variant: Variant, ranges: Ranges) -> wire.Variant:
    return wire.Variant(
        id=variant.id,
        name=variant.name,
        is_control=variant.is_control,
        weight=variant.weight,
        changes=[_render_change(change) for change in variant.changes],
        ranges=list(ranges),
    )


def _render_change(change: Change) -> wire.Change:
    return wire.Change(
        selector=change.selector,
        change_type=change.type,
        value=change.value,
        property=change.property or msgspec.UNSET,
    )
