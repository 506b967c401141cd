import pytest

from footfall.dashboard.figure import FACES, render_change, render_share, render_value


@pytest.mark.parametrize(
    ("unit", "value", "text"),
    [
        ("count", 18204, "18,204"),
        ("count", 0, "0"),
        ("fraction", 0.417, "41.7\u00a0%"),
        ("fraction", None, "–"),
        ("seconds", 178, "2m 58s"),
        ("seconds", 59.6, "1m 00s"),
        ("seconds", 12, "12s"),
        ("seconds", 3900, "1h 05m"),
        ("number", 2.857, "2.86"),
        ("money", 1234.5, "1,234.50"),
        ("money", 123456.7, "123,457"),
    ],
)
def test_writes_figures_in_their_unit(unit: str, value: float | None, text: str) -> None:
    assert render_value(unit, value) == text  # type: ignore[arg-type]


def test_a_falling_bounce_rate_is_good_and_counted_in_points() -> None:
    change = render_change(FACES["bounce_rate"], 0.417, 0.439)
    assert change is not None
    assert (change.text, change.tone) == ("↓ 2.2\u00a0pts", "good")


def test_falling_visitors_are_bad_and_counted_in_percent() -> None:
    change = render_change(FACES["visitors"], 90, 100)
    assert change is not None
    assert (change.text, change.tone) == ("↓ 10.0\u00a0%", "bad")


def test_there_is_no_change_without_a_figure_before() -> None:
    assert render_change(FACES["bounce_rate"], 0.4, None) is None


def test_something_after_nothing_is_new_and_never_infinite() -> None:
    change = render_change(FACES["visitors"], 5, 0)
    assert change is not None
    assert change.text == "new"


def test_a_change_too_small_to_show_is_none() -> None:
    change = render_change(FACES["visitors"], 100_001, 100_000)
    assert change is not None
    assert change.tone == "flat"


def test_a_share_that_is_not_zero_is_not_shown_as_zero() -> None:
    assert render_share(0.0001) == "<\u20090.1\u00a0%"
    assert render_share(None) == "–"
    assert render_share(0.501) == "50.1\u00a0%"
