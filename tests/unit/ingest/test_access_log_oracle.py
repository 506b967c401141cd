"""The parser against the independent reading of the same real log."""

import os
from pathlib import Path

import pytest

from footfall.ingest.access_log import Damaged, is_pageview, parse_line, path_of
from tests.oracle_access_log import read_log

_SHARED = Path(os.environ.get("FOOTFALL_SHARED", Path(__file__).parents[3].parent / "shared"))
_LOG = _SHARED / "data" / "access.log"

pytestmark = pytest.mark.skipif(
    not _LOG.exists(), reason="the real log is not here; FOOTFALL_SHARED names its folder"
)


def test_finds_the_requests_damages_and_pages_that_the_oracle_finds() -> None:
    oracle = read_log(_LOG)
    lines = _LOG.read_bytes().splitlines()
    found = [parse_line(line) for line in lines]
    requests = [one for one in found if not isinstance(one, Damaged)]
    assert len(requests) == oracle.requests
    assert [n for n, one in enumerate(found, 1) if isinstance(one, Damaged)] == [*oracle.damaged]
    paths = [path_of(one.target) for one in requests if is_pageview(one)]
    assert len(paths) == oracle.everyone.pageviews
    assert {path: paths.count(path) for path in set(paths)} == dict(oracle.everyone.paths)
