"""Pulse's time parameters: ISO 8601 in every form, dates alone meaning whole days in UTC, the last
30 days when nothing is said. A bad date is an error, never silently the default."""

import re
from datetime import UTC, date, datetime, timedelta

from footfall.clock import US_PER_DAY
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange, to_us

DEFAULT_DAYS = 30

_DATE = re.compile(r"\d{4}-?\d{2}-?\d{2}\Z|\d{4}-?W\d{2}-?\d\Z")
_SPACED_OFFSET = re.compile(r" (?=\d{2}(:?\d{2})?\Z)")


def parse_range(start_at: str | None, end_at: str | None, now_us: int) -> TimeRange:
    """Return the half-open range asked for; a date as end means until that day is over.

    Raises InvalidInputError naming the field.
    """
    end = parse_time(end_at, "end_at", is_end=True) if end_at else now_us + 1
    start = parse_time(start_at, "start_at") if start_at else end - DEFAULT_DAYS * US_PER_DAY
    if end < start:
        raise InvalidInputError(
            f"end_at '{end_at or 'now'}' lies before start_at '{start_at}'", field="end_at"
        )
    return TimeRange(start, end)


def parse_time(text: str, field: str, *, is_end: bool = False) -> int:
    """Return an instant in microseconds; without a zone it is UTC. `is_end`: a date alone means
    the end of that day. Raises InvalidInputError."""
    text = text.strip()
    try:
        if _DATE.match(text):
            day = date.fromisoformat(text) + timedelta(days=1 if is_end else 0)
            return to_us(datetime(day.year, day.month, day.day, tzinfo=UTC))
        # A '+' that was not escaped in a query string arrives as a space.
        moment = datetime.fromisoformat(_SPACED_OFFSET.sub("+", text) if "T" in text else text)
        return to_us(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        raise InvalidInputError(
            f"{field} '{text[:40]}' is no date; accepted is ISO 8601, for example 2026-03-01 or "
            "2026-03-01T00:00:00Z",
            field=field,
        ) from None
