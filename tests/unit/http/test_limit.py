import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.clock import US_PER_SECOND, FixedClock
from footfall.errors import RateLimitedError
from footfall.http.limit import RateLimiter

NOW = 1_763_700_000_000_000


def is_taken(limiter: RateLimiter, key: object = "a") -> bool:
    try:
        limiter.take(key)
    except RateLimitedError:
        return False
    return True


def test_refuses_the_request_after_the_limit_and_says_when_to_come_back() -> None:
    limiter = RateLimiter(FixedClock(NOW), 3)
    assert [is_taken(limiter) for _ in range(4)] == [True, True, True, False]
    with pytest.raises(RateLimitedError, match=r"^Rate limit exceeded\. Retry after 1 second\.$"):
        limiter.take("a")


def test_a_second_later_all_pass_again() -> None:
    clock = FixedClock(NOW)
    limiter = RateLimiter(clock, 2)
    assert [is_taken(limiter) for _ in range(3)] == [True, True, False]
    clock.advance_s(1)
    assert [is_taken(limiter) for _ in range(3)] == [True, True, False]


def test_keys_do_not_share_a_limit() -> None:
    limiter = RateLimiter(FixedClock(NOW), 1)
    assert is_taken(limiter, 1)
    assert is_taken(limiter, 2)
    assert not is_taken(limiter, 1)


def test_zero_means_no_limit() -> None:
    limiter = RateLimiter(FixedClock(NOW), 0)
    assert all(is_taken(limiter) for _ in range(1_000))


def test_a_clock_set_back_blocks_nobody() -> None:
    clock = FixedClock(NOW)
    limiter = RateLimiter(clock, 1)
    assert is_taken(limiter)
    clock.advance_s(-3_600)
    assert is_taken(limiter)


def test_remembers_no_more_keys_than_allowed() -> None:
    clock = FixedClock(NOW)
    limiter = RateLimiter(clock, 1, keys_limit=10)
    for key in range(100):
        assert is_taken(limiter, key)
    assert len(limiter._taken) == 10
    clock.advance_s(2)
    assert is_taken(limiter, "new")
    assert len(limiter._taken) == 1


@given(st.lists(st.integers(0, US_PER_SECOND // 2), max_size=60), st.integers(1, 5))
def test_no_second_holds_more_than_the_limit(steps: list[int], limit: int) -> None:
    clock = FixedClock(NOW)
    limiter = RateLimiter(clock, limit)
    passed: list[int] = []
    for step in steps:
        clock.set_us(clock.now_us() + step)
        recent = sum(clock.now_us() - t < US_PER_SECOND for t in passed)
        assert is_taken(limiter) == (recent < limit)
        if recent < limit:
            passed.append(clock.now_us())
