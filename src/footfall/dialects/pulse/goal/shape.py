"""What the routes of goals take and answer."""

from typing import Any

import msgspec


class CreateGoal(msgspec.Struct):
    """A goal to save."""

    name: str
    goal_type: str
    """pageview, event, duration or pages_per_session."""
    config: dict[str, Any]


class ChangeGoal(msgspec.Struct):
    """What to change of a goal."""

    name: str | None = None
    goal_type: str | None = None
    config: dict[str, Any] | None = None


class GoalBody(msgspec.Struct):
    """A goal."""

    id: str
    name: str
    goal_type: str
    config: dict[str, Any]
    created_at: str


class GoalList(msgspec.Struct):
    """The goals of the project, oldest first."""

    data: list[GoalBody]


class GoalStats(msgspec.Struct):
    """How often a goal was reached."""

    goal_id: str
    name: str
    conversions: int
    """Sessions that reached it."""
    unique_visitors: int
    total_revenue: float
    """Of the converting events; currencies are added as they are."""
    conversion_rate: float
    """Percent of the period's visitors."""


class Wording(msgspec.Struct):
    """A goal in the words it came in."""

    goal_type: str
    config: dict[str, Any]
