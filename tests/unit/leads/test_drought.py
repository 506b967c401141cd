"""When a lack of leads is an alarm."""

from datetime import UTC, datetime

import pytest

from footfall.leads.drought import find_drought, find_opening
from footfall.leads.lead import Lead
from footfall.leads.setting import DroughtSettings, Hours
from footfall.model.time_range import to_us

OFFICE = DroughtSettings(is_enabled=True, has_hours=True, time_zone="Asia/Kolkata")
"""09:00 to 18:00 in Pune is 03:30 to 12:30 UTC."""


def at(text: str) -> int:
    return to_us(datetime.fromisoformat(text).replace(tzinfo=UTC))


def lead(text: str) -> Lead:
    texts = ("", "", "", "", "", "", "", "", "", "", "")
    return Lead(1, 1, "new", *texts, 0, 0, 1, at(text), at(text), 0, None)


@pytest.mark.parametrize(
    ("now", "minutes"),
    [("2026-03-02T12:29", None), ("2026-03-02T12:30", 30), ("2026-03-02T15:00", 180)],
)
def test_around_the_clock_the_threshold_decides(now: str, minutes: int | None) -> None:
    found = find_drought(lead("2026-03-02T12:00"), DroughtSettings(is_enabled=True), at(now))
    assert (found.minutes if found else None) == minutes


@pytest.mark.parametrize(
    ("now", "minutes"),
    [
        ("2026-03-02T03:29", None),
        ("2026-03-02T03:59", None),
        ("2026-03-02T04:00", 30),
        ("2026-03-02T12:29", 539),
        ("2026-03-02T12:30", None),
    ],
)
def test_a_night_is_no_drought(now: str, minutes: int | None) -> None:
    found = find_drought(lead("2026-03-01T11:00"), OFFICE, at(now))
    assert (found.minutes if found else None) == minutes


def test_hours_may_run_over_midnight() -> None:
    night = DroughtSettings(has_hours=True, hours=Hours(22 * 60, 6 * 60))
    assert find_opening(night, at("2026-03-02T02:00")) == at("2026-03-01T22:00")
    assert find_opening(night, at("2026-03-02T23:00")) == at("2026-03-02T22:00")
    assert find_opening(night, at("2026-03-02T12:00")) is None
