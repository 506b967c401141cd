"""Moments of a day: inside that local day, also when the clock changes."""

from datetime import date
from random import Random
from zoneinfo import ZoneInfo

import pytest

from footfall.cli.demo.rhythm import AT_HOME, draw_moment_us
from footfall.model.time_range import from_us


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", date(2026, 10, 25)),
        ("Europe/Berlin", date(2026, 3, 29)),
        ("America/New_York", date(2026, 11, 1)),
        ("America/New_York", date(2026, 3, 8)),
        ("Australia/Sydney", date(2026, 10, 4)),
        ("Asia/Kathmandu", date(2026, 10, 25)),
        ("UTC", date(2026, 1, 1)),
    ],
)
def test_moments_lie_on_their_local_day(zone: str, day: date) -> None:
    rng = Random(5)
    moments = [from_us(draw_moment_us(rng, zone, day, AT_HOME)) for _ in range(2_000)]
    local = [moment.astimezone(ZoneInfo(zone)) for moment in moments]
    assert {moment.date() for moment in local} == {day}
    assert {0, 1, 12, 23} <= {moment.hour for moment in local}
