"""What the routes of funnels take and answer."""

from typing import Any

import msgspec


class StepInput(msgspec.Struct):
    """A step as callers send it."""

    type: str
    value: str
    label: str | None = None
    event_data_match: dict[str, Any] | None = None
    """Of an event: properties that it must have."""


class CreateFunnel(msgspec.Struct):
    """A funnel to save."""

    name: str
    steps: list[StepInput]


class ChangeFunnel(msgspec.Struct):
    """What to change of a funnel."""

    name: str | None = None
    steps: list[StepInput] | None = None


class Step(msgspec.Struct, omit_defaults=True):
    """A step as it is defined."""

    type: str
    value: str
    label: str
    event_data_match: dict[str, Any] | None = None


class FunnelBody(msgspec.Struct):
    """A funnel with its steps."""

    id: str
    name: str
    steps: list[Step]
    created_at: str


class FunnelItem(msgspec.Struct):
    """A funnel in a list."""

    id: str
    name: str
    steps: int
    """How many there are."""
    created_at: str


class FunnelList(msgspec.Struct):
    """The funnels of the project, oldest first."""

    data: list[FunnelItem]


class StepResult(msgspec.Struct):
    """What became of one step."""

    label: str
    visitors: int
    drop_off: int
    conversion_rate: float
    """Percent of the visitors of the step before; 100 for the first."""


class FunnelResult(msgspec.Struct):
    """A funnel's performance."""

    funnel_id: str
    name: str
    steps: list[StepResult]
    overall_conversion: float
    """Percent of the first step's visitors who reached the last."""
