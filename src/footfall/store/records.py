"""The port to the relational store: projects, keys, and what the feature rooms keep.
SQLite and PostgreSQL stand behind it; one contract suite runs on both. It speaks in plain
records; `projects` and the feature rooms turn them into their own types."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AtMost:
    """In a `where`: the column is not NULL and at most this."""

    value: Any


@dataclass(frozen=True, slots=True)
class AtLeast:
    """In a `where`: the column is not NULL and at least this."""

    value: Any


@dataclass(frozen=True, slots=True)
class Between:
    """In a `where`: the column is not NULL, at least the one and at most the other."""

    least: Any
    most: Any


@dataclass(frozen=True, slots=True)
class OneOf:
    """In a `where`: the column equals one of these. None of them matches NULL."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Contains:
    """In a `where`: the text of the column holds this one; keep both in one case."""

    text: str


Where = Mapping[str, Any]
"""Columns with the value each must equal (None: NULL), or one of the comparisons above."""


class Transaction(Protocol):
    """The verbs inside one transaction."""

    def add(self, table: str, record: Record) -> int:
        """Insert one record; returns its integer primary key `number`.

        Raises ConflictError on a uniqueness clash.
        """
        ...

    def find(
        self,
        table: str,
        where: Where,
        *,
        order: str = "number",
        limit: int = 10_000,
        offset: int = 0,
    ) -> list[Record]:
        """Return the records that meet `where`, in the order of a column ('-number' for
        descending)."""
        ...

    def count(self, table: str, where: Where) -> int:
        """Return how many records meet `where`."""
        ...

    def tally(
        self, table: str, where: Where, *, by: Sequence[str] = (), sums: Sequence[str] = ()
    ) -> list[Record]:
        """Count the records that meet `where`, for each combination of the columns `by` that
        occurs: those columns, `count`, and the sum of each column of `sums` under its own name
        (0 where all are NULL). In the order of `by`; without it exactly one record."""
        ...

    def change(self, table: str, where: Where, values: Record) -> int:
        """Update matching records; returns how many."""
        ...

    def remove(self, table: str, where: Where) -> int:
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
