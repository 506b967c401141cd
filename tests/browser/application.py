"""A site whose pages bundle the SDK for browsers, as applications do: the installed package, built
by esbuild, served under a policy that allows own scripts and connections to the server only."""

import json
import mimetypes
from pathlib import Path
from typing import Any

from tests.browser.site import Request, Response, Server
from tests.sdk_package import CLIENT, run

PROGRAM = """
import { PulseClient } from "@footfall/sdk";
const errors = window.sdkErrors = [];
const options = JSON.parse(document.getElementById("options").textContent);
const onError = (error) => errors.push(`${error.name}: ${error.message}`);
window.PulseClient = PulseClient;
window.pulse = new PulseClient({ ...options, onError });
pulse.init();
"""

BODY = """<h1>{path}</h1>
<a id="home" href="/">Home</a> <a id="about" href="/about?from=home">About</a>
<button id="next" type="button">Next</button>
<div id="tall"></div>
"""


def bundle_page(package: Path) -> dict[str, bytes]:
    """Build the page's program against the installed package; return its files by name."""
    folder = package.parents[2]
    (folder / "page.js").write_text(PROGRAM)
    esbuild = str(CLIENT / "node_modules" / ".bin" / "esbuild")
    run(
        [esbuild, "page.js", "--bundle", "--minify", "--splitting", "--format=esm", "--outdir=out"],
        folder,
    )
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}


class Application(Server):
    """The site. `options` are those of the client on the pages that open from now on."""

    def __init__(self, files: dict[str, bytes], server: str, **options: Any) -> None:
        super().__init__()
        self._files = files
        self._server = server
        self.options: dict[str, Any] = {"apiUrl": server, "batchInterval": 250, **options}
        self.requested: list[str] = []
        """Paths that were asked for."""

    def respond(self, request: Request) -> Response:
        """Answer with a file of the bundle, or with a page; every path is one."""
        self.requested.append(request.path)
        name = request.path.rpartition("/")[2]
        if name in self._files:
            kind = mimetypes.guess_type(name)[0] or "text/plain"
            return Response(200, self._files[name], [("Content-Type", kind)])
        if "." in name:
            return Response(404)
        document = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8">'
            f"<title>Page {request.path}</title>"
            f'<script id="options" type="application/json">{json.dumps(self.options)}</script>'
            f'<script type="module" src="/page.js"></script></head>'
            f"<body>{BODY.format(path=request.path)}</body></html>"
        )
        policy = f"default-src 'none'; script-src 'self'; connect-src {self._server}"
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Content-Security-Policy", policy),
        ]
        return Response(200, document.encode(), headers)
