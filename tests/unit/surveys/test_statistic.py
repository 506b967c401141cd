"""The figures of a survey, compared with ones worked out by hand."""

from typing import Any

from footfall.clock import US_PER_DAY
from footfall.surveys.definition import Definition, Question
from footfall.surveys.response import Response
from footfall.surveys.statistic import QuestionFigures, count_responses

DAY = 1_772_323_200_000_000
"""2026-03-01 00:00 UTC."""


def answered(question: Question, *values: Any) -> QuestionFigures:
    responses = [
        Response(f"resp-{i}", {} if v is None else {"q": v}, True, "/", DAY + i)
        for i, v in enumerate(values)
    ]
    return count_responses(Definition("n", (question,)), responses).questions[0]


def test_a_scale_of_five_is_counted_by_value() -> None:
    figures = answered(Question("q", "rating", "?", min=1, max=5), 5, 4, 4, None)
    assert figures.answers == 3
    assert figures.average == 13 / 3
    assert figures.distribution == {"1": 0, "2": 0, "3": 0, "4": 2, "5": 1}
    assert figures.nps is None


def test_nps_is_a_share_of_those_who_answered_the_question() -> None:
    figures = answered(Question("q", "rating", "?", min=0, max=10), 0, 6, 7, 8, 9, 10, 10, None)
    assert figures.distribution == {"0-6": 2, "7-8": 2, "9-10": 3}
    assert figures.nps == 100 * (3 - 2) / 7


def test_nothing_is_nothing_and_no_division() -> None:
    figures = answered(Question("q", "rating", "?", min=0, max=10))
    assert (figures.answers, figures.average, figures.nps) == (0, None, None)
    empty = count_responses(Definition("n", ()), [])
    assert (empty.total, empty.completion_rate, empty.days) == (0, 0.0, ())


def test_choices_are_counted_by_option_and_several_count_once_each() -> None:
    many = Question("q", "multiple_choice", "?", options=("a", "b", "c"))
    figures = answered(many, ["a", "b"], ["b"])
    assert (figures.answers, figures.distribution) == (2, {"a": 1, "b": 2, "c": 0})
    yes = answered(Question("q", "yes_no", "?"), True, True, False)
    assert yes.distribution == {"yes": 2, "no": 1}


def test_words_are_counted_and_the_newest_shown() -> None:
    figures = answered(Question("q", "text", "?"), *(f"w{i}" for i in range(12)))
    assert figures.answers == 12
    assert figures.latest == tuple(f"w{i}" for i in range(11, 1, -1))


def test_answers_that_no_longer_fit_an_edited_question_do_not_count() -> None:
    figures = answered(Question("q", "rating", "?", min=1, max=5), 5, 9, "word", True)
    assert (figures.answers, figures.average) == (1, 5.0)


def test_days_without_responses_are_in_the_series() -> None:
    responses = [
        Response("resp-1", {}, True, "/", DAY),
        Response("resp-2", {}, False, "/", DAY + 2 * US_PER_DAY),
    ]
    days = count_responses(Definition("n", ()), responses).days
    assert days == (("2026-03-01", 1, 1), ("2026-03-02", 0, 0), ("2026-03-03", 1, 0))
