"""Answers held to their questions."""

from typing import Any

import pytest

from footfall.errors import InvalidInputError, MissingFieldError
from footfall.surveys.answer import parse_answers
from footfall.surveys.definition import Definition, Question

FORM = Definition(
    name="Form",
    questions=(
        Question("stars", "rating", "Stars?", min=1, max=5, required=True),
        Question("why", "text", "Why?"),
        Question("one", "single_choice", "One?", options=("red", "blue")),
        Question("many", "multiple_choice", "Many?", options=("a", "b", "c")),
        Question("yes", "yes_no", "Yes?"),
        Question("mail", "email", "E-mail?"),
    ),
)


def parse(*, is_completed: bool = False, **answers: Any) -> dict[str, Any]:
    return dict(parse_answers(FORM, answers.items(), is_completed=is_completed))


@pytest.mark.parametrize(
    ("question", "given", "kept"),
    [
        ("stars", 5, 5),
        ("stars", 5.0, 5),
        ("stars", "5", 5),
        ("why", "because", "because"),
        ("one", "blue", "blue"),
        ("many", ["c", "a", "c"], ["a", "c"]),
        ("many", "b", ["b"]),
        ("yes", True, True),
        ("yes", "no", False),
        ("mail", " a@b.example ", "a@b.example"),
    ],
)
def test_keeps_what_fits(question: str, given: Any, kept: Any) -> None:
    assert parse(**{question: given}) == {question: kept}


@pytest.mark.parametrize(
    ("question", "given"),
    [
        ("stars", 0),
        ("stars", 6),
        ("stars", 4.5),
        ("stars", True),
        ("stars", "five"),
        ("stars", [5]),
        ("stars", float("nan")),
        ("stars", 1e300),
        ("why", {"a": 1}),
        ("why", "x" * 5_001),
        ("one", "green"),
        ("one", ["red", "blue"]),
        ("many", ["a", "z"]),
        ("yes", "perhaps"),
        ("yes", 1),
        ("mail", "nobody"),
    ],
)
def test_refuses_what_does_not_fit(question: str, given: Any) -> None:
    with pytest.raises(InvalidInputError, match=f"the answer to '{question}' is "):
        parse(**{question: given})


def test_an_empty_answer_is_none() -> None:
    assert parse(why="", many=[], stars=None) == {}


def test_a_completed_response_holds_every_required_answer() -> None:
    assert parse(why="so") == {"why": "so"}
    with pytest.raises(MissingFieldError, match=r"answers\.stars"):
        parse(is_completed=True, why="so")


def test_answers_follow_the_order_of_the_questions() -> None:
    assert list(parse(yes=True, stars=3)) == ["stars", "yes"]
