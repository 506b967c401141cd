"""Which variant a visitor gets. A pure function of the experiment and the visitor's id, so that a
browser, a server and every node agree without asking each other. The script's
`client/src/experiment/assign.ts` computes the same; one file of vectors tests both."""

from footfall.experiments.experiment import Experiment, Split, Variant
from footfall.experiments.split import BUCKETS

_OFFSET = 0x811C9DC5
_PRIME = 0x01000193
_MASK = 0xFFFFFFFF


def hash_text(text: str) -> int:
    """Return 32 bits of a text: FNV-1a over its UTF-8 bytes, then the finaliser of MurmurHash3,
    because the low bits of FNV alone follow the last character too closely.

    Sources: draft-eastlake-fnv; smhasher, MurmurHash3.cpp, `fmix32`.
    """
    value = _OFFSET
    for byte in text.encode("utf-8", "replace"):
        value = (value ^ byte) * _PRIME & _MASK
    value ^= value >> 16
    value = value * 0x85EBCA6B & _MASK
    value ^= value >> 13
    value = value * 0xC2B2AE35 & _MASK
    return value ^ (value >> 16)


def find_bucket(part: str, salt: str, visitor_id: str) -> int:
    """Return a visitor's bucket, 0 to BUCKETS - 1. `part` keeps two questions about one
    experiment independent: 'traffic' asks who takes part, 'variant' what they see."""
    return hash_text(f"{part}:{salt}:{visitor_id}") * BUCKETS >> 32


def assign(experiment: Experiment, visitor_id: str) -> Variant | None:
    """Return the visitor's variant by the split in force; None when it does not take part."""
    return assign_by(experiment, experiment.split, visitor_id)


def assign_by(experiment: Experiment, split: Split, visitor_id: str) -> Variant | None:
    """Return the visitor's variant by one split of the experiment."""
    if find_bucket("traffic", experiment.salt, visitor_id) >= split.traffic_percent * 100:
        return None
    bucket = find_bucket("variant", experiment.salt, visitor_id)
    for variant, ranges in zip(experiment.variants, split.ranges, strict=True):
        if any(start <= bucket < end for start, end in ranges):
            return variant
    return None


def has_moved(experiment: Experiment, visitor_id: str) -> bool:
    """Tell whether a change of the split gave the visitor another answer; only then does anybody
    have to look up what it was shown first."""
    answers = {assign_by(experiment, split, visitor_id) for split in experiment.splits}
    return len(answers) > 1
