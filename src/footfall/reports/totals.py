"""Totals that several reports of one page share. They are kept until the warehouse changes, so a
dashboard of fifteen panels counts its visitors once and still sees every event that was loaded
before it asked."""

from collections import OrderedDict
from threading import Lock

from footfall.store.warehouse import Rows, Warehouse

_KEPT = 64
"""Totals to keep: some pages of some projects, one row each."""


class Totals:
    """Remembers the answers of one warehouse by their SQL."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._lock = Lock()
        self._kept: OrderedDict[str, Rows] = OrderedDict()
        self._version: int | None = None

    def query(self, sql: str) -> Rows:
        """Answer a SELECT of one row, from memory when nothing has been written since."""
        version = self._warehouse.version
        if version is None:
            return self._warehouse.query(sql)
        with self._lock:
            if version == self._version and sql in self._kept:
                return self._kept[sql]
        answer = self._warehouse.query(sql)
        self._keep(sql, answer, version)
        return answer

    def _keep(self, sql: str, answer: Rows, version: int) -> None:
        with self._lock:
            # A write that returned meanwhile may or may not be in the answer.
            if self._warehouse.version != version:
                return
            if self._version != version:
                self._kept.clear()
                self._version = version
            self._kept[sql] = answer
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
