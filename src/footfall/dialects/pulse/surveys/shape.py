"""What the routes for surveys take and answer, as types. Unknown fields are ignored."""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType


class QuestionBody(msgspec.Struct, omit_defaults=True):
    """One question. Types: rating (min, max), text, single_choice and multiple_choice (options),
    yes_no, email."""

    id: str
    type: str
    text: str
    min: int | None = None
    max: int | None = None
    required: bool | None = None
    options: list[str] | None = None
    min_label: str | None = None
    max_label: str | None = None


class TriggerBody(msgspec.Struct, omit_defaults=True):
    """When the survey appears. Types: page_load, time_on_page (delay_seconds), scroll_percent,
    exit_intent, event (event_name)."""

    type: str | None = None
    delay_seconds: float | None = None
    scroll_percent: float | None = None
    event_name: str | None = None
    pages: list[str] | None = None
    """Paths with '*' for any characters; none: every page."""
    show_once: bool | None = None
    """Default true."""
    sample_percent: float | None = None
    """Share of the visitors who may see it. Default 100."""


class AppearanceBody(msgspec.Struct, omit_defaults=True):
    """How the survey looks."""

    position: str | None = None
    """bottom-right (default), bottom-left, top-right or top-left."""
    theme: str | None = None
    """light, dark or auto (default)."""
    primary_color: str | None = None
    """#rgb or #rrggbb."""
    thank_you: str | None = None


class CreateSurvey(msgspec.Struct):
    """A survey to create."""

    name: str
    questions: list[QuestionBody]
    trigger_config: TriggerBody | None = None
    appearance: AppearanceBody | None = None
    response_limit: int | None = None


class ChangeSurvey(msgspec.Struct):
    """What to change; fields left out stay as they are."""

    name: str | UnsetType = UNSET
    questions: list[QuestionBody] | UnsetType = UNSET
    trigger_config: TriggerBody | UnsetType | None = UNSET
    appearance: AppearanceBody | UnsetType | None = UNSET
    response_limit: int | UnsetType | None = UNSET


class ChangeStatus(msgspec.Struct):
    """The state to put a survey into: draft, active, paused, completed or archived."""

    status: str


class SurveyBody(msgspec.Struct):
    """A survey with everything."""

    id: str
    name: str
    status: str
    questions: list[QuestionBody]
    trigger_config: TriggerBody
    appearance: AppearanceBody
    response_limit: int | None
    responses: int
    created_at: str
    updated_at: str


class SurveyItem(msgspec.Struct):
    """A survey as lists show it."""

    id: str
    name: str
    status: str
    responses: int
    created_at: str


class SurveyList(msgspec.Struct):
    """The surveys of a project, newest first."""

    data: list[SurveyItem]


class ActiveSurvey(msgspec.Struct):
    """What a page needs to show a survey."""

    id: str
    name: str
    questions: list[QuestionBody]
    trigger_config: TriggerBody
    appearance: AppearanceBody


class ActiveList(msgspec.Struct):
    """Surveys that take responses now, oldest first."""

    data: list[ActiveSurvey]


class AnswerBody(msgspec.Struct):
    """One answer."""

    question_id: str
    value: Any


class ResponseBody(msgspec.Struct):
    """What one visitor answered."""

    id: str
    answers: list[AnswerBody]
    completed: bool
    path: str
    submitted_at: str


class ResponseList(msgspec.Struct):
    """Responses, newest first."""

    data: list[ResponseBody]
    total: int


class QuestionStats(msgspec.Struct):
    """What was answered to one question."""

    id: str
    text: str
    type: str
    answers: int
    """How many answered it."""
    avg_value: float | None
    """Mean rating, one decimal; null for other types."""
    distribution: dict[str, int]
    """Answers by 0-6, 7-8, 9-10 on a scale of 0 to 10, else by value or option."""
    nps: float | None
    """Percent of 9 and 10 minus percent of 0 to 6 among `answers`; scales of 0 to 10 only."""
    latest: list[str]
    """Newest answers in words."""


class SurveyDay(msgspec.Struct):
    """Responses of one day in UTC."""

    date: str
    responses: int
    completed: int


class SurveyStats(msgspec.Struct):
    """The figures of a survey."""

    survey_id: str
    total_responses: int
    completed_responses: int
    completion_rate: float
    """Percent of all responses, one decimal."""
    questions: list[QuestionStats]
    timeline: list[SurveyDay]
    """Every day from the first response to the last."""
