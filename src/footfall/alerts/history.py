"""How far back a project's data goes, and what was usual at this time of day: the measure for
everything that says 'more than usual' or 'nothing any more'."""

from dataclasses import dataclass

from footfall.clock import US_PER_DAY
from footfall.model.time_range import TimeRange
from footfall.reports.port import Reports
from footfall.reports.query import Query

BASELINE_DAYS = 7
"""Days that a baseline looks back: each weekday once."""

MIN_DAYS = 3
"""Days a baseline must have: a mean of fewer says nothing about what is usual."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """A count in the same part of the days before, yesterday first."""

    counts: tuple[int, ...]

    @property
    def days(self) -> int:
        """How many days it has: those that the project's data covers."""
        return len(self.counts)

    @property
    def mean(self) -> float:
        """The mean of its days, by as many days as there are; 0 without any."""
        return sum(self.counts) / self.days if self.counts else 0.0


class History:
    """Asks the reports about the past, and remembers how far back it goes."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._covered_since_us: dict[int, int] = {}

    async def count(self, project: int, metric: str, span: TimeRange) -> int:
        """Return a count in a range."""
        result = await self._reports.run(Query(project, (metric,), span))
        return int(result.totals[0] or 0)

    async def covers(self, project: int, since_us: int) -> bool:
        """Tell whether a project's data reaches back to an instant. Bots prove it as well."""
        known_us = self._covered_since_us.get(project)
        if known_us is not None and known_us <= since_us:
            return True
        query = Query(project, ("signals",), TimeRange(0, max(since_us, 0) + 1), bots="include")
        if not (await self._reports.run(query)).totals[0]:
            return False
        self._covered_since_us[project] = since_us
        return True

    async def find_baseline(self, project: int, metric: str, span: TimeRange) -> Baseline:
        """Return a count in the same part of the days before, of the days that data covers."""
        counts = []
        for day in range(1, BASELINE_DAYS + 1):
            back_us = day * US_PER_DAY
            then = TimeRange(span.start_us - back_us, span.end_us - back_us)
            if not await self.covers(project, then.start_us):
                break
            counts.append(await self.count(project, metric, then))
        return Baseline(tuple(counts))
