"""Empty records that are migrated already. Going through all migrations takes 50 ms of SQLite and
half a second of PostgreSQL, so a run does it once for each engine and tests get copies; the
migrations have tests of their own, which start from nothing."""

import sqlite3
import tempfile
from functools import cache
from pathlib import Path

import psycopg

from footfall.store.relational import RelationalRecords

_POSTGRES = "migrated_template"


@cache
def _load_sqlite() -> bytes:
    with tempfile.TemporaryDirectory(prefix="footfall-records-") as folder:
        path = Path(folder) / "records.sqlite"
        store = RelationalRecords(f"sqlite:///{path}")
        store.setup()
        store.close()
        with sqlite3.connect(path) as connection:
            # All of it belongs into the one file that is copied.
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return path.read_bytes()


def save_sqlite(path: Path) -> None:
    """Write migrated empty records to a file."""
    path.write_bytes(_load_sqlite())


def give_records(folder: Path) -> None:
    """Put migrated empty records into a data folder that has none yet."""
    path = folder / "records.sqlite"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        save_sqlite(path)


@cache
def _migrate_postgres(server: str) -> str:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{_POSTGRES}"')
    store = RelationalRecords(f"{server}/{_POSTGRES}")
    store.setup()
    store.close()
    return _POSTGRES


def find_postgres_template(server: str) -> str:
    """Return the name of the server's database that is migrated and empty."""
    return _migrate_postgres(server)
