import pytest

from footfall.clock import US_PER_DAY
from footfall.dialects.pulse.period import parse_range, parse_time
from footfall.errors import InvalidInputError
from footfall.model.time_range import TimeRange

MARCH_1 = 1_772_323_200_000_000


@pytest.mark.parametrize(
    ("text", "us"),
    [
        ("2026-03-01", MARCH_1),
        ("20260301", MARCH_1),
        ("2026-W09-7", MARCH_1),
        ("2026-03-01T00:00:00Z", MARCH_1),
        ("2026-03-01T00:00:00.000Z", MARCH_1),
        ("2026-03-01 00:00", MARCH_1),
        ("2026-03-01T00:00", MARCH_1),
        ("20260301T000000Z", MARCH_1),
        ("2026-03-01T02:00:00+02:00", MARCH_1),
        ("2026-03-01T05:45:00 05:45", MARCH_1),
        ("2026-02-28T19:00:00-05", MARCH_1),
        ("2026-03-01T00:00:00.123456Z", MARCH_1 + 123_456),
    ],
)
def test_reads_every_form_of_iso_8601(text: str, us: int) -> None:
    assert parse_time(text, "start_at") == us


def test_a_date_as_end_means_until_the_day_is_over() -> None:
    assert parse_range("2026-03-01", "2026-03-01", 0) == TimeRange(MARCH_1, MARCH_1 + US_PER_DAY)


def test_an_instant_as_end_is_not_included() -> None:
    assert parse_range("2026-03-01", "2026-03-01T00:00:00Z", 0) == TimeRange(MARCH_1, MARCH_1)


def test_what_is_missing_is_filled_in_from_the_other_end() -> None:
    now = MARCH_1 + 5
    assert parse_range(None, None, now) == TimeRange(now + 1 - 30 * US_PER_DAY, now + 1)
    assert parse_range("2026-03-01", "", now) == TimeRange(MARCH_1, now + 1)
    assert parse_range(None, "2026-02-28", now) == TimeRange(MARCH_1 - 30 * US_PER_DAY, MARCH_1)


@pytest.mark.parametrize(
    "text", ["x", "2026-13-01", "2026-02-30", "1772323200", "2026-03-01T25:00", "9999-12-31", "--"]
)
def test_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(InvalidInputError, match="is no date; accepted is ISO 8601") as caught:
        parse_time(text, "end_at", is_end=True)
    assert text in str(caught.value)
    assert caught.value.field == "end_at"
