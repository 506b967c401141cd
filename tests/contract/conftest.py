"""Real stores for the contract suites: SQLite in a temporary folder, a private PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from footfall.store.relational import RelationalRecords
from tests.records_template import find_postgres_template, save_sqlite


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Name each engine in turn."""
    return str(request.param)


@contextmanager
def make_postgres(request: pytest.FixtureRequest, folder: Path, *, migrated: bool) -> Iterator[str]:
    """Give the URL of a database that goes again."""
    server = request.getfixturevalue("postgres_server")
    name = f"t_{folder.name.lower()}".replace("-", "_")[:60]
    template = find_postgres_template(server) if migrated else "template1"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield f"{server}/{name}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def records_url(request: pytest.FixtureRequest, tmp_path: Path, engine_name: str) -> Iterator[str]:
    """Give the URL of a database on each engine: empty, but migrated where `records` asks for it
    too."""
    migrated = "records" in request.fixturenames
    if engine_name == "sqlite":
        if migrated:
            save_sqlite(tmp_path / "records.db")
        yield f"sqlite:///{tmp_path / 'records.db'}"
        return
    with make_postgres(request, tmp_path, migrated=migrated) as url:
        yield url


@pytest.fixture
def records(records_url: str) -> Iterator[RelationalRecords]:
    """Give an empty, set up store on each engine."""
    store = RelationalRecords(records_url)
    store.setup()
    yield store
    store.close()
