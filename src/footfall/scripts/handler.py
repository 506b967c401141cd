"""Serves the built scripts: one plain ASGI handler for every address. Any page may load them, so
no credential is read, and no answer depends on who asks."""

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

from footfall.http.asgi import AsgiApp, Headers, Receive, Scope, Send
from footfall.scripts.condition import accepts_gzip, has_current
from footfall.scripts.file import (
    BUILT,
    CORE_CACHE,
    TEMPLATES,
    ScriptFile,
    load_file,
    parse_module_name,
)

_OPEN: Headers = (
    (b"access-control-allow-origin", b"*"),
    # Pages that isolate themselves (COEP) load only what says that anyone may.
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"x-content-type-options", b"nosniff"),
)
_METHODS = b"GET, HEAD, OPTIONS"


class ScriptFiles:
    """Every built file by its address."""

    def __init__(self, files: Iterable[ScriptFile]) -> None:
        self._files = {file.path: file for file in files}
        self._modules = {
            name: replace(file, cache_control=CORE_CACHE)
            for file in self._files.values()
            if (name := parse_module_name(file.path))
        }

    def routes(self) -> dict[str, AsgiApp]:
        """Return the handler for each exact address."""
        return dict.fromkeys(self._files, self)

    def find(self, path: str) -> ScriptFile | None:
        """Return the file at an address.

        A core that a browser kept for a day asks for the modules of its own build; it gets
        today's, which understand it, and may not keep them for longer.
        """
        return self._files.get(path) or self._modules.get(parse_module_name(path) or "")

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer GET, HEAD and OPTIONS for any address of a script."""
        status, headers, body = self.answer(
            scope["method"], scope["path"], dict(scope.get("headers", ()))
        )
        await send({"type": "http.response.start", "status": status, "headers": list(headers)})
        await send({"type": "http.response.body", "body": body})

    def answer(
        self, method: str, path: str, asked: dict[bytes, bytes]
    ) -> tuple[int, Headers, bytes]:
        """Return status, headers and body; `asked` holds the request's lower-case headers."""
        file = self.find(path)
        if file is None:
            return 404, (*_OPEN, _length(0)), b""
        return render_file(file, method, asked)


@cache
def load_script_files(folder: Path = BUILT) -> ScriptFiles:
    """Load every built script of a folder that is served as it is, once for the whole process."""
    sources = sorted(folder.glob("*.js"))
    return ScriptFiles(load_file(source) for source in sources if source.name not in TEMPLATES)


def render_file(
    file: ScriptFile, method: str, asked: dict[bytes, bytes]
) -> tuple[int, Headers, bytes]:
    """Return status, headers and body for a file; `asked` as for `ScriptFiles.answer`."""
    if method == "OPTIONS":
        return 204, (*_OPEN, (b"access-control-allow-methods", _METHODS)), b""
    if method not in {"GET", "HEAD"}:
        return 405, (*_OPEN, (b"allow", _METHODS), _length(0)), b""
    is_packed = accepts_gzip(asked.get(b"accept-encoding", b"").decode("latin-1"))
    form = file.compressed if is_packed else file.plain
    headers: Headers = (
        *_OPEN,
        (b"cache-control", file.cache_control.encode()),
        (b"etag", form.etag),
        (b"vary", b"Accept-Encoding"),
    )
    if has_current(asked.get(b"if-none-match", b"").decode("latin-1"), form.etag.decode()):
        return 304, headers, b""
    if form.encoding:
        headers = (*headers, (b"content-encoding", form.encoding))
    headers = (*headers, (b"content-type", file.media_type), _length(len(form.body)))
    return 200, headers, form.body if method == "GET" else b""


def _length(size_bytes: int) -> tuple[bytes, bytes]:
    return (b"content-length", str(size_bytes).encode())
