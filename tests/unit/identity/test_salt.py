"""Salts: new every UTC day, gone after 48 hours, private on disk."""

from pathlib import Path

import pytest

from footfall.clock import US_PER_HOUR, FixedClock
from footfall.errors import StoreError
from footfall.identity.salt import Salts, day_of
from footfall.identity.salt_file import SaltFile, SaltMemory

NOON = 1_790_251_200_000_000
TODAY = day_of(NOON)


def test_draws_a_salt_of_its_own_for_every_day() -> None:
    salts = Salts(SaltMemory(), FixedClock(NOON))
    assert salts.salt_of(TODAY) == salts.salt_of(TODAY)
    assert salts.salt_of(TODAY) != salts.salt_of(TODAY - 1)
    assert len(salts.salt_of(TODAY)) == 32


def test_finds_without_drawing() -> None:
    salts = Salts(SaltMemory(), FixedClock(NOON))
    assert salts.find_salt(TODAY) is None
    assert not salts.days


def test_destroys_a_salt_48_hours_after_it_was_drawn() -> None:
    clock, memory = FixedClock(NOON), SaltMemory()
    salts = Salts(memory, clock)
    forgotten: list[int] = []
    old = salts.salt_of(TODAY - 400)
    salts.on_change(lambda: forgotten.append(1))
    clock.advance_s(48 * 3600 - 1)
    assert salts.sweep() == 0
    clock.advance_s(1)
    assert salts.sweep() == 1
    assert forgotten == [1]
    assert memory.saved is not None
    assert not memory.saved.salts
    assert salts.salt_of(TODAY - 400) != old


def test_keeps_yesterdays_salt_over_midnight() -> None:
    clock = FixedClock(NOON)
    salts = Salts(SaltMemory(), clock)
    before = salts.salt_of(TODAY)
    clock.set_us(NOON + 13 * US_PER_HOUR)
    salts.sweep()
    assert salts.find_salt(TODAY) == before


def test_a_restart_keeps_salts_and_secret(tmp_path: Path) -> None:
    path = tmp_path / "data" / "salts.json"
    first = Salts(SaltFile(path), FixedClock(NOON))
    drawn = first.salt_of(TODAY)
    second = Salts(SaltFile(path), FixedClock(NOON))
    assert (second.salt_of(TODAY), second.secret) == (drawn, first.secret)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in path.parent.iterdir()] == ["salts.json"]


def test_a_restart_after_two_days_destroys_what_it_finds(tmp_path: Path) -> None:
    path = tmp_path / "salts.json"
    Salts(SaltFile(path), FixedClock(NOON)).salt_of(TODAY)
    late = Salts(SaltFile(path), FixedClock(NOON + 49 * US_PER_HOUR))
    assert not late.days
    assert b'"salts":{}' in path.read_bytes()


def test_refuses_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "salts.json"
    path.write_bytes(b'{"secret":')
    with pytest.raises(StoreError, match=r"'salts\.json' is damaged"):
        Salts(SaltFile(path), FixedClock(NOON))
