"""When people browse: by the hour of the day and the day of the week where they live, through
midnight and the changes of the clock, with growth over the months and calm holidays."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from random import Random
from zoneinfo import ZoneInfo

from footfall.cli.demo.person import Choice
from footfall.model.time_range import to_us

_HOURS_AT_WORK = (
    *(10, 6, 4, 3, 3, 5, 12, 26, 50, 70, 78, 74, 62, 68, 76, 74, 68, 58, 48, 46, 48, 44, 32, 18),
)
_HOURS_AT_HOME = (
    *(20, 12, 7, 4, 3, 4, 8, 16, 28, 40, 48, 52, 54, 52, 50, 52, 56, 60, 66, 76, 84, 80, 60, 36),
)
AT_WORK: Choice[int] = Choice([(weight, hour) for hour, weight in enumerate(_HOURS_AT_WORK)])
AT_HOME: Choice[int] = Choice([(weight, hour) for hour, weight in enumerate(_HOURS_AT_HOME)])

WORKING_WEEK = (1.16, 1.22, 1.20, 1.14, 0.98, 0.56, 0.62)
LEISURE_WEEK = (0.92, 0.90, 0.92, 0.96, 0.98, 1.10, 1.24)


_CLOCK_CHANGE_HOUR = 2
"""Clocks change between one and three at night; a visit an hour off there harms no chart."""


@lru_cache(maxsize=4096)
def _midnight_us(zone: str, day: date) -> int:
    return to_us(datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC))


def draw_moment_us(rng: Random, zone: str, day: date, hours: Choice[int]) -> int:
    """Return an instant of a local day. Days have 23, 24 or 25 hours, as the zone's clock goes."""
    start_us = _midnight_us(zone, day)
    extra_h = (_midnight_us(zone, day + timedelta(days=1)) - start_us) // 3_600_000_000 - 24
    hour = hours.draw(rng)
    if hour >= _CLOCK_CHANGE_HOUR and extra_h:
        hour += extra_h if hour > _CLOCK_CHANGE_HOUR or extra_h < 0 else rng.randrange(2)
    return start_us + hour * 3_600_000_000 + rng.randrange(3_600_000) * 1_000
