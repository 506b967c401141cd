"""What Pulse's alert routes take and answer."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from footfall.api.wire import FilterBody


class ChannelBody(msgspec.Struct, omit_defaults=True):
    """Where an alert is sent: a webhook with a URL, or an e-mail address."""

    type: str
    url: str | None = None
    address: str | None = None


class CreateAlert(msgspec.Struct):
    """A rule to create."""

    name: str
    module: str
    metric: str
    operator: str
    threshold: float
    window_minutes: int = 60
    cooldown_minutes: int = 360
    notify_channels: list[ChannelBody] = []
    filters: FilterBody | None = None
    """Which events or visits count, in the words of our own query API."""


class ChangeAlert(msgspec.Struct):
    """What to change of a rule; what is left out stays."""

    name: str | UnsetType = UNSET
    module: str | UnsetType = UNSET
    metric: str | UnsetType = UNSET
    operator: str | UnsetType = UNSET
    threshold: float | UnsetType = UNSET
    window_minutes: int | UnsetType = UNSET
    cooldown_minutes: int | UnsetType = UNSET
    notify_channels: list[ChannelBody] | UnsetType = UNSET
    filters: FilterBody | UnsetType | None = UNSET
    enabled: bool | UnsetType = UNSET


class AlertBody(msgspec.Struct, kw_only=True):
    """A rule as lists show it: without its channels, whose addresses are secrets of receivers."""

    id: str
    name: str
    module: str
    metric: str
    operator: str
    threshold: float
    window_minutes: int
    cooldown_minutes: int
    enabled: bool
    last_triggered: str | None
    filters: dict[str, Any] | UnsetType = UNSET


class AlertDetail(AlertBody, kw_only=True):
    """A rule with its channels, for who has just written it."""

    notify_channels: list[ChannelBody]


class AlertList(msgspec.Struct):
    """A project's rules, oldest first."""

    data: list[AlertBody]


class AlertState(msgspec.Struct):
    """Whether a rule is on."""

    id: str
    enabled: bool
