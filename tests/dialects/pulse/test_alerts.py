"""Pulse's alert rules over the whole program: the document's example, limits, and alarms whose
figures were worked out by hand."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from footfall.clock import US_PER_HOUR, US_PER_MINUTE
from tests.integration.receiver import Receiver, open_receiver, status
from tests.site import CHROME, IPHONE, NOON, Site, open_site

LOCAL = {"FOOTFALL_ALLOW_PRIVATE_WEBHOOKS": "on"}

EXAMPLE: dict[str, Any] = {
    "name": "Error Spike Alert",
    "module": "error_tracking",
    "metric": "error_count",
    "operator": "gt",
    "threshold": 50,
    "window_minutes": 15,
    "cooldown_minutes": 60,
    "notify_channels": [
        {"type": "webhook", "url": "https://hooks.slack.com/services/T00/B00/xxx"},
        {"type": "email", "address": "ops@acme.com"},
    ],
}

MINUTE_S = 60.0


def rule(metric: str, operator: str, threshold: float, **changes: Any) -> dict[str, Any]:
    made = {"name": "Rule", "module": "pageviews", "metric": metric, "operator": operator}
    return {**made, "threshold": threshold, "window_minutes": 15, **changes}


async def list_deliveries(site: Site) -> list[dict[str, Any]]:
    answer = await site.admin("GET", f"/projects/{site.project.id}/deliveries")
    found: list[dict[str, Any]] = answer["data"]
    return found


async def evaluate(site: Site) -> None:
    """Evaluate once, and wait until what is due was tried."""
    await site.footfall.mailroom.evaluator.run()
    await site.footfall.mailroom.worker.run_until_idle()


async def view(site: Site, after_s: float, ip: str = "203.0.113.1", path: str = "/") -> None:
    await site.send(after_s, ip, CHROME, {"type": "pageview", "path": path})


async def test_documents_example_is_created_listed_changed_and_removed(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await site.manage("POST", "/alerts", EXAMPLE, status=201)
        assert made["id"].startswith("alt-")
        assert {name: made[name] for name in EXAMPLE} == EXAMPLE
        assert made["enabled"] is True
        assert made["last_triggered"] is None
        (listed,) = (await site.read("/alerts"))["data"]
        assert listed == {k: v for k, v in made.items() if k != "notify_channels"}
        path = f"/alerts/{made['id']}"
        toggled = await site.manage("POST", f"{path}/toggle")
        assert toggled == {"id": made["id"], "enabled": False}
        changed = await site.manage("PUT", path, {"threshold": 7.5, "enabled": True})
        assert changed == {**made, "threshold": 7.5, "enabled": True}
        await site.manage("DELETE", path, status=204)
        assert await site.read("/alerts") == {"data": []}
        await site.manage("DELETE", path, status=404)


async def test_defaults_are_an_hour_and_six(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        body = {k: v for k, v in EXAMPLE.items() if not k.endswith(("_minutes", "_channels"))}
        made = await site.manage("POST", "/alerts", body, status=201)
        assert (made["window_minutes"], made["cooldown_minutes"]) == (60, 360)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"metric": "mood"}, "unknown metric 'mood'; accepted are visitors"),
        ({"operator": ">"}, "unknown operator '>'; accepted are gt, lt, gte, lte, eq"),
        ({"module": "x"}, "unknown module 'x'; accepted are pageviews"),
        ({"threshold": "many"}, "field 'threshold' is text; accepted is a number"),
        ({"window_minutes": 0}, "window_minutes is 0; accepted are 1 to 43200"),
        ({"name": " "}, "name '' has 0 characters"),
        ({"notify_channels": [{"type": "pager"}]}, "accepted are webhook and email"),
        ({"notify_channels": [{"type": "webhook"}]}, "field 'notify_channels[0].url'"),
        (
            {"notify_channels": [{"type": "webhook", "url": "https://127.0.0.1/"}]},
            "private or local address",
        ),
        (
            {"notify_channels": [{"type": "email", "address": "a@b.example\r\nBcc: c@d.example"}]},
            "is no mail address",
        ),
    ],
)
async def test_bad_rule_is_refused_with_what_is_accepted(
    tmp_path: Path, changes: dict[str, Any], sentence: str
) -> None:
    async with open_site(tmp_path) as site:
        answer = await site.manage("POST", "/alerts", {**EXAMPLE, **changes}, status=400)
        assert sentence in answer["error"]
        assert (await site.read("/alerts"))["data"] == []


async def test_missing_field_is_named(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        body = {k: v for k, v in EXAMPLE.items() if k != "threshold"}
        answer = await site.manage("POST", "/alerts", body, status=400)
        assert answer == {"error": "Invalid request body: missing required field 'threshold'."}


async def test_alarm_is_told_once_with_the_figure_of_the_reports(tmp_path: Path) -> None:
    async with open_receiver() as receiver, open_site(tmp_path, settings=LOCAL) as site:
        channels = [{"type": "webhook", "url": receiver.url}]
        made = await site.manage(
            "POST",
            "/alerts",
            rule("pageviews", "gt", 2, cooldown_minutes=30, notify_channels=channels),
            status=201,
        )
        for after_s in (0, 10, 20 * MINUTE_S, 21 * MINUTE_S):
            await view(site, after_s)
        await evaluate(site)
        assert receiver.received == []  # the last fifteen minutes have two
        await view(site, 22 * MINUTE_S)
        await evaluate(site)
        (request,) = receiver.received
        assert request.headers["content-type"] == "application/json"
        assert "x-pulse-signature" not in request.headers
        (delivery,) = await list_deliveries(site)
        assert request.headers["x-footfall-delivery"] == delivery["id"]
        assert delivery["state"] == "delivered"
        body = _decode(request.body)
        assert body.pop("text").startswith("Rule (Shop): Pageviews of the last 15 minutes: 3.")
        assert body == {
            "event": "alert",
            "project_id": site.project.id,
            "timestamp": "2026-03-01T12:22:00Z",
            "alert_id": made["id"],
            "name": "Rule",
            "metric": "pageviews",
            "value": 3,
            "threshold": 2,
            "operator": "gt",
            "window_minutes": 15,
        }
        (listed,) = (await site.read("/alerts"))["data"]
        assert listed["last_triggered"] == "2026-03-01T12:22:00Z"

        await view(site, 30 * MINUTE_S)
        await evaluate(site)
        assert len(receiver.received) == 1  # within the cooldown
        for minute in (50, 51, 52):
            await view(site, minute * MINUTE_S)
        await evaluate(site)
        assert [_decode(r.body)["value"] for r in receiver.received] == [3, 3]


@pytest.mark.parametrize(
    ("metric", "value"),
    [
        ("pageviews", 3),
        ("visitors", 2),
        ("sessions", 2),
        ("events", 1),
        ("bounce_rate", 50),
        ("avg_duration", 30),
        ("error_count", 2),
        ("unique_pageviews", 2),
    ],
)
async def test_every_metric_is_measured_in_pulses_unit(
    tmp_path: Path, metric: str, value: float
) -> None:
    """Ada sees two pages within a minute; Bo one, with an event and two errors at once."""
    async with open_site(tmp_path) as site:
        await view(site, 0, "203.0.113.1")
        await view(site, 60, "203.0.113.1", "/b")
        for body in (
            {"type": "pageview", "path": "/"},
            {"type": "event", "name": "signup"},
            {"type": "js_error", "message": "boom"},
            {"type": "js_error", "message": "bang"},
        ):
            await site.send(60, "203.0.113.2", IPHONE, body)
        site.set_clock(17 * MINUTE_S)
        for operator, is_met in (("eq", True), ("gt", False), ("gte", True), ("lt", False)):
            body = rule(metric, operator, value, window_minutes=17, name=f"{operator} {is_met}")
            await site.manage("POST", "/alerts", body, status=201)
        # Older data: only then is a window of seventeen minutes known as a whole.
        await _view_long_ago(site)
        await evaluate(site)
        rules = (await site.read("/alerts"))["data"]
        told = {r["name"] for r in rules if r["last_triggered"]}
        assert told == {"eq True", "gte True"}


async def test_rule_with_a_filter_counts_only_what_it_keeps(tmp_path: Path) -> None:
    filters = {"dimension": "page", "operator": "is", "values": ["/a"]}
    async with open_site(tmp_path) as site:
        for threshold in (2, 3):
            body = rule("pageviews", "gte", threshold, name=str(threshold), filters=filters)
            made = await site.manage("POST", "/alerts", body, status=201)
            assert made["filters"] == filters
        for after_s, path in ((0, "/a"), (1, "/b"), (2, "/a"), (3, "/b")):
            await view(site, after_s, path=path)
        await evaluate(site)
        rules = (await site.read("/alerts"))["data"]
        assert [r["name"] for r in rules if r["last_triggered"]] == ["2"]


async def test_no_alarm_for_too_few_while_the_data_is_younger_than_the_window(
    tmp_path: Path,
) -> None:
    async with open_site(tmp_path) as site:
        await site.manage("POST", "/alerts", rule("pageviews", "lt", 10), status=201)
        await evaluate(site)
        assert (await site.read("/alerts"))["data"][0]["last_triggered"] is None
        await view(site, 0)
        site.set_clock(14 * MINUTE_S)
        await evaluate(site)
        assert (await site.read("/alerts"))["data"][0]["last_triggered"] is None
        site.set_clock(15 * MINUTE_S)
        await evaluate(site)
        assert (await site.read("/alerts"))["data"][0]["last_triggered"] == "2026-03-01T12:15:00Z"


async def test_our_own_downtime_is_not_taken_for_missing_visitors(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        await view(site, 0)
        await site.manage("POST", "/alerts", rule("pageviews", "lt", 10), status=201)
    for minute, is_told in ((5 * 60 + 14, False), (5 * 60 + 15, True)):
        at_us = NOON + 5 * US_PER_HOUR
        async with open_site(tmp_path, at_us=at_us) as site:
            site.set_clock(minute * MINUTE_S)
            await evaluate(site)
            (kept,) = site.footfall.mailroom.alerts.list_enabled()
            assert (kept.last_triggered_at_us is not None) == is_told


async def test_rate_of_nothing_raises_no_alarm(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        await _view_long_ago(site)
        await site.manage("POST", "/alerts", rule("bounce_rate", "lt", 90), status=201)
        await evaluate(site)
        assert (await site.read("/alerts"))["data"][0]["last_triggered"] is None


async def test_switched_off_rules_and_modules_are_silent(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        made = await site.manage("POST", "/alerts", rule("pageviews", "gte", 1), status=201)
        await view(site, 0)
        await site.manage("POST", f"/alerts/{made['id']}/toggle")
        await evaluate(site)
        assert (await site.read("/alerts"))["data"][0]["last_triggered"] is None
        await site.manage("POST", f"/alerts/{made['id']}/toggle")
        off = {"modules": {"alerts": {"enabled": False, "access": "all"}}}
        site.footfall.projects.save_settings(site.project.id, off)
        await evaluate(site)
        answer = await site.manage("POST", "/alerts", EXAMPLE, status=403)
        assert answer == {"error": "Module 'alerts' is not enabled for this project."}
        assert site.footfall.mailroom.alerts.list_enabled()[0].last_triggered_at_us is None


async def test_mail_without_a_mail_server_is_dead_with_its_reason_and_can_be_replayed(
    tmp_path: Path,
) -> None:
    async with open_site(tmp_path) as site:
        channels = [{"type": "email", "address": "ops@example.com"}]
        body = rule("pageviews", "gte", 1, notify_channels=channels)
        await site.manage("POST", "/alerts", body, status=201)
        await view(site, 0)
        await evaluate(site)
        (delivery,) = await list_deliveries(site)
        assert (delivery["state"], delivery["channel"]) == ("dead", "email")
        assert "set FOOTFALL_SMTP_HOST" in delivery["last_error"]
        path = f"/projects/{site.project.id}/deliveries/{delivery['id']}"
        assert (await site.admin("POST", f"{path}/replay"))["state"] == "waiting"
        assert '"subject":"[Shop] Rule"' in (await site.admin("GET", path))["body"]


async def test_restart_between_cause_and_delivery_neither_loses_nor_repeats(
    tmp_path: Path,
) -> None:
    async with open_receiver(status(503)) as receiver:
        async with open_site(tmp_path, settings=LOCAL) as site:
            channels = [{"type": "webhook", "url": receiver.url}]
            body = rule("pageviews", "gte", 1, notify_channels=channels)
            await site.manage("POST", "/alerts", body, status=201)
            await view(site, 0)
            await evaluate(site)
            (before,) = await list_deliveries(site)
            number = site.project.number
        assert before["last_error"] == "answered 503"
        receiver.answer = status(200)
        at_us = NOON + 2 * US_PER_MINUTE
        async with open_site(tmp_path, settings=LOCAL, at_us=at_us) as site:
            await evaluate(site)
            (after,) = site.footfall.mailroom.outbox.list_deliveries(number)
            assert (after.id, after.state, after.attempts) == (before["id"], "delivered", 2)
        assert _ids(receiver) == [before["id"]] * 2
        assert len({r.body for r in receiver.received}) == 1


async def test_two_nodes_evaluating_at_once_raise_one_alarm(tmp_path: Path) -> None:
    """Without the lease: the change of the rule alone must decide."""
    async with open_site(tmp_path) as site:
        channels = [{"type": "email", "address": "ops@example.com"}]
        body = rule("pageviews", "gte", 1, notify_channels=channels)
        await site.manage("POST", "/alerts", body, status=201)
        await view(site, 0)
        evaluator = site.footfall.mailroom.evaluator
        (kept,) = site.footfall.mailroom.alerts.list_enabled()
        await asyncio.gather(*(evaluator._evaluate(kept) for _ in range(5)))
        assert len(await list_deliveries(site)) == 1


async def _view_long_ago(site: Site) -> None:
    """Store a pageview of two hours before noon."""
    now_us = site.clock.now_us()
    site.clock.set_us(NOON - 2 * US_PER_HOUR)
    body = {"type": "pageview", "path": "/old"}
    assert (await site.post("203.0.113.77", CHROME, body)).status == 200
    site.clock.set_us(now_us)


def _decode(body: bytes) -> Any:
    return json.loads(body)


def _ids(receiver: Receiver) -> list[str]:
    return [request.headers["x-footfall-delivery"] for request in receiver.received]
