"""Compiled SQL that questions share is, when their texts are put in, the SQL that each would have
got for itself, to the letter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.model.time_range import TimeRange
from footfall.reports.bucket import Piece
from footfall.reports.condition import needs_expression
from footfall.reports.filter import OPERATORS
from footfall.reports.lift import lift
from footfall.reports.plan import make_expression
from footfall.reports.query import And, DimensionFilter, Filter, GoalFilter, Not, Or
from footfall.reports.shape import END_MARK, PROJECT_MARK, START_MARK, Shape
from footfall.reports.sql import make_sql, render_sql
from footfall.reports.words import find_words
from footfall.store.warehouse import Engine

SPAN = TimeRange(1_000_000, 2_000_000)
EDGE = "\ue000"

odd = st.sampled_from(
    [
        "'",
        "''",
        "\\",
        "\\'",
        "\n",
        "\t",
        "%",
        "_",
        "$1",
        "{0}",
        "?",
        ":a",
        '"',
        "\\1",
        "\\g<0>",
        "ß",
    ]
)
texts = st.lists(odd | st.text("ab*/", max_size=3), max_size=4).map("".join)
edged = st.sampled_from([EDGE, f"{EDGE}0{EDGE}", f"'{EDGE}0{EDGE}'"])
values = st.lists(texts, min_size=1, max_size=3).map(tuple)
leaves = st.builds(
    DimensionFilter,
    st.sampled_from(["page", "country", "entry_page", "event", "prop:plan", "weekday"]),
    st.sampled_from(OPERATORS),
    values,
) | st.builds(
    GoalFilter,
    st.none() | texts.filter(bool),
    texts.filter(bool),
    st.lists(st.tuples(st.just("plan"), texts), max_size=2).map(tuple),
)
filters = st.recursive(
    leaves,
    lambda parts: (
        st.lists(parts, min_size=1, max_size=3).map(lambda found: And(tuple(found)))
        | st.lists(parts, min_size=1, max_size=3).map(lambda found: Or(tuple(found)))
        | parts.map(Not)
    ),
    max_leaves=4,
)


def render_alone(engine: Engine, shape: Shape) -> str:
    return render_sql(engine, make_expression(shape, find_words(engine)), SPAN)


@pytest.mark.parametrize("engine", ["duckdb", "clickhouse"])
@settings(max_examples=25, deadline=None)
@given(
    condition=st.none() | filters,
    only=st.lists(texts, max_size=3),
    project=st.integers(1, 4_000_000_000),
    starts=st.lists(st.integers(0, END_MARK), max_size=3),
)
def test_shared_sql_is_each_ones_own(
    engine: Engine,
    condition: Filter | None,
    only: list[str],
    project: int,
    starts: list[int],
) -> None:
    shape = Shape(
        project,
        ("visitors", "bounce_rate"),
        ("page",),
        condition,
        pieces=tuple(Piece(start, i, 3_600_000_000) for i, start in enumerate(sorted(starts))),
        only=(tuple(only),) if only else (),
        limit=9,
    )
    assert make_sql(engine, shape, SPAN) == render_alone(engine, shape)


@pytest.mark.parametrize("engine", ["duckdb", "clickhouse"])
@settings(max_examples=10, deadline=None)
@given(found=values, strange=edged)
def test_texts_that_look_like_marks_are_texts(
    engine: Engine, found: tuple[str, ...], strange: str
) -> None:
    condition = DimensionFilter("page", "is", (*found, strange))
    shape = Shape(3, ("visitors",), ("page",), condition)
    assert make_sql(engine, shape, SPAN) == render_alone(engine, shape)


@pytest.mark.parametrize("mark", [START_MARK, END_MARK, PROJECT_MARK])
def test_a_text_of_digits_is_never_an_instant(mark: int) -> None:
    shape = Shape(3, ("visitors",), filter=DimensionFilter("page", "is", (f"/{mark}",)))
    assert f"'/{mark}'" in make_sql("duckdb", shape, SPAN)


def test_who_clicks_on_another_row_asks_with_the_same_sql() -> None:
    def take(project: int, page: str, goal: str, *only: str) -> Shape:
        condition = And(
            (
                DimensionFilter("page", "matches", (page,)),
                DimensionFilter("country", "is_not", ("DE", page)),
                GoalFilter(event=goal),
            )
        )
        return lift(Shape(project, ("visitors",), ("page",), condition, only=(only,))).shape

    assert take(1, "/a*", "buy", "/e", "/b") == take(2, "/c*", "sign up", "/it's", "/d")
    assert take(1, "/a*", "buy") != take(1, "/a", "buy"), "another operator of the engine"
    assert take(1, "/a*", "buy", "/a") != take(1, "/a*", "buy", ""), "the empty text is special"
    assert take(1, "/a*b*", "buy") != take(1, "/c*d*", "buy"), "each its regular expression"
    assert take(1, "DE", "buy") != take(1, "FR", "buy"), "the same text twice"


@pytest.mark.parametrize(
    ("pattern", "is_needed"),
    [
        *((pattern, False) for pattern in ("", "a", "*", "**", "***", "a*", "*a", "*a*")),
        *((pattern, True) for pattern in ("a*b", "a**", "**a", "a*b*", "*a*b", "*a*b*", "a**b")),
    ],
)
def test_which_wildcards_need_a_regular_expression(pattern: str, *, is_needed: bool) -> None:
    assert needs_expression(pattern) is is_needed


def test_a_minute_later_the_series_has_the_same_sql() -> None:
    def take(from_us: int) -> Shape:
        pieces = (Piece(from_us, 0, 60), Piece(from_us + 600, 10, 60))
        return lift(Shape(3, ("visitors",), pieces=pieces)).shape

    assert take(1_000) == take(1_060)


@pytest.mark.parametrize("digits", [PROJECT_MARK, END_MARK + 9_900])
def test_digits_in_a_regular_expression_do_no_harm(digits: int) -> None:
    shape = Shape(3, ("visitors",), filter=DimensionFilter("page", "matches", (f"a*{digits}9*b",)))
    assert "(?s)" in make_sql("duckdb", shape, SPAN)
