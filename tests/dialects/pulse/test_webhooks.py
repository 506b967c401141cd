"""Pulse's webhooks over the whole program: the document's example, signatures checked by a
computation of our own, and what is said about traffic, minute by minute."""

import json
import subprocess
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from footfall.clock import US_PER_DAY, US_PER_HOUR, US_PER_MINUTE
from tests.integration.receiver import REDIRECT, STALL, Receiver, open_receiver
from tests.site import CHROME, NOON, Site, open_site

LOCAL = {"FOOTFALL_ALLOW_PRIVATE_WEBHOOKS": "on"}
SECRET = "whsec_my_signing_secret_2026"
MIDNIGHT = NOON + 12 * US_PER_HOUR
EVENTS = ("traffic_spike", "zero_traffic", "daily_summary")


@dataclass
class Watched:
    """A site with a webhook, and the receiver behind it."""

    site: Site
    receiver: Receiver
    path: str

    async def look(self, at_us: int) -> None:
        """Set the clock, evaluate once, and wait until what is due was tried."""
        self.site.clock.set_us(at_us)
        await self.site.footfall.mailroom.evaluator.run()
        await self.site.footfall.mailroom.worker.run_until_idle()

    async def view(self, at_us: int, visitors: int = 1) -> None:
        """Store a pageview each of so many visitors."""
        self.site.clock.set_us(at_us)
        for number in range(visitors):
            ip = f"203.0.{at_us // US_PER_MINUTE % 200}.{number + 1}"
            body = {"type": "pageview", "path": "/"}
            assert (await self.site.post(ip, CHROME, body)).status == 200

    @property
    def said(self) -> list[tuple[str, Any]]:
        bodies = [json.loads(request.body) for request in self.receiver.received]
        return [(body["event"], body["data"]) for body in bodies]


@asynccontextmanager
async def open_watched(
    folder: Path, events: Sequence[str] = EVENTS, at_us: int = NOON, secret: str = SECRET
) -> AsyncIterator[Watched]:
    async with (
        open_receiver() as receiver,
        open_site(folder, settings=LOCAL, at_us=at_us) as site,
    ):
        made = await site.admin(
            "POST",
            f"/projects/{site.project.id}/webhooks",
            {"url": receiver.url, "events": list(events), "secret": secret},
            status=201,
        )
        path = f"/projects/{site.project.id}/webhooks/{made['id']}"
        yield Watched(site, receiver, path)


def sign(secret: str, body: bytes) -> str:
    """Compute the signature with another program."""
    made = subprocess.run(
        ["openssl", "dgst", "-sha256", "-hmac", secret], input=body, capture_output=True, check=True
    )
    return made.stdout.decode().rpartition(" ")[2].strip()


async def test_documents_example_is_created_listed_changed_and_removed(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        path = f"/projects/{site.project.id}/webhooks"
        body = {
            "url": "https://hooks.slack.com/services/T00/B00/xxxxx",
            "events": ["traffic_spike", "zero_traffic"],
            "secret": SECRET,
        }
        made = await site.admin("POST", path, body, status=201)
        assert made == {
            "id": made["id"],
            "url": body["url"],
            "events": body["events"],
            "created_at": "2026-03-01T12:00:00Z",
        }
        assert made["id"].startswith("wh-")
        assert await site.admin("GET", path) == {"data": [made]}
        changed = await site.admin("PUT", f"{path}/{made['id']}", {"events": list(EVENTS)})
        assert changed == {**made, "events": list(EVENTS)}
        await site.admin("DELETE", f"{path}/{made['id']}", status=204)
        assert await site.admin("GET", path) == {"data": []}
        answer = await site.admin("PUT", f"{path}/{made['id']}", {}, status=404)
        assert answer == {"error": f"Webhook '{made['id']}' not found."}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"url": "http://hooks.example.com/x"}, "accepted is for example https://"),
        ({"url": "https://10.0.0.1/x"}, "private or local address"),
        ({"url": f"https://u:{SECRET}@hooks.example.com"}, "leave out what stands before the @"),
        ({"events": []}, "events is empty; accepted are traffic_spike"),
        ({"events": ["sunrise"]}, "unknown event 'sunrise'; accepted are traffic_spike"),
        ({"secret": SECRET * 20}, "at most 256 are accepted"),
    ],
)
async def test_bad_webhook_is_refused_without_telling_its_secret(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    async with open_site(tmp_path) as site:
        body = {"url": "https://hooks.example.com/x", "events": ["zero_traffic"], **changes}
        path = f"/projects/{site.project.id}/webhooks"
        answer = await site.admin("POST", path, body, status=400)
        assert sentence in answer["error"]
        assert SECRET not in answer["error"]


async def test_trial_calls_once_and_says_how_it_went(tmp_path: Path) -> None:
    async with open_watched(tmp_path) as watched:
        answer = await watched.site.admin("POST", f"{watched.path}/test")
        assert (answer["success"], answer["status_code"]) == (True, 200)
        assert 0 <= answer["response_time_ms"] < 5_000
        assert "error" not in answer
        (request,) = watched.receiver.received
        assert json.loads(request.body) == {
            "event": "test",
            "project_id": watched.site.project.id,
            "timestamp": "2026-03-01T12:00:00Z",
            "data": {"message": "This is a test of your webhook."},
        }
        assert request.headers["x-pulse-signature"] == sign(SECRET, request.body)
        watched.receiver.answer = REDIRECT
        answer = await watched.site.admin("POST", f"{watched.path}/test")
        assert (answer["success"], answer["status_code"]) == (False, 302)
        assert "redirects are not followed" in answer["error"]


async def test_trial_of_a_stalling_receiver_ends_after_five_seconds(tmp_path: Path) -> None:
    async with open_watched(tmp_path) as watched:
        watched.receiver.answer = STALL
        answer = await watched.site.admin("POST", f"{watched.path}/test")
        assert (answer["success"], answer["status_code"]) == (False, None)
        assert answer["error"] == "no answer within 5 seconds"
        assert 4_900 <= answer["response_time_ms"] < 15_000


async def test_calls_are_signed_only_while_there_is_a_secret(tmp_path: Path) -> None:
    async with open_watched(tmp_path, secret="") as watched:
        for secret in (None, "näw", ""):
            if secret is not None:
                await watched.site.admin("PUT", watched.path, {"secret": secret})
            await watched.site.admin("POST", f"{watched.path}/test")
        first, second, third = watched.receiver.received
        assert "x-pulse-signature" not in first.headers
        assert second.headers["x-pulse-signature"] == sign("näw", second.body)
        assert "x-pulse-signature" not in third.headers


async def test_day_is_summed_up_once_after_midnight(tmp_path: Path) -> None:
    async with open_watched(tmp_path, ["daily_summary"], at_us=MIDNIGHT - US_PER_HOUR) as watched:
        await watched.look(MIDNIGHT - US_PER_HOUR)
        for minute in (-50, -49):
            await watched.view(MIDNIGHT + minute * US_PER_MINUTE)
        watched.site.clock.set_us(MIDNIGHT - 1)
        for body in ({"type": "pageview", "path": "/"}, {"type": "pageview", "path": "/b"}):
            await watched.site.post("203.0.113.9", CHROME, body)
        await watched.view(MIDNIGHT)  # belongs to the next day
        assert watched.said == []
        for minute in range(4):
            await watched.look(MIDNIGHT + minute * US_PER_MINUTE)
        assert watched.said == [
            (
                "daily_summary",
                {
                    "date": "2026-03-01",
                    "pageviews": 4,
                    "visitors": 3,
                    "sessions": 3,
                    "bounce_rate": 66.67,
                    "avg_duration_ms": 0,
                },
            )
        ]
        (request,) = watched.receiver.received
        assert request.headers["x-pulse-signature"] == sign(SECRET, request.body)
        assert json.loads(request.body)["timestamp"] == "2026-03-02T00:00:00Z"


async def test_days_of_a_downtime_are_made_up_for_and_none_is_told_twice(tmp_path: Path) -> None:
    async with open_receiver() as receiver:
        async with open_site(tmp_path, settings=LOCAL) as site:
            body = {"url": receiver.url, "events": ["daily_summary"]}
            await site.admin("POST", f"/projects/{site.project.id}/webhooks", body, status=201)
            watched = Watched(site, receiver, "")
            await watched.look(NOON)
            await watched.view(NOON)
            await watched.look(MIDNIGHT)
        for _ in range(2):
            at_us = MIDNIGHT + 2 * US_PER_DAY + US_PER_HOUR
            async with open_site(tmp_path, settings=LOCAL, at_us=at_us) as site:
                await Watched(site, receiver, "").look(at_us)
        # Two calls at a time: the order of arrival is not promised.
        days = sorted((data["date"], data["pageviews"]) for _, data in watched.said)
        assert days == [("2026-03-01", 1), ("2026-03-02", 0), ("2026-03-03", 0)]


async def test_who_subscribes_anew_is_not_told_the_days_before(tmp_path: Path) -> None:
    async with open_watched(tmp_path, ["daily_summary"]) as watched:
        await watched.look(NOON)
        await watched.site.admin("PUT", watched.path, {"events": ["zero_traffic"]})
        await watched.look(NOON + US_PER_MINUTE)
        await watched.site.admin("PUT", watched.path, {"events": ["daily_summary"]})
        await watched.look(NOON + 3 * US_PER_DAY)
        assert watched.said == []
        await watched.look(MIDNIGHT + 3 * US_PER_DAY)
        assert [data["date"] for _, data in watched.said] == ["2026-03-04"]


async def make_history(watched: Watched, *, days: int, visitors: int) -> None:
    """Store visitors at 12:00, 12:03, … 12:57 of so many days before the first of March."""
    for day in range(days, 0, -1):
        for minute in range(0, 60, 3):
            await watched.view(NOON - day * US_PER_DAY + minute * US_PER_MINUTE, visitors)


async def test_outage_at_a_busy_hour_is_told_once_and_armed_again_by_traffic(
    tmp_path: Path,
) -> None:
    at_us = NOON - 4 * US_PER_DAY
    async with open_watched(tmp_path, ["zero_traffic"], at_us=at_us) as watched:
        await make_history(watched, days=4, visitors=1)
        await watched.view(NOON)
        await watched.look(NOON + 30 * US_PER_MINUTE)
        assert watched.said == []
        for minute in (31, 32, 40):
            await watched.look(NOON + minute * US_PER_MINUTE)
        # Between 12:01 and 12:31 each of the four days had ten pageviews: 12:03 … 12:30.
        data = {"minutes_without_pageviews": 30, "usual_pageviews": 10}
        assert watched.said == [("zero_traffic", data)]
        await watched.view(NOON + 41 * US_PER_MINUTE)
        await watched.look(NOON + 42 * US_PER_MINUTE)
        assert len(watched.said) == 1
        # Armed again; from 12:42 to 13:12 the other days had six: 12:42 … 12:57.
        await watched.look(NOON + 72 * US_PER_MINUTE)
        assert watched.said[1:] == [("zero_traffic", {**data, "usual_pageviews": 6})]


async def test_quiet_hour_is_no_outage(tmp_path: Path) -> None:
    at_us = NOON - 4 * US_PER_DAY
    async with open_watched(tmp_path, ["zero_traffic"], at_us=at_us) as watched:
        await make_history(watched, days=4, visitors=1)
        # From 12:55 to 13:25 each of the other days had one pageview, at 12:57.
        await watched.look(NOON + 85 * US_PER_MINUTE)
        assert watched.said == []


@pytest.mark.parametrize("days", [0, 2])
async def test_too_young_data_says_nothing_about_silence(tmp_path: Path, days: int) -> None:
    at_us = NOON - 4 * US_PER_DAY
    async with open_watched(tmp_path, ["zero_traffic"], at_us=at_us) as watched:
        await make_history(watched, days=days, visitors=1)
        await watched.look(NOON + 40 * US_PER_MINUTE)
        assert watched.said == []


async def test_our_own_downtime_is_no_outage(tmp_path: Path) -> None:
    at_us = NOON - 4 * US_PER_DAY
    async with open_receiver() as receiver:
        async with open_site(tmp_path, settings=LOCAL, at_us=at_us) as site:
            body = {"url": receiver.url, "events": ["zero_traffic"]}
            await site.admin("POST", f"/projects/{site.project.id}/webhooks", body, status=201)
            await make_history(Watched(site, receiver, ""), days=4, visitors=1)
        again_us = NOON + 20 * US_PER_MINUTE
        async with open_site(tmp_path, settings=LOCAL, at_us=again_us) as site:
            watched = Watched(site, receiver, "")
            await watched.look(NOON + 45 * US_PER_MINUTE)
            assert watched.said == []
            await watched.look(NOON + 50 * US_PER_MINUTE)
            assert len(watched.said) == 1


async def test_spike_is_told_with_its_baseline(tmp_path: Path) -> None:
    at_us = NOON - 4 * US_PER_DAY
    async with open_watched(tmp_path, ["traffic_spike"], at_us=at_us) as watched:
        for day, visitors in ((4, 3), (3, 4), (2, 8), (1, 5)):
            await watched.view(NOON - day * US_PER_DAY - 2 * US_PER_MINUTE, visitors)
        # The data began at 11:58 four days ago, after that day's five minutes began.
        await watched.view(NOON - US_PER_MINUTE, 10)
        await watched.look(NOON)
        assert watched.said == []  # ten are not more than twice the mean of 4, 8 and 5
        await watched.view(NOON + 1, 12)
        await watched.look(NOON + 2)
        data = {
            "active_visitors": 22,
            "rolling_avg": 5.67,
            "spike_multiplier": 3.88,
            "baseline_days": 3,
        }
        assert watched.said == [("traffic_spike", data)]
        await watched.view(NOON + 3 * US_PER_MINUTE, 40)
        await watched.look(NOON + 3 * US_PER_MINUTE)
        assert len(watched.said) == 1  # an hour has to pass


async def test_no_spike_from_two_days_of_data(tmp_path: Path) -> None:
    at_us = NOON - 3 * US_PER_DAY
    async with open_watched(tmp_path, ["traffic_spike"], at_us=at_us) as watched:
        for day in (2, 1):
            await watched.view(NOON - day * US_PER_DAY - 4 * US_PER_MINUTE, 2)
        await watched.view(NOON - US_PER_MINUTE, 30)
        await watched.look(NOON)
        assert watched.said == []


async def test_removed_webhook_gets_nothing_any_more(tmp_path: Path) -> None:
    async with open_watched(tmp_path, ["daily_summary"]) as watched:
        await watched.look(NOON)
        watched.receiver.answer = b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"
        await watched.look(MIDNIGHT)
        await watched.site.admin("DELETE", watched.path, status=204)
        await watched.look(MIDNIGHT + US_PER_HOUR)
        assert len(watched.receiver.received) == 1
        path = f"/projects/{watched.site.project.id}/deliveries?state=dead"
        answer = await watched.site.admin("GET", path)
        assert answer["total"] == 1
        assert answer["data"][0]["last_error"] == "the webhook was removed in the meantime"


async def test_deliveries_are_listed_by_state_and_refuse_an_unknown_one(tmp_path: Path) -> None:
    async with open_watched(tmp_path, ["daily_summary"]) as watched:
        await watched.look(NOON)
        await watched.look(MIDNIGHT)
        path = f"/projects/{watched.site.project.id}/deliveries"
        for state, total in (("waiting", 0), ("delivered", 1), ("dead", 0)):
            assert (await watched.site.admin("GET", f"{path}?state={state}"))["total"] == total
        answer = await watched.site.admin("GET", f"{path}?state=lost", status=400)
        assert "accepted are waiting, delivered, dead" in answer["error"]
        (one,) = (await watched.site.admin("GET", path))["data"]
        assert (await watched.site.admin("GET", f"{path}/{one['id']}"))["state"] == "delivered"
        await watched.site.admin("POST", f"{path}/{one['id']}/replay")
        await watched.site.footfall.mailroom.worker.run_until_idle()
        ids = {r.headers["x-footfall-delivery"] for r in watched.receiver.received}
        assert len(watched.receiver.received) == 2
        assert ids == {one["id"]}
        assert SECRET not in json.dumps(await watched.site.admin("GET", f"{path}/{one['id']}"))
