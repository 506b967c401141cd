import pytest

from footfall.clock import FixedClock
from footfall.dashboard.guard import ATTEMPTS, WINDOW_S, Attempts, check_origin
from footfall.errors import ForbiddenError, RateLimitedError
from tests.unit.dashboard.fake_house import NOW_US


@pytest.mark.parametrize(
    ("origin", "fetch_site"),
    [("https://stats.example", "same-origin"), ("", ""), ("", "same-origin")],
)
def test_accepts_forms_of_its_own_pages(origin: str, fetch_site: str) -> None:
    check_origin(origin=origin, fetch_site=fetch_site, host="stats.example", base_url="")


def test_accepts_the_public_address_behind_a_proxy_that_changes_the_host() -> None:
    base_url = "https://stats.example"
    check_origin(
        origin="https://stats.example", fetch_site="", host="10.0.0.2:8000", base_url=base_url
    )


@pytest.mark.parametrize(
    ("origin", "fetch_site"),
    [("https://evil.example", ""), ("null", "cross-site"), ("", "cross-site"), ("", "same-site")],
)
def test_refuses_forms_of_other_sites(origin: str, fetch_site: str) -> None:
    with pytest.raises(ForbiddenError):
        check_origin(origin=origin, fetch_site=fetch_site, host="stats.example", base_url="")


def test_ten_wrong_secrets_must_wait_and_others_need_not() -> None:
    clock = FixedClock(NOW_US)
    attempts = Attempts(clock)
    for _ in range(ATTEMPTS):
        attempts.check("198.51.100.7")
        attempts.count_wrong("198.51.100.7")
    with pytest.raises(RateLimitedError, match="try again in 15 min"):
        attempts.check("198.51.100.7")
    attempts.check("198.51.100.8")
    clock.advance_s(WINDOW_S + 1)
    attempts.check("198.51.100.7")


def test_getting_in_forgets_the_wrong_secrets() -> None:
    attempts = Attempts(FixedClock(NOW_US))
    for _ in range(ATTEMPTS):
        attempts.count_wrong("198.51.100.7")
    attempts.forget("198.51.100.7")
    attempts.check("198.51.100.7")
