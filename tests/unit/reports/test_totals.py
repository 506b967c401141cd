"""Totals are shared between reports of a page and never outlive what they were counted from."""

from footfall.reports.totals import Totals
from footfall.store.warehouse import Rows


class Counter:
    """A warehouse that answers how often it was asked."""

    def __init__(self, version: int | None) -> None:
        self.version = version
        self.asked = 0
        self.writes_while_asked = False

    def query(self, sql: str) -> Rows:
        self.asked += 1
        if self.writes_while_asked:
            self.version += 1
        return Rows(("n",), [(self.asked,)])


def ask(totals: Totals, sql: str = "SELECT 1") -> int:
    return totals.query(sql).rows[0][0]


def test_the_same_total_is_counted_once():
    totals = Totals(Counter(0))
    assert [ask(totals), ask(totals), ask(totals, "SELECT 2"), ask(totals)] == [1, 1, 2, 1]


def test_a_write_makes_every_total_new():
    warehouse = Counter(0)
    totals = Totals(warehouse)
    assert ask(totals) == 1
    warehouse.version = 1
    assert [ask(totals), ask(totals)] == [2, 2]


def test_a_total_that_a_write_overtook_is_not_kept():
    warehouse = Counter(0)
    totals = Totals(warehouse)
    warehouse.writes_while_asked = True
    assert [ask(totals), ask(totals)] == [1, 2]


def test_nothing_is_kept_where_other_nodes_write():
    totals = Totals(Counter(None))
    assert [ask(totals), ask(totals)] == [1, 2]
