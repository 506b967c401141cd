"""The intake: one outcome each, acknowledged only when safe."""

import asyncio
from pathlib import Path

import pytest

from footfall.errors import UnavailableError
from footfall.ingest.intake import IngestIntake
from footfall.ingest.outcome import Accepted, Dropped, DropReason, Outcome
from footfall.ingest.request import Signal
from footfall.ingest.spool import Spool
from tests.unit.ingest.world import HOUR, MINUTE, NOON, World, view

DUPLICATE = Dropped(DropReason.DUPLICATE)


async def test_turns_a_pageview_into_a_row() -> None:
    world = World()
    [row] = await world.send(
        view(
            "https://shop.example.org/cart?utm_source=News&a=1&gclid=xyz",
            title="Cart",
            referrer="https://www.google.com/search?q=x",
            screen="1920X1080",
            language="en-us",
            props=b'{"plan":"pro"}',
        ),
        ip="8.8.8.8",
    )
    assert row["kind"] == "pageview"
    assert row["interactive"] == 1
    assert (row["site"], row["path"], row["query"]) == ("shop.example.org", "/cart", "a=1")
    assert (row["source"], row["utm_source"], row["click_id"]) == ("News", "News", "gclid")
    assert row["referrer"] == "google.com/search"
    assert (row["country"], row["browser"], row["browser_version"]) == ("US", "Chrome", "122")
    assert (row["os"], row["device"]) == ("Windows", "Desktop")
    assert (row["screen"], row["language"], row["entry_page"]) == ("1920x1080", "en-US", "/cart")
    assert row["props"] == {"plan": "pro"}
    assert row["session"] > 0
    assert "203.0.113" not in str(row)


async def test_gives_every_signal_its_outcome_in_order() -> None:
    world = World()
    outcomes = await world.take(view("/a"), Signal(kind="nonsense"), view("/b"))
    assert [type(o) for o in outcomes] == [Accepted, Dropped, Accepted]
    assert outcomes[1] == Dropped(DropReason.MALFORMED)
    assert world.counters.counts == {
        ("pulse", "pageview", "accepted"): 2,
        ("pulse", "unknown", "malformed"): 1,
    }


async def test_stores_a_repeated_client_id_once() -> None:
    world = World()
    await world.take(view("/a", client_id="x"))
    assert await world.take(view("/a", client_id="x")) == [DUPLICATE]
    assert len(world.log.lines) == 1
    assert world.log.lines[0]["event_id"] < 0


async def test_keeps_client_ids_of_projects_and_doors_apart() -> None:
    world = World()
    await world.take(view("/a", client_id="x"))
    await world.take(view("/a", client_id="x"), project=2)
    await world.take(view("/a", client_id="x"), door="echelon")
    assert len(world.log.lines) == 3


async def test_stores_a_duplicate_inside_one_batch_once() -> None:
    world = World()
    outcomes = await world.take(view("/a", client_id="x"), view("/a", client_id="x"))
    assert outcomes[1] == DUPLICATE
    assert len(world.log.lines) == 1


async def test_stores_the_retry_of_what_failed() -> None:
    world = World()
    world.log.is_failing = True
    with pytest.raises(UnavailableError):
        await world.take(view("/a", client_id="x"))
    world.log.is_failing = False
    assert isinstance((await world.take(view("/a", client_id="x")))[0], Accepted)
    assert len(world.log.lines) == 1


async def test_acknowledges_a_duplicate_only_when_the_first_is_safe() -> None:
    world = World()
    world.log.is_holding = True
    first = asyncio.ensure_future(world.take(view("/a", client_id="x")))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(world.take(view("/a", client_id="x")))
    await asyncio.sleep(0.01)
    assert not second.done()
    world.log.let_go()
    await first
    assert await second == [DUPLICATE]


async def test_refuses_a_duplicate_when_the_first_fails() -> None:
    world = World()
    world.log.is_holding = True
    first = asyncio.ensure_future(world.take(view("/a", client_id="x")))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(world.take(view("/b", client_id="y"), view("/a", client_id="x")))
    await asyncio.sleep(0.01)
    world.log.is_failing = True
    world.log.let_go()
    for task in (first, second):
        with pytest.raises(UnavailableError):
            await task
    world.log.is_failing = world.log.is_holding = False
    await world.take(view("/b", client_id="y"), view("/a", client_id="x"))
    assert [line["path"] for line in world.log.lines] == ["/b", "/a"]
    assert not world.deduplicator.pending


async def test_a_duplicate_of_two_requests_hears_of_both() -> None:
    world = World()
    world.log.is_holding = True
    one = asyncio.ensure_future(world.take(view("/a", client_id="x")))
    two = asyncio.ensure_future(world.take(view("/b", client_id="y")))
    await asyncio.sleep(0)
    both = asyncio.ensure_future(world.take(view("/a", client_id="x"), view("/b", client_id="y")))
    await asyncio.sleep(0)
    world.log.let_go()
    await asyncio.gather(one, two)
    assert await asyncio.wait_for(both, 1) == [DUPLICATE, DUPLICATE]


async def test_remembers_the_id_when_the_caller_leaves_before_the_answer() -> None:
    world = World()
    world.log.is_holding = True
    task = asyncio.ensure_future(world.take(view("/a", client_id="x")))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    world.log.is_holding = False
    world.log.let_go()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await world.take(view("/a", client_id="x")) == [DUPLICATE]
    assert len(world.log.lines) == 1


async def test_a_caller_without_ids_may_leave_before_the_answer(tmp_path: Path) -> None:
    world = World()
    spool = Spool(tmp_path, limit_bytes=1 << 20)
    intake = IngestIntake(world.pipeline, spool, world.deduplicator, world.counters)

    async def take(path: str) -> list[Outcome]:
        return await intake.take(world.sender(), [view(path)])

    leaves, stays = asyncio.ensure_future(take("/a")), asyncio.ensure_future(take("/b"))
    await asyncio.sleep(0)
    leaves.cancel()
    assert isinstance((await stays)[0], Accepted)
    assert leaves.cancelled()
    await asyncio.to_thread(spool.close)
    assert spool.written == 2


async def test_drops_only_the_event_that_is_no_text() -> None:
    world = World()
    outcomes = await world.take(
        view("/a"), view("/b", title="\ud800", client_id="x"), view("/c", title="ok")
    )
    assert outcomes[1] == Dropped(DropReason.MALFORMED)
    assert [line["path"] for line in world.log.lines] == ["/a", "/c"]
    assert not world.deduplicator.pending


async def test_one_line_stays_one_line() -> None:
    world = World()
    [row] = await world.send(view("/a\nb", title="x\ny", props=b'{"a":\r\n 1,\n"b":"c"}'))
    assert row["title"] == "x\ny"
    assert row["props"] == {"a": 1, "b": "c"}
    assert world.log.raw.count(b"\n") == 1


async def test_joins_a_session_within_thirty_minutes_and_not_beyond() -> None:
    world = World()
    rows = await world.send(
        view("/a", ts_us=NOON - HOUR),
        view("/b", ts_us=NOON - 30 * MINUTE),
        view("/c", ts_us=NOON + MINUTE),
    )
    assert rows[0]["session"] == rows[1]["session"] != rows[2]["session"]
    assert [r["entry_page"] for r in rows] == ["/a", "/a", "/c"]


async def test_an_empty_batch_stores_nothing() -> None:
    assert await World().take() == []


async def test_calls_of_one_turn_are_stored_in_one_piece() -> None:
    world = World()
    world.log.is_holding = True
    calls = [asyncio.ensure_future(world.take(view(f"/{i}"))) for i in range(5)]
    calls.append(asyncio.ensure_future(world.take(view("/id", client_id="x"))))
    await asyncio.sleep(0.01)
    assert len(world.log.held) == 1
    world.log.is_holding = False
    world.log.let_go()
    assert all(isinstance(o, Accepted) for (o,) in await asyncio.gather(*calls))
    assert [line["path"] for line in world.log.lines] == [*(f"/{i}" for i in range(5)), "/id"]
    assert sum(world.counters.counts.values()) == 6


async def test_a_fault_in_one_call_leaves_the_others_of_its_turn_alone() -> None:
    world = World()
    broken = view("/broken", client_id="b")
    broken.url = None  # type: ignore[assignment]
    good, bad = await asyncio.gather(
        world.take(view("/good", client_id="g")), world.take(broken), return_exceptions=True
    )
    assert isinstance(good, list)
    assert isinstance(bad, TypeError)
    assert [line["path"] for line in world.log.lines] == ["/good"]
    assert not world.deduplicator.pending
    assert isinstance((await world.take(view("/again", client_id="b")))[0], Accepted)


async def test_a_leaving_caller_that_waits_for_another_claims_nothing() -> None:
    world = World()
    world.log.is_holding = True
    first = asyncio.ensure_future(world.take(view("/a", client_id="x")))
    await asyncio.sleep(0.01)
    second = asyncio.ensure_future(world.take(view("/a", client_id="x"), view("/b", client_id="y")))
    await asyncio.sleep(0.01)
    second.cancel()
    await asyncio.sleep(0.01)
    world.log.is_holding = False
    world.log.let_go()
    await first
    with pytest.raises(asyncio.CancelledError):
        await second
    assert not world.deduplicator.pending


async def test_takes_what_nobody_waits_for() -> None:
    world = World()
    told: list[list[Outcome]] = []
    taking = world.intake.take(world.sender(), [view("/a"), view("/b", value=float("nan"))])
    taking.add_done_callback(lambda done: told.append(done.result()))
    await asyncio.sleep(0.01)
    assert [type(outcome) for outcome in told[0]] == [Accepted, Dropped]
    assert [line["path"] for line in world.log.lines] == ["/a"]


async def test_a_duplicate_that_nobody_waits_for_is_settled_too() -> None:
    world = World()
    world.log.is_holding = True
    world.intake.take(world.sender(), [view("/a", client_id="x")])
    again = world.intake.take(world.sender(), [view("/a", client_id="x"), view("/b")])
    await asyncio.sleep(0.01)
    world.log.is_holding = False
    world.log.let_go()
    first, second = await again
    assert first == DUPLICATE
    assert isinstance(second, Accepted)
    assert [line["path"] for line in world.log.lines] == ["/a", "/b"]
    assert not world.deduplicator.pending


async def test_a_stop_refuses_what_waits_for_others_and_frees_its_ids() -> None:
    world = World()
    world.log.is_holding = True
    first = world.intake.take(world.sender(), [view("/a", client_id="x")])
    again = world.intake.take(
        world.sender(), [view("/a", client_id="x"), view("/b", client_id="y")]
    )
    await asyncio.sleep(0.01)
    # What the end of a loop does to its tasks.
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    with pytest.raises(UnavailableError, match="stopping"):
        await again
    world.log.is_holding = False
    world.log.let_go()
    await first
    assert not world.deduplicator.pending
    assert isinstance((await world.take(view("/b", client_id="y")))[0], Accepted)
    assert [line["path"] for line in world.log.lines] == ["/a", "/b"]


async def test_a_line_holds_no_value_where_there_is_none() -> None:
    world = World()
    await world.take(view("/a"), view("/b", value=1.5))
    assert [line.get("value") for line in world.log.lines] == [None, 1.5]
