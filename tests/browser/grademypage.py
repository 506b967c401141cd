"""A small stand-in for GradeMyPage's door, and pages that carry its script: what runs is set by the
test, what arrives is written down, failures are ordered. The assignment is always the real one."""

import html
import json
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from footfall.dialects.grademypage.script import CORE, HOST_PLACE, PROJECT_PLACE, WHOLE
from footfall.scripts.file import load_template
from tests.browser.site import Request, Response, Server

PROJECT = "0b9f6f0e-1111-4222-8333-444455556666"

PAGES = {
    "/": """<h1 id="head">Home</h1><p class="a">One</p><p class="a b">Two</p>
        <button id="buy" style="color: blue" class="cta old">Buy</button>
        <div id="box"><b>Bold</b></div><a id="about" href="/about">About</a>
        <div style="height:4000px"></div>""",
    "/about": """<h1 id="head">About</h1><a id="home" href="/">Home</a>""",
    "/app": """<h1 id="head">App</h1><div id="late"></div>""",
}


def make_variant(number: int, *changes: dict[str, Any], share: tuple[int, int]) -> dict[str, Any]:
    """Make a variant that owns a range of buckets; the first is the control."""
    return {
        "id": f"v{number}",
        "name": f"Variant {number}",
        "isControl": number == 0,
        "weight": 1,
        "changes": list(changes),
        "ranges": [share],
    }


def make_experiment(*changes: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Make an experiment whose visitors all see the changes."""
    return {
        "id": "e1",
        "name": "First",
        "type": "copy",
        "targetUrl": "",
        "urlMatchType": "all",
        "trafficPercentage": 100,
        "salt": "salt",
        "variants": [
            make_variant(0, share=(0, 0)),
            make_variant(1, *changes, share=(0, 10_000)),
        ],
        **fields,
    }


def change(kind: str, selector: str, value: str, **fields: str) -> dict[str, str]:
    """Make one change."""
    return {"selector": selector, "changeType": kind, "value": value, **fields}


class Grader(Server):
    """Serves script and experiments and records what is tracked; known events count once."""

    def __init__(self) -> None:
        super().__init__()
        self.experiments: list[dict[str, Any]] = []
        self.active_status = 200
        self.active_delay_s = 0.0
        self.statuses: list[int] = []
        """Statuses of the next deliveries; 200 when it is empty."""
        self.is_deaf = False
        """True: deliveries are taken, and the connection is cut before the answer."""
        self.events: list[dict[str, Any]] = []
        """Every event that was taken, copies left out."""
        self.copies = 0
        self.bodies: list[bytes] = []
        self._seen: set[tuple[Any, ...]] = set()
        self._changed = threading.Condition()

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the events of a type, in the order of their times."""
        with self._changed:
            found = [e for e in self.events if e["eventType"] == kind]
        return sorted(found, key=lambda e: e["timestamp"])

    def wait_for(self, kind: str, count: int = 1, *, timeout_s: float = 30) -> list[dict[str, Any]]:
        """Return the events of a type as soon as there are `count`; fail when time is up."""
        self.wait_until(lambda: len(self.of(kind)) >= count, timeout_s=timeout_s)
        return self.of(kind)

    def wait_until(self, is_met: Callable[[], bool], *, timeout_s: float = 30) -> None:
        """Wait until a condition holds; fail when time is up."""
        deadline = time.monotonic() + timeout_s
        while not is_met():
            assert time.monotonic() < deadline, self.events
            time.sleep(0.02)

    def respond(self, request: Request) -> Response:
        """Answer one request."""
        name = request.path.rpartition("/")[2]
        if name == "script.js":
            text = load_template(WHOLE if self.experiments else CORE)
            text = text.replace(PROJECT_PLACE, PROJECT.encode()).replace(HOST_PLACE, b"")
            return Response(200, text, [("Content-Type", "application/javascript")])
        allowed = [("Access-Control-Allow-Origin", "*"), ("Content-Type", "application/json")]
        if name == "active":
            time.sleep(self.active_delay_s)
            body = json.dumps({"experiments": self.experiments}).encode()
            return Response(self.active_status, body, allowed)
        with self._changed:
            self.bodies.append(request.body)
            status = self.statuses.pop(0) if self.statuses else 200
            if status == 200:
                self._take(json.loads(request.body))
        if self.is_deaf:
            raise ConnectionError
        return Response(status, b"{}", allowed)

    def _take(self, body: dict[str, Any]) -> None:
        assert body["projectId"] == PROJECT
        assert 1 <= len(body["events"]) <= 20
        for event in body["events"]:
            names = ("visitorId", "timestamp", "eventType", "pathname")
            identity = tuple(event[name] for name in names)
            if identity in self._seen:
                self.copies += 1
            else:
                self._seen.add(identity)
                self.events.append(event)


class Pages(Server):
    """The site. Everything below /app/ answers like /app, as single-page apps do."""

    def __init__(self, tracker: str) -> None:
        super().__init__()
        self.tracker = tracker
        self.project = PROJECT
        self.attributes = ""
        self.headers: list[tuple[str, str]] = []

    def respond(self, request: Request) -> Response:
        """Answer with a page, or 404."""
        path = "/app" if urlsplit(request.target).path.startswith("/app/") else request.path
        if path not in PAGES:
            return Response(404)
        source = html.escape(f"{self.tracker}/api/analytics/script.js?projectId={self.project}")
        document = (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>T</title>'
            '<link rel="icon" href="data:,">'
            f'<script async src="{source}" {self.attributes}></script></head>'
            f"<body>{PAGES[path]}</body></html>"
        )
        headers = [("Content-Type", "text/html; charset=utf-8"), *self.headers]
        return Response(200, document.encode(), headers)
