"""What is remembered of addresses is little, and not for long."""

from footfall.clock import FixedClock
from footfall.leads.address_visit import AddressVisits

MINUTE_US = 60_000_000


def test_the_longest_unseen_is_forgotten_first() -> None:
    book = AddressVisits(FixedClock(0), most=2)
    for turn, address in enumerate(("198.51.100.1", "198.51.100.2", "198.51.100.1")):
        book.put(1, address, f"s-{turn}")
    book.put(1, "198.51.100.3", "s-3")
    assert [book.find(1, f"198.51.100.{end}") for end in (1, 2, 3)] == ["s-2", "", "s-3"]


def test_projects_are_kept_apart_and_time_runs_out() -> None:
    clock = FixedClock(0)
    book = AddressVisits(clock)
    book.put(1, "198.51.100.1", "s")
    assert book.find(2, "198.51.100.1") == ""
    clock.set_us(30 * MINUTE_US - 1)
    book.sweep()
    assert book.find(1, "198.51.100.1") == "s"
    clock.set_us(30 * MINUTE_US)
    assert book.find(1, "198.51.100.1") == ""
    book.sweep()
    assert len(book._sessions) == 0


def test_nothing_is_found_once_the_key_is_gone() -> None:
    book = AddressVisits(FixedClock(0))
    book.put(1, "198.51.100.1", "s")
    book.forget()
    assert book.find(1, "198.51.100.1") == ""
