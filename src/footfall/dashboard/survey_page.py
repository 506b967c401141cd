"""Pages of surveys: the list, the results of one, and the form that makes and changes one. Whoever
may see the project reads results; only the operator changes anything."""

from functools import cache
from typing import Any

from litestar import Response, get, post
from litestar.params import FromQuery

from footfall.dashboard.context import TheSight, make_context, open_screen
from footfall.dashboard.door import Door, InPath, TheDoor
from footfall.dashboard.page import HEADERS, AnyRequest, Page, render_redirect, render_screen
from footfall.dashboard.period import render_day
from footfall.dashboard.screen import Screen
from footfall.dashboard.sign_in import read_field, read_form
from footfall.dashboard.state import render_query
from footfall.dashboard.survey_form import (
    QUESTION_TITLES,
    TRIGGER_TITLES,
    SurveyForm,
    parse_survey_form,
    read_survey_form,
    render_survey_form,
)
from footfall.dashboard.survey_result import make_response_chart, make_results, make_rows
from footfall.dashboard.viewer import Sight
from footfall.errors import ForbiddenError, InvalidInputError
from footfall.model.time_range import TimeRange, from_us
from footfall.scripts import load_script_files
from footfall.surveys.definition import POSITIONS, THEMES
from footfall.surveys.survey import EDITABLE, Survey

SURVEYS = "/surveys"

FORM_LIMIT_BYTES = 256 * 1024
"""Thirty questions with thirty options of a hundred characters, percent-encoded."""

ROWS = 25
"""Responses of one page of the list."""

NEXT_STATES = {
    "draft": (("active", "Start"), ("archived", "Archive")),
    "active": (("paused", "Pause"), ("completed", "End")),
    "paused": (("active", "Resume"), ("completed", "End")),
    "completed": (("active", "Start again"), ("archived", "Archive")),
    "archived": (("draft", "Back to drafts"),),
}
"""What the page offers in each state; the first is the usual next step."""


@get(SURVEYS)
async def show_surveys(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show the surveys of a project."""
    screen = await open_screen(door, request, sight)
    surveys = await door.parts.surveys.list_surveys(screen.project)
    return await _render(door, sight, screen, "survey_list.html", {"surveys": surveys})


@post(f"{SURVEYS}/on")
async def switch_surveys_on(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Let the project show surveys and take responses."""
    screen = await _open_to_change(door, request, sight)
    await door.parts.surveys.switch_on(screen.project)
    return render_redirect(request, f"{screen.home}/surveys")


@get(f"{SURVEYS}/new")
async def show_new_survey(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Show an empty form."""
    screen = await open_screen(door, request, sight)
    _require_operator(screen)
    return await _render_form(door, sight, screen, SurveyForm())


@post(f"{SURVEYS}/new", status_code=200)
async def create_survey(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Make a survey, or show the form again with one question more or less."""
    screen = await _open_to_change(door, request, sight)
    fields = await read_form(request, limit_bytes=FORM_LIMIT_BYTES)
    form = read_survey_form(fields)
    if read_field(fields, "do") != "save":
        return await _render_form(door, sight, screen, form)
    try:
        survey = await door.parts.surveys.create(screen.project, parse_survey_form(form))
    except InvalidInputError as error:
        return await _render_form(door, sight, screen, form, problem=error.message)
    return render_redirect(request, f"{screen.home}/surveys/{survey.id}")


@get(f"{SURVEYS}/{{survey_id:str}}")
async def show_survey(
    request: AnyRequest, door: TheDoor, sight: TheSight, survey_id: InPath, page: FromQuery[int] = 1
) -> Page:
    """Show what was answered to a survey."""
    screen = await open_screen(door, request, sight)
    desk = door.parts.surveys
    survey = await desk.find(screen.project, survey_id)
    period = _find_period(screen)
    figures = await desk.count(survey, period)
    page = min(max(page, 1), max(1, -(-figures.total // ROWS)))
    responses, total = await desk.list_responses(
        survey, period, limit=ROWS, offset=(page - 1) * ROWS
    )
    values = {
        "survey": survey,
        "is_period": period is not None,
        "days": render_query(screen.view) if period else "",
        "figures": figures,
        "results": make_results(figures),
        "rows": make_rows(survey, responses),
        "chart": make_response_chart(figures),
        "next_states": NEXT_STATES[survey.status],
        "is_editable": survey.status in EDITABLE,
        "page": page,
        "has_more": page * ROWS < total,
    }
    return await _render(door, sight, screen, "survey.html", values)


@get(f"{SURVEYS}/{{survey_id:str}}/edit")
async def show_survey_form(
    request: AnyRequest, door: TheDoor, sight: TheSight, survey_id: InPath
) -> Page:
    """Show the form of a survey."""
    screen = await open_screen(door, request, sight)
    _require_operator(screen)
    survey = await door.parts.surveys.find(screen.project, survey_id)
    return await _render_form(
        door, sight, screen, render_survey_form(survey.definition), survey=survey
    )


@post(f"{SURVEYS}/{{survey_id:str}}/edit", status_code=200)
async def save_survey(
    request: AnyRequest, door: TheDoor, sight: TheSight, survey_id: InPath
) -> Page:
    """Change a survey, or show the form again with one question more or less."""
    screen = await _open_to_change(door, request, sight)
    survey = await door.parts.surveys.find(screen.project, survey_id)
    fields = await read_form(request, limit_bytes=FORM_LIMIT_BYTES)
    form = read_survey_form(fields)
    if read_field(fields, "do") != "save":
        return await _render_form(door, sight, screen, form, survey=survey)
    try:
        await door.parts.surveys.save(survey, parse_survey_form(form))
    except InvalidInputError as error:
        return await _render_form(door, sight, screen, form, survey=survey, problem=error.message)
    return render_redirect(request, f"{screen.home}/surveys/{survey.id}")


@post(f"{SURVEYS}/{{survey_id:str}}/status")
async def set_survey_status(
    request: AnyRequest, door: TheDoor, sight: TheSight, survey_id: InPath
) -> Page:
    """Start, pause, end or archive a survey."""
    screen = await _open_to_change(door, request, sight)
    survey = await door.parts.surveys.find(screen.project, survey_id)
    status = read_field(await read_form(request), "status")
    await door.parts.surveys.set_status(survey, status)
    return render_redirect(request, f"{screen.home}/surveys/{survey.id}")


@post(f"{SURVEYS}/{{survey_id:str}}/delete")
async def remove_survey(
    request: AnyRequest, door: TheDoor, sight: TheSight, survey_id: InPath
) -> Page:
    """Delete a survey and its responses."""
    screen = await _open_to_change(door, request, sight)
    await door.parts.surveys.remove(await door.parts.surveys.find(screen.project, survey_id))
    return render_redirect(request, f"{screen.home}/surveys")


@get(f"{SURVEYS}/{{survey_id:str}}/responses.csv")
async def send_survey_csv(
    request: AnyRequest, door: TheDoor, sight: TheSight, survey_id: InPath
) -> Response[str]:
    """Send every response as comma-separated values."""
    screen = await open_screen(door, request, sight)
    survey = await door.parts.surveys.find(screen.project, survey_id)
    return Response(
        await door.parts.surveys.render_csv(survey, _find_period(screen)),
        media_type="text/csv",
        headers={**HEADERS, "Content-Disposition": f'attachment; filename="{survey.id}.csv"'},
    )


async def _open_to_change(door: Door, request: AnyRequest, sight: Sight) -> Screen:
    door.check_form(request)
    screen = await open_screen(door, request, sight)
    _require_operator(screen)
    return screen


def _find_period(screen: Screen) -> TimeRange | None:
    """Return the days that the address names; None for all time, which is what surveys show
    unless somebody asks for less."""
    return screen.period.range if screen.view.first else None


def _require_operator(screen: Screen) -> None:
    if not screen.viewer.is_operator:
        raise ForbiddenError("Only the operator changes surveys; sign in with the admin token.")


async def _render_form(
    door: Door,
    sight: Sight,
    screen: Screen,
    form: SurveyForm,
    *,
    survey: Survey | None = None,
    problem: str = "",
) -> Page:
    values = {
        "form": form,
        "survey": survey,
        "problem": problem,
        "question_titles": QUESTION_TITLES,
        "trigger_titles": TRIGGER_TITLES,
        "positions": POSITIONS,
        "themes": THEMES,
        "widget": _find_widget(),
    }
    return await _render(door, sight, screen, "survey_form.html", values)


async def _render(
    door: Door, sight: Sight, screen: Screen, template: str, values: dict[str, Any]
) -> Page:
    context = await make_context(door, sight, screen, "surveys")
    context |= {
        "is_on": door.parts.surveys.is_on(screen.project),
        "may_change": screen.viewer.is_operator,
        "day_of": lambda us: render_day(from_us(us).astimezone(screen.calendar.zone).date()),
        **values,
    }
    return render_screen(template, screen, context)


@cache
def _find_widget() -> str:
    """Return the address of the widget's script, for the preview."""
    file = load_script_files().find("/api/script/survey-00000000.js")
    return "" if file is None else file.path


SURVEY_PAGES = (
    show_surveys,
    switch_surveys_on,
    show_new_survey,
    create_survey,
    show_survey,
    show_survey_form,
    save_survey,
    set_survey_status,
    remove_survey,
    send_survey_csv,
)
