"""How many people are there now, for the pages."""

from footfall.clock import Clock
from footfall.reports.port import Reports
from footfall.reports.realtime import run_active_visitors


class ReportLive:
    """Counts the visitors of the last five minutes."""

    def __init__(self, reports: Reports, clock: Clock) -> None:
        self._reports = reports
        self._clock = clock

    async def active_visitors(self, project: int) -> int:
        """See LiveReader."""
        return await run_active_visitors(self._reports, self._clock, project)
