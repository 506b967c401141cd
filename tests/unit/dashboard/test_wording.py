"""Goals in words, as the fields of a form, and back."""

import pytest

from footfall.dashboard.report.wording import Deed, parse_deed, render_deed, render_goal
from footfall.errors import InvalidInputError
from footfall.reports.query import GoalFilter

SAYABLE = [
    (GoalFilter(page="/thanks"), "sees /thanks"),
    (GoalFilter(event="signup"), "sends “signup”"),
    (GoalFilter(event="signup", props=(("plan", "pro"),)), "sends “signup” with plan = pro"),
    (GoalFilter(min_duration_s=90), "stays 1m 30s or longer"),
    (GoalFilter(min_pageviews=3), "sees 3 pages or more"),
]


@pytest.mark.parametrize(("goal", "words"), SAYABLE)
def test_a_goal_is_said_in_words_and_survives_its_form(goal: GoalFilter, words: str) -> None:
    assert render_goal(goal) == words
    deed = render_deed(goal)
    assert deed is not None
    assert parse_deed(deed, field="value") == goal


def test_what_the_form_cannot_say_is_not_put_into_its_fields() -> None:
    goal = GoalFilter(page="/a", event="b")
    assert render_deed(goal) is None
    assert render_goal(goal) == "sends “b” on /a"


@pytest.mark.parametrize(
    ("deed", "words"),
    [
        (Deed("page", " "), "say which"),
        (Deed("duration", "1.5"), "'1.5' is no whole number"),
        (Deed("views", "0"), "'0' is no whole number"),
        (Deed("dance", "x"), "'dance' is not known"),
    ],
)
def test_a_mistake_is_quoted(deed: Deed, words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        parse_deed(deed, field="value")


def test_a_step_of_a_funnel_asks_for_no_whole_visit() -> None:
    with pytest.raises(InvalidInputError, match="'views' is not known"):
        parse_deed(Deed("views", "3"), field="value1", kinds=("page", "event"))
