"""What senders wait for: that their events are on disk.

An `asyncio.Future` would be resolved and called back by way of the loop; that costs 4 µs a request,
as much as decoding and encoding its event. This one keeps to a future's words, so that tasks can
await it, with two differences: its callbacks run at once, within the turn of the loop that resolves
it, and it cannot be cancelled. Whoever is cancelled while waiting hears of it when the commit is
decided: by then it is known whether the events are stored.
"""

import asyncio
from collections.abc import Callable, Generator
from contextvars import Context
from typing import Any


class Commit:
    """A commit that is or will be decided. Belongs to one event loop."""

    __slots__ = ("_asyncio_future_blocking", "_callbacks", "_error", "_is_done", "_only", "loop")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._asyncio_future_blocking = False
        self.loop = loop
        self._only: Callable[[Any], object] | None = None
        """The callback of most: the first, and without a context."""
        self._callbacks: list[tuple[Callable[[Any], object], Context | None]] | None = None
        self._error: BaseException | None = None
        self._is_done = False

    def __await__(self) -> Generator[Any, None, Any]:
        if not self._is_done:
            self._asyncio_future_blocking = True
            yield self
        return self.result()

    def done(self) -> bool:
        """Tell whether it is decided."""
        return self._is_done

    def result(self) -> Any:
        """Return None when the events are on disk. Raises why they are not."""
        if not self._is_done:
            raise asyncio.InvalidStateError("not committed yet")
        if self._error is not None:
            raise self._error
        return None

    def exception(self) -> BaseException | None:
        """Return why the events are not on disk, None when they are."""
        if not self._is_done:
            raise asyncio.InvalidStateError("not committed yet")
        return self._error

    def cancelled(self) -> bool:
        """Return False: what is about to be written cannot be called back."""
        return False

    def cancel(self, msg: object = None) -> bool:
        """Refuse."""
        return False

    def get_loop(self) -> asyncio.AbstractEventLoop:
        """Return the loop whose requests wait here."""
        return self.loop

    def add_done_callback(
        self, callback: Callable[[Any], object], *, context: Context | None = None
    ) -> None:
        """Call `callback` with this object when it is decided."""
        if self._is_done:
            self.loop.call_soon(callback, self, context=context)
        elif self._callbacks is not None:
            self._callbacks.append((callback, context))
        elif self._only is None and context is None:
            self._only = callback
        else:
            self._callbacks = [(callback, context)]

    def remove_done_callback(self, callback: Callable[[Any], object]) -> int:
        """Forget a callback; returns how often it was there."""
        callbacks = self._callbacks or []
        kept = [pair for pair in callbacks if pair[0] != callback]
        removed = len(callbacks) - len(kept)
        self._callbacks = kept or None
        if self._only == callback:
            self._only = None
            removed += 1
        return removed

    def decide(self, error: BaseException | None) -> None:
        """Wake everybody: None when the events are on disk, else why not.

        Call it from a callback of the loop: within a task no other task can go on.
        """
        self._error = error
        self._is_done = True
        only, callbacks = self._only, self._callbacks
        self._only = self._callbacks = None
        if only is not None:
            try:
                only(self)
            except Exception as fault:
                self._report(fault)
        for callback, context in callbacks or ():
            try:
                if context is None:
                    callback(self)
                else:
                    context.run(callback, self)
            except Exception as fault:
                self._report(fault)

    def _report(self, fault: Exception) -> None:
        # One of them must not leave the others waiting.
        self.loop.call_exception_handler(
            {"message": "a callback of a commit failed", "exception": fault}
        )
