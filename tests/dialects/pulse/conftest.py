"""Pulse's door over fakes: records in memory, an intake that remembers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest

from footfall.clock import FixedClock
from footfall.dialects.pulse.collect import PulseBatch, PulseCollect, PulseIngest
from footfall.dialects.pulse.cors import make_pulse_cors
from footfall.http.client_address import ClientAddress
from footfall.http.limit import RateLimiter
from footfall.projects.project import Project
from footfall.projects.register import Projects
from tests.dialects.pulse.fake_intake import FakeCounter, FakeIntake
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
    projects = Projects(FakeRecords(), clock)
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
    return Door(ingest, intake, counter, clock, projects, project, key)
