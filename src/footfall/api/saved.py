"""Saved goals and funnels in the place of their ids: a body that names one is completed before it
is parsed, so that a report never knows whether a definition was saved."""

from dataclasses import dataclass

import msgspec

from footfall.api.wire import FilterBody, GoalBody
from footfall.errors import InvalidInputError
from footfall.reports.definition import Funnels, Goals
from footfall.reports.filter import MAX_DEPTH


@dataclass(frozen=True, slots=True)
class SavedDefinitions:
    """The registers. Calls block: on the event loop, go through a thread."""

    goals: Goals
    funnels: Funnels

    def fill_filter(self, body: FilterBody, project: int) -> FilterBody:
        """Return a filter without ids of goals. Raises NotFoundError, InvalidInputError."""
        return self._fill(body, project, 1)

    def fill_goal(self, body: GoalBody, project: int) -> GoalBody:
        """Return a goal without an id. Raises NotFoundError, InvalidInputError."""
        if body.id is None:
            return body
        if body != GoalBody(id=body.id):
            raise InvalidInputError(
                f"goal names the saved '{body.id[:60]}' and something else; give one of them",
                field="goal",
            )
        goal = self.goals.find(project, body.id).content
        props = dict(goal.props)
        return GoalBody(goal.page, goal.event, props, goal.min_duration_s, goal.min_pageviews)

    def _fill(self, body: FilterBody, project: int, depth: int) -> FilterBody:
        if depth > MAX_DEPTH:
            # Parsing refuses it; nothing deeper is looked at.
            return body
        if isinstance(body.goal, GoalBody):
            body = msgspec.structs.replace(body, goal=self.fill_goal(body.goal, project))
        if isinstance(body.not_, FilterBody):
            body = msgspec.structs.replace(body, not_=self._fill(body.not_, project, depth + 1))
        for name in ("and_", "or_"):
            parts = getattr(body, name)
            if isinstance(parts, list):
                filled = [self._fill(part, project, depth + 1) for part in parts]
                body = msgspec.structs.replace(body, **{name: filled})
        return body
