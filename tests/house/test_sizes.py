"""The sizes in the README are those of the files that are served."""

import gzip
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "src" / "footfall" / "scripts" / "built"
MAX_BYTES = {
    "script.js": 1_200,
    "grademypage.js": 2_000,
    "grademypage-experiments.js": 2_500,
    "form.js": 7_500,
    "pulse.js": 9_500,
}
NAMES = (
    *MAX_BYTES,
    *("modules-*.js", "vitals-*.js", "survey-*.js"),
    *("echelon.js", "tracker.js", "fingerprint-*.js", "recorder-*.js"),
)
ZLIB_DIFFERENCE_BYTES = 8
"""Builds of zlib pack a file of this size by a few bytes differently."""


def size_of(pattern: str) -> int:
    (path,) = [p for p in BUILT.glob(pattern) if p.suffix == ".js"]
    return len(gzip.compress(path.read_bytes(), 9, mtime=0))


def test_what_every_page_loads_stays_small() -> None:
    for name, most in MAX_BYTES.items():
        assert size_of(name) <= most, name


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
