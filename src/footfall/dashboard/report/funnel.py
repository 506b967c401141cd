"""The pages of funnels: all of a project, one with its steps as bars, and the form that makes it.
Saved is what the steps are; how long the way may take is asked anew by whoever looks."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.figure import render_count, render_duration, render_share
from footfall.dashboard.links import Choice
from footfall.dashboard.page import AnyRequest, Page, find_target, render_redirect, render_screen
from footfall.dashboard.panel import name_of, title_of
from footfall.dashboard.report.catalogue import FUNNELS
from footfall.dashboard.report.goal import read_deed
from footfall.dashboard.report.grid import Cell, Grid, Line, find_width
from footfall.dashboard.report.page import open_editor, show_report
from footfall.dashboard.report.suggestion import load_suggestions
from footfall.dashboard.report.wording import KINDS, Deed, parse_deed, render_deed, render_goal
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, InvalidInputError
from footfall.reports.definition import Saved
from footfall.reports.funnel import (
    MOST_STEPS,
    FunnelFigures,
    FunnelQuestion,
    FunnelStep,
    StepFigures,
)

MOST = 40
"""Funnels asked about on one page."""

GROUPS = 8
"""Values of a breakdown shown; more would not be compared by eye."""

BREAKDOWNS = ("channel", "source", "device", "country", "browser", "utm_campaign")

STEP_KINDS = ("page", "event")
SPARE_STEPS = 2
"""Empty lines that the form offers below the steps there are."""

Steps = tuple[FunnelStep, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of a funnel."""

    number: int
    label: str
    words: str
    visitors: str
    from_first: str
    width: int
    gone_on: str
    """Share of the step before; '' for the first step."""
    left: str
    median: str
    """Time since the step before; '' where nobody took any."""


@dataclass(frozen=True, slots=True)
class FunnelCard:
    """One funnel of the list."""

    id: str
    name: str
    way: str
    overall: str
    first: str
    last: str
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FunnelList:
    """The funnels of a project."""

    cards: tuple[FunnelCard, ...]
    total: int


@dataclass(frozen=True, slots=True)
class FunnelView:
    """One funnel with its figures."""

    id: str
    name: str
    bars: tuple[Bar, ...]
    overall: str
    worst: str
    """One sentence on where most people leave; '' when nobody came."""
    choices: tuple[Choice, ...]
    grid: Grid | None


@get("/funnels")
async def show_funnels(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the funnels of a project, each with what share gets through."""
    return await show_report(door, request, sight, FUNNELS, load_funnels)


@get("/funnels/{funnel_id:str}")
async def show_funnel(
    request: AnyRequest, door: TheDoor, sight: TheSight, funnel_id: InPath
) -> Page:
    """Show one funnel."""

    async def load(door: Door, screen: Screen) -> FunnelView:
        return await load_funnel(door, screen, funnel_id)

    place = f"funnels/{funnel_id}"
    return await show_report(door, request, sight, FUNNELS, load, place=place, template="funnel")


async def load_funnels(door: Door, screen: Screen) -> FunnelList:
    """Ask for every funnel of the project."""
    saved = await asyncio.to_thread(door.parts.funnels.list_saved, screen.project.number)
    cards = await asyncio.gather(*(_load_card(door, screen, funnel) for funnel in saved[:MOST]))
    return FunnelList(tuple(cards), len(saved))


async def _load_card(door: Door, screen: Screen, funnel: Saved[Steps]) -> FunnelCard:
    figures: FunnelFigures = await door.parts.reports.ask(
        FunnelQuestion(screen.scope(), funnel.content)
    )
    steps, first = figures.steps, figures.steps[0].visitors
    return FunnelCard(
        id=funnel.id,
        name=funnel.name,
        way=" → ".join(step.label for step in funnel.content),
        overall=render_share(figures.overall),
        first=render_count(first),
        last=render_count(steps[-1].visitors),
        widths=tuple(find_width(step.visitors, first) for step in steps),
    )


async def load_funnel(door: Door, screen: Screen, funnel_id: str) -> FunnelView:
    """Ask for one funnel, by a dimension when the view says so.

    Raises NotFoundError, ForbiddenError for a dimension that is not theirs to see."""
    funnel = await asyncio.to_thread(door.parts.funnels.find, screen.project.number, funnel_id)
    by = screen.view.own_of("by")
    if by and not screen.viewer.shows_dimension(by):
        raise ForbiddenError(f"'{by}' is not shown here.")
    figures: FunnelFigures = await door.parts.reports.ask(
        FunnelQuestion(screen.scope(), funnel.content, dimension=by or None, limit=GROUPS)
    )
    offered = [d for d in BREAKDOWNS if screen.viewer.shows_dimension(d)]
    choices = [
        Choice(d, title_of(d), screen.url(screen.view.with_own(by=d)), d == by) for d in offered
    ]
    nothing = Choice("", "Everybody", screen.url(screen.view.with_own(by="")), not by)
    return FunnelView(
        id=funnel.id,
        name=funnel.name,
        bars=tuple(_make_bars(funnel.content, figures.steps)),
        overall=render_share(figures.overall),
        worst=_find_worst(funnel.content, figures.steps),
        choices=(nothing, *choices),
        grid=_make_groups(by, funnel.content, figures) if by else None,
    )


def _make_bars(steps: Steps, figures: Sequence[StepFigures]) -> list[Bar]:
    first = figures[0].visitors
    return [
        Bar(
            number=number,
            label=step.label,
            words=render_goal(step.deed),
            visitors=render_count(f.visitors),
            from_first=render_share(f.from_first),
            width=find_width(f.visitors, first),
            gone_on=render_share(f.from_previous) if number > 1 else "",
            left=render_count(f.drop_off) if number > 1 else "",
            median="" if f.median_s is None else render_duration(f.median_s),
        )
        for number, (step, f) in enumerate(zip(steps, figures, strict=True), 1)
    ]


def _find_worst(steps: Steps, figures: Sequence[StepFigures]) -> str:
    if not figures[0].visitors:
        return ""
    at = max(range(1, len(steps)), key=lambda n: figures[n].drop_off)
    if not figures[at].drop_off:
        return "Nobody leaves on the way."
    left = render_count(figures[at].drop_off)
    return f"Most leave between “{steps[at - 1].label}” and “{steps[at].label}”: {left}."


def _make_groups(by: str, steps: Steps, figures: FunnelFigures) -> Grid:
    largest = max((g.steps[0].visitors for g in figures.groups), default=0)
    lines = tuple(
        Line(
            name=name_of(by, group.value),
            cells=(
                *(Cell(render_count(s.visitors)) for s in group.steps),
                Cell(render_share(group.steps[-1].from_first)),
            ),
            width=find_width(group.steps[0].visitors, largest),
        )
        for group in figures.groups
    )
    return Grid(title_of(by), (*(step.label for step in steps), "Through"), lines)


@dataclass(frozen=True, slots=True)
class _Row:
    """A step as the form shows it."""

    number: int
    deed: Deed
    label: str = ""
    words: str = ""
    """Set: the fields cannot say what the step asks for."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A funnel as the form shows it."""

    id: str = ""
    name: str = ""
    rows: tuple[_Row, ...] = ()
    problem: str = ""


@get("/funnels/new")
async def show_new_funnel(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the form of a new funnel."""
    screen = await open_editor(door, request, sight, FUNNELS, "funnels")
    return await _render_form(door, request, sight, screen, _Draft(rows=_fill([], 4)))


@get("/funnels/{funnel_id:str}/edit")
async def show_funnel_form(
    request: AnyRequest, door: TheDoor, sight: TheSight, funnel_id: InPath
) -> Page:
    """Show the form of a saved funnel."""
    screen = await open_editor(door, request, sight, FUNNELS, "funnels")
    funnel = await asyncio.to_thread(door.parts.funnels.find, screen.project.number, funnel_id)
    rows = []
    for number, step in enumerate(funnel.content, 1):
        deed = render_deed(step.deed)
        words = "" if deed else render_goal(step.deed)
        rows.append(_Row(number, deed or Deed(), step.label, words))
    draft = _Draft(funnel.id, funnel.name, _fill(rows, SPARE_STEPS))
    return await _render_form(door, request, sight, screen, draft)


@post("/funnels/new", status_code=200)
async def save_new_funnel(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Save a new funnel."""
    return await _save(door, request, sight, "")


@post("/funnels/{funnel_id:str}/edit", status_code=200)
async def save_funnel(
    request: AnyRequest, door: TheDoor, sight: TheSight, funnel_id: InPath
) -> Page:
    """Change a saved funnel."""
    return await _save(door, request, sight, funnel_id)


@post("/funnels/{funnel_id:str}/remove", status_code=200)
async def remove_funnel(
    request: AnyRequest, door: TheDoor, sight: TheSight, funnel_id: InPath
) -> Page:
    """Delete a funnel; what was counted stays."""
    door.check_form(request)
    screen = await open_editor(door, request, sight, FUNNELS, "funnels")
    await asyncio.to_thread(door.parts.funnels.remove, screen.project.number, funnel_id)
    return render_redirect(request, screen.path)


async def _save(door: Door, request: AnyRequest, sight: Sight, funnel_id: str) -> Page:
    door.check_form(request)
    screen = await open_editor(door, request, sight, FUNNELS, "funnels")
    form = await read_form(request)
    funnels, number = door.parts.funnels, screen.project.number
    kept: Steps = ()
    if funnel_id:
        kept = (await asyncio.to_thread(funnels.find, number, funnel_id)).content
    name = read_field(form, "name")
    rows = [
        _Row(
            n, read_deed(form, str(n)), read_field(form, f"label{n}"), read_field(form, f"keep{n}")
        )
        for n in range(1, MOST_STEPS + 1)
    ]
    try:
        steps = tuple(_parse_step(r, kept) for r in rows if r.deed.value.strip() or r.words)
        named = name.strip() or " → ".join(s.label for s in steps)[:200]
        if funnel_id:
            await asyncio.to_thread(funnels.change, number, funnel_id, name=named, content=steps)
        else:
            made = await asyncio.to_thread(funnels.create, number, named, steps)
            funnel_id = made.id
    except InvalidInputError as error:
        filled = [row for row in rows if row.deed.value.strip() or row.words]
        draft = _Draft(funnel_id, name, _fill(filled, SPARE_STEPS), error.message)
        return await _render_form(door, request, sight, screen, draft)
    return render_redirect(request, f"{screen.path}/{funnel_id}")


def _parse_step(row: _Row, kept: Steps) -> FunnelStep:
    if row.words and row.number <= len(kept):
        return replace(kept[row.number - 1], label=row.label or row.words)
    deed = parse_deed(row.deed, field=f"value{row.number}", kinds=STEP_KINDS)
    return FunnelStep(row.label.strip() or row.deed.value.strip(), deed)


def _fill(rows: list[_Row], spare: int) -> tuple[_Row, ...]:
    """Number the rows and add empty ones."""
    filled = [replace(row, number=n) for n, row in enumerate(rows, 1)]
    upto = min(MOST_STEPS, max(len(rows) + spare, 4))
    return (*filled, *(_Row(n, Deed()) for n in range(len(rows) + 1, upto + 1)))


async def _render_form(
    door: Door, request: AnyRequest, sight: Sight, screen: Screen, draft: _Draft
) -> Page:
    context = await make_context(door, sight, screen, FUNNELS.key)
    context |= {
        "draft": draft,
        "kinds": {kind: KINDS[kind] for kind in STEP_KINDS},
        "suggestions": await load_suggestions(door, screen),
        "is_dialog": find_target(request).startswith("dialog"),
    }
    template = "funnel_form.html" if context["is_dialog"] else "funnel_form_page.html"
    status = 400 if draft.problem else 200
    return render_screen(f"report/{template}", screen, context, status=status)


FUNNEL_EDITORS = (
    show_new_funnel,
    show_funnel_form,
    save_new_funnel,
    save_funnel,
    remove_funnel,
)
