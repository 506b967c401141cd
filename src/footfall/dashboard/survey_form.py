"""The form of a survey: its fields as text, as a browser sends them and as a template shows them,
and the definition they stand for. Limits are checked where definitions are kept."""

from dataclasses import dataclass, field

from footfall.dashboard.sign_in import read_field
from footfall.errors import InvalidInputError
from footfall.surveys.definition import (
    CHOICE_TYPES,
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

Form = dict[str, list[str]]

QUESTION_TITLES = {
    "rating": "Scale",
    "text": "Free text",
    "single_choice": "One of several",
    "multiple_choice": "Several of several",
    "yes_no": "Yes or no",
    "email": "E-mail address",
}
TRIGGER_TITLES = {
    "page_load": "When the page opens",
    "time_on_page": "After some time on the page",
    "scroll_percent": "When the page is scrolled far enough",
    "exit_intent": "When the pointer leaves at the top",
    "event": "When an event of yours is sent",
}
DEFAULT_COLOR = "#3b5bdb"


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """The fields of one question."""

    id: str
    type: str = "rating"
    text: str = ""
    min: str = "0"
    max: str = "10"
    min_label: str = ""
    max_label: str = ""
    options: str = ""
    """One a line."""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class SurveyForm:
    """The fields of a survey."""

    name: str = ""
    questions: tuple[QuestionForm, ...] = field(default_factory=lambda: (QuestionForm("q1"),))
    trigger: str = "time_on_page"
    delay: str = "10"
    scroll: str = "50"
    event: str = ""
    pages: str = ""
    """One a line."""
    is_once: bool = True
    sample: str = "100"
    position: str = "bottom-right"
    theme: str = "auto"
    color: str = DEFAULT_COLOR
    thank_you: str = ""
    limit: str = ""


def read_survey_form(form: Form) -> SurveyForm:
    """Return the fields that a browser sent; a question was removed or added on its wish."""
    ids = form.get("question", [])
    questions = [_read_question(form, id_) for id_ in ids]
    wish, _, which = read_field(form, "do").partition(" ")
    if wish == "remove" and len(questions) > 1:
        questions = [question for question in questions if question.id != which]
    if wish == "add":
        numbers = (n for n in range(1, len(ids) + 2) if f"q{n}" not in ids)
        questions.append(QuestionForm(f"q{next(numbers)}", type="text"))
    return SurveyForm(
        name=read_field(form, "name"),
        questions=tuple(questions),
        trigger=read_field(form, "trigger"),
        delay=read_field(form, "delay"),
        scroll=read_field(form, "scroll"),
        event=read_field(form, "event"),
        pages=read_field(form, "pages"),
        is_once="once" in form,
        sample=read_field(form, "sample"),
        position=read_field(form, "position"),
        theme=read_field(form, "theme"),
        color=read_field(form, "color"),
        thank_you=read_field(form, "thank_you"),
        limit=read_field(form, "limit"),
    )


def _read_question(form: Form, id_: str) -> QuestionForm:
    def read(name: str) -> str:
        return read_field(form, f"{id_}.{name}")

    return QuestionForm(
        id=id_,
        type=read("type"),
        text=read("text"),
        min=read("min"),
        max=read("max"),
        min_label=read("min_label"),
        max_label=read("max_label"),
        options=read("options"),
        is_required=f"{id_}.required" in form,
    )


def parse_survey_form(form: SurveyForm) -> Definition:
    """Return the definition that the fields stand for. Raises InvalidInputError."""
    trigger = parse_word(form.trigger, TRIGGER_TYPES, "trigger")
    return Definition(
        name=form.name.strip(),
        questions=tuple(_parse_question(question) for question in form.questions),
        trigger=Trigger(
            type=trigger,
            delay_seconds=(
                _parse_number(form.delay, "seconds") if trigger == "time_on_page" else None
            ),
            scroll_percent=(
                _parse_number(form.scroll, "percent") if trigger == "scroll_percent" else None
            ),
            event_name=form.event.strip() if trigger == "event" else None,
            pages=_lines(form.pages) or None,
            show_once=form.is_once,
            sample_percent=_parse_number(form.sample or "100", "share of visitors"),
        ),
        appearance=Appearance(
            position=parse_word(form.position, POSITIONS, "position"),
            theme=parse_word(form.theme, THEMES, "theme"),
            primary_color=form.color.strip() or None,
            thank_you=form.thank_you.strip() or None,
        ),
        response_limit=_parse_whole(form.limit, "limit") if form.limit.strip() else None,
    )


def _parse_question(form: QuestionForm) -> Question:
    kind = parse_word(form.type, QUESTION_TYPES, "type of question")
    is_rating = kind == "rating"
    return Question(
        id=form.id,
        type=kind,
        text=form.text.strip(),
        min=_parse_whole(form.min, "lowest value") if is_rating else None,
        max=_parse_whole(form.max, "highest value") if is_rating else None,
        min_label=form.min_label.strip() or None if is_rating else None,
        max_label=form.max_label.strip() or None if is_rating else None,
        required=form.is_required,
        options=_lines(form.options) if kind in CHOICE_TYPES else None,
    )


def render_survey_form(definition: Definition) -> SurveyForm:
    """Return the fields that show a definition."""
    trigger, look = definition.trigger, definition.appearance
    return SurveyForm(
        name=definition.name,
        questions=tuple(_render_question(question) for question in definition.questions),
        trigger=trigger.type,
        delay=_number(trigger.delay_seconds, "10"),
        scroll=_number(trigger.scroll_percent, "50"),
        event=trigger.event_name or "",
        pages="\n".join(trigger.pages or ()),
        is_once=trigger.show_once is not False,
        sample=_number(trigger.sample_percent, "100"),
        position=look.position or "bottom-right",
        theme=look.theme or "auto",
        color=look.primary_color or DEFAULT_COLOR,
        thank_you=look.thank_you or "",
        limit=_number(definition.response_limit, ""),
    )


def _render_question(question: Question) -> QuestionForm:
    return QuestionForm(
        id=question.id,
        type=question.type,
        text=question.text,
        min=_number(question.min, "0"),
        max=_number(question.max, "10"),
        min_label=question.min_label or "",
        max_label=question.max_label or "",
        options="\n".join(question.options or ()),
        is_required=bool(question.required),
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line for raw in text.splitlines() if (line := raw.strip()))


def _number(number: float | None, default: str) -> str:
    return default if number is None else f"{number:g}"


def _parse_number(text: str, field_name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise InvalidInputError(f"{field_name} is '{text[:40]}'; accepted are numbers") from None


def _parse_whole(text: str, field_name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise InvalidInputError(
            f"{field_name} is '{text[:40]}'; accepted are whole numbers"
        ) from None
