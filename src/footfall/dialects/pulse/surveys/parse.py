"""From Pulse's bodies to definitions of surveys, and its optional dates to a period. Words that
clients of other tools use for the same things are understood."""

from dataclasses import dataclass

from msgspec import UNSET

from footfall.dialects.pulse.period import parse_time
from footfall.dialects.pulse.surveys.shape import (
    AppearanceBody,
    ChangeSurvey,
    CreateSurvey,
    QuestionBody,
    TriggerBody,
)
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange
from footfall.surveys.definition import (
    POSITIONS,
    QUESTION_TYPES,
    THEMES,
    TRIGGER_TYPES,
    Appearance,
    Definition,
    Question,
    Trigger,
    parse_word,
)

QUESTION_ALIASES = {
    "nps": "rating",
    "scale": "rating",
    "stars": "rating",
    "textarea": "text",
    "choice": "single_choice",
    "select": "single_choice",
    "radio": "single_choice",
    "checkbox": "multiple_choice",
    "multi_choice": "multiple_choice",
    "boolean": "yes_no",
}
TRIGGER_ALIASES = {
    "immediate": "page_load",
    "pageload": "page_load",
    "scroll": "scroll_percent",
    "scroll_depth": "scroll_percent",
    "custom_event": "event",
}

_FOREVER_US = 1 << 62


def parse_definition(body: CreateSurvey) -> Definition:
    """Return the definition of a new survey. Raises InvalidInputError; its limits are checked
    where it is kept."""
    return Definition(
        name=body.name,
        questions=_parse_questions(body.questions),
        trigger=_parse_trigger(body.trigger_config),
        appearance=_parse_appearance(body.appearance),
        response_limit=body.response_limit,
    )


def parse_change(body: ChangeSurvey, before: Definition) -> Definition:
    """Return a definition with what the body names replaced. Raises InvalidInputError."""
    return Definition(
        name=before.name if body.name is UNSET else body.name,
        questions=(
            before.questions if body.questions is UNSET else _parse_questions(body.questions)
        ),
        trigger=(
            before.trigger if body.trigger_config is UNSET else _parse_trigger(body.trigger_config)
        ),
        appearance=(
            before.appearance if body.appearance is UNSET else _parse_appearance(body.appearance)
        ),
        response_limit=(
            before.response_limit if body.response_limit is UNSET else body.response_limit
        ),
    )


@dataclass(frozen=True, slots=True)
class Dates:
    """The optional dates of a request, as text."""

    start_at: str | None
    end_at: str | None

    def parse(self) -> TimeRange | None:
        """Return the period; None without dates: all time. Raises InvalidInputError."""
        if not self.start_at and not self.end_at:
            return None
        start = parse_time(self.start_at, "start_at") if self.start_at else 0
        end = parse_time(self.end_at, "end_at", is_end=True) if self.end_at else _FOREVER_US
        if end < start:
            raise InvalidInputError(
                f"end_at '{self.end_at}' lies before start_at '{self.start_at}'", field="end_at"
            )
        return TimeRange(start, end)


def _parse_questions(bodies: list[QuestionBody]) -> tuple[Question, ...]:
    return tuple(_parse_question(body, f"questions[{i}]") for i, body in enumerate(bodies))


def _parse_question(body: QuestionBody, field: str) -> Question:
    word = QUESTION_ALIASES.get(body.type, body.type)
    kind = parse_word(word, QUESTION_TYPES, f"{field}.type")
    least, most = body.min, body.max
    if kind == "rating":
        least, most = _complete_scale(least, most, is_nps=body.type == "nps")
    return Question(
        id=body.id,
        type=kind,
        text=body.text,
        min=least,
        max=most,
        min_label=body.min_label or None,
        max_label=body.max_label or None,
        required=body.required,
        options=None if body.options is None else tuple(body.options),
    )


def _complete_scale(least: int | None, most: int | None, *, is_nps: bool) -> tuple[int, int]:
    """Return a scale with what was left out: 0 to 10 where either end or its name says so, else
    1 to 5."""
    is_ten = is_nps or least == 0 or most == 10
    return (
        least if least is not None else 0 if is_ten else 1,
        most if most is not None else 10 if is_ten else 5,
    )


def _parse_trigger(body: TriggerBody | None) -> Trigger:
    if body is None:
        return Trigger()
    word = TRIGGER_ALIASES.get(body.type or "", body.type or "page_load")
    return Trigger(
        type=parse_word(word, TRIGGER_TYPES, "trigger_config.type"),
        delay_seconds=body.delay_seconds,
        scroll_percent=body.scroll_percent,
        event_name=body.event_name,
        pages=None if body.pages is None else tuple(body.pages),
        show_once=body.show_once,
        sample_percent=body.sample_percent,
    )


def _parse_appearance(body: AppearanceBody | None) -> Appearance:
    if body is None:
        return Appearance()
    position = body.position and body.position.replace("_", "-")
    return Appearance(
        position=parse_word(position, POSITIONS, "appearance.position") if position else None,
        theme=parse_word(body.theme, THEMES, "appearance.theme") if body.theme else None,
        primary_color=body.primary_color or None,
        thank_you=body.thank_you or None,
    )
