"""Routes of Pulse's surveys. They run in threads, as records block."""

from typing import Annotated

from litestar import Response, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath, JSONBody, QueryParameter, SkipValidation

from footfall.dialects.pulse.access import ERRORS, reads, serves, writes
from footfall.dialects.pulse.core import Limit, Offset, Project
from footfall.dialects.pulse.surveys.parse import Dates, parse_change, parse_definition
from footfall.dialects.pulse.surveys.render import (
    render_active,
    render_figures,
    render_item,
    render_response,
    render_survey,
)
from footfall.dialects.pulse.surveys.shape import (
    ActiveList,
    ChangeStatus,
    ChangeSurvey,
    CreateSurvey,
    ResponseList,
    SurveyBody,
    SurveyList,
    SurveyStats,
)
from footfall.http.paging import parse_page
from footfall.surveys.register import Surveys
from footfall.surveys.response import Responses
from footfall.surveys.statistic import count_responses
from footfall.surveys.table import render_csv

READS, WRITES, SERVES = reads("surveys"), writes("surveys"), serves("surveys")

RESPONSES_LIMIT = 50
"""Responses of a list when the caller does not say [original]."""

Id = FromPath[str]
Register = NamedDependency[SkipValidation[Surveys]]
ResponseBook = NamedDependency[SkipValidation[Responses]]
GivenDates = NamedDependency[SkipValidation[Dates]]


def provide_dates(
    start_at: Annotated[
        str | None, QueryParameter(description="Period start, ISO 8601. Default: all time.")
    ] = None,
    end_at: Annotated[
        str | None, QueryParameter(description="Period end, ISO 8601. Default: all time.")
    ] = None,
) -> Dates:
    """Give the dates that the request asks for; here none means all time."""
    return Dates(start_at, end_at)


DATES = {"dates": Provide(provide_dates, sync_to_thread=False)}


@get("/api/v1/surveys", opt=READS, responses=ERRORS, sync_to_thread=True, summary="List surveys")
def list_surveys(project: Project, surveys: Register) -> SurveyList:
    """List the surveys of the project, newest first."""
    return SurveyList([render_item(survey) for survey in surveys.list_surveys(project)])


@post(
    "/api/v1/surveys", opt=WRITES, responses=ERRORS, sync_to_thread=True, summary="Create a survey"
)
def create_survey(project: Project, surveys: Register, data: JSONBody[CreateSurvey]) -> SurveyBody:
    """Create a survey in the state draft."""
    return render_survey(surveys.create(project, parse_definition(data)))


@get(
    "/api/v1/surveys/active",
    opt=SERVES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Surveys to show",
)
def list_active_surveys(project: Project, surveys: Register) -> ActiveList:
    """List the surveys that take responses now, for a page to show."""
    return ActiveList([render_active(survey) for survey in surveys.list_active(project)])


@get(
    "/api/v1/surveys/{survey_id:str}",
    opt=READS,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Get a survey",
)
def get_survey(project: Project, surveys: Register, survey_id: Id) -> SurveyBody:
    """Return a survey with its full configuration."""
    return render_survey(surveys.find(project, survey_id))


@put(
    "/api/v1/surveys/{survey_id:str}",
    opt=WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Change a survey",
)
def change_survey(
    project: Project, surveys: Register, survey_id: Id, data: JSONBody[ChangeSurvey]
) -> SurveyBody:
    """Change a survey that is draft or paused."""
    survey = surveys.find(project, survey_id)
    return render_survey(surveys.save(survey, parse_change(data, survey.definition)))


@put(
    "/api/v1/surveys/{survey_id:str}/status",
    opt=WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Start, pause or archive a survey",
)
def set_survey_status(
    project: Project, surveys: Register, survey_id: Id, data: JSONBody[ChangeStatus]
) -> SurveyBody:
    """Put a survey into a state."""
    return render_survey(surveys.set_status(surveys.find(project, survey_id), data.status))


@delete(
    "/api/v1/surveys/{survey_id:str}",
    opt=WRITES,
    responses=ERRORS,
    sync_to_thread=True,
    summary="Delete a survey",
)
def delete_survey(project: Project, surveys: Register, survey_id: Id) -> None:
    """Delete a survey and all its responses."""
    surveys.remove(surveys.find(project, survey_id))


@get(
    "/api/v1/surveys/{survey_id:str}/responses",
    opt=READS,
    responses=ERRORS,
    dependencies=DATES,
    sync_to_thread=True,
    summary="Responses to a survey",
)
def list_responses(
    project: Project,
    surveys: Register,
    responses: ResponseBook,
    survey_id: Id,
    dates: GivenDates,
    limit: Limit = None,
    offset: Offset = None,
) -> ResponseList:
    """List responses, newest first; 50 unless `limit` says otherwise."""
    survey = surveys.find(project, survey_id)
    page = parse_page(limit, offset, default=RESPONSES_LIMIT)
    found, total = responses.list_responses(
        survey, dates.parse(), limit=page.limit, offset=page.offset
    )
    return ResponseList([render_response(response) for response in found], total)


@get(
    "/api/v1/surveys/{survey_id:str}/responses.csv",
    opt=READS,
    responses=ERRORS,
    dependencies=DATES,
    sync_to_thread=True,
    summary="Responses to a survey as CSV",
)
def send_responses_csv(
    project: Project, surveys: Register, responses: ResponseBook, survey_id: Id, dates: GivenDates
) -> Response[str]:
    """Return every response as one line of comma-separated values, safe for spreadsheets."""
    survey = surveys.find(project, survey_id)
    lines = render_csv(survey.definition, responses.scan(survey, dates.parse()))
    headers = {"Content-Disposition": f'attachment; filename="{survey.id}.csv"'}
    return Response("".join(lines), media_type="text/csv", headers=headers)


@get(
    "/api/v1/surveys/{survey_id:str}/stats",
    opt=READS,
    responses=ERRORS,
    dependencies=DATES,
    sync_to_thread=True,
    summary="Figures of a survey",
)
def get_survey_stats(
    project: Project, surveys: Register, responses: ResponseBook, survey_id: Id, dates: GivenDates
) -> SurveyStats:
    """Return totals, completion rate and the figures of each question."""
    survey = surveys.find(project, survey_id)
    figures = count_responses(survey.definition, responses.scan(survey, dates.parse()))
    return render_figures(survey, figures)


SURVEY_ROUTES = (
    list_surveys,
    create_survey,
    list_active_surveys,
    get_survey,
    change_survey,
    set_survey_status,
    delete_survey,
    list_responses,
    send_responses_csv,
    get_survey_stats,
)
