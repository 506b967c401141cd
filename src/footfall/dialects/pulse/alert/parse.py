"""From Pulse's alert rules to ours."""

from dataclasses import replace
from typing import Any, cast

from msgspec import UNSET

from footfall.alerts.rule import Condition, Operator, Target
from footfall.alerts.unit import parse_shown, render_shown
from footfall.api.parse import parse_filters
from footfall.dialects.pulse.alert.metric import parse_metric
from footfall.dialects.pulse.alert.shape import ChangeAlert, ChannelBody, CreateAlert
from footfall.errors import InvalidInputError, MissingFieldError


def parse_alert(body: CreateAlert) -> Condition:
    """Return the condition of a new rule. Raises InvalidInputError, MissingFieldError."""
    metric = parse_metric(body.metric)
    return Condition(
        body.name,
        body.module,
        metric,
        cast("Operator", body.operator),  # checked with the rest of the condition
        parse_shown(metric, body.threshold),
        body.window_minutes,
        body.cooldown_minutes,
        _parse_channels(body.notify_channels),
        parse_filters(body.filters),
    )


def parse_change(body: ChangeAlert, old: Condition) -> Condition:
    """Return a condition with what the body changes. Raises InvalidInputError."""
    given = {
        name: value
        for name in ("name", "module", "operator", "window_minutes", "cooldown_minutes")
        if (value := getattr(body, name)) is not UNSET
    }
    changes: dict[str, Any] = dict(given)
    metric = old.metric if body.metric is UNSET else parse_metric(body.metric)
    # A threshold that stays means the same number also for a metric of another unit.
    shown = render_shown(old.metric, old.threshold) if body.threshold is UNSET else body.threshold
    changes |= {"metric": metric, "threshold": parse_shown(metric, shown)}
    if body.notify_channels is not UNSET:
        changes["targets"] = _parse_channels(body.notify_channels)
    if body.filters is not UNSET:
        changes["filter"] = parse_filters(body.filters)
    return replace(old, **changes)


def _parse_channels(channels: list[ChannelBody]) -> tuple[Target, ...]:
    return tuple(_parse_channel(channel, i) for i, channel in enumerate(channels))


def _parse_channel(channel: ChannelBody, index: int) -> Target:
    place = f"notify_channels[{index}]"
    if channel.type == "webhook":
        if not channel.url:
            raise MissingFieldError(f"{place}.url")
        return Target("webhook", channel.url)
    if channel.type == "email":
        if not channel.address:
            raise MissingFieldError(f"{place}.address")
        return Target("email", channel.address)
    raise InvalidInputError(
        f"unknown type '{channel.type[:60]}' of {place}; accepted are webhook and email",
        field="notify_channels",
    )
