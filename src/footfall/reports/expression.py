"""The words in which dimensions and metrics are declared: rows that give columns, and the few
functions that the engines name differently. It imports no query library, so that the catalogue
costs nothing until the first report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from footfall.store.warehouse import Scan

Expression = Any
"""A column, a condition or an aggregate of the query library."""

Relation = Any
"""A table or a subquery of the query library."""

Get = Callable[[str], Expression]
"""Gives the named column of a row."""


class Words(Protocol):
    """What DuckDB and ClickHouse call by different names, or mean differently."""

    def instant(self, us: int) -> Expression:
        """A timestamp from microseconds since the epoch."""
        ...

    def scan(self, scan: Scan, table: Relation) -> Relation:
        """The rows of a table that belong to the range of the question."""
        ...

    def epoch_us(self, moment: Expression) -> Expression:
        """Whole microseconds since the epoch of a timestamp."""
        ...

    def divide(self, number: Expression, by: int) -> Expression:
        """Integer division; both are positive."""
        ...

    def distinct(self, column: Expression, where: Expression | None) -> Expression:
        """The exact number of distinct values."""
        ...

    def quantile(self, column: Expression, level: float, where: Expression | None) -> Expression:
        """The exact quantile with linear interpolation; null when there is no value."""
        ...

    def signed(self, number: Expression) -> Expression:
        """A whole number as 64 signed bits, whatever the engine's aggregates give."""
        ...

    def property(self, props: Expression, key: str) -> Expression:
        """The text form of a property: 9 is '9', true is 'true', null and absent are ''."""
        ...

    def number(self, props: Expression, key: str) -> Expression:
        """A property that is a number; null when it is anything else, digits in quotes too."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What an expression may need beside its row."""

    words: Words
    offsets: tuple[tuple[int, int], ...] = ((0, 0),)
    """Offsets of the time zone: (from µs, seconds east of UTC), the first from the beginning."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Which column of an aggregated relation holds which dimension."""

    def local_seconds(self, moment: Expression) -> Expression:
        """Seconds since 1970-01-01 00:00 on the clock of the time zone."""
        seconds = self.words.divide(self.words.epoch_us(moment), 1_000_000)
        local = seconds + self.offsets[-1][1]
        for (_, offset_s), (until_us, _) in reversed(
            list(zip(self.offsets, self.offsets[1:], strict=False))
        ):
            before = moment < self.words.instant(until_us)
            local = before.ifelse(seconds + offset_s, local)
        return local
