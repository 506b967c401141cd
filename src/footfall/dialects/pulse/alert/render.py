"""From our alert rules to Pulse's. Nothing here can fail."""

from typing import Any

import msgspec
from msgspec import UNSET

from footfall.alerts.rule import AlertRule
from footfall.alerts.unit import render_shown
from footfall.dialects.pulse.alert.metric import render_metric
from footfall.dialects.pulse.alert.shape import AlertBody, AlertDetail, ChannelBody
from footfall.dialects.pulse.render import render_time
from footfall.reports.filter_text import render_filter


def render_alert(rule: AlertRule) -> AlertBody:
    """Return a rule for a list."""
    return AlertBody(**_fields(rule))


def render_alert_detail(rule: AlertRule) -> AlertDetail:
    """Return a rule with its channels."""
    channels = [
        ChannelBody("webhook", url=target.address)
        if target.channel == "webhook"
        else ChannelBody("email", address=target.address)
        for target in rule.condition.targets
    ]
    return AlertDetail(**_fields(rule), notify_channels=channels)


def _fields(rule: AlertRule) -> dict[str, Any]:
    condition, last_us = rule.condition, rule.last_triggered_at_us
    kept = condition.filter
    return {
        "id": rule.id,
        "name": condition.name,
        "module": condition.module,
        "metric": render_metric(condition.metric),
        "operator": condition.operator,
        "threshold": render_shown(condition.metric, condition.threshold),
        "window_minutes": condition.window_minutes,
        "cooldown_minutes": condition.cooldown_minutes,
        "enabled": rule.is_enabled,
        "last_triggered": None if last_us is None else render_time(last_us),
        "filters": UNSET if kept is None else msgspec.json.decode(render_filter(kept)),
    }
