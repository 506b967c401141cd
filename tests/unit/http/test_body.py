from collections.abc import Iterator
from typing import Any

import pytest

from footfall.errors import TooLargeError
from footfall.http.asgi import Message, Receive
from footfall.http.body import read_body


def arriving(*chunks: bytes | None) -> tuple[Receive, list[Message]]:
    messages: list[Message] = [
        {"type": "http.disconnect"}
        if chunk is None
        else {"type": "http.request", "body": chunk, "more_body": i + 1 < len(chunks)}
        for i, chunk in enumerate(chunks)
    ]
    source: Iterator[Any] = iter(messages)

    async def receive() -> Message:
        messages.pop(0)
        return next(source)

    source = iter(list(messages))
    return receive, messages


async def test_reads_one_chunk_and_many() -> None:
    assert await read_body(arriving(b"abc")[0], 3) == b"abc"
    assert await read_body(arriving(b"a", b"", b"bc")[0], 3) == b"abc"


async def test_stops_reading_when_the_limit_is_passed() -> None:
    receive, left = arriving(b"ab", b"cd", b"ef", b"gh")
    with pytest.raises(TooLargeError, match="3 bytes"):
        await read_body(receive, 3)
    assert len(left) == 2


async def test_refuses_one_chunk_that_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        await read_body(arriving(b"abcd")[0], 3)


@pytest.mark.parametrize("declared", [b"4", b"9" * 30])
async def test_refuses_a_declared_length_without_reading(declared: bytes) -> None:
    receive, left = arriving(b"abcd")
    with pytest.raises(TooLargeError):
        await read_body(receive, 3, declared)
    assert len(left) == 1


async def test_does_not_believe_a_small_declared_length() -> None:
    with pytest.raises(TooLargeError):
        await read_body(arriving(b"ab", b"cd")[0], 3, b"2")


async def test_a_client_that_goes_away_leaves_no_body() -> None:
    assert await read_body(arriving(None)[0], 9) is None
    assert await read_body(arriving(b"a", None)[0], 9) is None
