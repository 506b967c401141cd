"""What makes a plan acceptable. Doors decode types; limits and contradictions are refused here,
once for all of them, with the value quoted."""

import re
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from footfall.errors import InvalidInputError, MissingFieldError
from footfall.experiments.experiment import (
    CHANGE_TYPES,
    KINDS,
    URL_MATCHES,
    Change,
    Plan,
    Variant,
)

NAME_LIMIT = 256
ID_LIMIT = 128
"""Characters of the id of an experiment or a variant [Echelon]; both stand in every exposure."""

_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:-]*")
"""Experiments stand in addresses by their id."""

DESCRIPTION_LIMIT = 1_024
METRIC_LIMIT = 128
URL_LIMIT = 2_048
VARIANT_LIMIT = 20
"""More variants [Echelon] would each see too few visitors to learn anything."""

WEIGHT_LIMIT = 1_000_000
"""Weights are shares; twenty of them must add up within a float."""

CONFIG_LIMIT = 4_096
"""Characters of a variant's configuration [Echelon]: every page that reads it loads it."""

CHANGE_LIMIT = 100
"""Changes of one variant; more than a person writes by hand."""

CHANGE_VALUE_LIMIT = 16_384
SELECTOR_LIMIT = 1_024


def check_plan(plan: Plan) -> Plan:
    """Return the plan with names trimmed, ids filled in and exactly one control.

    Raises InvalidInputError that names the field and quotes the value.
    """
    _check_word("type", plan.kind, KINDS)
    _check_word("urlMatchType", plan.url_match, URL_MATCHES)
    _check_length("description", plan.description, DESCRIPTION_LIMIT)
    _check_length("metric", plan.metric, METRIC_LIMIT)
    _check_length("targetUrl", plan.target_url, URL_LIMIT)
    _check_id(plan.id)
    if plan.url_match != "all" and not plan.target_url:
        raise InvalidInputError(
            f"targetUrl '' cannot be matched by '{plan.url_match}'; name a URL, or use 'all'",
            field="targetUrl",
        )
    check_traffic(plan.traffic_percent)
    return replace(
        plan,
        name=_parse_name("name", plan.name),
        variants=_check_variants(plan.variants),
    )


def check_traffic(percent: float) -> None:
    """Refuse a traffic share outside 0 to 100. Raises InvalidInputError."""
    if not 0 <= percent <= 100:
        raise InvalidInputError(
            f"trafficPercentage {str(percent)[:40]} is out of range; accepted are 0 to 100",
            field="trafficPercentage",
        )


def check_weight(weight: float, name: str) -> None:
    """Refuse a weight that is not a number above 0 and within WEIGHT_LIMIT. Raises
    InvalidInputError."""
    if not 0 < weight <= WEIGHT_LIMIT:
        raise InvalidInputError(
            f"weight {str(weight)[:40]} of variant '{name[:40]}' is not accepted; "
            f"write a number above 0, up to {WEIGHT_LIMIT:,}",
            field="weight",
        )


def _check_variants(variants: Sequence[Variant]) -> tuple[Variant, ...]:
    if not 1 <= len(variants) <= VARIANT_LIMIT:
        raise InvalidInputError(
            f"{len(variants)} variants; accepted are 1 to {VARIANT_LIMIT}", field="variants"
        )
    checked = [_check_variant(variant) for variant in variants]
    for word, values in (("id", [v.id for v in checked]), ("name", [v.name for v in checked])):
        value, times = Counter(values).most_common(1)[0]
        if times > 1:
            raise InvalidInputError(
                f"{times} variants have the {word} '{value}'; each needs its own",
                field="variants",
            )
    controls = [i for i, variant in enumerate(checked) if variant.is_control]
    if len(controls) > 1:
        names = ", ".join(f"'{checked[i].name}'" for i in controls)
        raise InvalidInputError(f"{names} are all the control; mark one", field="variants")
    control = controls[0] if controls else 0
    return tuple(replace(v, is_control=i == control) for i, v in enumerate(checked))


def _check_variant(variant: Variant) -> Variant:
    name = _parse_name("variants.name", variant.name)
    check_weight(variant.weight, name)
    _check_length("variants.id", variant.id, ID_LIMIT)
    _check_length("variants.config", variant.config, CONFIG_LIMIT)
    if variant.config:
        try:
            msgspec.json.decode(variant.config)
        except msgspec.DecodeError:
            raise InvalidInputError(
                f"config of variant '{name[:40]}' is no JSON value", field="variants.config"
            ) from None
    if len(variant.changes) > CHANGE_LIMIT:
        raise InvalidInputError(
            f"variant '{name[:40]}' has {len(variant.changes)} changes; "
            f"accepted are up to {CHANGE_LIMIT}",
            field="variants.changes",
        )
    for change in variant.changes:
        _check_change(change)
    return replace(variant, id=variant.id or str(uuid.uuid4()), name=name)


def _check_change(change: Change) -> None:
    _check_word("changeType", change.type, CHANGE_TYPES)
    _check_length("selector", change.selector, SELECTOR_LIMIT)
    _check_length("value", change.value, CHANGE_VALUE_LIMIT)
    if not change.selector.strip() and change.type != "css":
        raise MissingFieldError("selector")
    if change.type == "style" and not change.property.strip():
        raise MissingFieldError("property")


def _parse_name(field: str, text: str) -> str:
    name = text.strip()
    if not 1 <= len(name) <= NAME_LIMIT:
        raise InvalidInputError(
            f"{field} '{name[:40]}' has {len(name)} characters; accepted are 1 to {NAME_LIMIT}",
            field=field,
        )
    return name


def _check_id(text: str) -> None:
    _check_length("id", text, ID_LIMIT)
    if text and not _ID.fullmatch(text):
        raise InvalidInputError(
            f"id '{text[:40]}' is not accepted; write letters, digits, '_', '-', '.' and ':'",
            field="id",
        )


def _check_length(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise InvalidInputError(
            f"{field} '{text[:40]}…' has {len(text)} characters; accepted are up to {limit}",
            field=field,
        )


def _check_word(field: str, word: str, accepted: Sequence[str]) -> None:
    if word not in accepted:
        listed = ", ".join(a for a in accepted if a)
        raise InvalidInputError(
            f"unknown {field} '{word[:40]}'; accepted are {listed}", field=field
        )
