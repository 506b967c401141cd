"""A web application in areas, each made when somebody first asks for a path of its own.

Making one takes some tenths of a millisecond for every route. A server whose owner only ever opens
the dashboard never pays for four doors, and none pays before it listens."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import cast

from litestar import Litestar

from footfall.http.asgi import AsgiApp, Receive, Scope, Send


class Area:
    """The paths below some prefixes, and the application that answers them."""

    def __init__(self, name: str, prefixes: Sequence[str], make: Callable[[], Litestar]) -> None:
        """`prefixes` are one or two whole segments, as in '/dashboard' and '/api/v1'; '/' is the
        bare address alone."""
        self.name = name
        self.prefixes = tuple(prefixes)
        self._make = make
        self._making = threading.Lock()
        self.made: Litestar | None = None

    def load(self) -> Litestar:
        """Return the application. Blocks for a moment the first time."""
        with self._making:
            if self.made is None:
                self.made = self._make()
        return self.made


class Areas:
    """An ASGI application that hands every request to the area of its path."""

    def __init__(self, areas: Sequence[Area]) -> None:
        """Paths of no area belong to the last. Raises ValueError when two share a prefix."""
        self.areas = tuple(areas)
        self._owners = {prefix: area for area in areas for prefix in area.prefixes}
        if len(self._owners) != sum(len(area.prefixes) for area in areas):
            raise ValueError("two areas share a prefix")

    def find(self, path: str) -> Area:
        """Return the area of a path."""
        segments = [segment for segment in path.split("/") if segment]
        for length in (2, 1):
            owner = self._owners.get("/" + "/".join(segments[:length]))
            if owner is not None:
                return owner
        return self.areas[-1]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        area = self.find(scope.get("path", "/"))
        # Other requests go on while an area is made.
        app = await asyncio.to_thread(area.load) if area.made is None else area.made
        # Litestar's types name every message; ours say that a message is a mapping.
        await cast("AsgiApp", app)(scope, receive, send)
