"""Ranges as people and programs write them: presets, dates and instants, in a time zone.
A date stands for the whole day on both sides. What is no date is refused, never replaced."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange, from_us, to_us
from footfall.reports.bucket import start_of_day_us

PRESETS: tuple[str, ...] = ("today", "yesterday", "7d", "30d", "90d", "month", "year")
"""What pages offer; any `<n>d` up to MAX_DAYS is accepted."""

MAX_DAYS = 3_660
"""Ten years."""

_DAYS = re.compile(r"(\d{1,4})d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{8}|\d{4}-?W\d{2}(-?\d)?", re.ASCII)


def parse_preset(text: str, zone: ZoneInfo, now_us: int, *, field: str = "range") -> TimeRange:
    """Return the range that a word stands for: whole days of the zone, today included, so that
    it ends with the end of today. `7d` is today and the six days before, `month` and `year` are
    those we are in.

    Raises InvalidInputError for any other word.
    """
    today = from_us(now_us).astimezone(zone).date()
    first, last = today, today
    days = _DAYS.fullmatch(text)
    if text == "yesterday":
        first = last = today - timedelta(days=1)
    elif text == "month":
        first = today.replace(day=1)
    elif text == "year":
        first = today.replace(month=1, day=1)
    elif days is not None and 1 <= int(days[1]) <= MAX_DAYS:
        first = today - timedelta(days=int(days[1]) - 1)
    elif text != "today":
        raise InvalidInputError(
            f"{field} is '{text[:60]}'; accepted are {', '.join(PRESETS)}, any <n>d up to "
            f"{MAX_DAYS}d, or a start and an end",
            field=field,
        )
    return _range_of_days(first, last, zone)


def parse_range(
    start: str,
    end: str,
    zone: ZoneInfo,
    *,
    start_field: str = "range.start",
    end_field: str = "range.end",
) -> TimeRange:
    """Return the range between two dates (both included) or instants (the end not included), in
    any ISO 8601 form. What names no offset is read in the zone.

    Raises InvalidInputError for what is no date, or an end before the start.
    """
    start_us = parse_start(start, zone, field=start_field)
    end_us = parse_end(end, zone, field=end_field)
    is_day = _DATE.fullmatch(end) is not None
    if end_us < start_us or (is_day and end_us == start_us):
        raise InvalidInputError(
            f"{end_field} '{end}' lies before {start_field} '{start}'", field=end_field
        )
    return TimeRange(start_us, end_us)


def parse_start(text: str, zone: ZoneInfo, *, field: str = "start") -> int:
    """Return the instant at which a range begins, microseconds UTC; a date is its first instant.

    Raises InvalidInputError.
    """
    moment = _parse_moment(text, field)
    if isinstance(moment, datetime):
        return _to_instant(moment, zone)
    return start_of_day_us(moment, zone)


def parse_end(text: str, zone: ZoneInfo, *, field: str = "end") -> int:
    """Return the instant before which a range ends, microseconds UTC; a date is included whole.

    Raises InvalidInputError.
    """
    moment = _parse_moment(text, field)
    if isinstance(moment, datetime):
        return _to_instant(moment, zone)
    return start_of_day_us(moment + timedelta(days=1), zone)


@dataclass(frozen=True, slots=True)
class Span:
    """A range with the zone whose days it is made of, and the present."""

    range: TimeRange
    zone: ZoneInfo
    now_us: int

    def previous(self) -> TimeRange:
        """Return the range before, for comparison: as many days earlier as the range has days.
        Where the range reaches beyond now, both stop at the same time of day, so that a running
        day is not compared with a full one. A range that does not begin with a day is compared
        with the equal length before it."""
        start = from_us(self.range.start_us).astimezone(self.zone)
        if start_of_day_us(start.date(), self.zone) != self.range.start_us:
            return self.range.previous()
        last = from_us(max(self.range.end_us - 1, self.range.start_us)).astimezone(self.zone)
        return self._shift(timedelta(days=(last.date() - start.date()).days + 1))

    def year_before(self) -> TimeRange:
        """Return the same dates of the year before; 29 February becomes 28 February."""
        return self._shift(None)

    def _shift(self, by: timedelta | None) -> TimeRange:
        end_us = max(min(self.range.end_us, self.now_us), self.range.start_us)
        start_us, end_us = self._earlier(self.range.start_us, by), self._earlier(end_us, by)
        return TimeRange(start_us, max(start_us, end_us))

    def _earlier(self, us: int, by: timedelta | None) -> int:
        """Return the same time on the wall, earlier."""
        moment = from_us(us).astimezone(self.zone)
        is_start = start_of_day_us(moment.date(), self.zone) == us
        day = _year_before(moment.date()) if by is None else moment.date() - by
        if is_start:
            return start_of_day_us(day, self.zone)
        return to_us(datetime.combine(day, moment.timetz()).astimezone(UTC))


def _year_before(day: date) -> date:
    if (day.month, day.day) == (2, 29):
        return date(day.year - 1, 2, 28)
    return day.replace(year=day.year - 1)


def _range_of_days(first: date, last: date, zone: ZoneInfo) -> TimeRange:
    end_us = start_of_day_us(last + timedelta(days=1), zone)
    return TimeRange(start_of_day_us(first, zone), end_us)


def _parse_moment(text: str, field: str) -> date | datetime:
    """Return a date, or a datetime with or without an offset."""
    try:
        moment = date.fromisoformat(text) if _DATE.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        raise _refuse(text, field) from None
    if not 1970 <= moment.year < 2200:
        raise _refuse(text, field)
    return moment


def _to_instant(moment: datetime, zone: ZoneInfo) -> int:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return to_us(moment.astimezone(UTC))


def _refuse(text: str, field: str) -> InvalidInputError:
    return InvalidInputError(
        f"{field} is '{text[:60]}'; accepted are dates such as 2026-10-31 and instants such as "
        "2026-10-31T12:00:00Z, from 1970 to 2199",
        field=field,
    )
