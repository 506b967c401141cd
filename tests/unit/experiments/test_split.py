from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from footfall.experiments.split import BUCKETS, lay_out, move_ranges, share_out

weights = st.lists(st.floats(0.01, 1000), min_size=1, max_size=20)


@given(weights)
def test_every_bucket_is_shared_out_and_nobody_is_a_bucket_off(given_weights: list[float]) -> None:
    counts = share_out(given_weights)
    assert sum(counts) == BUCKETS
    total = sum(given_weights)
    for count, weight in zip(counts, given_weights, strict=True):
        assert abs(count - weight / total * BUCKETS) <= 1


@given(
    st.integers(1, 20).flatmap(
        lambda n: st.tuples(*[st.lists(st.floats(0.1, 100), min_size=n, max_size=n)] * 3)
    )
)
def test_a_change_moves_exactly_the_buckets_that_some_variant_gains(
    steps: tuple[list[float], list[float], list[float]],
) -> None:
    ranges = lay_out(steps[0])
    for before, after in pairwise(steps):
        moved = move_ranges(ranges, after)
        old = {b: i for i, rs in enumerate(ranges) for s, e in rs for b in range(s, e)}
        new = {b: i for i, rs in enumerate(moved) for s, e in rs for b in range(s, e)}
        assert set(old) == set(new) == set(range(BUCKETS))
        gains = [max(0, b - a) for a, b in zip(share_out(before), share_out(after), strict=True)]
        assert sum(old[b] != new[b] for b in old) == sum(gains)
        ranges = moved


def test_equal_thirds_leave_the_odd_bucket_to_the_first() -> None:
    assert lay_out([1, 1, 1]) == (((0, 3334),), ((3334, 6667),), ((6667, 10_000),))
