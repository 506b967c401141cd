"""Small servers for real browsers, on loopback at a port the system picks: a site of three pages
that carries the tracker's snippet, and a recorder that serves the built scripts and writes down
what they send. A test against the real server uses the site alone."""

import html
import json
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from footfall.scripts import load_script_files
from footfall.scripts.file import CORE_PATH

KEY = "pa_live_0123456789abcdefABCDEF_-"
"""An ingest key of the right form; the recorder takes any."""

PAGES = {
    "/": (
        "Home",
        """<h1>Home</h1>
        <a id="about" href="/about">About</a>
        <a id="app" href="/app">App</a>
        <a id="out" href="http://localhost:9/out?x=1">Elsewhere</a>
        <a id="file" href="/report.PDF">Report</a>
        <button id="buy" class="cta">Buy</button>
        <input id="secret" class="field wide tall" value="do not read me">
        <div style="height:4000px"></div>""",
    ),
    "/about": ("About", '<h1>About</h1><a id="home" href="/">Home</a>'),
    "/app": (
        "App",
        """<h1 id="view">App</h1><button id="next">Next</button>
        <script>
        function show(path) {
          history.pushState({}, "", path);
          setTimeout(() => { document.title = "App " + path; }, 20);
        }
        document.getElementById("next").onclick = () => show("/app/next");
        </script>""",
    ),
}
"""Path → title and body. Everything below /app/ answers like /app, as single-page apps do."""


class Server(ABC):
    """A loopback server in a thread; use it as a context manager."""

    def __init__(self) -> None:
        handler = type("Handler", (_Handler,), {"answerer": self})
        self._http = _Loopback(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        """The server's address without a closing slash."""
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _e: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @abstractmethod
    def respond(self, request: "Request") -> "Response":
        """Answer one request."""


@dataclass(frozen=True)
class Request:
    """What a server needs to know of a request."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        """The path without its query."""
        return urlsplit(self.target).path


@dataclass(frozen=True)
class Response:
    """An answer; the length is added."""

    status: int
    body: bytes = b""
    headers: Iterable[tuple[str, str]] = ()


class Site(Server):
    """The site. Set `attributes` (of the script tag) and `head` before a page is opened."""

    def __init__(self, tracker: str, attributes: dict[str, str]) -> None:
        super().__init__()
        self.tracker = tracker
        """Address of the server that serves the script."""
        self.attributes = attributes
        self.head = ""
        """HTML that stands before the snippet."""
        self.headers: list[tuple[str, str]] = []
        self.script = CORE_PATH
        """Path of the script."""

    def snippet(self) -> str:
        """Return the script tag that every page carries."""
        text = "".join(f' {k}="{html.escape(v)}"' for k, v in self.attributes.items())
        return f'<script defer src="{self.tracker}{self.script}"{text}></script>'

    def respond(self, request: Request) -> Response:
        """Answer with a page, or 404."""
        path = "/app" if request.path.startswith("/app/") else request.path
        if path.endswith(".PDF"):
            return Response(200, b"%PDF-", [("Content-Disposition", "attachment")])
        if path not in PAGES:
            return Response(404)
        title, body = PAGES[path]
        document = (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<link rel="icon" href="data:,">{self.head}{self.snippet()}</head>'
            f"<body>{body}</body></html>"
        )
        headers = [("Content-Type", "text/html; charset=utf-8"), *self.headers]
        return Response(200, document.encode(), headers)


@dataclass(frozen=True)
class Post:
    """One delivery to the collect endpoint."""

    key: str
    status: int
    received_s: float
    """When it arrived, on a clock that only runs forward."""
    content_type: str
    size_bytes: int
    envelope: dict[str, Any]

    @property
    def type(self) -> str:
        """The type of its event."""
        return str(self.envelope.get("type", ""))

    @property
    def payload(self) -> dict[str, Any]:
        """The fields of its event."""
        payload: dict[str, Any] = self.envelope["payload"]
        return payload

    @property
    def fields(self) -> dict[str, Any]:
        """The payload without the circumstances that every event tells."""
        told = {"referrer", "screen", "language"}
        assert told < set(self.payload), self.payload
        return {name: value for name, value in self.payload.items() if name not in told}


class Recorder(Server):
    """Serves the built scripts and records what is posted to /api/collect."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[int] = []
        """Statuses of the next deliveries; 200 when it is empty."""
        self.requests: list[Request] = []
        self.posts: list[Post] = []
        self._changed = threading.Condition()
        self._files = load_script_files()

    def of(self, *types: str) -> list[Post]:
        """Return the deliveries of these types."""
        with self._changed:
            return [post for post in self.posts if post.type in types]

    def wait_for(self, kind: str, count: int = 1, *, timeout_s: float = 30) -> list[Post]:
        """Return the deliveries of a type as soon as there are `count`; fail when time is up."""
        self.wait_until(lambda: len(self.of(kind)) >= count, timeout_s=timeout_s)
        found = self.of(kind)
        assert len(found) >= count, f"{len(found)} of {count} {kind}: {self.posts}"
        return found

    def wait_until(self, is_met: Callable[[], bool], *, timeout_s: float = 30) -> None:
        """Wait until a condition over the deliveries holds, at most `timeout_s`."""
        with self._changed:
            self._changed.wait_for(is_met, timeout_s)

    def respond(self, request: Request) -> Response:
        """Answer with a script, or record a delivery."""
        with self._changed:
            self.requests.append(request)
        if request.path != "/api/collect":
            asked = {name.encode(): value.encode() for name, value in request.headers.items()}
            status, headers, body = self._files.answer(request.method, request.path, asked)
            return Response(status, body, [(n.decode(), v.decode()) for n, v in headers])
        with self._changed:
            status = self.statuses.pop(0) if self.statuses else 200
            if request.method == "POST":
                self.posts.append(
                    Post(
                        key=parse_qs(urlsplit(request.target).query)["key"][0],
                        status=status,
                        received_s=time.monotonic(),
                        content_type=request.headers.get("content-type", ""),
                        size_bytes=len(request.body),
                        envelope=json.loads(request.body),
                    )
                )
            self._changed.notify_all()
        allowed = [("Access-Control-Allow-Origin", "*"), ("Content-Type", "application/json")]
        return Response(status, b'{"ok":true}', allowed)


class _Loopback(ThreadingHTTPServer):
    daemon_threads = True
    # A page may open hundreds of connections at once.
    request_queue_size = 512

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep quiet about browsers that hang up; show every other fault."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # An answer in two pieces may wait 40 ms between them for a delayed acknowledgement.
    wbufsize = -1
    disable_nagle_algorithm = True
    answerer: Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        response = self.answerer.respond(Request(self.command, self.path, headers, body))
        self.send_response(response.status)
        names = set()
        for name, value in response.headers:
            names.add(name.lower())
            self.send_header(name, value)
        if "content-length" not in names and response.status not in {204, 304}:
            self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    def do_POST(self) -> None:
        self.do_GET()

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_OPTIONS(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Keep quiet; a test prints what it needs."""
