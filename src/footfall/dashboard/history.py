"""Whether a project has a history, and when it begins. What is known is remembered: a project that
has events keeps them, and its beginning moves only when an import reaches further back."""

from footfall.clock import US_PER_MINUTE
from footfall.dashboard.screen import make_history_query, make_presence_query
from footfall.projects.project import Project
from footfall.reports.port import Reports

REMEMBER_US = 10 * US_PER_MINUTE
"""An import that reaches further back shows within this time."""


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
        """Return the start of the first month with any event, None while there is none."""
        known = self._first.get(project.number)
        if known and now_us - known[0] < REMEMBER_US:
            return known[1]
        result = await self._reports.run(make_history_query(project, now_us))
        for row in result.rows:
            if any(row.metrics) and row.bucket_us is not None:
                self._first[project.number] = (now_us, row.bucket_us)
                return row.bucket_us
        return None
