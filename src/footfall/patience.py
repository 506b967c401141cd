"""Work that must not hold up requests: it runs in a thread that lets all others go first, and so
takes the processor while requests wait for the disk or the network."""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

NICENESS = 10
"""A tenth of the processor beside a busy thread of niceness 0, all of it beside idle ones
(sched(7), "The nice value")."""


def run_patiently(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Return what the function returns, or raise what it raises, after it ran in a thread that lets
    others go first.

    Blocks the caller, who keeps its own priority. The threads that the function starts are as
    patient, for as long as they live. Only Linux gives each thread a niceness of its own; elsewhere
    it runs like any other.
    """
    future: Future[_T] = Future()

    def work() -> None:
        # A thread for each call: without privileges a thread cannot take its niceness back.
        try:
            if sys.platform == "linux":
                # Where a sandbox forbids even this, the work is done all the same.
                with suppress(OSError):
                    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
            future.set_result(function(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)

    # A daemon: what hangs in there must not keep the process from ending.
    threading.Thread(target=work, name="patient", daemon=True).start()
    return future.result()
