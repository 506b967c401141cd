"""For how long events are kept, as the pages see it, over `ingest.retention` and `projects`."""

import asyncio

from footfall.ingest.retention import Kept, Retention, RetentionRun
from footfall.projects.project import Project
from footfall.projects.register import Projects


class RetentionDesk:
    """Tells what is kept and what was erased, and changes it."""

    def __init__(self, retention: Retention, projects: Projects) -> None:
        self._retention = retention
        self._projects = projects

    def find_kept(self, project: int) -> Kept:
        """Return for how long a project keeps events."""
        return self._retention.find_kept(project)

    async def find_last(self) -> RetentionRun | None:
        """Return the latest run of the job; None before the first."""
        return await asyncio.to_thread(self._retention.find_last)

    async def save_days(self, project: Project, days: int | None) -> None:
        """Keep a project's events for so many days, 0 for ever, None as the server says.

        Raises InvalidInputError. Only operators reach it.
        """
        await asyncio.to_thread(self._projects.save_setting, project, "retention_days", days)
