"""Real stores for the contract suites: SQLite in a temporary folder, a private PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.store.relational import RelationalRecords


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
