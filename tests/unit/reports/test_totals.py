"""Totals are shared between reports of a page and never outlive what they were counted from."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from footfall.reports.totals import TotalsMemory


class Counter:
    """A warehouse whose figures say how often it was asked."""

    def __init__(self, version: int | None) -> None:
        self.version = version
        self.asked: list[tuple[str, ...]] = []
        self.writes_while_asked = False

    def ask(self, metrics: tuple[str, ...]) -> dict[str, int]:
        self.asked.append(metrics)
        if self.writes_while_asked:
            self.version += 1
        return dict.fromkeys(metrics, len(self.asked))


def find(totals: TotalsMemory, warehouse: Counter, *metrics: str, question: str = "all") -> list:
    found = totals.find(question, metrics, warehouse.ask)
    return [found[name] for name in metrics]


def test_the_same_total_is_counted_once():
    warehouse = Counter(0)
    totals = TotalsMemory(warehouse)
    assert find(totals, warehouse, "visitors") == [1]
    assert find(totals, warehouse, "visitors") == [1]
    assert find(totals, warehouse, "visitors", question="Kenya") == [2]
    assert find(totals, warehouse, "visitors") == [1]


def test_only_the_figures_that_are_missing_are_counted():
    warehouse = Counter(0)
    totals = TotalsMemory(warehouse)
    find(totals, warehouse, "visitors", "sessions")
    assert find(totals, warehouse, "pageviews", "visitors") == [2, 1]
    assert warehouse.asked == [("visitors", "sessions"), ("pageviews",)]


def test_panels_that_ask_at_once_count_once():
    warehouse = Counter(0)
    totals = TotalsMemory(warehouse)
    start = Barrier(8)

    def ask_together(_: int) -> list:
        start.wait(10)
        return find(totals, warehouse, "visitors")

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask_together, range(8))) == [[1]] * 8
    assert len(warehouse.asked) == 1


def test_a_write_makes_every_total_new():
    warehouse = Counter(0)
    totals = TotalsMemory(warehouse)
    assert find(totals, warehouse, "visitors") == [1]
    warehouse.version = 1
    assert find(totals, warehouse, "visitors") == [2]
    assert find(totals, warehouse, "visitors") == [2]


def test_a_total_that_a_write_overtook_is_not_kept():
    warehouse = Counter(0)
    totals = TotalsMemory(warehouse)
    warehouse.writes_while_asked = True
    assert find(totals, warehouse, "visitors") == [1]
    assert find(totals, warehouse, "visitors") == [2]


def test_nothing_is_kept_where_other_nodes_write():
    warehouse = Counter(None)
    totals = TotalsMemory(warehouse)
    assert find(totals, warehouse, "visitors") == [1]
    assert find(totals, warehouse, "visitors") == [2]
