"""Saved goals and funnels: limits, owners, ids."""

import pytest

from footfall.clock import FixedClock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.reports.definition import MOST_SAVED, Funnels, Goals
from footfall.reports.funnel import FunnelStep
from footfall.reports.query import GoalFilter
from tests.unit.projects.fake_records import FakeRecords

GOAL = GoalFilter(event="buy", props=(("plan", "pro"),))


@pytest.fixture
def goals() -> Goals:
    return Goals(FakeRecords(), FixedClock(7))


def test_what_is_saved_is_read_as_it_was(goals: Goals) -> None:
    saved = goals.create(1, "  Paid ", GOAL, "words")
    assert (saved.name, saved.content, saved.wording) == ("Paid", GOAL, "words")
    assert goals.find(1, saved.id) == saved
    assert goals.find(1, f"goal-{saved.id.upper()}".replace("GOAL", "goal")) == saved
    funnels = Funnels(FakeRecords(), FixedClock(7))
    steps = (FunnelStep("a", GoalFilter(page="/")), FunnelStep("b", GOAL))
    assert funnels.find(1, funnels.create(1, "F", steps).id).content == steps


def test_new_content_takes_its_wording_and_a_new_name_leaves_it(goals: Goals) -> None:
    saved = goals.create(1, "Paid", GOAL, "words")
    assert goals.change(1, saved.id, name="Bought").wording == "words"
    changed = goals.change(1, saved.id, content=GoalFilter(min_pageviews=3))
    assert (changed.name, changed.wording) == ("Bought", "")
    assert goals.find(1, saved.id) == changed


def test_another_project_finds_changes_and_removes_nothing(goals: Goals) -> None:
    saved = goals.create(1, "Paid", GOAL)
    for attempt in (
        lambda: goals.find(2, saved.id),
        lambda: goals.change(2, saved.id, name="mine"),
        lambda: goals.remove(2, saved.id),
    ):
        with pytest.raises(NotFoundError, match=f"Goal '{saved.id}' not found"):
            attempt()
    assert goals.list_saved(2) == []
    assert goals.list_saved(1) == [saved]


def test_a_project_saves_so_many_and_no_more(goals: Goals) -> None:
    for number in range(MOST_SAVED):
        goals.create(1, str(number), GOAL)
    with pytest.raises(ConflictError, match=f"has {MOST_SAVED} goals already"):
        goals.create(1, "one more", GOAL)
    goals.create(2, "another project", GOAL)
    assert len(goals.list_saved(1)) == MOST_SAVED


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [
        (GoalFilter(), "a goal names a page or an event"),
        (GoalFilter(page="/", min_pageviews=2), "exactly one of these"),
        (GoalFilter(min_pageviews=2, props=(("a", "b"),)), "exactly one of these"),
        (GoalFilter(page=""), "empty page"),
        (GoalFilter(min_duration_s=0), "threshold is 0; accepted are 1 to 1000000"),
        (GoalFilter(page="/" + "x" * 2_048), "at most 2048 characters"),
    ],
)
def test_refuses_what_is_no_goal(goals: Goals, goal: GoalFilter, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        goals.create(1, "n", goal)
    assert goals.list_saved(1) == []
