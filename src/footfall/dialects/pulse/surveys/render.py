"""From surveys, responses and figures to Pulse's words. Nothing here can fail."""

from footfall.dialects.pulse.render import render_time
from footfall.dialects.pulse.surveys.shape import (
    ActiveSurvey,
    AnswerBody,
    AppearanceBody,
    QuestionBody,
    QuestionStats,
    ResponseBody,
    SurveyBody,
    SurveyDay,
    SurveyItem,
    SurveyStats,
    TriggerBody,
)
from footfall.surveys.definition import Appearance, Question, Trigger
from footfall.surveys.response import Response
from footfall.surveys.statistic import Figures, QuestionFigures
from footfall.surveys.survey import Survey


def render_item(survey: Survey) -> SurveyItem:
    """Return a survey for a list."""
    return SurveyItem(
        survey.id,
        survey.definition.name,
        survey.status,
        survey.responses,
        render_time(survey.created_at_us),
    )


def render_survey(survey: Survey) -> SurveyBody:
    """Return a survey with everything."""
    definition = survey.definition
    return SurveyBody(
        id=survey.id,
        name=definition.name,
        status=survey.status,
        questions=[_question(question) for question in definition.questions],
        trigger_config=_trigger(definition.trigger),
        appearance=_appearance(definition.appearance),
        response_limit=definition.response_limit,
        responses=survey.responses,
        created_at=render_time(survey.created_at_us),
        updated_at=render_time(survey.updated_at_us),
    )


def render_active(survey: Survey) -> ActiveSurvey:
    """Return what a page needs to show a survey."""
    definition = survey.definition
    return ActiveSurvey(
        id=survey.id,
        name=definition.name,
        questions=[_question(question) for question in definition.questions],
        trigger_config=_trigger(definition.trigger),
        appearance=_appearance(definition.appearance),
    )


def render_response(response: Response) -> ResponseBody:
    """Return what one visitor answered."""
    return ResponseBody(
        id=response.id,
        answers=[AnswerBody(id_, value) for id_, value in response.answers.items()],
        completed=response.is_completed,
        path=response.path,
        submitted_at=render_time(response.submitted_at_us),
    )


def render_figures(survey: Survey, figures: Figures) -> SurveyStats:
    """Return the figures of a survey."""
    return SurveyStats(
        survey_id=survey.id,
        total_responses=figures.total,
        completed_responses=figures.completed,
        completion_rate=round(figures.completion_rate, 1),
        questions=[_question_figures(question) for question in figures.questions],
        timeline=[SurveyDay(*day) for day in figures.days],
    )


def _question_figures(figures: QuestionFigures) -> QuestionStats:
    return QuestionStats(
        id=figures.question.id,
        text=figures.question.text,
        type=figures.question.type,
        answers=figures.answers,
        avg_value=None if figures.average is None else round(figures.average, 1),
        distribution=figures.distribution,
        nps=None if figures.nps is None else round(figures.nps, 1),
        latest=list(figures.latest),
    )


def _question(question: Question) -> QuestionBody:
    return QuestionBody(
        id=question.id,
        type=question.type,
        text=question.text,
        min=question.min,
        max=question.max,
        required=question.required,
        options=None if question.options is None else list(question.options),
        min_label=question.min_label,
        max_label=question.max_label,
    )


def _trigger(trigger: Trigger) -> TriggerBody:
    return TriggerBody(
        type=trigger.type,
        delay_seconds=_plain(trigger.delay_seconds),
        scroll_percent=_plain(trigger.scroll_percent),
        event_name=trigger.event_name,
        pages=None if trigger.pages is None else list(trigger.pages),
        show_once=trigger.show_once,
        sample_percent=_plain(trigger.sample_percent),
    )


def _appearance(appearance: Appearance) -> AppearanceBody:
    return AppearanceBody(
        position=appearance.position,
        theme=appearance.theme,
        primary_color=appearance.primary_color,
        thank_you=appearance.thank_you,
    )


def _plain(number: float | None) -> float | int | None:
    """Return a whole number without its decimal point."""
    return int(number) if number is not None and float(number).is_integer() else number
