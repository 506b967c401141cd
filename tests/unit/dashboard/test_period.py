from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from footfall.dashboard.period import (
    PRESETS,
    Calendar,
    choose_interval,
    find_days,
    find_intervals,
    make_period,
    shift_months,
)
from footfall.errors import InvalidInputError
from footfall.model.time_range import from_us, to_us
from footfall.reports.query import Interval


def make_calendar(now: str, zone: str = "UTC") -> Calendar:
    return Calendar(ZoneInfo(zone), to_us(datetime.fromisoformat(now)))


NOON = make_calendar("2026-11-19T12:00:00+00:00")


def test_last_seven_days_count_today_and_end_now() -> None:
    days = find_days("7d", NOON, None)
    period = make_period("7d", days, NOON, "previous")
    assert days == (date(2026, 11, 13), date(2026, 11, 19))
    assert period.range.end_us == NOON.now_us


def test_a_running_period_is_compared_with_as_much_of_the_one_before() -> None:
    period = make_period("7d", find_days("7d", NOON, None), NOON, "previous")
    assert period.compare is not None
    assert period.compare.length_us == period.range.length_us
    assert from_us(period.compare.end_us) == datetime(2026, 11, 12, 12, tzinfo=UTC)


def test_this_month_is_compared_with_the_same_days_of_the_month_before() -> None:
    period = make_period("month", find_days("month", NOON, None), NOON, "previous")
    assert period.compare is not None
    assert from_us(period.compare.start_us) == datetime(2026, 10, 1, tzinfo=UTC)
    assert from_us(period.compare.end_us) == datetime(2026, 10, 19, 12, tzinfo=UTC)


def test_last_month_is_compared_with_the_whole_month_before_it() -> None:
    period = make_period("last-month", find_days("last-month", NOON, None), NOON, "previous")
    assert period.label == "1 Oct – 31 Oct 2026"
    assert period.compare_label == "1 Sep – 30 Sep 2026"
    assert period.compare == NOON.range_of(date(2026, 9, 1), date(2026, 9, 30))


def test_the_31st_of_a_long_month_does_not_reach_past_the_month_before() -> None:
    calendar = make_calendar("2026-03-31T10:00:00+00:00")
    period = make_period("month", find_days("month", calendar, None), calendar, "previous")
    assert period.compare is not None
    assert from_us(period.compare.end_us) <= datetime(2026, 3, 1, tzinfo=UTC)


def test_today_shows_the_hours_to_come_but_does_not_count_them() -> None:
    period = make_period("today", find_days("today", NOON, None), NOON, "previous")
    assert period.chart.length_us == 24 * 3600 * 1_000_000
    assert period.range.length_us == 12 * 3600 * 1_000_000
    assert period.chart_compare is not None
    assert period.chart_compare.length_us == period.chart.length_us


def test_a_day_of_the_clock_change_has_25_hours() -> None:
    calendar = make_calendar("2026-11-19T12:00:00+00:00", "Europe/Berlin")
    day = date(2026, 10, 25)
    assert calendar.range_of(day, day).length_us == 25 * 3600 * 1_000_000


def test_a_day_that_begins_at_one_begins_where_the_day_before_ends() -> None:
    calendar = make_calendar("2018-11-10T12:00:00+00:00", "America/Sao_Paulo")
    before, day = date(2018, 11, 3), date(2018, 11, 4)
    assert calendar.range_of(before, before).end_us == calendar.start_us(day)
    assert calendar.range_of(day, day).length_us == 23 * 3600 * 1_000_000


def test_today_is_the_day_of_the_zone() -> None:
    late = "2026-11-19T20:00:00+00:00"
    assert make_calendar(late, "Asia/Kathmandu").today == date(2026, 11, 20)


def test_all_time_begins_with_the_first_event_and_compares_with_nothing() -> None:
    first_us = to_us(datetime(2025, 2, 3, tzinfo=UTC))
    days = find_days("all", NOON, first_us)
    assert days == (date(2025, 2, 3), date(2026, 11, 19))
    assert make_period("all", days, NOON, "previous").compare is None


def test_last_year_is_the_same_days_a_year_before() -> None:
    days = (date(2026, 11, 1), date(2026, 11, 10))
    period = make_period("", days, NOON, "year")
    assert period.compare_label == "1 Nov – 10 Nov 2025"


def test_every_preset_has_days_and_an_interval_that_fits() -> None:
    for preset in PRESETS:
        days = find_days(preset, NOON, NOON.now_us - 10**15)
        assert days[0] <= days[1]
        assert choose_interval(*days) in find_intervals(*days)


def test_a_range_backwards_is_refused_with_both_days() -> None:
    with pytest.raises(InvalidInputError, match="'2026-11-01' lies before '2026-11-05'"):
        make_period("", (date(2026, 11, 5), date(2026, 11, 1)), NOON, "none")


def test_a_range_of_more_than_ten_years_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="longer than ten years"):
        make_period("", (date(2001, 1, 1), date(2026, 1, 1)), NOON, "none")


def test_months_shift_to_the_last_day_of_a_shorter_one() -> None:
    assert shift_months(date(2026, 3, 31), -1) == date(2026, 2, 28)
    assert shift_months(date(2024, 2, 29), -12) == date(2023, 2, 28)
    assert shift_months(date(2026, 1, 15), -1) == date(2025, 12, 15)


def test_minutes_are_offered_for_one_day_only() -> None:
    assert Interval.MINUTE in find_intervals(date(2026, 1, 1), date(2026, 1, 1))
    assert Interval.MINUTE not in find_intervals(date(2026, 1, 1), date(2026, 1, 2))
