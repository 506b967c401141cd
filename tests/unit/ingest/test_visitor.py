"""Visitors and sessions through the whole pipeline: midnight, shared and rotating addresses."""

from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.ingest.request import Signal
from tests.unit.identity.naive import NaiveSessions
from tests.unit.ingest.world import CHROME, HOUR, MINUTE, NOON, World, view

MIDNIGHT = NOON + 12 * HOUR
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0"


async def test_a_visit_over_midnight_stays_one_visit_of_one_visitor() -> None:
    world = World()
    rows = []
    for minutes in (-20, -1, 1, 25, 50):
        world.clock.set_us(MIDNIGHT + minutes * MINUTE)
        rows += await world.send(view())
    assert len({row["session"] for row in rows}) == 1
    assert len({row["visitor"] for row in rows}) == 1


async def test_a_visitor_of_yesterday_is_new_today() -> None:
    world = World()
    first = await world.send(view())
    world.clock.set_us(MIDNIGHT + HOUR)
    second = await world.send(view())
    assert first[0]["visitor"] != second[0]["visitor"]
    assert first[0]["session"] != second[0]["session"]


async def test_a_late_event_from_before_midnight_finds_todays_visit() -> None:
    world = World()
    world.clock.set_us(MIDNIGHT - HOUR)
    await world.send(view(), ip="198.51.100.1")
    world.clock.set_us(MIDNIGHT + 5 * MINUTE)
    [early] = await world.send(view())
    [late] = await world.send(view(ts_us=MIDNIGHT - 2 * MINUTE))
    assert late["session"] == early["session"]
    assert late["visitor"] == early["visitor"]


async def test_hashes_of_destroyed_salts_are_never_made_again() -> None:
    world = World()
    [before] = await world.send(view())
    world.clock.advance_s(48 * 3600)
    assert world.salts.sweep() == 1
    [after] = await world.send(view(ts_us=NOON), is_trusted_clock=True)
    assert before["visitor"] != after["visitor"]


async def test_two_browsers_behind_one_address_are_two_visitors() -> None:
    world = World()
    a = await world.send(view(), user_agent=CHROME)
    b = await world.send(view(), user_agent=FIREFOX)
    assert a[0]["visitor"] != b[0]["visitor"]


async def test_a_given_visitor_id_survives_a_change_of_address() -> None:
    world = World()
    a = await world.send(view(visitor_id="v1"), ip="198.51.100.1")
    b = await world.send(view(visitor_id="v1"), ip="198.51.100.2")
    c = await world.send(view(visitor_id="v2"), ip="198.51.100.2")
    d = await world.send(view(visitor_id="v1"), ip="198.51.100.2", project=2)
    assert (a[0]["visitor"], a[0]["session"]) == (b[0]["visitor"], b[0]["session"])
    assert len({row[0]["visitor"] for row in (a, c, d)}) == 3


async def test_a_given_session_id_knows_no_thirty_minutes() -> None:
    world = World()
    rows = await world.send(
        view(session_id="s", ts_us=NOON - 5 * HOUR),
        view(session_id="s", ts_us=NOON),
        view(session_id="t", ts_us=NOON),
    )
    assert rows[0]["session"] == rows[1]["session"] != rows[2]["session"]
    assert rows[0]["session"] < 0


async def test_engagement_prolongs_a_visit_and_never_starts_one() -> None:
    world = World()
    engagement = Signal(kind="engagement", engagement_ms=1000)
    alone = await world.send(engagement)
    assert alone[0]["session"] == 0
    assert "channel" not in alone[0]
    rows = await world.send(
        view(ts_us=NOON),
        Signal(kind="engagement", ts_us=NOON + 25 * MINUTE, url="/"),
        view("/b", ts_us=NOON + 50 * MINUTE),
    )
    assert len({row["session"] for row in rows}) == 1
    given = await world.send(Signal(kind="engagement", session_id="nobody"))
    assert given[0]["session"] == 0


async def test_an_import_in_order_keeps_visits_over_midnight() -> None:
    world = World()
    past = MIDNIGHT - 300 * 24 * HOUR
    rows = await world.send(
        view(ts_us=past - 10 * MINUTE), view(ts_us=past + 10 * MINUTE), is_trusted_clock=True
    )
    assert rows[0]["session"] == rows[1]["session"]
    assert not len(world.sessions.live)


async def test_the_first_pageview_is_the_entry_page() -> None:
    rows = await World().send(
        Signal(kind="event", name="boot", url="/app"), view("/in"), view("/next")
    )
    assert [row.get("entry_page", "") for row in rows] == ["", "/in", "/in"]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(-120, 120), min_size=1, max_size=30))
async def test_midnight_makes_no_difference_to_which_visit_an_event_joins(
    minutes: list[int],
) -> None:
    world, naive = World(), NaiveSessions()
    world.clock.set_us(MIDNIGHT + 3 * HOUR)
    numbers: dict[int, int] = {}
    for minute in minutes:
        ts = MIDNIGHT + minute * MINUTE
        [row] = await world.send(view(ts_us=ts))
        number = naive.touch(ts)
        assert numbers.setdefault(number, row["session"]) == row["session"]
    assert len(set(numbers.values())) == len(numbers)


async def test_long_look_at_one_page_belongs_to_the_visit_in_which_it_began() -> None:
    world = World()
    look = Signal(kind="engagement", ts_us=NOON + 55 * MINUTE, url="/", engagement_ms=50 * 60_000)
    rows = await world.send(view("/", ts_us=NOON), look, view("/next", ts_us=NOON + 80 * MINUTE))
    assert len({row["session"] for row in rows}) == 1
    assert 0 not in {row["session"] for row in rows}


async def test_what_a_page_sends_when_it_is_left_late_starts_no_visit() -> None:
    world = World()
    late = NOON + 3 * HOUR
    rows = await world.send(
        view("/", ts_us=NOON),
        Signal(kind="web_vital", name="LCP", value=900, ts_us=late, url="/"),
        Signal(kind="scroll_depth", value=80, ts_us=late, url="/"),
        Signal(kind="engagement", engagement_ms=1000, ts_us=late, url="/"),
    )
    assert [row["session"] != 0 for row in rows] == [True, False, False, False]
