"""Answers that are sent while they are made."""

from collections.abc import AsyncIterator


async def begin_stream(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Wait for the first chunk and return the stream, first chunk included: what goes wrong until
    then can still be answered with a status. Raises what the first chunk raises."""
    first = await anext(chunks, b"")

    async def rest() -> AsyncIterator[bytes]:
        yield first
        async for chunk in chunks:
            yield chunk

    return rest()
