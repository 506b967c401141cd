"""A private PostgreSQL for tests, started once a run on a free loopback port."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

POSTGRES_BINARIES = Path("/usr/lib/postgresql")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Start a private PostgreSQL on a free loopback port; give its URL without a database."""
    found = sorted(POSTGRES_BINARIES.glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if not found:
        sentence = f"PostgreSQL is not installed (no {POSTGRES_BINARIES}/*/bin/initdb)"
        if os.environ.get("FOOTFALL_TEST_NO_SKIP") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    binaries = found[-1].parent
    with tempfile.TemporaryDirectory(prefix="footfall-pg-", ignore_cleanup_errors=True) as folder:
        root = Path(folder)
        data = root / "data"
        prefix: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(root, "postgres")
            prefix = ["runuser", "-u", "postgres", "--"]
        root.chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {root} -c fsync=off"
        initdb = [*prefix, str(binaries / "initdb"), "-D", str(data), "-U", "footfall"]
        control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
        subprocess.run(
            [*initdb, "-A", "trust", "-E", "UTF8", "--locale=C"],
            check=True,
            capture_output=True,
            cwd=root,
        )
        subprocess.run(
            [*control, "-o", options, "-l", str(root / "log"), "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=root,
        )
        try:
            yield f"postgresql://footfall@127.0.0.1:{port}"
        finally:
            subprocess.run(
                [*control, "-m", "immediate", "stop"], check=True, capture_output=True, cwd=root
            )
