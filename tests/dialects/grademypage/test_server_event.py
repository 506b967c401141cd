"""`POST /api/analytics/server-events` and the secret keys that open it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from footfall.clock import US_PER_DAY
from footfall.errors import UnavailableError
from footfall.ingest.intake import IngestIntake
from footfall.ingest.once import KEPT_US
from tests.dialects.grademypage.conftest import NOON_MS, Door, make_event, read
from tests.site import NOON, open_site

DAY_S = US_PER_DAY // 1_000_000


async def test_takes_an_event_and_gives_its_id(door: Door) -> None:
    await door.rotate()
    answered = await door.report(visitor={"id": "u1"}, page="/checkout")
    assert answered.status == 201
    body = read(answered)
    assert body.pop("eventId").startswith("evt_")
    assert body == {"success": True, "duplicate": False}
    assert (await door.query("events", "visitors"))["totals"] == {"events": 1, "visitors": 1}


async def test_a_repeated_key_is_answered_with_the_first_id(door: Door) -> None:
    await door.rotate()
    first = await door.report(idempotencyKey="evt_1", timestamp="2026-03-01T11:00:00Z")
    second = await door.report(idempotencyKey="evt_1", eventName="other")
    assert (first.status, second.status) == (201, 200)
    assert read(second) == {
        "success": True,
        "eventId": read(first)["eventId"],
        "duplicate": True,
    }
    assert await door.total("events") == 1


async def test_without_a_key_nothing_is_a_repetition(door: Door) -> None:
    await door.rotate()
    answers = [await door.report(visitor={"id": "u"}) for _ in range(3)]
    assert len({read(a)["eventId"] for a in answers}) == 3
    assert await door.total("events") == 3


async def test_concurrent_retries_store_one_event(door: Door) -> None:
    await door.rotate()
    answers = await asyncio.gather(*(door.report(idempotencyKey="k") for _ in range(12)))
    assert sorted(a.status for a in answers) == [200] * 11 + [201]
    assert len({read(a)["eventId"] for a in answers}) == 1
    assert await door.total("events") == 1


async def test_a_key_is_known_after_a_restart_and_a_month(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        door = Door(site)
        await door.rotate()
        event_id = read(await door.report(idempotencyKey="k"))["eventId"]
        project = site.project
    later = NOON + 30 * US_PER_DAY
    async with open_site(tmp_path, at_us=later) as site:
        site.project = project
        again = Door(site)
        again.secret = door.secret
        answered = await again.report(idempotencyKey="k")
        assert (answered.status, read(answered)["eventId"]) == (200, event_id)
    assert KEPT_US >= 30 * US_PER_DAY


async def test_a_key_whose_event_could_not_be_stored_is_taken_again(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    await door.rotate()

    async def fail(*_: Any) -> Any:
        raise UnavailableError

    with monkeypatch.context() as broken:
        broken.setattr(IngestIntake, "take", fail)
        refused = await door.report(idempotencyKey="k")
    assert (refused.status, refused.headers["retry-after"]) == (503, "5")
    assert (await door.report(idempotencyKey="k")).status == 201
    assert (await door.report(idempotencyKey="k")).status == 200
    assert await door.total("events") == 1


async def test_old_keys_are_swept_and_young_ones_kept(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.ingest.once.SWEEP_EVERY", 1)
    await door.rotate()
    for day in (0, 30, 36):
        door.site.clock.set_us(NOON + day * US_PER_DAY)
        await door.report(idempotencyKey=f"k{day}")
    with door.site.footfall.records.transaction() as t:
        assert t.count("idempotency_keys", {}) == 2


async def test_projects_do_not_share_keys(door: Door) -> None:
    await door.rotate()
    other = await asyncio.to_thread(door.site.footfall.projects.create, "Other", "other.example")
    made = await door.site.admin("POST", f"/projects/{other.id}/secret-key/rotate", status=201)
    assert (await door.report(idempotencyKey="k")).status == 201
    assert (await door.report(made["secret_key"], idempotencyKey="k")).status == 201


async def test_a_backend_joins_the_visit_of_its_visitor(door: Door) -> None:
    await door.rotate()
    utm = {"source": "news"}
    await door.track(make_event(visitorId="gmp-1", utm=utm))
    door.site.set_clock(60)
    await door.report(visitor={"id": "gmp-1"}, properties={"revenue": 20})
    totals = (await door.query("visitors", "sessions", "events", "revenue"))["totals"]
    assert totals == {"visitors": 1, "sessions": 1, "events": 1, "revenue": 20}
    rows = (await door.query("events", dimensions=["utm_source"]))["rows"]
    assert [r["dimensions"]["utm_source"] for r in rows] == ["news"]


async def test_a_visitor_derives_from_address_and_browser(door: Door) -> None:
    await door.rotate()
    person = {"ip": "203.0.113.77", "userAgent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"}
    await door.report(visitor=person)
    await door.report(visitor=person)
    await door.report(visitor={**person, "ip": "203.0.113.78"})
    assert await door.total("visitors") == 2


async def test_events_of_nobody_are_not_one_visitor(door: Door) -> None:
    await door.rotate()
    await door.report()
    await door.report()
    assert await door.total("visitors") == 2


async def test_properties_win_over_event_data(door: Door) -> None:
    await door.rotate()
    await door.report(properties={"plan": "pro"}, eventData={"plan": "basic", "seats": 3})
    rows = (await door.query("events", dimensions=["prop:plan", "prop:seats"]))["rows"]
    assert [r["dimensions"] for r in rows] == [{"prop:plan": "pro", "prop:seats": "3"}]


async def test_counts_for_the_variant_it_names(door: Door) -> None:
    await door.rotate()
    experiment = await asyncio.to_thread(door.add_experiment)
    answered = await door.report(experimentId=experiment.id, variantId="b")
    assert read(answered)["attributed"] is True
    rows = (await door.query("events", dimensions=["prop:experiment_id", "prop:variant_id"]))[
        "rows"
    ]
    assert [tuple(r["dimensions"].values()) for r in rows] == [(experiment.id, "b")]


@pytest.mark.parametrize(
    "pair", [{"experimentId": "x", "variantId": "b"}, {"variantId": "b"}, {"experimentId": "x"}]
)
async def test_says_when_a_pair_is_unknown_and_stores_the_event(
    door: Door, pair: dict[str, str]
) -> None:
    await door.rotate()
    answered = await door.report(**pair)
    assert (answered.status, read(answered)["attributed"]) == (201, False)
    assert await door.total("events") == 1


async def test_what_a_backend_reports_late_happened_then(door: Door) -> None:
    await door.rotate()
    await door.report(timestamp="2026-02-25T08:00:00Z", visitor={"id": "u"})
    span = {"start": "2026-02-25T08:00:00Z", "end": "2026-02-25T08:00:01Z"}
    assert await door.total("events", range=span) == 1


async def test_a_backends_wrong_future_is_moved(door: Door) -> None:
    await door.rotate()
    await door.report(timestamp="2031-01-01T00:00:00Z")
    span = {"start": "2026-03-02T12:00:00Z", "end": "2026-03-02T12:00:01Z"}
    assert await door.total("events", range=span) == 1


@pytest.mark.parametrize("given", ["2026-03-01T10:30:00Z", "2026-03-01T12:30:00+02:00"])
async def test_a_time_with_or_without_zone_is_taken(door: Door, given: str) -> None:
    await door.rotate()
    await door.report(timestamp=given)
    span = {"start": "2026-03-01T10:30:00Z", "end": "2026-03-01T10:30:01Z"}
    assert await door.total("events", range=span) == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"eventType": None}, "field 'eventType' is null; accepted is text"),
        ({"eventName": ""}, "missing required field 'eventName'"),
        ({"timestamp": "yesterday"}, "timestamp 'yesterday' is no time; accepted is ISO 8601"),
        ({"timestamp": 1}, "field 'timestamp' is 1; accepted is text or null"),
        (
            {"visitor": {"ip": "300.1.1.1"}},
            "visitor.ip '300.1.1.1' is no address; accepted are IPv4 and IPv6",
        ),
        ({"properties": []}, "field 'properties' is []; accepted is an object or null"),
        ({"idempotencyKey": "k" * 256}, "has 256 characters; accepted are 255"),
    ],
)
async def test_refuses_a_bad_event(door: Door, changes: dict[str, Any], sentence: str) -> None:
    await door.rotate()
    answered = await door.report(**changes)
    assert answered.status == 400
    assert sentence in read(answered)["error"]


async def test_refuses_a_missing_and_a_wrong_key(door: Door) -> None:
    path = "/api/analytics/server-events"
    missing = await door.site.call("POST", path, {})
    assert missing.status == 401
    assert "Missing secret key" in read(missing)["error"]
    assert missing.headers["www-authenticate"] == "Bearer"
    for secret in ("gmp_sk_" + "x" * 32, "é", "x" * 4_000):
        wrong = await door.report_body(b"{}", secret)
        assert (wrong.status, read(wrong)["error"]) == (401, "Invalid or expired secret key.")


async def test_a_rotated_key_works_for_a_day_and_not_a_moment_longer(door: Door) -> None:
    first = await door.rotate()
    assert first["previous_expires_at"] is None
    assert len(first["secret_key"].removeprefix("gmp_sk_")) == 32
    door.site.set_clock(3_600)
    second = await door.rotate()
    assert second["previous_expires_at"] == "2026-03-02T13:00:00Z"
    door.site.set_clock(7_200)
    third = await door.rotate()
    secrets = [made["secret_key"] for made in (first, second, third)]

    async def statuses(after_s: float) -> list[int]:
        door.site.set_clock(after_s)
        return [(await door.report(secret)).status for secret in secrets]

    assert await statuses(7_200) == [201, 201, 201]
    assert await statuses(3_600 + DAY_S - 1) == [201, 201, 201]
    assert await statuses(3_600 + DAY_S) == [401, 201, 201]
    assert await statuses(7_200 + DAY_S) == [401, 401, 201]


async def test_keys_are_stored_as_hashes(door: Door, tmp_path: Path) -> None:
    secret = (await door.rotate())["secret_key"]
    stored = b"".join(p.read_bytes() for p in tmp_path.glob("records.sqlite*"))
    assert b"gmp_sk_" not in stored
    assert secret.encode() not in stored


async def test_keys_are_known_after_a_restart(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        door = Door(site)
        await door.rotate()
    async with open_site(tmp_path) as site:
        again = Door(site)
        again.secret = door.secret
        assert (await again.report()).status == 201


async def test_only_the_operator_rotates(door: Door) -> None:
    path = f"/api/admin/projects/{door.project_id}/secret-key/rotate"
    for headers in ([], [("Authorization", "Bearer wrong")], [("X-Pulse-Key", door.site.key)]):
        answered = await door.site.call("POST", path, headers=headers)
        assert (answered.status, read(answered)) == (401, {"error": "Unauthorized"})
    unknown = await door.site.admin("POST", "/projects/nobody/secret-key/rotate", status=404)
    assert unknown == {"error": "Project 'nobody' not found."}


async def test_what_is_off_is_said(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        door = Door(site)
        await door.rotate()
        off = {"modules": {"events": {"enabled": False}}}
        await asyncio.to_thread(site.footfall.projects.save_settings, site.project.id, off)
        answered = await door.report(idempotencyKey="k")
        assert answered.status == 200
        assert read(answered) == {"success": True, "eventId": None, "duplicate": False}
        assert answered.headers["footfall-dropped"] == "module_off=1"


async def test_a_browsers_event_and_a_backends_key_never_meet(door: Door) -> None:
    await door.rotate()
    await door.track(make_event(visitorId="k", timestamp=NOON_MS))
    assert (await door.report(idempotencyKey="k")).status == 201
