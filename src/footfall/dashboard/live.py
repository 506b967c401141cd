"""How many people are there now, asked like any other report: it sees what was just sent."""

from footfall.clock import US_PER_MINUTE, Clock
from footfall.model.time_range import TimeRange
from footfall.reports.port import Reports
from footfall.reports.query import Query

WINDOW_US = 5 * US_PER_MINUTE
"""Pulse documents five minutes; the page says so too."""


class ReportLive:
    """Counts the visitors whose visit touches the last five minutes."""

    def __init__(self, reports: Reports, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    async def active_visitors(self, project: int) -> int:
        """See LiveReader."""
        now_us = self._clock.now_us()
        window = TimeRange(now_us - WINDOW_US, now_us + 1)
        result = await self._reports.run(Query(project, ("visitors",), window))
        return int(result.totals[0] or 0)
