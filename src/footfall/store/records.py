"""The port to the relational store: projects, keys, and what the feature rooms keep.
SQLite and PostgreSQL stand behind it; one contract suite runs on both. It speaks in plain
records; `projects` and the feature rooms turn them into their own types."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

Record = Mapping[str, Any]


class Transaction(Protocol):
    """The verbs inside one transaction."""

    def add(self, table: str, record: Record) -> int:
        """Insert one record; returns its integer primary key `number`.

        Raises ConflictError on a uniqueness clash.
        """
        ...

    def find(
        self, table: str, where: Record, *, order: str = "number", limit: int = 10_000
    ) -> list[Record]:
        """Return the records whose columns equal those of `where`, in the order of a column
        ('-number' for descending)."""
        ...

    def change(self, table: str, where: Record, values: Record) -> int:
        """Update matching records; returns how many."""
        ...

    def remove(self, table: str, where: Record) -> int:
        """Delete matching records; returns how many."""
        ...


class Records(Protocol):
    """A small transactional store. Calls block: on the event loop, go through a thread."""

    def setup(self) -> None:
        """Bring the schema to the newest version (Alembic). Safe to call again."""
        ...

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Open a transaction: committed when the block ends, rolled back when it raises.

        Raises StoreError when the store fails.
        """
        ...

    def ping(self) -> bool:
        """Tell whether the store answers."""
        ...

    def close(self) -> None:
        """Release connections."""
        ...
