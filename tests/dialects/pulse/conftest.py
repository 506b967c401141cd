"""Pulse's door over fakes: records in memory, an intake that remembers."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from unittest.mock import create_autospec

import msgspec
import pytest
from litestar import Litestar
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig

from footfall.clock import FixedClock
from footfall.config import parse_config
from footfall.dialects.pulse.access import PulseAccess
from footfall.dialects.pulse.collect import PulseBatch, PulseCollect, PulseIngest
from footfall.dialects.pulse.cors import make_pulse_cors
from footfall.dialects.pulse.part import PulseParts
from footfall.dialects.pulse.problem import render_problem
from footfall.dialects.pulse.routes import (
    ADMIN_PER_SECOND,
    make_pulse_cors_paths,
    make_pulse_hot_routes,
    make_pulse_router,
)
from footfall.experiments.laboratory import Laboratory
from footfall.experiments.register import Experiments
from footfall.http.client_address import ClientAddress
from footfall.http.front_door import FrontDoor
from footfall.http.limit import RateLimiter
from footfall.ingest.erasure import Erasure
from footfall.mailroom import make_mailroom
from footfall.projects.project import Project
from footfall.projects.register import Projects
from footfall.projects.share import Shares
from footfall.reports.definition import Funnels, Goals
from footfall.surveys.register import Surveys
from footfall.surveys.response import Responses
from tests.dialects.pulse.fake_intake import FakeCounter, FakeIntake
from tests.dialects.pulse.fake_reports import FakeReports
from tests.unit.http.asgi_call import Answered, call, make_scope
from tests.unit.projects.fake_records import FakeRecords

NOW_US = 1_763_700_000_123_456


@dataclass
class Door:
    """The hot paths and what stands around them."""

    ingest: PulseIngest
    intake: FakeIntake
    counter: FakeCounter
    clock: FixedClock
    records: FakeRecords
    projects: Projects
    project: Project
    key: str

    async def collect(self, body: Any, **changes: Any) -> Answered:
        """Post one payload; a body that is no bytes is sent as JSON."""
        return await self._post("/api/collect", PulseCollect(self.ingest), body, **changes)

    async def batch(self, body: Any, **changes: Any) -> Answered:
        """Post a batch."""
        return await self._post("/api/batch", PulseBatch(self.ingest), body, **changes)

    async def _post(
        self,
        path: str,
        app: PulseCollect,
        body: Any,
        *,
        headers: Sequence[tuple[str, str]] = (),
        key: str | None = "",
        **changes: Any,
    ) -> Answered:
        raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
        own = [] if key is None else [("X-Pulse-Key", key or self.key)]
        return await call(app, make_scope(path, headers=[*own, *headers], **changes), (raw,))


@pytest.fixture
def door() -> Door:
    clock = FixedClock(NOW_US)
    records = FakeRecords()
    projects = Projects(records, clock)
    projects.setup()
    everything = {name: {"enabled": True, "access": "all"} for name in ("web_vitals", "scroll")}
    everything |= {
        name: {"enabled": True, "access": "all"} for name in ("search", "heatmaps", "surveys")
    }
    project = projects.create("Shop", "shop.example", settings={"modules": everything})
    _, key = projects.create_key(project, "ingest")
    intake, counter = FakeIntake(), FakeCounter()
    ingest = PulseIngest(
        intake=intake,
        directory=projects.directory,
        clock=clock,
        limiter=RateLimiter(clock, 100),
        addresses=ClientAddress(),
        cors=make_pulse_cors(),
        drops=counter,
    )
    return Door(ingest, intake, counter, clock, records, projects, project, key)


ADMIN_TOKEN = "admin-token-of-the-test"


@dataclass
class Api:
    """The whole ASGI stack: front door, hot paths, Litestar."""

    app: FrontDoor
    litestar: Litestar
    reports: FakeReports
    door: Door
    query_key: str

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        headers: Sequence[tuple[str, str]] = (),
    ) -> Answered:
        """Send one request; `path` may carry a query."""
        path, _, query = path.partition("?")
        raw = (
            b"" if body is None else body if isinstance(body, bytes) else msgspec.json.encode(body)
        )
        own = [("Content-Length", str(len(raw)))] if raw else []
        scope = make_scope(path, method=method, query=query, headers=[*own, *headers])
        return await call(self.app, scope, (raw,))

    async def admin(self, method: str, path: str, body: Any = None) -> Answered:
        """Send a request with the admin token."""
        headers = [("Authorization", f"Bearer {ADMIN_TOKEN}")]
        return await self.call(method, f"/api/admin{path}", body, headers=headers)

    async def get(self, path: str, key: str | None = None) -> Answered:
        """Read a report."""
        headers = [("X-Pulse-Key", key or self.query_key)]
        return await self.call("GET", f"/api/v1{path}", headers=headers)


class Current:
    """The parts and the access of the test that runs: the framework takes a third of a second to
    take up all routes, so it does that once and the routes find here what is behind them."""

    def __init__(self) -> None:
        """Hold nothing until a test brings it."""

    def bring(self, parts: PulseParts, access: PulseAccess) -> None:
        """Let the routes work with these from now on."""
        self.parts, self.access = parts, access

    def dependencies(self) -> dict[str, Provide]:
        return {field.name: self._provide(field.name) for field in fields(PulseParts)}

    def check(self, connection: Any, handler: Any) -> None:
        self.access.check(connection, handler)

    def _provide(self, name: str) -> Provide:
        return Provide(lambda: getattr(self.parts, name), sync_to_thread=False)


@pytest.fixture(scope="session")
def routes() -> tuple[Current, Litestar]:
    """Pulse's routes, and what they work with."""
    current = Current()
    litestar = Litestar(
        [make_pulse_router(current, current)],
        exception_handlers={Exception: render_problem},
        openapi_config=OpenAPIConfig("Footfall", "0", use_handler_docstrings=True),
    )
    return current, litestar


@pytest.fixture
def api(door: Door, routes: tuple[Current, Litestar]) -> Api:
    reports = FakeReports()
    access = PulseAccess(
        directory=door.projects.directory,
        clock=door.clock,
        admin_token=ADMIN_TOKEN,
        query_limiter=RateLimiter(door.clock, 100),
        admin_limiter=RateLimiter(door.clock, ADMIN_PER_SECOND),
    )
    records = FakeRecords()
    mailroom = make_mailroom(
        parse_config({}),
        door.clock,
        FakeRecords(),
        directory=door.projects.directory,
        reports=reports,
    )
    experiments = Experiments(FakeRecords(), door.clock)
    parts = PulseParts(
        clock=door.clock,
        projects=door.projects,
        reports=reports,
        surveys=Surveys(door.records, door.clock),
        responses=Responses(door.records),
        goals=Goals(records, door.clock),
        funnels=Funnels(records, door.clock),
        alerts=mailroom.alerts,
        webhooks=mailroom.webhooks,
        webhook_trial=mailroom.webhook_trial,
        outbox=mailroom.outbox,
        laboratory=Laboratory(
            experiments, door.intake, reports, door.clock, lambda *_: 0, lambda *_: None
        ),
        addresses=ClientAddress(),
        erasure=create_autospec(Erasure, instance=True),
        shares=create_autospec(Shares, instance=True),
    )
    current, litestar = routes
    current.bring(parts, access)
    app = FrontDoor(
        make_pulse_hot_routes(door.ingest), litestar, cors=make_pulse_cors_paths(door.ingest.cors)
    )
    _, query_key = door.projects.create_key(door.project, "query", scopes=["query"])
    return Api(app, litestar, reports, door, query_key)
