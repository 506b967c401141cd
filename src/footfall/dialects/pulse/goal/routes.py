"""Routes of goals: definitions, kept for the project, and how often they were reached."""

import asyncio

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, SkipValidation

from footfall.dialects.pulse.access import ERRORS, reads, writes
from footfall.dialects.pulse.core import Period, Project, ReportsPort
from footfall.dialects.pulse.goal.parse import parse_goal
from footfall.dialects.pulse.goal.render import render_goal, render_stats, render_wording
from footfall.dialects.pulse.goal.shape import (
    ChangeGoal,
    CreateGoal,
    GoalBody,
    GoalList,
    GoalStats,
)
from footfall.reports.definition import Goals
from footfall.reports.goal import GoalQuestion
from footfall.reports.scope import Scope

_READS = reads("goals")
_WRITES = writes("goals")

Register = NamedDependency[SkipValidation[Goals]]
Id = FromPath[str]


@get("/api/v1/goals", opt=_READS, responses=ERRORS, sync_to_thread=True, summary="List goals")
def list_goals(project: Project, goals: Register) -> GoalList:
    """List the goals of the project, oldest first."""
    return GoalList([render_goal(saved) for saved in goals.list_saved(project)])


@post("/api/v1/goals", opt=_WRITES, responses=ERRORS, sync_to_thread=True, summary="Save a goal")
def create_goal(data: JSONBody[CreateGoal], project: Project, goals: Register) -> GoalBody:
    """Save a goal: a page, an event, a duration or a number of pages."""
    goal, wording = parse_goal(data.goal_type, data.config)
    return render_goal(goals.create(project, data.name, goal, wording))


@get(
    "/api/v1/goals/{goal_id:str}",
    opt=_READS,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Get a goal",
)
def get_goal(goal_id: Id, project: Project, goals: Register) -> GoalBody:
    """Return a goal."""
    return render_goal(goals.find(project, goal_id))


@put(
    "/api/v1/goals/{goal_id:str}",
    opt=_WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Change a goal",
)
def change_goal(
    goal_id: Id, data: JSONBody[ChangeGoal], project: Project, goals: Register
) -> GoalBody:
    """Change a goal's name, its configuration, or both."""
    if data.config is None and data.goal_type is None:
        return render_goal(goals.change(project, goal_id, name=data.name))
    words = render_wording(goals.find(project, goal_id))
    config = words.config if data.config is None else data.config
    goal, wording = parse_goal(data.goal_type or words.goal_type, config)
    changed = goals.change(project, goal_id, name=data.name, content=goal, wording=wording)
    return render_goal(changed)


@delete(
    "/api/v1/goals/{goal_id:str}",
    opt=_WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Delete a goal",
)
def remove_goal(goal_id: Id, project: Project, goals: Register) -> None:
    """Delete a goal; what was counted stays."""
    goals.remove(project, goal_id)


@get(
    "/api/v1/goals/{goal_id:str}/stats",
    opt=_READS,
    responses=ERRORS,
    summary="Conversions of a goal",
)
async def get_goal_stats(
    goal_id: Id, project: Project, goals: Register, reports: ReportsPort, period: Period
) -> GoalStats:
    """Sessions and visitors that reached the goal, and what they paid."""
    saved = await asyncio.to_thread(goals.find, project, goal_id)
    answer = await reports.ask(GoalQuestion(Scope(project, period), saved.content))
    return render_stats(saved, answer.total)


GOAL_ROUTES = (list_goals, create_goal, get_goal, change_goal, remove_goal, get_goal_stats)
