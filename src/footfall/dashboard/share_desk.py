"""Shared links as the pages see them, over the room `projects`. It decides whether a link opens
anything now: the project must have sharing on, and what it chose to show must be on as well."""

import asyncio
from collections.abc import Sequence

from footfall.dashboard.port import OpenShare
from footfall.errors import NotFoundError
from footfall.projects.directory import ProjectEntry
from footfall.projects.module import CORE_MODULES, ModuleChange
from footfall.projects.password import is_password
from footfall.projects.register import Projects
from footfall.projects.share import Share, Shares, ShareWish

MODULE = "sharing"


class ProjectShares:
    """Implements `port.ShareDesk`."""

    def __init__(self, shares: Shares, projects: Projects) -> None:
        self._shares = shares
        self._projects = projects

    async def find_share(self, token: str) -> OpenShare | None:
        """See ShareDesk."""
        share = await asyncio.to_thread(self._shares.find_token, token)
        entry = share and self._projects.directory.find_number(share.project)
        if not share or not entry or MODULE not in entry.readable_modules:
            return None
        shown = share.shown_modules & entry.readable_modules.union(CORE_MODULES)
        return OpenShare(share, entry.project, shown)

    async def is_password(self, share: Share, password: str) -> bool:
        """See ShareDesk."""
        if share.password_hash is None:
            return True
        return await asyncio.to_thread(is_password, password, share.password_hash)

    async def list_shares(self, project: int) -> Sequence[Share]:
        """See ShareDesk."""
        return await asyncio.to_thread(self._shares.list_shares, self._find(project).project)

    async def create_share(self, project: int, wish: ShareWish) -> Share:
        """See ShareDesk."""
        return await asyncio.to_thread(self._shares.create, self._find(project).project, wish)

    async def revoke_share(self, project: int, share_id: str) -> None:
        """See ShareDesk."""
        await asyncio.to_thread(self._shares.revoke, share_id, self._find(project).project)

    async def is_sharing_on(self, project: int) -> bool:
        """See ShareDesk."""
        entry = self._find(project)
        return MODULE in entry.writable_modules and MODULE in entry.readable_modules

    async def switch_sharing_on(self, project: int) -> None:
        """See ShareDesk."""
        change = [(MODULE, ModuleChange(is_enabled=True, access="all"))]
        await asyncio.to_thread(self._projects.save_modules, self._find(project).project, change)

    def _find(self, number: int) -> ProjectEntry:
        entry = self._projects.directory.find_number(number)
        if entry is None:
            raise NotFoundError("Project", str(number))
        return entry
