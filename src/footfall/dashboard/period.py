"""From a preset or two dates to instants. A period that reaches today ends now, and so does the
one it is compared with: a running day is never held against a full one."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange, from_us
from footfall.reports.bucket import start_of_day_us
from footfall.reports.query import Interval

PRESETS: dict[str, str] = {
    "today": "Today",
    "yesterday": "Yesterday",
    "7d": "Last 7 days",
    "30d": "Last 30 days",
    "90d": "Last 90 days",
    "month": "This month",
    "last-month": "Last month",
    "year": "This year",
    "12mo": "Last 12 months",
    "all": "All time",
}
DEFAULT_PRESET = "30d"
COMPARISONS: dict[str, str] = {
    "previous": "Previous period",
    "year": "Same period last year",
    "none": "No comparison",
}
LONGEST_DAYS = 3660
"""Ten years: more buckets than a chart can show."""


@dataclass(frozen=True, slots=True)
class Period:
    """A range with what is needed to show it."""

    range: TimeRange
    """What is counted; it ends now when the last day is running."""
    chart: TimeRange
    """What the chart spans; longer than `range` for today, whose hours to come stay empty."""
    first: date
    last: date
    """First and last day, both included."""
    label: str
    compare: TimeRange | None
    chart_compare: TimeRange | None
    compare_label: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """Days as people in one zone see them, around one instant."""

    zone: ZoneInfo
    now_us: int

    @property
    def today(self) -> date:
        """The running day."""
        return from_us(self.now_us).astimezone(self.zone).date()

    def start_us(self, day: date) -> int:
        """Return the instant at which a day begins, also where midnight does not exist."""
        return start_of_day_us(day, self.zone)

    def range_of(self, first: date, last: date) -> TimeRange:
        """Return the instants of whole days, both included."""
        return TimeRange(self.start_us(first), self.start_us(last + timedelta(days=1)))

    def is_running(self, last: date) -> bool:
        """Tell whether a range ending with this day reaches beyond now."""
        return self.start_us(last + timedelta(days=1)) > self.now_us


def parse_day(text: str, field: str) -> date:
    """Read a day like 2026-11-21. Raises InvalidInputError that quotes anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInputError(
            f"'{text}' is no day; write it as 2026-11-21", field=field
        ) from None


def find_days(preset: str, calendar: Calendar, first_us: int | None) -> tuple[date, date]:
    """Return the first and last day of a preset. `first_us` is the first event, for all time."""
    today = calendar.today
    if preset in {"7d", "30d", "90d"}:
        return today - timedelta(days=int(preset[:-1]) - 1), today
    if preset == "today":
        return today, today
    if preset == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if preset == "month":
        return today.replace(day=1), today
    if preset == "last-month":
        last = today.replace(day=1) - timedelta(days=1)
        return last.replace(day=1), last
    if preset == "year":
        return today.replace(month=1, day=1), today
    if preset == "12mo":
        return shift_months(today.replace(day=1), -11), today
    if preset == "all":
        since = from_us(first_us).astimezone(calendar.zone).date() if first_us else today
        return min(since, today), today
    raise InvalidInputError(
        f"'{preset}' is no period; use one of {', '.join(PRESETS)}", field="period"
    )


def make_period(
    preset: str, days: tuple[date, date], calendar: Calendar, comparison: str
) -> Period:
    """Build the period of two days, both included; `preset` is '' for days chosen by hand."""
    first, last = days
    if last < first:
        raise InvalidInputError(f"'{last}' lies before '{first}'; swap the two days", field="to")
    if (last - first).days > LONGEST_DAYS:
        raise InvalidInputError(
            f"'{first}' to '{last}' is longer than ten years; choose fewer days", field="from"
        )
    whole = calendar.range_of(first, last)
    is_running = calendar.is_running(last)
    end_us = max(whole.start_us, min(whole.end_us, calendar.now_us)) if is_running else whole.end_us
    counted = TimeRange(whole.start_us, end_us)
    before = _find_days_before(preset, first, last, comparison)
    compare = chart_compare = None
    if before is not None:
        chart_compare = calendar.range_of(*before)
        compare = chart_compare
        if is_running:
            elapsed_us = counted.end_us - calendar.start_us(calendar.today)
            running = before[1]
            cut_us = calendar.start_us(running) + max(0, elapsed_us)
            compare = TimeRange(chart_compare.start_us, min(chart_compare.end_us, cut_us))
    is_one_day = first == last
    return Period(
        range=counted,
        chart=whole if is_one_day else counted,
        first=first,
        last=last,
        label=render_days(first, last),
        compare=compare,
        chart_compare=chart_compare if is_one_day else compare,
        compare_label=render_days(*before) if before else "",
    )


def _find_days_before(
    preset: str, first: date, last: date, comparison: str
) -> tuple[date, date] | None:
    if comparison == "none" or preset == "all":
        return None
    if comparison == "year":
        return shift_months(first, -12), shift_months(last, -12)
    months = {"month": 1, "last-month": 1, "year": 12, "12mo": 12}.get(preset)
    if months is None:
        length = timedelta(days=(last - first).days + 1)
        return first - length, last - length
    start = shift_months(first, -months)
    if preset == "last-month":
        return start, first - timedelta(days=1)
    return start, min(shift_months(last, -months), first - timedelta(days=1))


def shift_months(day: date, months: int) -> date:
    """Move a day by months; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def render_day(day: date, *, with_year: bool = True) -> str:
    """Write a day as '21 Nov 2026'."""
    text = f"{day.day} {day:%b}"
    return f"{text} {day.year}" if with_year else text


def render_days(first: date, last: date) -> str:
    """Write two days as '21 Oct – 19 Nov 2026', or one as '21 Nov 2026'."""
    if first == last:
        return render_day(first)
    return f"{render_day(first, with_year=first.year != last.year)} – {render_day(last)}"


def find_intervals(first: date, last: date) -> tuple[Interval, ...]:
    """Return the bucket lengths that suit a range, shortest first: between 2 and some 800."""
    days = (last - first).days + 1
    fitting = []
    if days <= 1:
        fitting.append(Interval.MINUTE)
    if days <= 31:
        fitting.append(Interval.HOUR)
    if 2 <= days <= 800:
        fitting.append(Interval.DAY)
    if days >= 14:
        fitting.append(Interval.WEEK)
    if days >= 56:
        fitting.append(Interval.MONTH)
    return tuple(fitting)


def choose_interval(first: date, last: date) -> Interval:
    """Return the bucket length to show when nobody chose: about 12 to 100 points."""
    days = (last - first).days + 1
    if days <= 2:
        return Interval.HOUR
    if days <= 100:
        return Interval.DAY
    return Interval.WEEK if days <= 300 else Interval.MONTH
