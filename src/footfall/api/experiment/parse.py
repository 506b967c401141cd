"""From the bodies of our management calls to plans. The core checks words and limits."""

from typing import cast

from footfall.api.experiment.wire import ChangeBody, CreateExperimentBody, VariantBody
from footfall.experiments.experiment import Change, ChangeType, Kind, Plan, UrlMatch, Variant
from footfall.experiments.status import parse_status


def parse_plan(body: CreateExperimentBody) -> Plan:
    """Return the plan of a body. Raises InvalidInputError for an unknown status."""
    return Plan(
        id=body.id,
        name=body.name,
        description=body.description,
        kind=cast("Kind", body.type),
        variants=tuple(_parse_variant(variant) for variant in body.variants),
        goal_id=body.goal_id,
        metric=body.metric,
        target_url=body.target_url,
        url_match=cast("UrlMatch", body.url_match_type),
        traffic_percent=body.traffic_percentage,
        status=parse_status(body.status),
    )


def _parse_variant(body: VariantBody) -> Variant:
    config = bytes(body.config)
    return Variant(
        id=body.id,
        name=body.name,
        weight=body.weight,
        is_control=body.is_control,
        changes=tuple(_parse_change(change) for change in body.changes),
        config="" if config == b"null" else config.decode(),
    )


def _parse_change(body: ChangeBody) -> Change:
    return Change(body.selector, cast("ChangeType", body.change_type), body.value, body.property)
