"""A running Footfall that takes leads, with what tests of leads do again and again."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

from tests.site import CHROME, Site, open_site
from tests.unit.http.asgi_call import Answered

ADMIN = "admin-key-of-the-tests"
MARKETING = "marketing-key-of-the-tests"
CALLBACK = "callback-secret"
WEBHOOK = "webhook-secret"

RAHUL = {
    "FIRSTNAME": "Rahul Sharma",
    "EMAIL": "rahul@example.com",
    "PHONE": "9876543210",
    "PROJECT": "Sky Towers",
    "LOCATION": "Pune",
    "SOURCE": "WebSite",
}


@dataclass
class LeadSite:
    """A site behind the routes of leads."""

    site: Site

    async def capture(
        self,
        fields: Mapping[str, Any],
        *,
        after_s: float = 0,
        ip: str = "198.51.100.20",
        headers: Sequence[tuple[str, str]] = (),
        path: str = "/lead.capture",
    ) -> dict[str, Any]:
        """Send a form as a script does and return the answer."""
        answered = await self.post(fields, after_s=after_s, ip=ip, headers=headers, path=path)
        assert answered.status == 200, answered.body
        body: dict[str, Any] = msgspec.json.decode(answered.body)
        return body

    async def post(
        self,
        fields: Any,
        *,
        after_s: float = 0,
        ip: str = "198.51.100.20",
        headers: Sequence[tuple[str, str]] = (),
        path: str = "/lead.capture",
    ) -> Answered:
        """Send a form as JSON."""
        self.site.set_clock(after_s)
        own = [("Content-Type", "application/json"), ("User-Agent", CHROME)]
        return await self.site.call("POST", path, fields, headers=[*own, *headers], ip=ip)

    async def post_form(
        self, fields: Mapping[str, str], *, headers: Sequence[tuple[str, str]] = ()
    ) -> Answered:
        """Send a form as a browser does."""
        own = [("Content-Type", "application/x-www-form-urlencoded"), ("User-Agent", CHROME)]
        body = urlencode(fields).encode()
        return await self.site.call("POST", "/lead.capture", body, headers=[*own, *headers])

    async def ask(
        self, method: str, path: str, body: Any = None, *, key: str = ADMIN, status: int = 200
    ) -> Any:
        """Call a route of the analytics."""
        headers = [("X-API-Key", key)]
        answered = await self.site.call(method, f"/analytics{path}", body, headers=headers)
        assert answered.status == status, (answered.status, answered.body)
        return msgspec.json.decode(answered.body)

    async def list_leads(self, query: str = "") -> list[dict[str, Any]]:
        """List leads."""
        found: list[dict[str, Any]] = (await self.ask("GET", f"/leads{query}"))["leads"]
        return found


@asynccontextmanager
async def open_lead_site(
    folder: Path, settings: Mapping[str, str] | None = None
) -> AsyncIterator[LeadSite]:
    """Open a site with keys for every role and secrets for every callback."""
    given = {
        "ANALYTICS_API_KEY": ADMIN,
        "ANALYTICS_MARKETING_API_KEY": MARKETING,
        "CRM_CALLBACK_SECRET": CALLBACK,
        "CRM_WEBHOOK_SECRET": WEBHOOK,
        **(settings or {}),
    }
    async with open_site(folder, settings=given) as site:
        yield LeadSite(site)
