"""Ids of lines: the same for every run, different for equal lines of one file."""

import random

from footfall.ingest.line_id import LineIds

HOUR = 3_600_000_000


def test_equal_lines_get_different_ids() -> None:
    ids = LineIds()
    assert ids.take(b"a", 5) != ids.take(b"a", 5)


def test_a_second_run_and_a_grown_file_find_the_same_ids() -> None:
    lines = [b"a", b"b", b"a", b"a", b"c"]
    first, second = LineIds(), LineIds()
    assert [first.take(x, 5) for x in lines] == [second.take(x, 5) for x in [*lines, b"a"]][:5]


def test_equal_lines_far_apart_stay_separate_though_their_hour_was_sealed() -> None:
    ids = LineIds()
    rng = random.Random(4)
    lines = [(str(rng.randrange(300)).encode(), rng.randrange(100)) for _ in range(5_000)]
    taken = [ids.take(line + b"@%d" % hour, hour * HOUR) for line, hour in lines]
    assert len(set(taken)) == len(taken)
    counts: dict[tuple[bytes, int], int] = {}
    for item, given in zip(lines, taken, strict=True):
        assert given.endswith(f".{counts.get(item, 0)}")
        counts[item] = counts.get(item, 0) + 1
