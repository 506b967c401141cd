import asyncio

import pytest

from footfall.errors import UnavailableError
from footfall.ingest.commit import Commit


async def _wait(commit: Commit) -> str:
    await commit
    return "stored"


def _decide(commit: Commit, error: Exception | None = None) -> None:
    commit.get_loop().call_soon(commit.decide, error)


async def test_wakes_every_task_within_one_turn() -> None:
    commit = Commit(asyncio.get_running_loop())
    tasks = [asyncio.ensure_future(_wait(commit)) for _ in range(3)]
    await asyncio.sleep(0)
    _decide(commit)
    assert await asyncio.gather(*tasks) == ["stored"] * 3
    assert commit.done()
    assert commit.exception() is None
    assert await _wait(commit) == "stored"


async def test_raises_what_went_wrong() -> None:
    commit = Commit(asyncio.get_running_loop())
    task = asyncio.ensure_future(_wait(commit))
    await asyncio.sleep(0)
    _decide(commit, UnavailableError("full"))
    for waiting in (task, _wait(commit)):
        with pytest.raises(UnavailableError, match="full"):
            await waiting


async def test_who_is_cancelled_hears_of_it_when_it_is_decided() -> None:
    commit = Commit(asyncio.get_running_loop())
    leaves = asyncio.ensure_future(_wait(commit))
    stays = asyncio.ensure_future(_wait(commit))
    await asyncio.sleep(0)
    leaves.cancel()
    await asyncio.sleep(0)
    assert not leaves.done()
    _decide(commit)
    with pytest.raises(asyncio.CancelledError):
        await leaves
    assert await stays == "stored"


async def test_a_callback_that_fails_leaves_nobody_waiting() -> None:
    loop = asyncio.get_running_loop()
    faults: list[object] = []
    loop.set_exception_handler(lambda _, context: faults.append(context["exception"]))
    commit = Commit(loop)
    called: list[Commit] = []
    commit.add_done_callback(lambda _: 1 / 0)
    commit.add_done_callback(called.append)
    commit.add_done_callback(called.clear)
    assert commit.remove_done_callback(called.clear) == 1
    commit.decide(None)
    assert called == [commit]
    assert isinstance(faults[0], ZeroDivisionError)
    commit.add_done_callback(called.append)
    await asyncio.sleep(0)
    assert called == [commit, commit]


async def test_says_nothing_before_it_is_decided() -> None:
    commit = Commit(asyncio.get_running_loop())
    for ask in (commit.result, commit.exception):
        with pytest.raises(asyncio.InvalidStateError):
            ask()
    assert not commit.cancel()
    assert not commit.cancelled()


async def test_futures_words_work() -> None:
    commit = Commit(asyncio.get_running_loop())
    asyncio.get_running_loop().call_later(0.01, commit.decide, None)
    await asyncio.wait_for(asyncio.shield(commit), 5)
