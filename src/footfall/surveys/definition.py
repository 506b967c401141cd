"""What a survey asks, when its widget appears and how it looks: frozen values and their limits.
No wire format is parsed here, and nothing is stored."""

import re
from collections.abc import Sequence
from typing import Literal, TypeVar, get_args

import msgspec

from footfall.errors import InvalidInputError, MissingFieldError

QuestionType = Literal["rating", "text", "single_choice", "multiple_choice", "yes_no", "email"]
TriggerType = Literal["page_load", "time_on_page", "scroll_percent", "exit_intent", "event"]
Position = Literal["bottom-right", "bottom-left", "top-right", "top-left"]
Theme = Literal["light", "dark", "auto"]

QUESTION_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
TRIGGER_TYPES: tuple[TriggerType, ...] = get_args(TriggerType)
POSITIONS: tuple[Position, ...] = get_args(Position)
THEMES: tuple[Theme, ...] = get_args(Theme)

PRIVATE_TYPES: frozenset[QuestionType] = frozenset({"text", "email"})
"""Types whose answers are a person's own words: they stay out of the warehouse."""

CHOICE_TYPES: frozenset[QuestionType] = frozenset({"single_choice", "multiple_choice"})

QUESTION_LIMIT = 30
"""Questions of one survey: longer ones are not finished by anybody."""

OPTION_LIMIT = 30
ID_LIMIT = 64
TEXT_LIMIT = 500
LABEL_LIMIT = 100
"""Characters: of ids, of questions, and of what stands on a button."""

SCALE_LIMIT = 10
"""Steps of a scale: eleven buttons fit a phone, and 0 to 10 is the longest scale in use."""

PAGE_LIMIT = 50
DELAY_LIMIT_S = 3_600
"""An hour; nobody is on one page longer."""

RESPONSE_LIMIT_MAXIMUM = 10_000_000

_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})\Z")
_Word = TypeVar("_Word", bound=str)


class Question(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question. Fields that its type does not use are None."""

    id: str
    type: QuestionType
    text: str
    min: int | None = None
    max: int | None = None
    min_label: str | None = None
    max_label: str | None = None
    required: bool | None = None
    options: tuple[str, ...] | None = None

    @property
    def scale(self) -> range:
        """The values of a rating, both ends included."""
        return range(self.min or 0, (self.max or 0) + 1)


class Trigger(msgspec.Struct, frozen=True, omit_defaults=True):
    """When and to whom the widget appears. None: as if nothing had been said."""

    type: TriggerType = "page_load"
    delay_seconds: float | None = None
    scroll_percent: float | None = None
    event_name: str | None = None
    pages: tuple[str, ...] | None = None
    """Paths with '*' for any characters; None or empty: every page."""
    show_once: bool | None = None
    """None: yes."""
    sample_percent: float | None = None
    """Share of the visitors who may see it; None: 100."""


class Appearance(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the widget looks. None: the widget's own choice."""

    position: Position | None = None
    theme: Theme | None = None
    primary_color: str | None = None
    """'#rgb' or '#rrggbb'."""
    thank_you: str | None = None


class Definition(msgspec.Struct, frozen=True):
    """Everything an owner decides about a survey."""

    name: str
    questions: tuple[Question, ...]
    trigger: Trigger = Trigger()
    appearance: Appearance = Appearance()
    response_limit: int | None = None
    """Responses after which it ends by itself; None: never."""


def parse_word(text: str, accepted: Sequence[_Word], field: str) -> _Word:
    """Return the accepted word that `text` is. Raises InvalidInputError."""
    for word in accepted:
        if text == word:
            return word
    raise InvalidInputError(
        f"unknown {field} '{text[:40]}'; accepted are {', '.join(accepted)}", field=field
    )


def check_definition(definition: Definition) -> None:
    """Hold a definition to its limits. Raises InvalidInputError, MissingFieldError."""
    _check_text(definition.name, "name", 200)
    _check_number(len(definition.questions), "the number of questions", 1, QUESTION_LIMIT)
    seen: set[str] = set()
    for index, question in enumerate(definition.questions):
        field = f"questions[{index}]"
        _check_text(question.id, f"{field}.id", ID_LIMIT)
        if question.id in seen:
            raise InvalidInputError(f"{field}.id '{question.id}' stands twice", field=field)
        seen.add(question.id)
        _check_question(question, field)
    _check_trigger(definition.trigger)
    _check_appearance(definition.appearance)
    if definition.response_limit is not None:
        _check_number(definition.response_limit, "response_limit", 1, RESPONSE_LIMIT_MAXIMUM)


def _check_question(question: Question, field: str) -> None:
    _check_text(question.text, f"{field}.text", TEXT_LIMIT)
    for label in (question.min_label, question.max_label):
        if label is not None:
            _check_text(label, f"{field}.min_label or max_label", LABEL_LIMIT)
    if question.type == "rating":
        if question.min is None or question.max is None:
            raise MissingFieldError(f"{field}.{'min' if question.min is None else 'max'}")
        if not 1 <= question.max - question.min <= SCALE_LIMIT or abs(question.min) > SCALE_LIMIT:
            raise InvalidInputError(
                f"{field} asks for {question.min} to {question.max}; accepted are scales of 2 to "
                f"{SCALE_LIMIT + 1} whole numbers, for example 0 to 10 or 1 to 5",
                field=field,
            )
    if question.type in CHOICE_TYPES:
        options = question.options or ()
        _check_number(len(options), f"the number of {field}.options", 2, OPTION_LIMIT)
        for option in options:
            _check_text(option, f"{field}.options", LABEL_LIMIT)
        if len(set(options)) < len(options):
            raise InvalidInputError(f"{field}.options holds an option twice", field=field)


def _check_trigger(trigger: Trigger) -> None:
    if trigger.delay_seconds is not None:
        _check_number(trigger.delay_seconds, "trigger_config.delay_seconds", 0, DELAY_LIMIT_S)
    if trigger.type == "scroll_percent" and trigger.scroll_percent is None:
        raise MissingFieldError("trigger_config.scroll_percent")
    if trigger.scroll_percent is not None:
        _check_number(trigger.scroll_percent, "trigger_config.scroll_percent", 0, 100)
    if trigger.type == "event":
        _check_text(trigger.event_name or "", "trigger_config.event_name", 255)
    if trigger.sample_percent is not None:
        _check_number(trigger.sample_percent, "trigger_config.sample_percent", 0, 100)
    pages = trigger.pages or ()
    _check_number(len(pages), "the number of trigger_config.pages", 0, PAGE_LIMIT)
    for page in pages:
        if not page.startswith(("/", "*")) or len(page) > TEXT_LIMIT:
            raise InvalidInputError(
                f"trigger_config.pages holds '{page[:40]}'; accepted are paths such as /pricing "
                "or /app/*",
                field="trigger_config.pages",
            )


def _check_appearance(appearance: Appearance) -> None:
    color = appearance.primary_color
    if color is not None and not _COLOR.match(color):
        raise InvalidInputError(
            f"appearance.primary_color is '{color[:40]}'; accepted are hexadecimal colours such "
            "as #6366f1",
            field="appearance.primary_color",
        )
    if appearance.thank_you is not None:
        _check_text(appearance.thank_you, "appearance.thank_you", TEXT_LIMIT)


def _check_text(text: str, field: str, limit: int) -> None:
    if not text.strip():
        raise MissingFieldError(field)
    if len(text) > limit:
        raise InvalidInputError(
            f"{field} '{text[:40]}…' has {len(text)} characters; accepted are {limit}", field=field
        )


def _check_number(number: float, field: str, least: float, most: float) -> None:
    # Written so that NaN, which is neither, is refused as well.
    if not least <= number <= most:
        raise InvalidInputError(
            f"{field} is {number:g}; accepted are {least:g} to {most:g}", field=field
        )
