"""Totals that several reports of one page share. They are kept until the warehouse changes, so a
dashboard of fifteen panels counts its visitors once and still sees every event that was loaded
before it asked. Panels that ask at the same time count once too."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock

from footfall.reports.query import Value
from footfall.store.warehouse import Warehouse

_KEPT = 64
"""Questions whose totals are kept: some pages of some projects, a few figures each."""

Ask = Callable[[tuple[str, ...]], Mapping[str, Value]]
"""Counts the metrics of these names."""


@dataclass(slots=True)
class _Totals:
    """What is known of one question; its lock is held while the warehouse is asked."""

    lock: Lock = field(default_factory=Lock)
    version: int | None = None
    figures: dict[str, Value] = field(default_factory=dict)


class TotalsMemory:
    """Remembers the totals of one warehouse by what they are of."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, _Totals] = OrderedDict()

    def find(self, question: Hashable, metrics: tuple[str, ...], ask: Ask) -> Mapping[str, Value]:
        """Return the metrics over everything that `question` is about (at least those named);
        `ask` is called for those not known since the last write."""
        if self._warehouse.version is None:
            return ask(metrics)
        known = self._find_known(question)
        with known.lock:
            version = self._warehouse.version
            if known.version != version:
                known.figures = {}
            missing = tuple(name for name in metrics if name not in known.figures)
            figures = {**known.figures, **ask(missing)} if missing else known.figures
            # A write that returned meanwhile may or may not be in the answer.
            if self._warehouse.version == version:
                known.version, known.figures = version, figures
            return figures

    def _find_known(self, question: Hashable) -> _Totals:
        with self._lock:
            known = self._kept.setdefault(question, _Totals())
            self._kept.move_to_end(question)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return known
