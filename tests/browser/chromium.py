"""Where Chromium is, how it is started, and what to do without it."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def require_chromium() -> None:
    """Skip the test when there is no Chromium; fail it where nothing may skip."""
    if CHROMIUM.exists():
        return
    sentence = f"there is no Chromium at {CHROMIUM}: install it to run the browser tests"
    if os.environ.get("FOOTFALL_TEST_NO_SKIP") == "1":
        pytest.fail(sentence)
    pytest.skip(sentence)


@contextmanager
def open_undriven(url: str) -> Iterator[None]:
    """Open a page in a browser that nobody drives: a driver switches off prerendering and the
    memory of visited pages. The page itself must do what the test needs."""
    require_chromium()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [CHROMIUM, *ARGUMENTS, f"--user-data-dir={profile}", "--remote-debugging-port=0", url],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            yield
        finally:
            # Its own session, so that every process of the browser ends with it.
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)
