"""The page of goals: what counts as success, how often it happened, what it was worth. A goal can
be clicked: every other page then shows only the visits that reached it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.figure import (
    NOTHING,
    Change,
    Face,
    render_change,
    render_count,
    render_share,
)
from footfall.dashboard.page import AnyRequest, Page, find_target, render_redirect, render_screen
from footfall.dashboard.report.catalogue import GOALS
from footfall.dashboard.report.grid import make_spark
from footfall.dashboard.report.page import open_editor, show_report
from footfall.dashboard.report.suggestion import load_suggestions
from footfall.dashboard.report.wording import KINDS, Deed, parse_deed, render_deed, render_goal
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.state import render_query
from footfall.dashboard.viewer import Sight
from footfall.errors import InvalidInputError
from footfall.reports.definition import Saved
from footfall.reports.goal import GoalAnswer, GoalFigures, GoalQuestion
from footfall.reports.query import GoalFilter

MOST = 40
"""Goals asked about on one page; each is some questions to the warehouse."""

_CONVERSIONS = Face("conversions", "Conversions", "count", "up", "")


@dataclass(frozen=True, slots=True)
class GoalCard:
    """One goal with its figures."""

    id: str
    name: str
    words: str
    conversions: str
    change: Change | None
    visitors: str
    rate: str
    revenue: str
    spark: str
    url: str
    """Where everything is filtered by it."""
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class GoalList:
    """What the page shows."""

    cards: tuple[GoalCard, ...]
    total: int


@get("/goals")
async def show_goals(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the goals of a project with their figures."""
    return await show_report(door, request, sight, GOALS, load_goals)


async def load_goals(door: Door, screen: Screen) -> GoalList:
    """Ask for every goal of the project."""
    saved = await asyncio.to_thread(door.parts.goals.list_saved, screen.project.number)
    cards = await asyncio.gather(*(_load_card(door, screen, goal) for goal in saved[:MOST]))
    return GoalList(tuple(cards), len(saved))


async def _load_card(door: Door, screen: Screen, goal: Saved[GoalFilter]) -> GoalCard:
    reports, interval = door.parts.reports, screen.interval
    answer: GoalAnswer = await reports.ask(GoalQuestion(screen.scope(), goal.content, interval))
    before = None
    if screen.period.compare:
        earlier = await reports.ask(GoalQuestion(screen.scope(screen.period.compare), goal.content))
        before = earlier.total.conversions
    total = answer.total
    kept = replace(screen.view.elsewhere(), goal=goal.id)
    return GoalCard(
        id=goal.id,
        name=goal.name,
        words=f"A visit counts when it {render_goal(goal.content)}.",
        conversions=render_count(total.conversions),
        change=render_change(_CONVERSIONS, total.conversions, before),
        visitors=f"{render_count(total.converted_visitors)} of {render_count(total.visitors)}",
        rate=render_share(total.rate),
        revenue=render_revenue(total),
        spark=make_spark([line.figures.conversions for line in answer.lines]),
        url=screen.home + render_query(kept),
        is_chosen=screen.goal is not None and screen.goal.id == goal.id,
    )


def render_revenue(figures: GoalFigures) -> str:
    """Write what a goal was worth, each currency by itself; '–' for nothing."""
    parts = [f"{amount:,.2f} {code}".strip() for code, amount in sorted(figures.revenue.items())]
    return " + ".join(parts) or NOTHING


@get("/goals/new")
async def show_new_goal(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the form of a new goal, in a dialog or as a page."""
    screen = await open_editor(door, request, sight, GOALS, "goals")
    return await _render_form(door, request, sight, screen, _Draft())


@get("/goals/{goal_id:str}")
async def show_goal(request: AnyRequest, door: TheDoor, sight: TheSight, goal_id: InPath) -> Page:
    """Show the form of a saved goal."""
    screen = await open_editor(door, request, sight, GOALS, "goals")
    goal = await asyncio.to_thread(door.parts.goals.find, screen.project.number, goal_id)
    deed = render_deed(goal.content)
    words = "" if deed else render_goal(goal.content)
    draft = _Draft(goal.id, goal.name, deed or Deed(), words)
    return await _render_form(door, request, sight, screen, draft)


@post("/goals/new", status_code=200)
async def save_new_goal(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Save a new goal."""
    return await _save(door, request, sight, "")


@post("/goals/{goal_id:str}", status_code=200)
async def save_goal(request: AnyRequest, door: TheDoor, sight: TheSight, goal_id: InPath) -> Page:
    """Change a saved goal."""
    return await _save(door, request, sight, goal_id)


@post("/goals/{goal_id:str}/remove", status_code=200)
async def remove_goal(request: AnyRequest, door: TheDoor, sight: TheSight, goal_id: InPath) -> Page:
    """Delete a goal; what was counted stays."""
    door.check_form(request)
    screen = await open_editor(door, request, sight, GOALS, "goals")
    await asyncio.to_thread(door.parts.goals.remove, screen.project.number, goal_id)
    return render_redirect(request, screen.path)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A goal as the form shows it."""

    id: str = ""
    name: str = ""
    deed: Deed = field(default_factory=Deed)
    words: str = ""
    """Set: the fields cannot say what it asks for; these words can."""
    problem: str = ""


async def _save(door: Door, request: AnyRequest, sight: Sight, goal_id: str) -> Page:
    door.check_form(request)
    screen = await open_editor(door, request, sight, GOALS, "goals")
    form = await read_form(request)
    name, deed = read_field(form, "name"), read_deed(form)
    goals, number = door.parts.goals, screen.project.number
    try:
        if goal_id and read_field(form, "keep"):
            await asyncio.to_thread(goals.change, number, goal_id, name=name)
        elif goal_id:
            content = parse_deed(deed, field="value")
            await asyncio.to_thread(goals.change, number, goal_id, name=name, content=content)
        else:
            content = parse_deed(deed, field="value")
            await asyncio.to_thread(goals.create, number, name or render_goal(content), content)
    except InvalidInputError as error:
        words = read_field(form, "keep")
        draft = _Draft(goal_id, name, deed, words, error.message)
        return await _render_form(door, request, sight, screen, draft)
    return render_redirect(request, screen.path)


def read_deed(form: Mapping[str, list[str]], number: str = "") -> Deed:
    """Read the fields of one deed; those of a funnel's steps carry the step's number."""
    fields = (f"{name}{number}" for name in ("kind", "value", "prop", "prop_value"))
    return Deed(*(read_field(dict(form), name) for name in fields))


async def _render_form(
    door: Door, request: AnyRequest, sight: Sight, screen: Screen, draft: _Draft
) -> Page:
    context = await make_context(door, sight, screen, GOALS.key)
    context |= {
        "draft": draft,
        "kinds": KINDS,
        "suggestions": await load_suggestions(door, screen),
        "is_dialog": find_target(request).startswith("dialog"),
    }
    template = "goal_form.html" if context["is_dialog"] else "goal_form_page.html"
    status = 400 if draft.problem else 200
    return render_screen(f"report/{template}", screen, context, status=status)


GOAL_EDITORS = (show_new_goal, show_goal, save_new_goal, save_goal, remove_goal)
