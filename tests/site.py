"""A whole running Footfall in this process — every door, the real pipeline, spool, warehouse,
records and reports — with a clock that a test sets. For tests that compare figures."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from footfall.app import Footfall, open_footfall
from footfall.clock import US_PER_SECOND, FixedClock
from footfall.config import parse_config
from footfall.http.front_door import FrontDoor
from footfall.projects.project import Project
from footfall.web import make_asgi
from tests.records_template import give_records
from tests.unit.http.asgi_call import Answered, call, make_scope

NOON = 1_772_323_200_000_000 + 12 * 3_600_000_000
"""2026-03-01 12:00 UTC, a Sunday."""

ADMIN_TOKEN = "admin-token-of-the-tests"

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1"
)


@dataclass
class Site:
    """One project behind every door, with a key for everything."""

    app: FrontDoor
    footfall: Footfall
    clock: FixedClock
    project: Project
    key: str

    def set_clock(self, after_s: float) -> None:
        """Set the clock to so many seconds after noon."""
        self.clock.set_us(NOON + int(after_s * US_PER_SECOND))

    async def send(
        self, after_s: float, ip: str, agent: str, body: dict[str, Any], path: str = "/api/collect"
    ) -> None:
        """Post one body to Pulse, `after_s` seconds after noon; it must be stored."""
        self.set_clock(after_s)
        answered = await self.post(ip, agent, body, path)
        assert answered.status == 200, answered.body
        assert "footfall-dropped" not in answered.headers

    async def post(
        self,
        ip: str,
        agent: str,
        body: Any,
        path: str = "/api/collect",
        headers: Sequence[tuple[str, str]] = (),
    ) -> Answered:
        """Post one body now, as a browser on the site's own pages does."""
        own = [
            ("X-Pulse-Key", self.key),
            ("User-Agent", agent),
            ("Accept", "*/*"),
            ("Accept-Language", "en-US,en;q=0.9"),
            ("Sec-Fetch-Mode", "cors"),
            ("Origin", "https://shop.example"),
        ]
        given = {name.lower() for name, _ in headers}
        kept = [(name, value) for name, value in own if name.lower() not in given]
        return await self.call("POST", path, body, headers=[*kept, *headers], ip=ip)

    async def read(self, path: str) -> Any:
        """Read a report of Pulse: '/stats?start_at=…'."""
        answered = await self.call("GET", f"/api/v1{path}", headers=[("X-Pulse-Key", self.key)])
        assert answered.status == 200, answered.body
        return msgspec.json.decode(answered.body)

    async def manage(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Call a route of Pulse's query API that changes something: ('POST', '/funnels', …)."""
        answered = await self.call(
            method, f"/api/v1{path}", body, headers=[("X-Pulse-Key", self.key)]
        )
        assert answered.status == status, (answered.status, answered.body)
        return msgspec.json.decode(answered.body) if answered.body else None

    async def admin(self, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
        """Call a route of the admin API: ('POST', '/projects', …)."""
        headers = [("Authorization", f"Bearer {ADMIN_TOKEN}")]
        answered = await self.call(method, f"/api/admin{path}", body, headers=headers)
        assert answered.status == status, (answered.status, answered.body)
        return msgspec.json.decode(answered.body) if answered.body else None

    async def ask(self, family: str, body: dict[str, Any]) -> Any:
        """Ask a family of our own API: ('funnel', {…}); the project is filled in."""
        answered = await self.call(
            "POST",
            f"/api/reports/{family}",
            {"project": self.project.slug, **body},
            headers=[("Authorization", f"Bearer {self.key}")],
        )
        assert answered.status == 200, answered.body
        return msgspec.json.decode(answered.body)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Sequence[tuple[str, str]] = (),
        ip: str = "203.0.113.9",
    ) -> Answered:
        """Send one request; `path` may carry a query. A body that is no bytes is sent as JSON."""
        path, _, query = path.partition("?")
        raw = b"" if body is None else body
        raw = raw if isinstance(raw, bytes) else msgspec.json.encode(raw)
        own = [("Content-Length", str(len(raw)))] if raw else []
        scope = make_scope(
            path, method=method, query=query, headers=[*own, *headers], client=(ip, 1)
        )
        return await call(self.app, scope, (raw,))


@asynccontextmanager
async def open_site(
    folder: Path,
    *,
    modules: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    at_us: int = NOON,
) -> AsyncIterator[Site]:
    """Open a Footfall in `folder` with the project 'Shop' (shop.example) and a key of all scopes.

    `modules` are switched on beside the defaults; `settings` are environment variables.
    """
    clock = FixedClock(at_us)
    if "FOOTFALL_RECORDS_URL" not in (settings or {}):
        give_records(folder)
    environ = {
        "FOOTFALL_DATA_DIR": str(folder),
        "PULSE_ADMIN_TOKEN": ADMIN_TOKEN,
        "RATE_LIMIT_PER_SECOND": "0",
        **(settings or {}),
    }
    async with open_footfall(parse_config(environ), clock) as footfall:
        states = {name: {"enabled": True, "access": "all"} for name in modules}
        project = await asyncio.to_thread(
            footfall.projects.create, "Shop", "shop.example", settings={"modules": states}
        )
        _, key = await asyncio.to_thread(
            footfall.projects.create_key, project, "k", scopes=["ingest", "query", "admin"]
        )
        yield Site(make_asgi(footfall), footfall, clock, project, key)


@contextmanager
def run_site(folder: Path, **how: Any) -> Iterator[tuple[asyncio.Runner, Site]]:
    """Open a site on a loop of its own, for tests whose made-up examples are no coroutines; `how`
    is that of `open_site`. The loop runs while the runner does."""
    with asyncio.Runner() as runner:
        opened = open_site(folder, **how)
        site = runner.run(opened.__aenter__())
        yield runner, site
        runner.run(opened.__aexit__(None, None, None))
