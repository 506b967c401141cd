"""Answers held to their questions: a value that fits becomes one of few plain kinds, anything else
is refused with its quotation. An empty answer is none."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from footfall.errors import InvalidInputError, MissingFieldError
from footfall.surveys.definition import Definition, Question

Answer = bool | int | str | list[str]
"""Yes or no; a rating; a text, e-mail address or option; several options."""

Answers = Mapping[str, Answer]
"""By the question's id, in the order of the questions."""

TEXT_LIMIT = 5_000
"""Characters of an answer in words: two printed pages."""

EMAIL_LIMIT = 254
"""RFC 5321 allows no longer address."""

QUOTE_LIMIT = 40

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\Z")
_DIGITS = re.compile(r"-?\d{1,3}\Z")
_YES_NO = {"yes": True, "no": False, "true": True, "false": False}


def parse_answers(
    definition: Definition, given: Iterable[tuple[str, Any]], *, is_completed: bool
) -> Answers:
    """Hold answers to a survey's questions; the last of two to one question counts.

    Raises InvalidInputError for a question that is not asked or a value that does not fit, and
    MissingFieldError when a required one is missing from a completed response.
    """
    questions = {question.id: question for question in definition.questions}
    parsed: dict[str, Answer] = {}
    for question_id, value in given:
        question = questions.get(question_id)
        if question is None:
            raise InvalidInputError(
                f"question_id '{question_id[:QUOTE_LIMIT]}' is not asked; accepted are "
                f"{', '.join(questions)}",
                field="answers",
            )
        if value is None or value == "" or value == []:
            parsed.pop(question_id, None)
        else:
            parsed[question_id] = _PARSERS[question.type](question, value)
    if is_completed:
        for question in definition.questions:
            if question.required and question.id not in parsed:
                raise MissingFieldError(f"answers.{question.id}")
    return {id_: parsed[id_] for id_ in questions if id_ in parsed}


def _parse_rating(question: Question, value: Any) -> Answer:
    rating = value
    if isinstance(value, str) and _DIGITS.match(value):
        rating = int(value)
    if isinstance(rating, bool) or not isinstance(rating, int | float) or rating % 1:
        raise _unfit(question, value, f"whole numbers from {question.min} to {question.max}")
    if int(rating) not in question.scale:
        raise _unfit(question, value, f"{question.min} to {question.max}")
    return int(rating)


def _parse_text(question: Question, value: Any) -> Answer:
    if not isinstance(value, str):
        raise _unfit(question, value, "text")
    if len(value) > TEXT_LIMIT:
        raise _unfit(question, value, f"{TEXT_LIMIT} characters")
    return value


def _parse_email(question: Question, value: Any) -> Answer:
    if not isinstance(value, str) or len(value) > EMAIL_LIMIT or not _EMAIL.match(value.strip()):
        raise _unfit(question, value, "an e-mail address")
    return value.strip()


def _parse_option(question: Question, value: Any) -> Answer:
    options = question.options or ()
    if value not in options:
        raise _unfit(question, value, ", ".join(options))
    return str(value)


def _parse_options(question: Question, value: Any) -> Answer:
    chosen = value if isinstance(value, list) else [value]
    for one in chosen:
        _parse_option(question, one)
    return [option for option in question.options or () if option in chosen]


def _parse_yes_no(question: Question, value: Any) -> Answer:
    answer = _YES_NO.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(answer, bool):
        raise _unfit(question, value, "true or false")
    return answer


_PARSERS = {
    "rating": _parse_rating,
    "text": _parse_text,
    "email": _parse_email,
    "single_choice": _parse_option,
    "multiple_choice": _parse_options,
    "yes_no": _parse_yes_no,
}


def _unfit(question: Question, value: Any, accepted: str) -> InvalidInputError:
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return InvalidInputError(
        f"the answer to '{question.id}' is '{text[:QUOTE_LIMIT]}'; accepted: {accepted}",
        field="answers",
    )
