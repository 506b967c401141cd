"""GradeMyPage's door in a whole running Footfall."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.experiments.experiment import Change, Experiment, Plan, Variant
from tests.site import CHROME, NOON, Site, open_site
from tests.unit.http.asgi_call import Answered

NOON_MS = NOON // 1_000


def make_event(**changes: Any) -> dict[str, Any]:
    """Make a pageview of the visitor v1; None takes a field away."""
    event = {
        "eventType": "pageview",
        "pathname": "/pricing",
        "fullUrl": "https://shop.example/pricing?plan=pro",
        "sessionId": "s1",
        "visitorId": "v1",
        "timestamp": NOON_MS,
        **changes,
    }
    return {name: value for name, value in event.items() if value is not None}


@dataclass
class Door:
    """GradeMyPage's four endpoints of one project."""

    site: Site
    secret: str = field(default="", init=False)

    @property
    def project_id(self) -> str:
        return self.site.project.id

    async def track(self, *events: dict[str, Any], **changes: Any) -> Answered:
        """Send events in one batch."""
        return await self.track_body({"projectId": self.project_id, "events": list(events)})

    async def track_body(self, body: Any) -> Answered:
        """Send any body, as sendBeacon does."""
        return await self.site.call(
            "POST",
            "/api/analytics/track",
            body,
            headers=[
                ("Content-Type", "text/plain;charset=UTF-8"),
                ("User-Agent", CHROME),
                ("Accept", "*/*"),
                ("Accept-Language", "en-US,en;q=0.9"),
                ("Sec-Fetch-Mode", "no-cors"),
                ("Origin", "https://shop.example"),
            ],
        )

    async def rotate(self) -> dict[str, Any]:
        """Make a new secret key and use it from now on."""
        path = f"/projects/{self.project_id}/secret-key/rotate"
        made: dict[str, Any] = await self.site.admin("POST", path, status=201)
        self.secret = made["secret_key"]
        return made

    async def report(self, secret: str | None = None, **event: Any) -> Answered:
        """Send one event as the project's backend."""
        body = {"eventType": "conversion", "eventName": "purchase", **event}
        return await self.report_body(msgspec.json.encode(body), secret)

    async def report_body(self, body: bytes, secret: str | None = None) -> Answered:
        """Send any body as the project's backend."""
        bearer = ("Authorization", f"Bearer {self.secret if secret is None else secret}")
        return await self.site.call("POST", "/api/analytics/server-events", body, headers=[bearer])

    async def query(self, *metrics: str, **fields: Any) -> Any:
        """Ask our own API about the last week."""
        body = {"project": self.site.project.slug, "metrics": metrics, "range": "7d", **fields}
        answered = await self.site.call(
            "POST", "/api/query", body, headers=[("Authorization", f"Bearer {self.site.key}")]
        )
        assert answered.status == 200, answered.body
        return msgspec.json.decode(answered.body)

    async def total(self, metric: str, **fields: Any) -> Any:
        """Return one total of the last week."""
        return (await self.query(metric, **fields))["totals"][metric]

    def add_experiment(self, **changes: Any) -> Experiment:
        """Run an experiment with a control and one changed variant."""
        plan = Plan(
            **{
                "name": "Headline",
                "kind": "copy",
                "status": "running",
                "metric": "purchase",
                "variants": (
                    Variant("a", "Control", 1, is_control=True),
                    Variant("b", "Bold", 1, changes=(Change("h1", "text", "Buy now"),)),
                ),
                **changes,
            }
        )
        return self.site.footfall.experiments.create(self.site.project.number, plan)


def read(answered: Answered) -> Any:
    """Return the JSON of an answer."""
    return msgspec.json.decode(answered.body)


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    """The door of a project with scroll depth and experiments switched on."""
    async with open_site(tmp_path, modules=["scroll_depth", "ab_testing"]) as site:
        yield Door(site)
