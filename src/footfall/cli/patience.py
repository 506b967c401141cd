"""Asks again while Footfall can take nothing: a full disk is emptied, a slow engine catches up."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from footfall.errors import UnavailableError

T = TypeVar("T")

PATIENCE_S = 600
"""Ten minutes outlast a restart of an engine; after that a person should look."""


async def keep_asking(ask: Callable[[], Awaitable[T]]) -> T:
    """Return the answer, waiting as long as each refusal says. Only for what may come twice.

    Raises UnavailableError after `PATIENCE_S`.
    """
    waited_s = 0
    while True:
        try:
            return await ask()
        except UnavailableError as error:
            if waited_s >= PATIENCE_S:
                raise UnavailableError(
                    f"{error.message} Run the command again: it goes on where it stopped."
                ) from None
            await asyncio.sleep(error.retry_after_s)
            waited_s += max(error.retry_after_s, 1)
