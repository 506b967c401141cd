import pytest

from footfall.clock import FixedClock
from footfall.dashboard.cookie import SESSION_S, Signer
from tests.unit.dashboard.fake_house import NOW_US


def test_reads_its_own_cookie() -> None:
    signer = Signer(b"x" * 32, FixedClock(NOW_US))
    assert signer.read(signer.sign("key:1:key-7")) == "key:1:key-7"


def test_a_cookie_ends_after_twelve_hours() -> None:
    clock = FixedClock(NOW_US)
    signer = Signer(b"x" * 32, clock)
    cookie = signer.sign("operator")
    clock.advance_s(SESSION_S - 1)
    assert signer.read(cookie) == "operator"
    clock.advance_s(1)
    assert signer.read(cookie) is None


@pytest.mark.parametrize("cookie", ["", ".", "abc", "abc.def", "ünï.cödé", "a.b.c"])
def test_refuses_what_it_did_not_sign(cookie: str) -> None:
    assert Signer(b"x" * 32, FixedClock(NOW_US)).read(cookie) is None


def test_refuses_a_changed_body_and_another_secret() -> None:
    clock = FixedClock(NOW_US)
    cookie = Signer(b"x" * 32, clock).sign("operator")
    body, _, mark = cookie.partition(".")
    assert Signer(b"x" * 32, clock).read(f"{body}A.{mark}") is None
    assert Signer(b"y" * 32, clock).read(cookie) is None


def test_refuses_a_short_secret() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Signer(b"short", FixedClock(NOW_US))
