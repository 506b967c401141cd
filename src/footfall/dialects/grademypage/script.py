"""`GET /api/analytics/script.js`: the built script with the project's id and our host filled in. A
page that names no project gets a script that does nothing, because a page must never break."""

import re
from functools import lru_cache
from typing import Final

from footfall.dialects.grademypage.active import find_project_id, list_shown
from footfall.experiments.register import Experiments
from footfall.http.asgi import Receive, Scope, Send
from footfall.projects.directory import Directory
from footfall.scripts.file import ScriptFile, load_template, make_file
from footfall.scripts.handler import render_file

PATH: Final = "/api/analytics/script.js"
CORE: Final = "grademypage.js"
WHOLE: Final = "grademypage-experiments.js"

CACHE: Final = "public, max-age=300"
"""[inferred] A change of the script reaches every page within five minutes."""

JAVASCRIPT: Final = b"application/javascript; charset=utf-8"

PROJECT_PLACE: Final = b"%PROJECT%"
HOST_PLACE: Final = b"%HOST%"

NOTHING: Final = (
    b"/* Footfall: no such project. Set projectId in this script's address to a project's id. */\n"
    b"window.grademypage=window.grademypage||"
    b"{track(){},trackConversion(){},getExperimentAssignments(){return[]}};\n"
)

_CACHED: Final = 256
"""Scripts at hand, some 7 kB each: one for each project and host that pages ask by."""

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?")


class Script:
    """Serves the script of a project: with the part that changes pages while an experiment runs."""

    def __init__(self, directory: Directory, experiments: Experiments) -> None:
        self._directory = directory
        self._experiments = experiments
        self._nothing = _make_file(NOTHING)
        core, whole = load_template(CORE), load_template(WHOLE)

        def fill(project_id: str, host: str, *, has_experiments: bool) -> ScriptFile:
            filled = (whole if has_experiments else core).replace(
                PROJECT_PLACE, project_id.encode()
            )
            return _make_file(filled.replace(HOST_PLACE, host.encode()))

        self._fill = lru_cache(_CACHED)(fill)

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer GET and HEAD."""
        asked: dict[bytes, bytes] = dict(scope["headers"])
        file = self._find(find_project_id(scope["query_string"]), asked.get(b"host", b""))
        status, headers, body = render_file(file, scope["method"], asked)
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    def _find(self, project_id: str, host: bytes) -> ScriptFile:
        entry = self._directory.find_id(project_id)
        if entry is None:
            return self._nothing
        # The tag's own address counts in the page; this host is for pages that hide it. What is
        # no host could be a script and is left out.
        text = host.decode("latin-1")
        known = text if _HOST.fullmatch(text) else ""
        running = list_shown(self._experiments, entry.project.number)
        return self._fill(entry.project.id, known, has_experiments=bool(running))


def _make_file(body: bytes) -> ScriptFile:
    return make_file(PATH, CACHE, body, JAVASCRIPT)
