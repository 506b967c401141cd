"""Erasing a project: its events, its objects, its records. Events come first, because a failure
there leaves the project in place and the call can be repeated."""

import asyncio
from collections.abc import Sequence

from footfall.ingest.loader import Loader
from footfall.projects.project import Project
from footfall.projects.register import Projects
from footfall.store.objects import Objects
from footfall.store.warehouse import Warehouse

OBJECT_FOLDERS = ("replay",)
"""Folders of the object store that hold a folder for each project's number."""


class Erasure:
    """Erases projects from every store."""

    def __init__(
        self,
        projects: Projects,
        warehouse: Warehouse,
        loader: Loader,
        objects: Objects | None = None,
        *,
        settle_s: float = 0.0,
    ) -> None:
        """`settle_s`: how long other nodes may go on taking events of a project that is gone."""
        self._projects = projects
        self._warehouse = warehouse
        self._loader = loader
        self._objects = objects
        self._settle_s = settle_s

    async def erase(self, project: Project) -> None:
        """Delete everything that is kept of a project.

        Raises InvalidInputError for the default project, NotFoundError, StoreError,
        UnavailableError; the call may then be repeated.
        """
        await asyncio.to_thread(self._projects.check_droppable, project)
        await self._erase_events(project)
        if self._objects is not None:
            await asyncio.to_thread(_erase_objects, self._objects, project.number)
        await asyncio.to_thread(self._projects.drop, project)
        # What came in between the first sweep and the end of the keys.
        await asyncio.sleep(self._settle_s)
        await self._erase_events(project)

    async def erase_visitors(self, project: int, visitors: Sequence[int]) -> None:
        """Delete the events and sessions of some visitors. Raises StoreError, UnavailableError."""
        await self._loader.wait_loaded()
        await asyncio.to_thread(self._warehouse.delete_visitors, project, visitors)

    async def _erase_events(self, project: Project) -> None:
        await self._loader.wait_loaded()
        await asyncio.to_thread(self._warehouse.delete_project, project.number)


def _erase_objects(objects: Objects, project: int) -> None:
    for folder in OBJECT_FOLDERS:
        for name in list(objects.list(f"{folder}/{project}")):
            objects.remove(name)
