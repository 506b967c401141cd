"""Server keys as the settings page shows them: how many open the project, and a new one on request,
shown once. What a key is, the register decides."""

import asyncio

from litestar import post

from footfall.dashboard.context import TheSight
from footfall.dashboard.door import TheDoor
from footfall.dashboard.page import AnyRequest, Page
from footfall.dashboard.settings_page import open_settings, render_settings
from footfall.projects.server_key import Rotation, ServerKeys


class ServerKeyRegister:
    """Implements `port.ServerKeyDesk` over the register."""

    def __init__(self, keys: ServerKeys) -> None:
        self._keys = keys

    async def rotate(self, project: int) -> Rotation:
        """See ServerKeyDesk."""
        return await asyncio.to_thread(self._keys.rotate, project)

    def count(self, project: int) -> int:
        """See ServerKeyDesk."""
        return self._keys.count(project)


@post("/settings/server-key", status_code=200)
async def rotate_server_key(request: AnyRequest, door: TheDoor, sight: TheSight) -> Page:
    """Make a new server key and show it, once."""
    door.check_form(request)
    screen = await open_settings(door, request, sight)
    rotation = await door.parts.server_keys.rotate(screen.project.number)
    return await render_settings(door, request, sight, rotation=rotation)
