"""Challenges and tokens: who ran the page is believed, for its session and its site, in time."""

import pytest

from footfall.bots.proof import desk as desk_module
from footfall.bots.proof.desk import MODULE_HOURS, ProofDesk
from footfall.bots.proof.function import make_function
from footfall.clock import US_PER_HOUR, US_PER_MINUTE, FixedClock

NOW_US = 1_763_700_000_000_000
SESSION, SITE = "0b0e7a52-0c53-4a3a-9d4e-6f5b5c0a1b2c", "my-site"


def make_desk(secret: bytes = b"s" * 32) -> tuple[ProofDesk, FixedClock]:
    clock = FixedClock(NOW_US)
    return ProofDesk(secret, clock, window_minutes=10), clock


def solve(desk: ProofDesk, session: str = SESSION, site: str = SITE) -> str:
    """Answer the challenge as a browser does, here with the server's function."""
    challenge = desk.give()
    period = desk._clock.now_us() // (MODULE_HOURS * US_PER_HOUR)
    function = desk._find_function(period)
    return function.solve(f"{challenge.text}:{session}:{site}".encode()).hex()


def test_a_solved_token_is_valid_for_its_session_and_site_only() -> None:
    desk, _ = make_desk()
    token = solve(desk)
    assert desk.check(token, SESSION, SITE) == "valid"
    assert desk.check(token, SESSION, SITE) == "valid"
    assert desk.check(token, "another", SITE) == "invalid"
    assert desk.check(token, SESSION, "another") == "invalid"


@pytest.mark.parametrize(
    ("token", "verdict"),
    [("", "missing"), ("0" * 32, "invalid"), ("0" * 31, "invalid"), ("Z" * 32, "invalid")],
)
def test_what_nobody_solved_is_told_apart_from_what_is_missing(token: str, verdict: str) -> None:
    desk, _ = make_desk()
    assert desk.check(token, SESSION, SITE) == verdict


@pytest.mark.parametrize(("minutes", "verdict"), [(0, "valid"), (10, "valid"), (11, "invalid")])
def test_a_challenge_may_be_answered_for_ten_minutes(minutes: int, verdict: str) -> None:
    desk, clock = make_desk()
    token = solve(desk)
    clock.set_us(NOW_US + minutes * US_PER_MINUTE)
    assert desk.check(token, SESSION, SITE) == verdict


def test_a_token_seen_once_stays_valid_for_a_page_left_open() -> None:
    desk, clock = make_desk()
    token = solve(desk)
    assert desk.check(token, SESSION, SITE) == "valid"
    clock.set_us(NOW_US + 24 * US_PER_HOUR)
    assert desk.check(token, SESSION, SITE) == "valid"


def test_the_module_changes_every_six_hours_and_the_last_one_stays_valid() -> None:
    desk, clock = make_desk()
    border = (NOW_US // (6 * US_PER_HOUR) + 1) * 6 * US_PER_HOUR
    clock.set_us(border - US_PER_MINUTE)
    before, token = desk.give().module, solve(desk)
    clock.set_us(border + US_PER_MINUTE)
    assert desk.give().module != before
    assert desk.check(token, SESSION, SITE) == "valid"


def test_a_restart_and_another_node_accept_what_was_given_out() -> None:
    token = solve(make_desk()[0])
    assert make_desk()[0].check(token, SESSION, SITE) == "valid"
    assert make_desk(b"t" * 32)[0].check(token, SESSION, SITE) == "invalid"


def test_memory_of_tokens_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_module, "REMEMBERED", 3)
    desk, clock = make_desk()
    tokens = {session: solve(desk, session) for session in ("a", "b", "c", "d")}
    for session, token in tokens.items():
        assert desk.check(token, session, SITE) == "valid"
    clock.set_us(NOW_US + US_PER_HOUR)
    assert [desk.check(tokens[s], s, SITE) for s in "abcd"] == ["invalid", *["valid"] * 3]


def test_every_seed_is_a_function_of_its_own() -> None:
    assert make_function(bytes(64)).start == (0, 0, 0, 0)
    assert make_function(bytes(range(64))).rotations == (39, 40, 41, 42, 43)
