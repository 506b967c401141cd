"""Ranges as people write them."""

from zoneinfo import ZoneInfo

import pytest

from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange, from_us
from footfall.reports.range import Span, parse_preset, parse_range

BERLIN = ZoneInfo("Europe/Berlin")
UTC = ZoneInfo("UTC")


def write(span: TimeRange) -> tuple[str, str]:
    return from_us(span.start_us).isoformat(), from_us(span.end_us).isoformat()


def us(text: str) -> int:
    return parse_range(text, text, UTC).start_us


NOW = us("2026-03-29T12:30:00Z")


def test_a_date_is_included_whole_on_both_sides():
    assert write(parse_range("2026-03-29", "2026-03-29", BERLIN)) == (
        "2026-03-28T23:00:00+00:00",
        "2026-03-29T22:00:00+00:00",
    )


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-29T12:30:00Z",
        "2026-03-29T14:30:00+02:00",
        "2026-03-29T14:30",
        "20260329T143000",
        "2026-03-29 14:30:00.000",
    ],
)
def test_instants_are_read_in_every_iso_form(text):
    assert parse_range(text, text, BERLIN) == TimeRange(NOW, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-02-30",
        "2026-13-01",
        "1e9",
        "2026-03-29T25:00",
        "9999-01-01",
        "x" * 99,
    ],
)
def test_bad_dates_are_refused_and_quoted(text):
    with pytest.raises(InvalidInputError) as caught:
        parse_range(text, "2026-01-01", UTC, start_field="start_at")
    assert caught.value.field == "start_at"
    assert repr(text[:60]) in caught.value.message


def test_an_end_before_the_start_is_refused():
    with pytest.raises(InvalidInputError, match="lies before"):
        parse_range("2026-01-02", "2026-01-01", UTC)


@pytest.mark.parametrize(
    ("preset", "start", "end"),
    [
        ("today", "2026-03-28T23:00", "2026-03-29T22:00"),
        ("yesterday", "2026-03-27T23:00", "2026-03-28T23:00"),
        ("7d", "2026-03-22T23:00", "2026-03-29T22:00"),
        ("month", "2026-02-28T23:00", "2026-03-29T22:00"),
        ("year", "2025-12-31T23:00", "2026-03-29T22:00"),
    ],
)
def test_presets_are_whole_days_of_the_zone(preset, start, end):
    expected = (f"{start}:00+00:00", f"{end}:00+00:00")
    assert write(parse_preset(preset, BERLIN, NOW)) == expected


@pytest.mark.parametrize("preset", ["0d", "3661d", "٣d", "d", "1w", "forever"])
def test_unknown_presets_are_refused(preset):
    with pytest.raises(InvalidInputError):
        parse_preset(preset, UTC, NOW)


def test_a_running_day_is_compared_with_the_same_part_of_the_day_before():
    today = parse_preset("today", BERLIN, NOW)
    # 14:30 in Berlin on both days, with a different offset.
    assert write(Span(today, BERLIN, NOW).previous()) == (
        "2026-03-27T23:00:00+00:00",
        "2026-03-28T13:30:00+00:00",
    )


def test_a_past_range_is_compared_with_as_many_days_before():
    week = parse_range("2026-03-16", "2026-03-22", BERLIN)
    assert Span(week, BERLIN, NOW).previous() == parse_range("2026-03-09", "2026-03-15", BERLIN)


def test_part_of_a_day_is_compared_with_the_equal_length_before():
    hour = parse_range("2026-03-20T10:00", "2026-03-20T11:00", UTC)
    assert Span(hour, UTC, NOW).previous() == hour.previous()


def test_a_leap_day_is_compared_with_the_28th_of_the_year_before():
    day = parse_range("2024-02-29", "2024-02-29", UTC)
    assert Span(day, UTC, NOW).year_before().start_us == us("2023-02-28T00:00Z")
    assert Span(day, UTC, NOW).year_before().end_us == us("2023-03-01T00:00Z")
