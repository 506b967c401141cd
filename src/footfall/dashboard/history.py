"""Whether a project has a history, and when it begins. What is known is remembered: a project that
has events keeps them, and its beginning moves only when an import reaches further back."""

from footfall.clock import US_PER_DAY, US_PER_MINUTE
from footfall.dashboard.screen import (
    make_history_query,
    make_longest_range,
    make_presence_query,
)
from footfall.model.time_range import TimeRange
from footfall.projects.project import Project
from footfall.reports.port import Reports
from footfall.reports.query import Interval

REMEMBER_US = 10 * US_PER_MINUTE
"""An import that reaches further back shows within this time."""


LONGEST_MONTH_US = 32 * US_PER_DAY
"""A month of any zone, seen from UTC."""


class History:
    """Remembers by project what it found."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._has_events: set[int] = set()
        self._first: dict[int, tuple[int, int]] = {}

    async def has_events(self, project: Project, now_us: int) -> bool:
        """Tell whether anything ever happened in the project."""
        if project.number not in self._has_events:
            result = await self._reports.run(make_presence_query(project, now_us))
            if not any(result.totals):
                return False
            self._has_events.add(project.number)
        return True

    async def find_first_us(self, project: Project, now_us: int) -> int | None:
        """Return the start of the first day (UTC) with any event, None while there is none."""
        known = self._first.get(project.number)
        if known and now_us - known[0] < REMEMBER_US:
            return known[1]
        month = await self._find_bucket(project, make_longest_range(now_us), Interval.MONTH)
        if month is None:
            return None
        span = TimeRange(month, min(month + LONGEST_MONTH_US, now_us + 1))
        first_us = await self._find_bucket(project, span, Interval.DAY) or month
        self._first[project.number] = (now_us, first_us)
        return first_us

    async def _find_bucket(
        self, project: Project, span: TimeRange, interval: Interval
    ) -> int | None:
        result = await self._reports.run(make_history_query(project, span, interval))
        for row in result.rows:
            if any(row.metrics) and row.bucket_us is not None:
                return max(row.bucket_us, span.start_us)
        return None
