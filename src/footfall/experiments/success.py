"""What counts as a conversion: something sent, or a session of a certain length. Saved goals and
names of events become one of these before anything is measured."""

from collections.abc import Callable
from dataclasses import dataclass

from footfall.experiments.experiment import Experiment
from footfall.reports.query import GoalFilter


@dataclass(frozen=True, slots=True)
class Sent:
    """An event whose kind it is, or a custom event of that name [Echelon]."""

    metric: str


@dataclass(frozen=True, slots=True)
class Called:
    """A custom event by its name, `*` allowed, with properties, on a page where one is named."""

    name: str
    props: tuple[tuple[str, str], ...] = ()
    path: str = ""


@dataclass(frozen=True, slots=True)
class Viewed:
    """A page by its path, `*` allowed, with properties."""

    path: str
    props: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Stayed:
    """A session at least as long, or with at least as many pageviews; 0 asks for nothing."""

    seconds: float = 0
    pageviews: int = 0


Success = Sent | Called | Viewed | Stayed

FindGoal = Callable[[int, str], Success | None]
"""Finds a saved goal by project number and id; None when there is none."""


def make_success(goal: GoalFilter) -> Success:
    """Return what counts for a saved goal."""
    if goal.is_of_session:
        return Stayed(goal.min_duration_s or 0, goal.min_pageviews or 0)
    if goal.event is not None:
        return Called(goal.event, goal.props, goal.page or "")
    return Viewed(goal.page or "*", goal.props)


CONVERTED = Called("*", (("event_type", "conversion"),))
"""Whatever its sender calls a conversion. Pages and backends say so in that property."""


def find_success(experiment: Experiment, find_goal: FindGoal) -> Success | None:
    """Return what counts for an experiment: its goal, else its metric, for neither whatever its
    sender calls a conversion; None for a goal that is gone."""
    if experiment.goal_id:
        return find_goal(experiment.project, experiment.goal_id)
    return Sent(experiment.metric) if experiment.metric else CONVERTED
