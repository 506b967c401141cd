"""The 30 minutes rule, against a plain implementation that keeps every event."""

from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.identity.session import SessionBook, SessionRegistry
from tests.unit.identity.naive import NaiveSessions

MINUTE = 60 * 1_000_000
NOON = 1_790_251_200_000_000
LIMIT = 30 * MINUTE


def touch(registry: SessionRegistry, visitor: int, ts: int) -> int:
    return (registry.join(visitor, ts) or registry.start(visitor, ts)).session


@settings(max_examples=400)
@given(st.lists(st.integers(0, 24 * 60), max_size=40))
def test_joins_and_starts_like_the_plain_rule(minutes: list[int]) -> None:
    registry, naive = SessionRegistry(), NaiveSessions()
    numbers: dict[int, int] = {}
    for minute in minutes:
        ts = NOON + minute * MINUTE
        number = naive.touch(ts)
        session = touch(registry, 7, ts)
        assert numbers.setdefault(number, session) == session
    assert len(set(numbers.values())) == len(numbers)
    spans = {v.session: (v.start, v.end) for _, v in registry.visits()}
    for number, session in numbers.items():
        times = naive.sessions[number]
        assert spans[session] == (min(times), max(times))


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(1, 12), st.integers(0, 180)), max_size=60),
    st.integers(8, 20),
)
def test_keeps_visitors_apart_and_memory_bounded(
    touches: list[tuple[int, int]], limit: int
) -> None:
    registry = SessionRegistry(limit)
    owner: dict[int, int] = {}
    for visitor, minute in touches:
        session = touch(registry, visitor, NOON + minute * MINUTE)
        assert owner.setdefault(session, visitor) == visitor
        assert len(registry) <= limit


def test_the_thirtieth_minute_still_counts() -> None:
    registry = SessionRegistry()
    first = touch(registry, 1, NOON)
    assert touch(registry, 1, NOON + LIMIT) == first
    assert touch(registry, 1, NOON + 2 * LIMIT + 1) != first


def test_a_session_lasts_as_long_as_signals_come() -> None:
    registry = SessionRegistry()
    ids = {touch(registry, 1, NOON + i * 29 * MINUTE) for i in range(100)}
    assert len(ids) == 1


def test_does_not_split_at_the_clock_hour() -> None:
    registry = SessionRegistry()
    assert touch(registry, 1, NOON - MINUTE) == touch(registry, 1, NOON + MINUTE)


def test_a_late_event_joins_and_never_merges() -> None:
    registry = SessionRegistry()
    first = touch(registry, 1, NOON)
    second = touch(registry, 1, NOON + 50 * MINUTE)
    assert first != second
    assert touch(registry, 1, NOON + 25 * MINUTE) == first
    assert {v.session for _, v in registry.visits()} == {first, second}


def test_a_late_event_before_the_start_widens_the_session() -> None:
    registry = SessionRegistry()
    session = touch(registry, 1, NOON)
    assert touch(registry, 1, NOON - 20 * MINUTE) == session
    assert [v.start for _, v in registry.visits()] == [NOON - 20 * MINUTE]


def test_the_longest_unseen_are_forgotten_first() -> None:
    registry = SessionRegistry(limit=10)
    kept = touch(registry, 1, NOON)
    for visitor in range(2, 60):
        touch(registry, visitor, NOON)
        assert touch(registry, 1, NOON) == kept
    assert not registry.has_visitor(2)


def test_a_day_without_a_touch_is_kept_and_two_are_not() -> None:
    registry = SessionRegistry()
    touch(registry, 1, NOON)
    registry.rotate()
    assert registry.has_visitor(1)
    registry.rotate()
    assert not registry.has_visitor(1)


def test_old_sessions_of_a_busy_visitor_are_let_go() -> None:
    registry = SessionRegistry()
    for hour in range(200):
        touch(registry, 1, NOON + hour * 60 * MINUTE)
    assert len(list(registry.visits())) <= 50


def test_given_sessions_stretch_without_a_limit() -> None:
    registry = SessionRegistry()
    assert registry.join_given(-5, NOON) is None
    registry.start_given(-5, NOON)
    visit = registry.join_given(-5, NOON + 10 * LIMIT)
    assert visit is not None
    assert (visit.session, visit.start, visit.end) == (-5, NOON, NOON + 10 * LIMIT)


def test_looking_changes_nothing() -> None:
    registry = SessionRegistry()
    touch(registry, 1, NOON)
    assert registry.find(1, NOON + LIMIT) is not None
    assert registry.find(1, NOON + LIMIT + 1) is None
    assert [(v.start, v.end) for _, v in registry.visits()] == [(NOON, NOON)]


def test_an_import_does_not_push_out_live_visitors() -> None:
    book = SessionBook(SessionRegistry(10), SessionRegistry(10))
    touch(book.live, 1, NOON)
    for visitor in range(100):
        touch(book.history, visitor, NOON)
    assert book.live.has_visitor(1)


def test_a_named_session_is_found_by_its_visitor_within_reach() -> None:
    registry = SessionRegistry()
    registry.link(7, registry.start_given(-1, NOON))
    newest = registry.start_given(-2, NOON + MINUTE)
    registry.link(7, newest)
    assert registry.join(7, NOON) is None
    assert registry.join_linked(8, NOON) is None
    assert registry.join_linked(7, NOON + 31 * MINUTE) is newest
    assert newest.end == NOON + 31 * MINUTE
    assert registry.join_linked(7, NOON - 29 * MINUTE) is newest
    assert newest.start == NOON - 29 * MINUTE
    assert registry.join_linked(7, NOON + 61 * MINUTE + 1) is None


def test_links_are_forgotten_like_sessions() -> None:
    registry = SessionRegistry(limit=4)
    for visitor in range(1, 9):
        registry.link(visitor, registry.start_given(-visitor, NOON))
    assert registry.join_linked(1, NOON) is None
    assert registry.join_linked(8, NOON) is not None
    registry.rotate()
    registry.rotate()
    assert registry.join_linked(8, NOON) is None
