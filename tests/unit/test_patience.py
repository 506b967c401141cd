"""Work that lets others go first."""

import os
import sys
import threading

import pytest

from footfall.patience import NICENESS, run_patiently


def own_niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_returns_what_the_function_returns() -> None:
    assert run_patiently(divmod, 17, 5) == (3, 2)
    assert run_patiently(int, "ff", base=16) == 255


def test_raises_what_the_function_raises() -> None:
    with pytest.raises(ZeroDivisionError):
        run_patiently(divmod, 1, 0)
    with pytest.raises(SystemExit):
        run_patiently(sys.exit, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a niceness for each thread")
def test_only_the_work_and_what_it_starts_are_patient() -> None:
    before = own_niceness()

    def work() -> tuple[int, int]:
        found: list[int] = []
        child = threading.Thread(target=lambda: found.append(own_niceness()))
        child.start()
        child.join()
        return own_niceness(), found[0]

    assert run_patiently(work) == (NICENESS, NICENESS)
    assert own_niceness() == before


def test_work_is_done_where_patience_is_forbidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(which: int, who: int, niceness: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "setpriority", refuse)
    assert run_patiently(divmod, 17, 5) == (3, 2)
