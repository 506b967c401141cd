"""The waits between attempts."""

from footfall.clock import US_PER_HOUR, US_PER_SECOND
from footfall.delivery.schedule import JITTER, MAX_ATTEMPTS, WAITS_US, find_wait_us


def test_ten_attempts_span_about_a_day() -> None:
    assert MAX_ATTEMPTS == 10
    assert 23 * US_PER_HOUR < sum(WAITS_US) < 25 * US_PER_HOUR
    assert list(WAITS_US) == sorted(WAITS_US)


def test_wait_is_spread_around_its_step() -> None:
    assert find_wait_us(1, lambda: 0.5) == 30 * US_PER_SECOND
    assert find_wait_us(1, lambda: 0.0) == int(30 * US_PER_SECOND * (1 - JITTER))
    assert find_wait_us(1, lambda: 1.0) == int(30 * US_PER_SECOND * (1 + JITTER))


def test_after_the_last_attempt_there_is_no_wait() -> None:
    assert find_wait_us(MAX_ATTEMPTS - 1) is not None
    assert find_wait_us(MAX_ATTEMPTS) is None
