"""From the core's goals to Pulse's. Nothing here can fail."""

from typing import Any

import msgspec

from footfall.dialects.pulse.goal.parse import NAMES
from footfall.dialects.pulse.goal.shape import GoalBody, GoalStats, Wording
from footfall.dialects.pulse.render import render_time
from footfall.model.event import REVENUE_SCALE
from footfall.reports.definition import Saved
from footfall.reports.goal import GoalFigures
from footfall.reports.query import GoalFilter

SavedGoal = Saved[GoalFilter]

_words = msgspec.json.Decoder(Wording)


def render_goal(saved: SavedGoal) -> GoalBody:
    """Return a goal."""
    words = render_wording(saved)
    created_at = render_time(saved.created_at_us)
    return GoalBody(saved.id, saved.name, words.goal_type, words.config, created_at)


def render_wording(saved: SavedGoal) -> Wording:
    """Return a goal in the words it came in, or in the documented ones when another door saved
    it."""
    if saved.wording:
        return _words.decode(saved.wording)
    goal = saved.content
    goal_type, value = _find_type(goal)
    config: dict[str, Any] = {NAMES[goal_type][0]: value}
    if goal.props:
        config["event_data_match"] = dict(goal.props)
    return Wording(goal_type, config)


def _find_type(goal: GoalFilter) -> tuple[str, str | int | None]:
    if goal.event is not None:
        return "event", goal.event
    if goal.page is not None:
        return "pageview", goal.page
    if goal.min_duration_s is not None:
        return "duration", goal.min_duration_s
    return "pages_per_session", goal.min_pageviews


def render_stats(saved: SavedGoal, figures: GoalFigures) -> GoalStats:
    """Return how often a goal was reached."""
    return GoalStats(
        goal_id=saved.id,
        name=saved.name,
        conversions=figures.conversions,
        unique_visitors=figures.converted_visitors,
        total_revenue=round(sum(figures.revenue_micros.values()) / REVENUE_SCALE, 2),
        conversion_rate=round(100 * (figures.rate or 0.0), 2),
    )
