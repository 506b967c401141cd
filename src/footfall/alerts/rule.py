"""Alert rules: a metric over a rolling window, compared with a threshold. Values and thresholds
are in the catalogue's units: fractions from 0 to 1, seconds, counts."""

import math
import operator as op
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

from footfall.delivery.address import Rule as AddressRule
from footfall.delivery.address import parse_url
from footfall.delivery.delivery import Channel
from footfall.delivery.mail import parse_mail_address
from footfall.errors import InvalidInputError
from footfall.projects.module import MODULE_NAMES
from footfall.reports.catalogue import find_metric
from footfall.reports.filter import check_filter
from footfall.reports.query import Filter

Operator = Literal["gt", "lt", "gte", "lte", "eq"]

OPERATORS: tuple[Operator, ...] = get_args(Operator)

COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    "gt": op.gt,
    "lt": op.lt,
    "gte": op.ge,
    "lte": op.le,
    "eq": op.eq,
}

WORDS: dict[Operator, str] = {
    "gt": "above",
    "lt": "below",
    "gte": "at or above",
    "lte": "at or below",
    "eq": "exactly",
}

DEFAULT_WINDOW_MINUTES = 60
DEFAULT_COOLDOWN_MINUTES = 360

MAX_MINUTES = 43_200
"""Thirty days, for windows and cooldowns: what is slower than that is a report."""

MAX_CHANNELS = 10
NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Target:
    """Where an alert is sent."""

    channel: Channel
    address: str


@dataclass(frozen=True, slots=True)
class Condition:
    """What a rule says, as people give it."""

    name: str
    module: str
    """One of the project's modules; says what the rule is about, and decides nothing."""
    metric: str
    operator: Operator
    threshold: float
    window_minutes: int = DEFAULT_WINDOW_MINUTES
    cooldown_minutes: int = DEFAULT_COOLDOWN_MINUTES
    targets: tuple[Target, ...] = ()
    filter: Filter | None = None

    def is_met(self, value: float | None) -> bool:
        """Tell whether a figure raises the alarm. What does not exist raises none."""
        return value is not None and COMPARE[self.operator](value, self.threshold)


@dataclass(frozen=True, slots=True)
class AlertRule:
    """A rule as it is kept."""

    number: int
    id: str
    """'alt-' and a UUID."""
    project: int
    condition: Condition
    is_enabled: bool
    created_at_us: int
    updated_at_us: int
    last_triggered_at_us: int | None = None
    last_value: float | None = None
    """The figure that raised the last alarm."""


def parse_condition(condition: Condition, addresses: AddressRule) -> Condition:
    """Return a condition with its texts tidied and everything checked.

    Raises InvalidInputError that names the field.
    """
    name = " ".join(condition.name.split())
    if not 0 < len(name) <= NAME_LIMIT:
        raise InvalidInputError(
            f"name '{name[:40]}' has {len(name)} characters; accepted are 1 to {NAME_LIMIT}",
            field="name",
        )
    _check_word("module", condition.module, MODULE_NAMES)
    _check_word("operator", condition.operator, OPERATORS)
    find_metric(condition.metric, field="metric")
    check_filter(condition.filter)
    if not math.isfinite(condition.threshold):
        raise InvalidInputError("threshold is no finite number", field="threshold")
    _check_minutes("window_minutes", condition.window_minutes, least=1)
    _check_minutes("cooldown_minutes", condition.cooldown_minutes, least=0)
    if len(condition.targets) > MAX_CHANNELS:
        raise InvalidInputError(
            f"there are {len(condition.targets)} channels; at most {MAX_CHANNELS} are accepted",
            field="notify_channels",
        )
    return Condition(
        name,
        condition.module,
        condition.metric,
        condition.operator,
        float(condition.threshold),
        condition.window_minutes,
        condition.cooldown_minutes,
        tuple(_parse_target(target, addresses) for target in condition.targets),
        condition.filter,
    )


def _parse_target(target: Target, addresses: AddressRule) -> Target:
    if target.channel == "email":
        return Target("email", parse_mail_address(target.address))
    return Target("webhook", parse_url(target.address, addresses))


def _check_word(field: str, value: str, accepted: tuple[str, ...]) -> None:
    if value not in accepted:
        raise InvalidInputError(
            f"unknown {field} '{value[:60]}'; accepted are {', '.join(accepted)}", field=field
        )


def _check_minutes(field: str, value: int, *, least: int) -> None:
    if not least <= value <= MAX_MINUTES:
        raise InvalidInputError(
            f"{field} is {value}; accepted are {least} to {MAX_MINUTES}", field=field
        )
