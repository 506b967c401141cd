"""Records in memory, for tests that need no database; the contract suite tests the real ones."""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

from footfall.errors import ConflictError
from footfall.store.records import AtLeast, AtMost, Between, OneOf, Record, Where

UNIQUE = {"projects": ("id", "slug"), "api_keys": ("id", "hash")}


class FakeRecords:
    """Keeps tables in dictionaries; a block that raises changes nothing."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self.transactions = 0

    def setup(self) -> None:
        pass

    def ping(self) -> bool:
        return True

    def close(self) -> None:
        pass

    @contextmanager
    def transaction(self) -> Iterator["FakeRecords"]:
        self.transactions += 1
        before = deepcopy(self.tables)
        try:
            yield self
        except BaseException:
            self.tables = before
            raise

    def add(self, table: str, record: Record) -> int:
        rows = self.tables.setdefault(table, [])
        for column in UNIQUE.get(table, ()):
            if any(row[column] == record[column] for row in rows):
                raise ConflictError
        number = 1 + max((row["number"] for row in rows), default=0)
        rows.append({**record, "number": number})
        return number

    def find(
        self,
        table: str,
        where: Where,
        *,
        order: str = "number",
        limit: int = 10_000,
        offset: int = 0,
    ) -> list[Record]:
        rows = sorted(self._matching(table, where), key=lambda r: r[order.removeprefix("-")])
        if order.startswith("-"):
            rows.reverse()
        return [dict(row) for row in rows[offset : offset + limit]]

    def count(self, table: str, where: Where) -> int:
        return len(self._matching(table, where))

    def change(self, table: str, where: Where, values: Record) -> int:
        rows = self._matching(table, where)
        for row in rows:
            row.update(values)
        return len(rows)

    def remove(self, table: str, where: Where) -> int:
        gone = self._matching(table, where)
        self.tables[table] = [row for row in self.tables.get(table, []) if row not in gone]
        return len(gone)

    def _matching(self, table: str, where: Where) -> list[dict[str, Any]]:
        rows = self.tables.get(table, [])
        return [row for row in rows if all(_meets(row[k], v) for k, v in where.items())]


def _meets(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, AtMost):
        return value is not None and value <= wanted.value
    if isinstance(wanted, AtLeast):
        return value is not None and value >= wanted.value
    if isinstance(wanted, Between):
        return value is not None and wanted.least <= value <= wanted.most
    if isinstance(wanted, OneOf):
        return value is not None and value in wanted.values
    return bool(value == wanted)
