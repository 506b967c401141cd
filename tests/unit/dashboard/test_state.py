from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.dashboard.panel import DIMENSION_TITLES, PANELS
from footfall.dashboard.period import COMPARISONS, PRESETS
from footfall.dashboard.state import OPERATORS, View, parse_view, render_query
from footfall.errors import InvalidInputError
from footfall.reports.query import And, DimensionFilter, Interval


def parse(query: str) -> View:
    return parse_view(parse_qsl(query.removeprefix("?"), keep_blank_values=True))


filters = st.lists(
    st.builds(
        DimensionFilter,
        st.sampled_from([*DIMENSION_TITLES, "prop:plan", "prop:a.b"]),
        st.sampled_from(list(OPERATORS)),
        st.lists(st.text(max_size=20), min_size=1, max_size=3, unique=True).map(tuple),
    ),
    max_size=5,
    unique_by=lambda f: (f.dimension, f.operator),
).map(tuple)
views = st.builds(
    View,
    preset=st.sampled_from(list(PRESETS)),
    zone=st.sampled_from(["", "Europe/Berlin"]),
    comparison=st.sampled_from(list(COMPARISONS)),
    metric=st.sampled_from(["visitors", "bounce_rate"]),
    interval=st.sampled_from([None, *Interval]),
    filters=filters,
    tabs=st.fixed_dictionaries({}, optional={p.key: st.just(p.tabs[-1].key) for p in PANELS[:4]}),
)


@given(views)
def test_the_url_alone_reproduces_the_view(view: View) -> None:
    assert parse(render_query(view)) == view


def test_the_default_view_has_a_bare_url() -> None:
    assert render_query(View()) == ""


def test_days_by_hand_stand_in_the_url() -> None:
    view = View(preset="", first="2026-11-01", last="2026-11-03")
    assert render_query(view) == "?from=2026-11-01&to=2026-11-03"
    assert parse(render_query(view)) == view


def test_the_same_name_twice_means_either_value() -> None:
    view = parse("?is.country=DE&is.country=FR")
    assert view.filters == (DimensionFilter("country", "is", ("DE", "FR")),)


def test_an_empty_value_is_a_filter_too() -> None:
    assert parse("?is.source=").filters == (DimensionFilter("source", "is", ("",)),)


def test_two_filters_must_both_hold() -> None:
    made = parse("?is.country=DE&is_not.page=/").to_filter()
    assert isinstance(made, And)
    assert len(made.filters) == 2


def test_a_second_value_for_a_row_replaces_the_first() -> None:
    view = parse("?is.country=DE").with_filter(DimensionFilter("country", "is", ("FR",)))
    assert view.filters == (DimensionFilter("country", "is", ("FR",)),)


def test_a_filter_turns_from_include_to_exclude_and_back() -> None:
    view = parse("?is.country=DE")
    turned = view.with_opposite(view.filters[0])
    assert turned.filters == (DimensionFilter("country", "is_not", ("DE",)),)
    assert turned.with_opposite(turned.filters[0]) == view


@pytest.mark.parametrize(
    ("query", "quoted"),
    [
        ("?period=fortnight", "'fortnight'"),
        ("?metric=clicks", "'clicks'"),
        ("?interval=second", "'second'"),
        ("?compare=never", "'never'"),
        ("?is.shoe_size=43", "'shoe_size'"),
        ("?pages=middle", "'middle'"),
        ("?from=2026-11-01", "'to'"),
    ],
)
def test_what_is_not_known_is_refused_and_quoted(query: str, quoted: str) -> None:
    with pytest.raises(InvalidInputError, match=quoted):
        parse(query)


def test_more_filters_than_anyone_reads_are_refused() -> None:
    query = "&".join(f"is.prop:k{n}=1" for n in range(21))
    with pytest.raises(InvalidInputError, match="21 filters are too many"):
        parse(query)
