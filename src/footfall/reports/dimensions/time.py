"""Dimensions of the clock on the wall, in the time zone of the query. A visit has the hour it
began in; one that began before the range has the hour of the range's start."""

from footfall.reports.dimension import Dimension, Level
from footfall.reports.expression import Context, Expression, Get

_HOUR_S = 3_600
_DAY_S = 86_400


def _hour(get: Get, context: Context) -> Expression:
    hours = context.words.divide(context.local_seconds(get("ts")), _HOUR_S) % 24
    return (hours < 10).ifelse("0", "") + hours.cast("string")


def _weekday(get: Get, context: Context) -> Expression:
    days = context.words.divide(context.local_seconds(get("ts")), _DAY_S)
    # 1970-01-01 was a Thursday, the fourth day of an ISO week.
    return ((days + 3) % 7 + 1).cast("string")


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension(
        "hour_of_day",
        "Hour of the day",
        "Hour on the clock of the time zone: '00' to '23'.",
        Level.SHARED,
        _hour,
        is_time=True,
    ),
    Dimension(
        "weekday",
        "Day of the week",
        "Day of the week in the time zone: '1' is Monday, '7' is Sunday.",
        Level.SHARED,
        _weekday,
        is_time=True,
    ),
)
