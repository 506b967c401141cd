from dataclasses import replace
from typing import Any

import pytest

from footfall.experiments.target import is_targeted
from tests.unit.experiments.builder import make_experiment


@pytest.mark.parametrize(
    ("match", "target", "url", "expected"),
    [
        ("all", "", "anything", True),
        ("exact", "/pricing", "https://x.example/pricing/", True),
        ("exact", "/pricing/", "/pricing", True),
        ("exact", "https://x.example/pricing", "https://x.example/pricing#top", True),
        ("exact", "/pricing", "https://x.example/pricing?a=1", True),
        ("exact", "/pricing", "https://x.example/pricing/more", False),
        ("contains", "ricin", "https://x.example/pricing", True),
        ("contains", "a=1", "https://x.example/pricing?a=1", True),
        ("contains", "top", "https://x.example/pricing#top", False),
        ("starts_with", "/blog", "https://x.example/blog/a", True),
        ("starts_with", "https://x", "https://x.example/", True),
        ("starts_with", "blog", "https://x.example/blog", False),
    ],
)
def test_a_page_is_meant_by_the_documented_rule(
    match: Any, target: str, url: str, expected: object
) -> None:
    experiment = replace(make_experiment(), url_match=match, target_url=target)
    assert is_targeted(experiment, url) is expected
