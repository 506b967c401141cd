from dataclasses import replace
from itertools import pairwise
from math import isclose

import pytest

from footfall.clock import US_PER_DAY
from footfall.experiments.analysis import Analysis, analyse
from footfall.experiments.experiment import Experiment, Split
from footfall.experiments.split import lay_out
from footfall.experiments.statistic.correction import correct
from footfall.experiments.statistic.size import find_size
from footfall.experiments.tally import Arm, Cell, Tally, find_span
from footfall.experiments.verdict import Verdict
from footfall.model.time_range import TimeRange
from tests.unit.experiments.builder import NOW, make_experiment

WEEK = TimeRange(NOW, NOW + 7 * US_PER_DAY)


def make_tally(experiment: Experiment, *counts: tuple[int, int]) -> Tally:
    """Counts are (units, conversions) of each variant."""
    arms = []
    for variant, (units, hits) in zip(experiment.variants, counts, strict=True):
        cells = (Cell(0, False, 0, 0, units - hits), Cell(0, True, 2_000_000, 0, hits))
        arms.append(Arm(variant, cells))
    return Tally(tuple(arms), 0)


def run(*counts: tuple[int, int], weights: tuple[float, ...] = ()) -> Analysis:
    experiment = make_experiment(*(weights or [1] * len(counts)))
    return analyse(experiment, [("buy", make_tally(experiment, *counts))], WEEK)


def verdict_of(analysis: Analysis, index: int = 1) -> Verdict:
    comparison = analysis.metrics[0].arms[index].comparison
    assert comparison is not None
    return comparison.verdict


@pytest.mark.parametrize(
    ("control", "other", "expected"),
    [
        ((5000, 500), (5000, 700), Verdict.BETTER),
        ((5000, 700), (5000, 500), Verdict.WORSE),
        ((5000, 500), (5000, 510), Verdict.UNDECIDED),
        ((5000, 9), (5000, 60), Verdict.TOO_EARLY),
        ((5000, 4995), (5000, 4900), Verdict.TOO_EARLY),
        ((0, 0), (0, 0), Verdict.TOO_EARLY),
        ((5000, 500), (5600, 700), Verdict.BROKEN),
        ((5000, 500), (5600, 560), Verdict.BROKEN),
    ],
)
def test_the_verdict_follows_from_the_counts(
    control: tuple[int, int], other: tuple[int, int], expected: Verdict
) -> None:
    assert verdict_of(run(control, other)) is expected


def test_what_one_look_calls_significant_may_still_be_undecided() -> None:
    analysis = run((2000, 200), (2000, 243))
    comparison = analysis.metrics[0].arms[1].comparison
    assert comparison is not None
    assert comparison.z_test.p is not None
    assert comparison.z_test.p < 0.05 < (comparison.p_sequential or 0)
    assert comparison.verdict is Verdict.UNDECIDED


def test_the_sequence_is_wider_than_the_interval_of_one_look() -> None:
    comparison = run((2000, 200), (2000, 243)).metrics[0].arms[1].comparison
    assert comparison is not None
    for estimate in (comparison.uplift, comparison.difference, comparison.revenue_uplift):
        assert estimate is not None
        assert estimate.sequence.low < estimate.interval.low < estimate.value
        assert estimate.value < estimate.interval.high < estimate.sequence.high


def test_many_comparisons_are_corrected_together() -> None:
    experiment = make_experiment(1, 1, 1)
    tallies = [
        ("buy", make_tally(experiment, (5000, 500), (5000, 640), (5000, 520))),
        ("signup", make_tally(experiment, (5000, 900), (5000, 905), (5000, 1090))),
    ]
    analysis = analyse(experiment, tallies, WEEK)
    comparisons = [c for m in analysis.metrics for a in m.arms if (c := a.comparison)]
    plain = [c.p_sequential for c in comparisons]
    assert None not in plain
    corrected = correct([p for p in plain if p is not None])
    assert [c.p_corrected for c in comparisons] == list(corrected)
    assert any(a != b for a, b in zip(plain, corrected, strict=True))
    alone = analyse(experiment, tallies[:1], WEEK).metrics[0].arms[1].comparison
    assert alone is not None
    assert (alone.p_corrected or 0) <= (comparisons[0].p_corrected or 0)


def test_earlier_behaviour_is_taken_out_of_the_difference() -> None:
    experiment = make_experiment(1, 1)
    arms = []
    for variant, extra in zip(experiment.variants, (0, 60), strict=True):
        # Who did something before converts far more often.
        cells = (
            Cell(0, False, 0, 0, 900 - extra // 2),
            Cell(0, True, 0, 0, 50 + extra // 2),
            Cell(0, False, 0, 5, 300 - extra // 2),
            Cell(0, True, 0, 5, 700 + extra // 2),
        )
        arms.append(Arm(variant, cells))
    analysis = analyse(experiment, [("buy", Tally(tuple(arms), 0))], WEEK)
    comparison = analysis.metrics[0].arms[1].comparison
    assert comparison is not None
    assert comparison.adjusted is not None
    assert comparison.difference is not None
    assert comparison.adjusted.reduction > 0.3
    assert isclose(comparison.adjusted.difference.value, comparison.difference.value, abs_tol=1e-3)
    assert comparison.adjusted.p_sequential < (comparison.p_sequential or 0)
    nobody_before = run((1950, 750), (1950, 810)).metrics[0].arms[1].comparison
    assert nobody_before is not None
    assert nobody_before.adjusted is None


def test_conversions_of_unknown_visitors_count_among_the_known() -> None:
    experiment = make_experiment(1, 1)
    tally = make_tally(experiment, (1000, 100), (1000, 100))
    loose = replace(tally.arms[1], loose_conversions=20, loose_revenue_micros=30_000_000)
    analysis = analyse(experiment, [("buy", replace(tally, arms=(tally.arms[0], loose)))], WEEK)
    arm = analysis.metrics[0].arms[1]
    assert (arm.rate.successes, arm.rate.count, arm.revenue) == (120, 1000, 230.0)
    assert replace(loose, loose_conversions=5_000).conversions == 1000


def test_the_check_of_ratios_follows_the_splits() -> None:
    experiment = make_experiment(1, 1)
    later = Split(NOW + US_PER_DAY, 100, (9, 1), lay_out((9, 1)))
    experiment = replace(experiment, splits=(*experiment.splits, later))
    arms = tuple(
        Arm(variant, (Cell(0, False, 0, 0, first), Cell(1, False, 0, 0, second)))
        for variant, first, second in zip(
            experiment.variants, (5000, 5010), (9020, 980), strict=True
        )
    )
    assert not analyse(experiment, [("", Tally(arms, 0))], WEEK).ratio.is_alarm


def test_the_wait_is_that_of_the_slowest_variant() -> None:
    plan = run((700, 70), (350, 35), weights=(2, 1)).plan
    needed = find_size(0.1, 0.1)
    assert plan.needed == needed
    assert needed is not None
    assert plan.missing == needed - 350
    assert plan.days_left is not None
    assert isclose(plan.days_left, (needed - 350) / (350 / 7))


def test_enough_visitors_need_no_more_days() -> None:
    plan = run((50_000, 5_000), (50_000, 5_000)).plan
    assert (plan.missing, plan.days_left) == (0, 0)


def test_nobody_knows_how_long_nothing_takes() -> None:
    assert run((1000, 0), (1000, 5)).plan.needed is None
    assert run((1000, 100), (0, 0)).plan.days_left is None


@pytest.mark.parametrize(
    ("started", "ended", "expected"),
    [
        (None, None, (0, 0)),
        (50, None, (50, 100)),
        (-20, 30, (0, 31)),
        (50, 60, (50, 61)),
        (150, None, (150, 150)),
        (-20, -10, (0, 0)),
    ],
)
def test_an_experiment_is_counted_while_it_runs(
    started: int | None, ended: int | None, expected: tuple[int, int]
) -> None:
    experiment = replace(make_experiment(), started_at_us=started, ended_at_us=ended)
    span = find_span(experiment, TimeRange(0, 100))
    assert (span.start_us, span.end_us) == expected


def test_more_units_make_every_interval_narrower() -> None:
    widths = []
    for units in (1_000, 4_000, 16_000):
        comparison = run((units, units // 10), (units, units // 8)).metrics[0].arms[1].comparison
        assert comparison is not None
        assert comparison.difference is not None
        sequence = comparison.difference.sequence
        widths.append(sequence.high - sequence.low)
    assert all(wide > narrow for wide, narrow in pairwise(widths))
