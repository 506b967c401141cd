"""A Footfall with PulseGate's keys, and a caller that speaks as its tracker does."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.dialects.pulsegate.lead_site import LeadSite, open_lead_site
from tests.site import CHROME, Site, open_site
from tests.unit.http.asgi_call import Answered

ADMIN = "admin-key-of-the-tests"
MARKETING = "marketing-key-of-the-tests"
HOME = "91.64.10.1"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class PulseGate:
    """PulseGate's door of one site."""

    site: Site

    async def post(
        self,
        path: str,
        body: Any,
        *,
        ip: str = HOME,
        headers: Sequence[tuple[str, str]] = (),
        agent: str = CHROME,
    ) -> Answered:
        own = [("Content-Type", "text/plain;charset=UTF-8"), *headers]
        return await self.site.post(ip, agent, body, f"/track/{path}", own)

    async def track(self, path: str, body: Any, *, ip: str = HOME, agent: str = CHROME) -> Any:
        answered = await self.post(path, body, ip=ip, agent=agent)
        assert answered.status == 200, answered.body
        assert "footfall-dropped" not in answered.headers
        return msgspec.json.decode(answered.body)

    async def start(self, fingerprint: str, *, ip: str = HOME, **more: Any) -> str:
        """Start a session; returns its id."""
        body = {"fingerprint_id": fingerprint, "page": "https://example.com/home", **more}
        return str((await self.track("session/start", body, ip=ip))["session_id"])

    async def read(self, path: str, key: str = ADMIN) -> Any:
        answered = await self.site.call(
            "GET", f"/analytics/{path}", headers=[("Authorization", f"Bearer {key}")]
        )
        assert answered.status == 200, answered.body
        return msgspec.json.decode(answered.body)

    async def list_kinds(self) -> list[tuple[str, str, float, int]]:
        """Return kind, name, value and session of what is stored, in order of time."""
        await self.read("storage")
        rows = self.site.footfall.warehouse.query(
            "SELECT kind, name, value, session FROM events ORDER BY ts, kind, name, value"
        ).rows
        return [(str(r[0]), str(r[1]), float(r[2]), int(r[3])) for r in rows]

    @property
    def now_ms(self) -> int:
        return self.site.clock.now_us() // 1_000


@pytest.fixture
async def gate(tmp_path: Path) -> AsyncIterator[PulseGate]:
    keys = {"ANALYTICS_API_KEY": ADMIN, "ANALYTICS_MARKETING_API_KEY": MARKETING}
    async with open_site(tmp_path, settings=keys) as opened:
        yield PulseGate(opened)


@pytest.fixture
async def lead_site(tmp_path: Path) -> AsyncIterator[LeadSite]:
    async with open_lead_site(tmp_path) as opened:
        yield opened
