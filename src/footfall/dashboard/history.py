"""When a project's history begins. Once known it is remembered: the past gets no new beginning
except by import, so the answer is asked again after a while."""

from footfall.clock import US_PER_MINUTE
from footfall.dashboard.screen import make_history_query
from footfall.projects.project import Project
from footfall.reports.port import Reports

REMEMBER_US = 10 * US_PER_MINUTE


class History:
    """Remembers first months by project."""

    def __init__(self, reports: Reports) -> None:
        self._reports = reports
        self._known: dict[int, tuple[int, int]] = {}

    async def find_first_us(self, project: Project, now_us: int) -> int | None:
        """Return the start of the first month with any event, None while there is none."""
        known = self._known.get(project.number)
        if known and now_us - known[0] < REMEMBER_US:
            return known[1]
        result = await self._reports.run(make_history_query(project, now_us))
        for row in result.rows:
            if any(row.metrics) and row.bucket_us is not None:
                self._known[project.number] = (now_us, row.bucket_us)
                return row.bucket_us
        return None
