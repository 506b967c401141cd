"""`POST /api/analytics/track`: what it takes, what it refuses, and the figures that come of it."""

import asyncio
from typing import Any

import pytest

from footfall.clock import US_PER_DAY
from tests.dialects.grademypage.conftest import NOON_MS, Door, make_event, read
from tests.site import NOON, Site, open_site


async def test_answers_with_what_was_accepted_and_what_was_known(door: Door) -> None:
    first, second = make_event(), make_event(timestamp=NOON_MS + 1)
    answered = await door.track(first, second)
    assert answered.status == 200
    assert read(answered) == {"success": True, "accepted": 2, "duplicates": 0}
    assert answered.headers["access-control-allow-origin"] == "*"
    assert read(await door.track(second, first, make_event(timestamp=NOON_MS + 2))) == {
        "success": True,
        "accepted": 1,
        "duplicates": 2,
    }
    assert await door.total("pageviews") == 3


@pytest.mark.parametrize(
    "changes",
    [{"visitorId": "v2"}, {"timestamp": NOON_MS + 1}, {"eventType": "seen"}, {"pathname": "/b"}],
)
async def test_any_of_the_four_fields_makes_another_event(
    door: Door, changes: dict[str, Any]
) -> None:
    assert read(await door.track(make_event(), make_event(**changes)))["duplicates"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"sessionId": "s2"},
        {"fullUrl": "https://shop.example/pricing?plan=basic"},
        {"eventData": {"a": 1}},
        {"referrer": "https://news.example/"},
    ],
)
async def test_nothing_else_makes_another_event(door: Door, changes: dict[str, Any]) -> None:
    assert read(await door.track(make_event(), make_event(**changes)))["duplicates"] == 1


async def test_fields_that_run_together_are_not_the_same_event(door: Door) -> None:
    first = make_event(visitorId="v1", timestamp=1)
    second = make_event(visitorId="v", timestamp=11)
    assert read(await door.track(first, second))["duplicates"] == 0


async def test_projects_do_not_share_events(door: Door) -> None:
    other = await asyncio.to_thread(door.site.footfall.projects.create, "Other", "other.example")
    await door.track(make_event())
    answered = await door.track_body({"projectId": other.id, "events": [make_event()]})
    assert read(answered)["accepted"] == 1


async def test_copies_at_the_same_time_count_once(door: Door) -> None:
    batch = [make_event(timestamp=NOON_MS + n) for n in range(20)]
    answers = [read(a) for a in await asyncio.gather(*(door.track(*batch) for _ in range(8)))]
    assert sum(a["accepted"] for a in answers) == 20
    assert sum(a["duplicates"] for a in answers) == 140
    assert await door.total("pageviews") == 20


async def test_a_copy_counts_once_after_a_restart(tmp_path: Any) -> None:
    async with open_site(tmp_path) as site:
        await Door(site).track(make_event())
        project = site.project
    async with open_site(tmp_path) as site:
        site.project = project
        assert read(await Door(site).track(make_event()))["duplicates"] == 1


async def test_a_wrong_clock_is_moved_and_its_copies_are_still_known(door: Door) -> None:
    past = make_event(timestamp=1_000)
    future = make_event(timestamp=NOON_MS + 40 * 86_400_000)
    assert read(await door.track(past, future))["accepted"] == 2
    assert read(await door.track(future, past))["duplicates"] == 2
    for day in ("2026-02-28", "2026-03-02"):
        span = {"start": f"{day}T12:00:00Z", "end": f"{day}T12:00:01Z"}
        assert await door.total("pageviews", range=span) == 1


async def test_one_visit_is_in_every_report_of_every_door(door: Door) -> None:
    at = NOON_MS
    door.site.set_clock(120)
    utm = {"source": "news", "medium": "email", "campaign": "may", "term": "t", "content": "c"}
    answered = await door.track(
        make_event(pathname="/", fullUrl="https://shop.example/", timestamp=at, utm=utm),
        make_event(pathname="/", eventType="scroll", eventData={"depth": 75}, timestamp=at + 1),
        make_event(
            pathname="/",
            eventType="engagement",
            eventData={"engagementSeconds": 12.5},
            timestamp=at + 15_000,
        ),
        make_event(timestamp=at + 20_000),
        make_event(
            eventType="conversion",
            eventName="signup",
            eventData={"plan": "pro", "revenue": 49.5, "currency": "eur"},
            timestamp=at + 60_000,
        ),
        make_event(eventType="menu_open", timestamp=at + 61_000),
    )
    assert read(answered) == {"success": True, "accepted": 6, "duplicates": 0}
    assert "footfall-dropped" not in answered.headers
    names = ("visitors", "sessions", "pageviews", "events", "revenue", "time_on_page")
    totals = (await door.query(*names))["totals"]
    assert totals == {
        "visitors": 1,
        "sessions": 1,
        "pageviews": 2,
        "events": 2,
        "revenue": 49.5,
        "time_on_page": 6.25,
    }
    depth = await door.total(
        "value_p50",
        filters={"dimension": "kind", "operator": "is", "values": ["scroll_depth"]},
    )
    assert depth == 75
    stats = await door.site.read("/stats?start_at=2026-03-01&end_at=2026-03-01")
    assert stats["current"] == {
        "pageviews": 2,
        "visitors": 1,
        "sessions": 1,
        "bounce_rate": 0,
        "avg_duration": 61,
        "events": 2,
    }
    campaigns = await door.query("sessions", dimensions=["utm_campaign"])
    assert [r["dimensions"]["utm_campaign"] for r in campaigns["rows"]] == ["may"]
    by_type = await door.query("events", dimensions=["prop:event_type"])
    assert {r["dimensions"]["prop:event_type"] for r in by_type["rows"]} >= {"conversion"}


async def test_a_visitors_next_session_is_another_visit(door: Door) -> None:
    await door.track(make_event(), make_event(sessionId="s2", timestamp=NOON_MS + 5))
    assert (await door.query("visitors", "sessions"))["totals"] == {"visitors": 1, "sessions": 2}


async def test_pathname_counts_where_the_url_says_otherwise(door: Door) -> None:
    await door.track(make_event(pathname="/virtual", fullUrl="https://shop.example/app#x"))
    rows = (await door.query("pageviews", dimensions=["page"]))["rows"]
    assert [r["dimensions"]["page"] for r in rows] == ["/virtual"]


async def test_modules_that_are_off_take_nothing_and_the_header_says_so(tmp_path: Any) -> None:
    async with open_site(tmp_path) as site:
        door = Door(site)
        scroll = make_event(eventType="scroll", eventData={"depth": 50})
        seen = make_event(
            eventType="experiment_impression", eventData={"experimentId": "x", "variantId": "a"}
        )
        answered = await door.track(make_event(), scroll, seen)
        assert read(answered) == {"success": True, "accepted": 3, "duplicates": 0}
        assert answered.headers["footfall-dropped"] == "module_off=2"
        assert await door.total("signals") == 1


async def test_impressions_of_a_running_experiment_are_wanted_whatever_the_switch(
    tmp_path: Any,
) -> None:
    async with open_site(tmp_path) as site:
        door = Door(site)
        experiment = await asyncio.to_thread(door.add_experiment)
        data = {"experimentId": experiment.id, "variantId": "b"}
        answered = await door.track(make_event(eventType="experiment_impression", eventData=data))
        assert "footfall-dropped" not in answered.headers
        assert await door.total("signals") == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"visitorId": None}, "missing required field 'events[0].visitorId'"),
        ({"visitorId": ""}, "missing required field 'events[0].visitorId'"),
        ({"sessionId": None}, "missing required field 'events[0].sessionId'"),
        ({"pathname": None}, "missing required field 'events[0].pathname'"),
        ({"fullUrl": None}, "missing required field 'events[0].fullUrl'"),
        ({"eventType": None}, "missing required field 'events[0].eventType'"),
        ({"timestamp": None}, "missing required field 'events[0].timestamp'"),
        ({"timestamp": "soon"}, "field 'events[0].timestamp' is \"soon\"; accepted is a number"),
        ({"visitorId": 7}, "field 'events[0].visitorId' is 7; accepted is text"),
        ({"eventData": [1]}, "field 'events[0].eventData' is [1]; accepted is an object or null"),
        (
            {"eventType": "scroll", "eventData": {"depth": 101}},
            "events[0].eventData.depth is 101; accepted is a number from 0 to 100",
        ),
        (
            {"eventType": "engagement", "eventData": {"engagementSeconds": "x"}},
            'events[0].eventData.engagementSeconds is "x"; accepted is a number from 0 to 86400',
        ),
        (
            {"eventType": "experiment_impression", "eventData": {"variantId": "a"}},
            "missing required field 'events[0].eventData.experimentId'",
        ),
        ({"visitorId": "v" * 129}, f"events[0].visitorId '{'v' * 40}…' has 129 characters"),
        ({"eventData": {"a": "x" * 9_000}}, "events[0].eventData has 1 keys and 9008 bytes"),
    ],
)
async def test_refuses_a_batch_with_a_bad_event_and_stores_none_of_it(
    door: Door, changes: dict[str, Any], sentence: str
) -> None:
    answered = await door.track(make_event(**changes), make_event(visitorId="fine"))
    assert answered.status == 400
    assert sentence in read(answered)["error"]
    assert await door.total("signals") == 0


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "it is empty"),
        (b"{", "it is not valid JSON"),
        (b"[]", "it is []; accepted is an object"),
        ({"events": []}, "missing required field 'projectId'"),
        ({"projectId": "x"}, "missing required field 'events'"),
        ({"projectId": "x", "events": []}, "events holds 0 events; accepted are 1 to 100"),
        (
            {"projectId": "x", "events": [make_event()] * 101},
            "events holds 101 events; accepted are 1 to 100",
        ),
    ],
)
async def test_refuses_what_is_no_batch(door: Door, body: Any, sentence: str) -> None:
    answered = await door.track_body(body)
    assert answered.status == 400
    assert sentence in read(answered)["error"]


async def test_says_that_a_project_is_unknown(door: Door) -> None:
    answered = await door.track_body({"projectId": "nobody", "events": [make_event()]})
    assert answered.status == 404
    assert read(answered) == {"error": "Project 'nobody' not found."}


async def test_refuses_a_large_body(door: Door) -> None:
    assert (await door.track_body(b" " * (512 * 1024 + 1))).status == 413


async def test_refuses_other_methods(door: Door) -> None:
    answered = await door.site.call("GET", "/api/analytics/track")
    assert (answered.status, answered.headers["allow"]) == (405, "POST, OPTIONS")


async def test_answers_a_preflight(door: Door) -> None:
    answered = await door.site.call("OPTIONS", "/api/analytics/track")
    assert answered.status == 204
    assert answered.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answered.headers


async def test_slows_a_project_down(tmp_path: Any) -> None:
    async with open_site(tmp_path, settings={"RATE_LIMIT_PER_SECOND": "2"}) as site:
        door = Door(site)
        answers = [await door.track(make_event(timestamp=NOON_MS + n)) for n in range(3)]
        assert [a.status for a in answers] == [200, 200, 429]
        assert answers[2].headers["retry-after"] == "1"


async def test_visitors_may_be_new_every_day(tmp_path: Any) -> None:
    async with open_site(tmp_path) as site:
        door = Door(site)
        await _save(site, {"daily_visitors": True})
        await door.track(make_event())
        await door.track(make_event(timestamp=NOON_MS + 1))
        site.clock.set_us(NOON + US_PER_DAY)
        await door.track(make_event(sessionId="s2", timestamp=NOON_MS + 86_400_000))
        assert await door.total("visitors") == 2


async def _save(site: Site, settings: dict[str, Any]) -> None:
    await asyncio.to_thread(site.footfall.projects.save_settings, site.project.id, settings)
