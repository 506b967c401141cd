"""The sizes in the README are those of the files that are served."""

import gzip
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src" / "footfall" / "scripts" / "built"
MAX_CORE_BYTES = 1_200
NAMES = (
    *("script.js", "modules-*.js", "vitals-*.js", "survey-*.js"),
    *("echelon.js", "tracker.js", "fingerprint-*.js"),
)
ZLIB_DIFFERENCE_BYTES = 8
"""Builds of zlib pack a file of this size by a few bytes differently."""


def size_of(pattern: str) -> int:
    (path,) = [p for p in BUILT.glob(pattern) if p.suffix == ".js"]
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def test_core_of_the_tracker_stays_small() -> None:
    assert size_of("script.js") <= MAX_CORE_BYTES


def test_readme_says_the_sizes_that_are_served() -> None:
    text = (ROOT / "README.md").read_text()
    for name in NAMES:
        size = size_of(name)
        said = [
            n
            for n in range(size - ZLIB_DIFFERENCE_BYTES, size + ZLIB_DIFFERENCE_BYTES + 1)
            if f"| {n:,} |" in text
        ]
        assert said, f"{name} is {size} bytes"
