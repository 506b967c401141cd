"""Visitor hashes: the same for the same browser on a day, and for nothing else."""

from footfall.clock import FixedClock
from footfall.identity.salt import Salts
from footfall.identity.salt_file import SaltMemory
from footfall.identity.visitor import VisitorHasher

DAY = 20_720


def make_hasher() -> VisitorHasher:
    return VisitorHasher(Salts(SaltMemory(), FixedClock(DAY * 86_400 * 1_000_000)))


def test_depends_on_project_address_agent_and_day() -> None:
    hasher = make_hasher()
    one = hasher.hash_visitor(1, "203.0.113.7", "A", DAY)
    assert one == hasher.hash_visitor(1, "203.0.113.7", "A", DAY)
    others = {
        hasher.hash_visitor(2, "203.0.113.7", "A", DAY),
        hasher.hash_visitor(1, "203.0.113.8", "A", DAY),
        hasher.hash_visitor(1, "203.0.113.7", "B", DAY),
        hasher.hash_visitor(1, "203.0.113.7", "A", DAY + 1),
        make_hasher().hash_visitor(1, "203.0.113.7", "A", DAY),
    }
    assert one not in others
    assert len(others) == 5


def test_parts_cannot_run_into_each_other() -> None:
    hasher = make_hasher()
    assert hasher.hash_visitor(1, "1", "1A", DAY) != hasher.hash_visitor(1, "11", "A", DAY)
    assert hasher.hash_visitor(1, "1", "A", DAY) != hasher.hash_visitor(11, "", "A", DAY)


def test_given_ids_outlive_the_day() -> None:
    hasher = make_hasher()
    assert hasher.hash_given_visitor(1, "v_1") == hasher.hash_given_visitor(1, "v_1")
    assert hasher.hash_given_visitor(1, "v_1") != hasher.hash_given_visitor(2, "v_1")


def test_given_sessions_are_negative_64_bit_numbers() -> None:
    hasher = make_hasher()
    ids = [hasher.hash_given_session(1, str(i)) for i in range(200)]
    assert all(-(1 << 63) <= i < 0 for i in ids)
    assert len(set(ids)) == 200


def test_odd_text_does_not_stop_the_hash() -> None:
    assert make_hasher().hash_visitor(1, "203.0.113.7", "\ud800", DAY)
