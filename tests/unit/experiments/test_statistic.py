"""Every formula against an implementation that shares no line with it: scipy, gbstats, numpy."""

import random
import warnings
from math import inf, isclose, sqrt
from statistics import fmean, variance

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import false_discovery_control
from scipy.stats.contingency import chi2_contingency

from footfall.experiments.statistic.correction import correct
from footfall.experiments.statistic.covariate import adjust, make_pairs
from footfall.experiments.statistic.effect import find_difference, find_uplift
from footfall.experiments.statistic.rate import Rate, Significance, compare_rates, find_wilson
from footfall.experiments.statistic.ratio import check_ratio, find_chi_square_tail
from footfall.experiments.statistic.sample import ALPHA, Sample, make_rate_sample
from footfall.experiments.statistic.sequential import find_sequence, find_sequential_p
from footfall.experiments.statistic.size import find_size

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from gbstats.frequentist.tests import (
        SequentialConfig,
        SequentialTwoSidedTTest,
    )
    from gbstats.models.statistics import ProportionStatistic, SampleMeanStatistic

rates = st.integers(1, 100_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(rates)
def test_wilson_is_scipys(rate: tuple[int, int]) -> None:
    ours = find_wilson(Rate(*rate))
    theirs = stats.binomtest(*rate).proportion_ci(0.95, method="wilson")
    assert isclose(ours.low, theirs.low, abs_tol=1e-9)
    assert isclose(ours.high, theirs.high, abs_tol=1e-9)
    assert ours.has(rate[0] / rate[1])


def test_nothing_is_known_of_nobody() -> None:
    assert (find_wilson(Rate(0, 0)).low, find_wilson(Rate(0, 0)).high) == (0, 1)
    assert Rate(0, 0).value is None


@given(rates, rates)
def test_the_squared_z_is_the_chi_square_of_the_two_by_two_table(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    found = compare_rates(Rate(*one), Rate(*two))
    table = [[one[0], one[1] - one[0]], [two[0], two[1] - two[0]]]
    if 0 in (one[0] + two[0], one[1] + two[1] - one[0] - two[0]):
        assert found.z is None
        return
    theirs = chi2_contingency(table, correction=False)
    assert found.z is not None
    assert found.p is not None
    assert isclose(found.z**2, theirs.statistic, rel_tol=1e-6, abs_tol=1e-9)
    assert isclose(found.p, theirs.pvalue, rel_tol=1e-5, abs_tol=1e-12)


@pytest.mark.parametrize(
    ("control", "other", "expected"),
    [
        (Rate(0, 0), Rate(1, 200), Significance.NO_DATA),
        (Rate(10, 99), Rate(20, 200), Significance.TOO_FEW),
        (Rate(10, 100), Rate(9, 99), Significance.TOO_FEW),
        (Rate(0, 500), Rate(0, 500), Significance.NO_VARIANCE),
        (Rate(500, 500), Rate(500, 500), Significance.NO_VARIANCE),
        (Rate(100, 1000), Rate(140, 1000), Significance.AT_99),
        (Rate(140, 1000), Rate(100, 1000), Significance.AT_99),
        (Rate(100, 1000), Rate(130, 1000), Significance.AT_95),
        (Rate(100, 1000), Rate(124, 1000), Significance.AT_90),
        (Rate(100, 1000), Rate(110, 1000), Significance.NONE),
    ],
)
def test_the_z_test_speaks_echelons_sentences(
    control: Rate, other: Rate, expected: Significance
) -> None:
    assert compare_rates(control, other).significance is expected


@pytest.mark.filterwarnings("ignore:overflow encountered")
@pytest.mark.parametrize("relative", [False, True])
@given(
    rates.filter(lambda r: r[1] > 1 and 0 < r[0] < r[1]),
    rates.filter(lambda r: r[1] > 1 and 0 < r[0] < r[1]),
)
def test_the_confidence_sequence_is_gbstats_s(
    relative: object, one: tuple[int, int], two: tuple[int, int]
) -> None:
    a, b = ProportionStatistic(n=one[1], sum=one[0]), ProportionStatistic(n=two[1], sum=two[0])
    config = SequentialConfig(difference_type="relative" if relative else "absolute", alpha=ALPHA)
    theirs = SequentialTwoSidedTTest(a, b, config).compute_result()
    find = find_uplift if relative else find_difference
    # gbstats takes the variance of a proportion over n, we take it over n - 1.
    ours = find(_like_gbstats(*one), _like_gbstats(*two))
    assert ours is not None
    sequence = find_sequence(ours)
    assert isclose(ours.value, theirs.expected, rel_tol=1e-9, abs_tol=1e-12)
    assert isclose(sequence.low, theirs.ci[0], rel_tol=1e-6, abs_tol=1e-9)
    assert isclose(sequence.high, theirs.ci[1], rel_tol=1e-6, abs_tol=1e-9)


def _like_gbstats(successes: int, count: int) -> Sample:
    """A sample whose unbiased variance is p (1 - p)."""
    p = successes / count
    return Sample(count, successes, successes * p + p * (1 - p) * (count - 1))


def _sample(values: list[float]) -> Sample:
    return Sample(len(values), sum(values), sum(value * value for value in values))


def test_the_sequence_of_revenue_is_gbstats_s() -> None:
    rolls = random.Random(3)
    one = [rolls.choice([0, 0, 0, rolls.expovariate(0.02)]) for _ in range(900)]
    two = [rolls.choice([0, 0, rolls.expovariate(0.02)]) for _ in range(1100)]
    a, b = (_sample(values) for values in (one, two))
    theirs = SequentialTwoSidedTTest(
        SampleMeanStatistic(n=a.count, sum=a.total, sum_squares=a.squares),
        SampleMeanStatistic(n=b.count, sum=b.total, sum_squares=b.squares),
        SequentialConfig(difference_type="relative", alpha=ALPHA),
    ).compute_result()
    uplift = find_uplift(a, b)
    assert uplift is not None
    assert isclose(find_sequence(uplift).low, theirs.ci[0], rel_tol=1e-9)
    assert isclose(find_sequence(uplift).high, theirs.ci[1], rel_tol=1e-9)
    assert isclose(a.variance, variance(one), rel_tol=1e-9)


@given(rates.filter(lambda r: r[1] > 1), rates.filter(lambda r: r[1] > 1))
def test_the_sequential_p_is_below_alpha_exactly_where_the_sequence_leaves_zero_out(
    one: tuple[int, int], two: tuple[int, int]
) -> None:
    effect = find_difference(make_rate_sample(one[1], one[0]), make_rate_sample(two[1], two[0]))
    assert effect is not None
    if effect.variance == 0:
        assert find_sequential_p(effect) == 1
        return
    p = find_sequential_p(effect)
    if not isclose(p, ALPHA, rel_tol=1e-9):
        assert (p < ALPHA) == (not find_sequence(effect).has(0))


def test_the_fixed_interval_is_the_normal_one() -> None:
    a, b = make_rate_sample(1000, 100), make_rate_sample(900, 120)
    effect = find_difference(a, b)
    assert effect is not None
    half = 1.959963984540054 * sqrt(0.1 * 0.9 / 999 + (120 / 900) * (780 / 900) / 899)
    assert isclose(effect.interval().high - effect.value, half, rel_tol=1e-12)


def test_no_uplift_exists_over_nothing() -> None:
    assert find_uplift(make_rate_sample(100, 0), make_rate_sample(100, 5)) is None
    assert find_difference(make_rate_sample(1, 0), make_rate_sample(100, 5)) is None


@given(st.floats(0, 500), st.integers(1, 400))
def test_the_chi_square_tail_is_scipys(statistic: float, freedom: int) -> None:
    theirs = float(stats.chi2.sf(statistic, freedom))
    assert isclose(find_chi_square_tail(statistic, freedom), theirs, rel_tol=1e-8, abs_tol=1e-13)


@given(st.lists(st.tuples(st.integers(20, 10_000), st.floats(1, 10)), min_size=2, max_size=10))
def test_the_ratio_check_is_scipys_chi_square(pairs: list[tuple[int, float]]) -> None:
    counts, weights = [p[0] for p in pairs], [p[1] for p in pairs]
    expected = [w / sum(weights) * sum(counts) for w in weights]
    check = check_ratio([counts], [weights])
    if min(expected) < 5:
        assert check.p is None
        return
    theirs = stats.chisquare(counts, expected).pvalue
    assert check.p is not None
    assert isclose(check.p, theirs, rel_tol=1e-6, abs_tol=1e-12)


def test_the_ratio_check_uses_the_weights_in_force() -> None:
    """Half and half, then nine to one: together they look like neither."""
    counts = [(5000, 5010), (9020, 980)]
    assert not check_ratio(counts, [(1, 1), (9, 1)]).is_alarm
    assert check_ratio([(14_020, 5990)], [(1, 1)]).is_alarm
    assert check_ratio(counts, [(1, 1), (9, 1)]).expected == (14_005, 6005)


@pytest.mark.parametrize(
    ("counts", "alarm"),
    [((5000, 5000), False), ((5000, 5220), False), ((5000, 5400), True), ((3, 0), False)],
)
def test_the_alarm_rings_below_one_in_a_thousand(counts: tuple[int, int], alarm: object) -> None:
    assert check_ratio([counts], [(1, 1)]).is_alarm is alarm


def test_cuped_is_what_numpy_makes_of_it() -> None:
    rolls = np.random.default_rng(5)
    sides = []
    for effect in (0.0, 0.3):
        x = rolls.poisson(3, 4000)
        sides.append((x, (x * 0.8 + rolls.normal(effect, 1, 4000)).round(2)))
    found = adjust(
        *(make_pairs((float(b), float(a), 1) for a, b in zip(*s, strict=True)) for s in sides)
    )
    assert found is not None
    (x0, y0), (x1, y1) = sides
    covariance = np.cov(x0, y0)[0, 1] + np.cov(x1, y1)[0, 1]
    theta = covariance / (np.var(x0, ddof=1) + np.var(x1, ddof=1))
    adjusted = [y - theta * x for x, y in sides]
    assert isclose(found.theta, theta, rel_tol=1e-9)
    assert isclose(found.effect.value, adjusted[1].mean() - adjusted[0].mean(), rel_tol=1e-9)
    spread = sum(np.var(a, ddof=1) / len(a) for a in adjusted)
    assert isclose(found.effect.variance, spread, rel_tol=1e-9)
    plain = sum(np.var(y, ddof=1) / len(y) for _, y in sides)
    assert isclose(found.reduction, 1 - spread / plain, rel_tol=1e-9)
    assert found.reduction > 0.5


def test_cuped_needs_something_before() -> None:
    pairs = make_pairs([(1.0, 0.0, 10), (0.0, 0.0, 90)])
    assert adjust(pairs, pairs) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_is_scipys(p_values: list[float]) -> None:
    ours = correct(p_values)
    for mine, theirs in zip(ours, false_discovery_control(p_values), strict=True):
        assert isclose(mine, theirs, rel_tol=1e-12)


@pytest.mark.parametrize(("base", "uplift"), [(0.05, 0.1), (0.1, -0.2), (0.5, 0.05), (0.02, 0.5)])
def test_the_sample_size_gives_the_power_it_promises(base: float, uplift: float) -> None:
    size = find_size(base, uplift)
    assert size is not None
    rolls = np.random.default_rng(11)
    a = rolls.binomial(size, base, 4000)
    b = rolls.binomial(size, base * (1 + uplift), 4000)
    seen = [
        (t := compare_rates(Rate(int(x), size), Rate(int(y), size))).p is not None and t.p < 0.05
        for x, y in zip(a, b, strict=True)
    ]
    assert abs(fmean(seen) - 0.8) < 0.025


@pytest.mark.parametrize(("base", "uplift"), [(0, 0.1), (1, 0.1), (0.5, 0), (0.9, 0.2)])
def test_no_number_is_enough_for_what_cannot_be(base: float, uplift: float) -> None:
    assert find_size(base, uplift) is None


def test_an_interval_may_be_endless() -> None:
    from footfall.experiments.statistic.sample import Interval

    assert Interval(-inf, inf).has(0)
