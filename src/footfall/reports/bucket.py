"""Buckets of a series: where minutes, hours, days, weeks and months begin in a time zone.
The engines' own time zones are not used: Python finds the starts, the engine computes an index
by integer arithmetic, so that days of 23 and 25 hours, +05:45 and days that begin at 01:00 are
right on every engine."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from footfall.clock import US_PER_DAY, US_PER_HOUR, US_PER_MINUTE, US_PER_SECOND
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange, from_us, to_us
from footfall.reports.query import Interval

MAX_BUCKETS = 10_000
"""A week of minutes; more points than that are no chart."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of buckets of equal length: bucket `index` begins at `start_us`, the next follows
    `step_us` later, and so on until the next piece begins."""

    start_us: int
    index: int
    step_us: int


@dataclass(frozen=True, slots=True)
class Buckets:
    """The buckets that a range touches, in order."""

    starts_us: tuple[int, ...]
    end_us: int
    """Where the last bucket ends."""
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.starts_us)

    def ends_at(self, index: int) -> int:
        """Return the end of a bucket, microseconds UTC."""
        following = index + 1
        return self.starts_us[following] if following < len(self.starts_us) else self.end_us

    def find(self, us: int) -> int:
        """Return the index of the bucket that holds an instant."""
        return bisect_right(self.starts_us, us) - 1

    def pieces(self) -> tuple[Piece, ...]:
        """Return the buckets as runs of equal length."""
        pieces: list[Piece] = []
        for index, start_us in enumerate(self.starts_us):
            step_us = self.ends_at(index) - start_us
            if not pieces or pieces[-1].step_us != step_us:
                pieces.append(Piece(start_us, index, step_us))
        return tuple(pieces)


def find_offsets(span: TimeRange, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """Return the offsets of a zone during a span: (from µs, seconds east of UTC), the first from
    the span's start. A zone that changes twice within a day and back is not seen."""
    found = [(span.start_us, _offset_s(span.start_us, zone))]
    at_us = span.start_us
    while at_us < span.end_us:
        next_us = min(at_us + US_PER_DAY, span.end_us)
        offset_s = _offset_s(next_us, zone)
        if offset_s != found[-1][1]:
            found.append((_find_change(at_us, next_us, zone), offset_s))
        at_us = next_us
    return tuple(found)


def make_buckets(span: TimeRange, interval: Interval, zone: ZoneInfo) -> Buckets:
    """Return the buckets that the range touches; the first may begin before it.

    Raises InvalidInputError when there are more than MAX_BUCKETS.
    """
    _refuse_too_many(span, interval)
    if span.length_us == 0:
        return Buckets((), span.start_us, ())
    if interval in (Interval.MINUTE, Interval.HOUR):
        return _make_clock_buckets(span, interval, zone)
    return _make_calendar_buckets(span, interval, zone)


_LENGTH_US = {
    Interval.MINUTE: US_PER_MINUTE,
    Interval.HOUR: US_PER_HOUR,
    Interval.DAY: US_PER_DAY,
    Interval.WEEK: 7 * US_PER_DAY,
    Interval.MONTH: 28 * US_PER_DAY,
}


def _refuse_too_many(span: TimeRange, interval: Interval) -> None:
    if span.length_us > MAX_BUCKETS * _LENGTH_US[interval]:
        raise InvalidInputError(
            f"interval '{interval.value}' cuts the range into more than {MAX_BUCKETS} buckets; "
            "take a longer interval or a shorter range",
            field="interval",
        )


def _make_clock_buckets(span: TimeRange, interval: Interval, zone: ZoneInfo) -> Buckets:
    """Minutes and hours on the wall clock; none spans a change of the offset, so that the hour
    which a clock shows twice is two buckets."""
    step_us = _LENGTH_US[interval]
    # A day on both sides: the change of offset that bounds the first or last bucket.
    wide = TimeRange(span.start_us - US_PER_DAY, span.end_us + US_PER_DAY)
    offsets = find_offsets(wide, zone)
    starts: list[int] = []
    for number, (from_us_, offset_s) in enumerate(offsets):
        until_us = offsets[number + 1][0] if number + 1 < len(offsets) else wide.end_us
        shift_us = offset_s * US_PER_SECOND
        at_us = from_us_
        if at_us < span.start_us - step_us:
            at_us = min(span.start_us - step_us, until_us)
        while at_us < until_us and at_us < span.end_us + step_us:
            starts.append(at_us)
            at_us = ((at_us + shift_us) // step_us + 1) * step_us - shift_us
    first = bisect_right(starts, span.start_us) - 1
    last = bisect_right(starts, span.end_us - 1) - 1
    kept = tuple(starts[first : last + 1])
    labels = tuple(from_us(us).astimezone(zone).isoformat(timespec="seconds") for us in kept)
    return Buckets(kept, starts[last + 1], labels)


def _make_calendar_buckets(span: TimeRange, interval: Interval, zone: ZoneInfo) -> Buckets:
    day = _first_date(from_us(span.start_us).astimezone(zone).date(), interval)
    starts: list[int] = []
    labels: list[str] = []
    while True:
        start_us = start_of_day_us(day, zone)
        if start_us >= span.end_us:
            return Buckets(tuple(starts), start_us, tuple(labels))
        if starts and start_us == starts[-1]:
            # The day was left out of the calendar (Samoa, 30 December 2011).
            starts.pop()
            labels.pop()
        starts.append(start_us)
        labels.append(day.isoformat())
        day = _next_date(day, interval)


def _first_date(day: date, interval: Interval) -> date:
    if interval is Interval.WEEK:
        return day - timedelta(days=day.weekday())
    if interval is Interval.MONTH:
        return day.replace(day=1)
    return day


def _next_date(day: date, interval: Interval) -> date:
    if interval is Interval.MONTH:
        return (day + timedelta(days=31)).replace(day=1)
    return day + timedelta(days=7 if interval is Interval.WEEK else 1)


def start_of_day_us(day: date, zone: ZoneInfo) -> int:
    """Return the first instant of a date in a zone, microseconds UTC; where the clock skips
    midnight that is the instant of the skip."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    start_us = to_us(midnight)
    if from_us(start_us).astimezone(zone).replace(tzinfo=None) == midnight.replace(tzinfo=None):
        return start_us
    return _find_change(start_us - US_PER_DAY, start_us, zone)


def _offset_s(us: int, zone: ZoneInfo) -> int:
    offset = from_us(us).astimezone(zone).utcoffset()
    return 0 if offset is None else offset.days * 86_400 + offset.seconds


def _find_change(before_us: int, after_us: int, zone: ZoneInfo) -> int:
    """Return the instant, to the second, at which the offset of `after_us` begins."""
    offset_s = _offset_s(after_us, zone)
    low_s, high_s = before_us // US_PER_SECOND, after_us // US_PER_SECOND
    while high_s - low_s > 1:
        middle_s = (low_s + high_s) // 2
        if _offset_s(middle_s * US_PER_SECOND, zone) == offset_s:
            high_s = middle_s
        else:
            low_s = middle_s
    return high_s * US_PER_SECOND
