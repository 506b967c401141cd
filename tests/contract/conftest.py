"""Real stores for the contract suites: SQLite in a temporary folder, a private PostgreSQL."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.store.relational import RelationalRecords

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


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def records_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Give the URL of an empty database on each engine."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.db'}"
        return
    import psycopg

    server = request.getfixturevalue("postgres_server")
    name = f"t_{tmp_path.name.lower()}".replace("-", "_")[:60]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def records(records_url: str) -> Iterator[RelationalRecords]:
    """Give an empty, set up store on each engine."""
    store = RelationalRecords(records_url)
    store.setup()
    yield store
    store.close()
