import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from scipy.stats import chi2_contingency, chisquare

from footfall.experiments.assignment import assign, find_bucket, has_moved, hash_text
from footfall.experiments.experiment import Experiment, Split, Variant
from footfall.experiments.split import move_ranges
from tests.unit.experiments.builder import make_experiment

VISITORS = [f"visitor-{n}" for n in range(100_000)]

VECTORS = json.loads((Path(__file__).parents[2] / "assignment_vectors.json").read_text())
"""`client/test/assign.test.ts` reads the same file."""


@pytest.mark.parametrize("vector", VECTORS["hashes"], ids=lambda v: repr(v["text"]))
def test_the_hash_is_the_one_that_the_script_computes(vector: dict[str, object]) -> None:
    assert hash_text(str(vector["text"])) == vector["hash"]


def test_fnv_1a_is_the_published_one() -> None:
    """Vectors of draft-eastlake-fnv, finished with fmix32 by an independent formula."""

    def finish(h: int) -> int:
        for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35), (16, 1)):
            h = ((h ^ (h >> shift)) * factor) % 2**32
        return h

    for text, fnv in (("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968)):
        assert hash_text(text) == finish(fnv)


@pytest.mark.parametrize("vector", VECTORS["assignments"], ids=lambda v: v["visitor"])
def test_the_variant_is_the_one_that_the_script_computes(vector: dict[str, object]) -> None:
    experiment = VECTORS["experiments"][vector["experiment"]]
    ranges = tuple(tuple(map(tuple, v["ranges"])) for v in experiment["variants"])
    made = make_experiment(*[1.0] * len(ranges), salt=experiment["salt"])
    split = replace(made.split, ranges=ranges, traffic_percent=experiment["trafficPercentage"])
    variants = tuple(Variant(v["id"], v["id"], 1) for v in experiment["variants"])
    made = replace(made, splits=(split,), variants=variants)
    variant = assign(made, str(vector["visitor"]))
    assert (variant and variant.id) == vector["variant"]


def test_two_experiments_share_visitors_out_independently() -> None:
    """A peer's hash modulo the weights made two experiments perfectly correlated."""
    one, two = make_experiment(1, 1, 1, salt="a"), make_experiment(1, 2, salt="b")
    table = Counter((_id(one, v), _id(two, v)) for v in VISITORS)
    rows = [[table[f"v{i}", f"v{j}"] for j in range(2)] for i in range(3)]
    assert chi2_contingency(rows).pvalue > 0.001


def test_taking_part_says_nothing_about_the_variant() -> None:
    salt = "c"
    table = Counter(
        (find_bucket("traffic", salt, v) < 3000, find_bucket("variant", salt, v) < 5000)
        for v in VISITORS
    )
    rows = [[table[a, b] for b in (False, True)] for a in (False, True)]
    assert chi2_contingency(rows).pvalue > 0.001


@pytest.mark.parametrize("weights", [(50, 50), (34, 33, 33), (90, 10), (1, 2, 3, 4)])
def test_weights_are_honoured(weights: tuple[int, ...]) -> None:
    experiment = make_experiment(*weights)
    counts = Counter(_id(experiment, v) for v in VISITORS)
    seen = [counts[f"v{i}"] for i in range(len(weights))]
    expected = [w / sum(weights) * len(VISITORS) for w in weights]
    assert chisquare(seen, expected).pvalue > 0.001


@pytest.mark.parametrize("kind", ["ids in a row", "uuids", "addresses"])
def test_buckets_are_even_for_ids_that_look_alike(kind: str) -> None:
    ids = {
        "ids in a row": [str(n) for n in range(100_000)],
        "uuids": [f"00000000-0000-4000-8000-{n:012x}" for n in range(100_000)],
        "addresses": [f"v_{n:x}{n % 7}" for n in range(100_000)],
    }[kind]
    counts = Counter(find_bucket("variant", "s", i) // 100 for i in ids)
    assert chisquare([counts[i] for i in range(100)]).pvalue > 0.0001


def test_more_traffic_only_adds_visitors() -> None:
    some, more = make_experiment(1, 1, traffic=20), make_experiment(1, 1, traffic=45)
    inside = {v: _id(some, v) for v in VISITORS if _id(some, v)}
    assert abs(len(inside) / len(VISITORS) - 0.20) < 0.005
    assert all(_id(more, v) == variant for v, variant in inside.items())
    assert abs(sum(_id(more, v) is not None for v in VISITORS) / len(VISITORS) - 0.45) < 0.005


def test_a_change_of_weights_moves_only_the_share_that_must_move() -> None:
    before = make_experiment(1, 1, 1)
    after = _resplit(before, (2, 1, 1))
    moved = [(_id(before, v), _id(after, v)) for v in VISITORS if _id(before, v) != _id(after, v)]
    assert abs(len(moved) / len(VISITORS) - (1 / 2 - 1 / 3)) < 0.005
    assert {new for _, new in moved} == {"v0"}
    assert all(has_moved(after, v) == (_id(before, v) != _id(after, v)) for v in VISITORS[:5000])


@pytest.mark.parametrize(("percent", "taking_part"), [(0, 0), (100, 1000)])
def test_nobody_and_everybody_are_exact(percent: int, taking_part: int) -> None:
    experiment = make_experiment(1, 1, traffic=percent)
    assert sum(_id(experiment, v) is not None for v in VISITORS[:1000]) == taking_part


def _id(experiment: Experiment, visitor_id: str) -> str | None:
    variant = assign(experiment, visitor_id)
    return variant.id if variant else None


def _resplit(experiment: Experiment, weights: tuple[float, ...]) -> Experiment:
    old = experiment.split
    split = Split(old.since_us + 1, 100, weights, move_ranges(old.ranges, weights))
    return replace(experiment, splits=(*experiment.splits, split))
