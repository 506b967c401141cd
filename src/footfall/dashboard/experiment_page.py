"""The pages of experiments: all of a project, and one with its results. The operator creates,
starts and ends them here; who holds a reading key looks."""

import asyncio

from litestar import get, post

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.experiment import (
    ACTIONS,
    STATUS_WORDS,
    make_sheet,
    render_percent,
    render_weight,
)
from footfall.dashboard.page import AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.period import render_day
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, InvalidInputError, NotFoundError
from footfall.experiments.experiment import Plan, Variant
from footfall.experiments.laboratory import Laboratory
from footfall.experiments.status import PERMISSIVE, parse_status
from footfall.model.time_range import from_us

PATH = "/experiments"


@get(PATH)
async def show_experiments(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the experiments and flags of a project, newest first."""
    screen = await open_screen(door, request, sight)
    laboratory = _find_laboratory(door)
    found = await asyncio.to_thread(laboratory.experiments.list_experiments, screen.project.number)
    context = await make_context(door, sight, screen, "experiments")
    context |= {
        "experiments": found[::-1],
        "status_words": STATUS_WORDS,
        "percent": lambda value: render_percent(value / 100),
        "day_of": _make_day(screen),
    }
    return render_screen("experiments.html", screen, context)


@post(PATH, status_code=200)
async def create_experiment(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Create an experiment or a flag as a draft, and show it."""
    door.check_form(request)
    screen = await _open_as_operator(door, request, sight)
    form = await read_form(request)
    plan = Plan(
        id=read_field(form, "id").strip(),
        name=read_field(form, "name"),
        kind="flag" if read_field(form, "kind") == "flag" else "",
        metric=read_field(form, "metric").strip(),
        traffic_percent=parse_number(read_field(form, "traffic") or "100", "traffic"),
        variants=parse_variants(read_field(form, "variants")),
    )
    made = await asyncio.to_thread(
        _find_laboratory(door).experiments.create, screen.project.number, plan
    )
    return render_redirect(request, f"{screen.home}/experiments/{made.id}")


@get(f"{PATH}/{{experiment_id:str}}")
async def show_experiment(
    request: AnyRequest, door: TheDoor, sight: TheSight, experiment_id: InPath
) -> Page:
    """Show one experiment with its results until now."""
    screen = await open_screen(door, request, sight)
    laboratory = _find_laboratory(door)
    experiment = await asyncio.to_thread(
        laboratory.experiments.find, screen.project.number, experiment_id
    )
    context = await make_context(door, sight, screen, "experiments")
    context |= {
        "experiment": experiment,
        "sheet": make_sheet(await laboratory.analyse(experiment)),
        "actions": ACTIONS[experiment.status],
        "status_words": STATUS_WORDS,
        "weight_of": lambda index: render_weight(experiment, index),
        "percent": lambda value: render_percent(value / 100),
        "day_of": _make_day(screen),
    }
    return render_screen("experiment.html", screen, context)


@post(f"{PATH}/{{experiment_id:str}}/status")
async def change_experiment_status(
    request: AnyRequest, door: TheDoor, sight: TheSight, experiment_id: InPath
) -> Page:
    """Start, pause, complete or archive an experiment."""
    door.check_form(request)
    screen = await _open_as_operator(door, request, sight)
    experiments = _find_laboratory(door).experiments
    status = parse_status(read_field(await read_form(request), "status"))
    project = screen.project.number
    changed = await asyncio.to_thread(
        experiments.change_status, project, experiment_id, status, PERMISSIVE
    )
    return render_redirect(request, f"{screen.home}/experiments/{changed.id}")


def parse_variants(text: str) -> tuple[Variant, ...]:
    """Read variants, one a line: a name, and after the last comma its weight, 1 when there is
    none. Raises InvalidInputError."""
    variants = []
    for line in text.splitlines():
        if not line.strip():
            continue
        name, comma, weight = line.rpartition(",")
        parsed = parse_number(weight.strip(), "weight") if comma else 1.0
        variants.append(Variant("", (name if comma else line).strip(), parsed))
    return tuple(variants)


def parse_number(text: str, field: str) -> float:
    """Read a number. Raises InvalidInputError that quotes it."""
    try:
        return float(text)
    except ValueError:
        raise InvalidInputError(
            f"{field} '{text[:40]}' is no number; write for example 50", field=field
        ) from None


def _find_laboratory(door: Door) -> Laboratory:
    if door.parts.laboratory is None:
        raise NotFoundError("Page", "experiments")
    return door.parts.laboratory


async def _open_as_operator(door: Door, request: AnyRequest, sight: Sight) -> Screen:
    screen = await open_screen(door, request, sight)
    if not screen.viewer.is_operator:
        raise ForbiddenError("Experiments are the operator's to change; a reading key may look.")
    return screen


def _make_day(screen: Screen) -> object:
    return lambda us: render_day(from_us(us).astimezone(screen.calendar.zone).date())


EXPERIMENT_PAGES = (
    show_experiments,
    create_experiment,
    show_experiment,
    change_experiment_status,
)
