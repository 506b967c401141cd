"""How buckets are shared out. Every visitor has one bucket per experiment; a variant owns ranges
of buckets. When weights change, buckets move from variants that shrink to variants that grow and
no other bucket moves: the fewest visitors that can change, by construction."""

from collections.abc import Sequence

from footfall.experiments.experiment import Ranges

BUCKETS = 10_000
"""A bucket is a hundredth of a percent: finer than any weight that people write down."""


def share_out(weights: Sequence[float]) -> tuple[int, ...]:
    """Return how many buckets each weight gets: the largest remainders round up, the first of
    equals first (Hamilton's method), so that the numbers add up to BUCKETS exactly."""
    total = sum(weights)
    exact = [weight / total * BUCKETS for weight in weights]
    counts = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (counts[i] - exact[i], i))
    for index in by_remainder[: BUCKETS - sum(counts)]:
        counts[index] += 1
    return tuple(counts)


def lay_out(weights: Sequence[float]) -> tuple[Ranges, ...]:
    """Return the ranges of a first split: one range each, in the order of the weights."""
    ranges: list[Ranges] = []
    start = 0
    for count in share_out(weights):
        ranges.append(((start, start + count),) if count else ())
        start += count
    return tuple(ranges)


def move_ranges(ranges: Sequence[Ranges], weights: Sequence[float]) -> tuple[Ranges, ...]:
    """Return the ranges after a change of weights, with as few buckets moved as possible."""
    wanted = share_out(weights)
    owned = [[bucket for start, end in each for bucket in range(start, end)] for each in ranges]
    spare: list[int] = []
    for buckets, count in zip(owned, wanted, strict=True):
        spare += buckets[count:]
        del buckets[count:]
    spare.sort()
    for buckets, count in zip(owned, wanted, strict=True):
        missing = count - len(buckets)
        buckets.extend(spare[:missing])
        del spare[:missing]
    return tuple(_join(sorted(buckets)) for buckets in owned)


def _join(buckets: Sequence[int]) -> Ranges:
    joined: list[tuple[int, int]] = []
    for bucket in buckets:
        if joined and joined[-1][1] == bucket:
            joined[-1] = (joined[-1][0], bucket + 1)
        else:
            joined.append((bucket, bucket + 1))
    return tuple(joined)
