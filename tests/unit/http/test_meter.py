"""The meter: counts since the start, times of the newest requests."""

import time

import pytest

from footfall.http import meter
from footfall.http.meter import RequestMeter


def test_tells_counts_times_and_slow_paths() -> None:
    found = RequestMeter()
    now = time.monotonic()
    for milliseconds, status, path in ((1, 200, "/a"), (2, 200, "/a"), (30, 503, "/b")):
        found.note(path, status, now - milliseconds / 1_000)
    found.note("/made-up", 404, now - 9)
    figures = found.read()
    assert (figures.total_requests, figures.total_errors, figures.recent_requests) == (4, 1, 4)
    assert figures.error_share == 0.25
    assert figures.maximum_ms == pytest.approx(9_000, rel=0.01)
    assert [path.path for path in figures.slow_paths] == ["/b", "/a"]
    assert figures.slow_paths[1].count == 2
    assert figures.slow_paths[1].average_ms == pytest.approx(1.5, rel=0.5)


def test_remembers_the_newest_when_there_are_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meter, "SAMPLES_LIMIT", 3)
    found = RequestMeter()
    for number in range(5):
        found.note(f"/{number}", 200, time.monotonic())
    figures = found.read()
    assert (figures.total_requests, figures.recent_requests) == (5, 3)
    assert {path.path for path in figures.slow_paths} == {"/2", "/3", "/4"}


def test_says_nothing_of_nothing() -> None:
    figures = RequestMeter().read()
    assert (figures.total_requests, figures.average_ms, figures.slow_paths) == (0, 0.0, ())
