"""What the page of an experiment says and draws, from counts alone."""

from dataclasses import replace

import pytest

from footfall.clock import US_PER_DAY
from footfall.dashboard.experiment import make_sentence, make_sheet, render_signed
from footfall.dashboard.experiment_page import parse_number, parse_variants
from footfall.errors import InvalidInputError
from footfall.experiments.analysis import Analysis, analyse
from footfall.experiments.experiment import Experiment
from footfall.experiments.tally import Arm, Cell, Tally
from footfall.model.time_range import TimeRange
from tests.unit.experiments.builder import NOW, make_experiment


def run(*counts: tuple[int, int], experiment: Experiment | None = None) -> Analysis:
    experiment = experiment or make_experiment(*[1] * len(counts))
    arms = tuple(
        Arm(variant, (Cell(0, False, 0, 0, units - hits), Cell(0, True, 0, 0, hits)))
        for variant, (units, hits) in zip(experiment.variants, counts, strict=True)
    )
    return analyse(experiment, [("buy", Tally(arms, 0))], TimeRange(NOW, NOW + US_PER_DAY))


@pytest.mark.parametrize(
    ("counts", "tone", "title"),
    [
        (((0, 0), (0, 0)), "", "Nobody has seen a variant yet"),
        (((900, 90), (100, 30)), "bad", "These figures cannot be trusted"),
        (((500, 3), (500, 9)), "", "Too early to say"),
        (((5000, 500), (5000, 510)), "", "No difference shows yet"),
        (((50_000, 5_000), (50_000, 5_050)), "", "No difference shows"),
        (((5000, 500), (5000, 700)), "good", "“V1” is better"),
        (((5000, 500), (5000, 700), (5000, 900)), "good", "“V2” is better"),
        (((5000, 700), (5000, 500)), "bad", "“V1” is worse"),
        (((5000, 700), (5000, 500), (5000, 400)), "bad", "“V1” and “V2” are worse"),
        (((5000, 700), (5000, 500), (5000, 705)), "", "No difference shows yet"),
        (((500, 50),), "", "One variant"),
    ],
)
def test_the_verdict_is_a_sentence(
    counts: tuple[tuple[int, int], ...], tone: str, title: str
) -> None:
    sentence = make_sentence(run(*counts))
    assert (sentence.tone, sentence.title) == (tone, title)


def test_a_draft_and_an_experiment_without_goal_say_so() -> None:
    draft = replace(make_experiment(), status="draft", started_at_us=None)
    assert make_sentence(run((0, 0), (0, 0), experiment=draft)).title == "A draft"
    counted = replace(make_experiment(), metric="")
    assert make_sentence(run((9, 0), (9, 0), experiment=counted)).title == "Visitors are counted"


def test_the_drawing_has_nothing_in_its_middle_and_everything_inside() -> None:
    sheet = make_sheet(run((2000, 200), (2000, 260), (2000, 150)))
    assert sheet.forest is not None
    assert sheet.forest.zero == "50.00%"
    assert {mark.at: mark.text for mark in sheet.forest.marks}["50.00%"] == "0"
    assert sheet.rows[0].line is None
    for row in sheet.rows[1:]:
        assert row.line is not None
        places = [
            float(place.removesuffix("%"))
            for place in (
                row.line.sequence_low,
                row.line.low,
                row.line.value,
                row.line.high,
                row.line.sequence_high,
            )
        ]
        assert places == sorted(places)
        assert 0 <= places[0] < places[-1] <= 100
    better, worse = (row.line for row in sheet.rows[1:])
    assert better is not None
    assert worse is not None
    assert float(better.value[:-1]) > 50 > float(worse.value[:-1])


def test_nothing_is_drawn_over_a_control_without_conversions() -> None:
    sheet = make_sheet(run((500, 0), (500, 5)))
    assert sheet.forest is None
    assert [row.uplift for row in sheet.rows] == ["–", "–"]


@pytest.mark.parametrize(
    ("share", "text"), [(0.123, "+12.3\u00a0%"), (-0.04, "−4.0\u00a0%"), (0.0, "±0.0\u00a0%")]
)
def test_changes_carry_their_sign(share: float, text: str) -> None:
    assert render_signed(share) == text


def test_variants_are_read_line_by_line() -> None:
    read = parse_variants("Blue, 34\n\nGreen\nRed, white, 2.5\n")
    assert [(v.name, v.weight) for v in read] == [("Blue", 34), ("Green", 1), ("Red, white", 2.5)]


def test_what_is_no_number_is_quoted() -> None:
    with pytest.raises(InvalidInputError, match="weight 'x' is no number"):
        parse_variants("Blue, x")
    assert parse_number("12.5", "traffic") == 12.5
