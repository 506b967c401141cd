"""Modules as the pages see them, over the room `projects`."""

import asyncio
from collections.abc import Mapping

from footfall.errors import NotFoundError
from footfall.projects.directory import ProjectEntry
from footfall.projects.module import ModuleChange, ModuleState
from footfall.projects.register import Projects


class ProjectModules:
    """Implements `port.ModuleDesk`."""

    def __init__(self, projects: Projects) -> None:
        self._projects = projects

    async def list_readable(self, project: int) -> frozenset[str]:
        """See ModuleDesk."""
        return self._find(project).readable_modules

    async def list_states(self, project: int) -> Mapping[str, ModuleState]:
        """See ModuleDesk."""
        return self._find(project).settings.modules

    async def save_state(self, project: int, name: str, change: ModuleChange) -> None:
        """See ModuleDesk."""
        entry = self._find(project)
        await asyncio.to_thread(self._projects.save_modules, entry.project, [(name, change)])

    def _find(self, number: int) -> ProjectEntry:
        entry = self._projects.directory.find_number(number)
        if entry is None:
            raise NotFoundError("Project", str(number))
        return entry
