"""The hot paths: keys, scopes, limits, drops and errors, in the documented sentences."""

import asyncio
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from footfall.dialects.pulse.cors import make_pulse_cors
from footfall.errors import UnavailableError
from footfall.http.limit import RateLimiter
from footfall.ingest.outcome import DropReason
from tests.dialects.pulse.conftest import NOW_US, Door
from tests.unit.http.asgi_call import Answered

PAGEVIEW = {"type": "pageview", "path": "/"}


def error_of(answered: Answered) -> tuple[int, str]:
    assert answered.headers["content-type"] == "application/json"
    body = msgspec.json.decode(answered.body)
    assert list(body) == ["error"]
    return answered.status, body["error"]


async def test_says_that_the_key_is_missing(door: Door) -> None:
    assert error_of(await door.collect(PAGEVIEW, key=None)) == (
        401,
        "Missing API key. Provide it via X-Pulse-Key header or ?key= query parameter.",
    )


@pytest.mark.parametrize("key", ["pa_live_unknown", "x", "é"])
async def test_says_that_the_key_is_invalid(door: Door, key: str) -> None:
    assert error_of(await door.collect(PAGEVIEW, key=key)) == (401, "Invalid API key.")


async def test_takes_the_key_from_the_query(door: Door) -> None:
    for query in (f"key={door.key}", f"a=1&key={door.key.replace('_', '%5F')}&b"):
        answered = await door.collect(
            PAGEVIEW, key=None, query=query, headers=[("Content-Type", "text/plain;charset=UTF-8")]
        )
        assert answered.status == 200
    assert len(door.intake.taken) == 2


async def test_prefers_the_key_of_the_header(door: Door) -> None:
    assert (await door.collect(PAGEVIEW, query="key=wrong")).status == 200


async def test_wants_the_ingest_scope(door: Door) -> None:
    _, query_key = door.projects.create_key(door.project, "q", scopes=["query"])
    _, admin_key = door.projects.create_key(door.project, "a", scopes=["admin"])
    assert error_of(await door.collect(PAGEVIEW, key=query_key)) == (
        403,
        "API key does not have the required 'ingest' scope for this endpoint.",
    )
    assert (await door.collect(PAGEVIEW, key=admin_key)).status == 200


async def test_a_revoked_key_stops_with_the_next_request(door: Door) -> None:
    key, secret = door.projects.create_key(door.project, "k")
    assert (await door.collect(PAGEVIEW, key=secret)).status == 200
    door.projects.revoke_key(key.id)
    assert error_of(await door.collect(PAGEVIEW, key=secret)) == (401, "Invalid API key.")


async def test_an_expired_key_is_invalid(door: Door) -> None:
    _, secret = door.projects.create_key(door.project, "k", expires_at_us=NOW_US + 1_000_000)
    assert (await door.collect(PAGEVIEW, key=secret)).status == 200
    door.clock.advance_s(1)
    assert error_of(await door.collect(PAGEVIEW, key=secret)) == (401, "Invalid API key.")


async def test_a_key_limited_to_modules_takes_nothing_else(door: Door) -> None:
    _, secret = door.projects.create_key(door.project, "k", allowed_modules=["webvitals"])
    assert error_of(await door.collect(PAGEVIEW, key=secret)) == (
        403,
        "API key does not have access to module 'pageviews'",
    )
    vital = {"type": "web_vital", "name": "LCP", "value": 1}
    assert (await door.collect(vital, key=secret)).status == 200


async def test_a_switched_off_module_drops_in_silence(door: Door) -> None:
    default = door.projects.find("default")
    _, secret = door.projects.create_key(default, "k")
    answered = await door.collect({"type": "web_vital", "name": "LCP", "value": 1}, key=secret)
    assert (answered.status, answered.body) == (200, b'{"ok":true}')
    assert answered.headers["footfall-dropped"] == "module_off"
    assert door.intake.taken == []
    assert door.counter.counts == {("pulse", "web_vital", "module_off"): 1}


async def test_a_module_that_may_only_be_read_takes_nothing(door: Door) -> None:
    modules = {"pageviews": {"enabled": True, "access": "read"}}
    door.projects.save_settings(door.project.id, {"modules": modules})
    answered = await door.collect(PAGEVIEW)
    assert answered.headers["footfall-dropped"] == "module_off"


async def test_drops_without_consent(door: Door) -> None:
    answered = await door.collect({**PAGEVIEW, "payload": PAGEVIEW, "consent_granted": False})
    assert (answered.status, answered.body) == (200, b'{"ok":true}')
    assert answered.headers["footfall-dropped"] == "no_consent"
    assert door.intake.taken == []


async def test_tells_the_reason_of_the_pipeline(door: Door) -> None:
    door.intake.drop = DropReason.DUPLICATE
    answered = await door.collect(PAGEVIEW)
    assert (answered.status, answered.headers["footfall-dropped"]) == (200, "duplicate")
    assert door.counter.counts == {}


async def test_the_101st_request_of_a_second_waits(door: Door) -> None:
    for _ in range(100):
        assert (await door.collect(PAGEVIEW)).status == 200
    answered = await door.collect(PAGEVIEW)
    assert error_of(answered) == (429, "Rate limit exceeded. Retry after 1 second.")
    assert answered.headers["retry-after"] == "1"
    _, other = door.projects.create_key(door.projects.find("default"), "k")
    assert (await door.collect(PAGEVIEW, key=other)).status == 200
    door.clock.advance_s(1)
    assert (await door.collect(PAGEVIEW)).status == 200


async def test_says_when_nothing_can_be_stored(door: Door) -> None:
    door.intake.error = UnavailableError("disk /var/x is full", retry_after_s=7)
    answered = await door.collect(PAGEVIEW)
    assert error_of(answered) == (
        503,
        "The server cannot take this right now. Retry after 7 seconds.",
    )
    assert answered.headers["retry-after"] == "7"
    assert answered.headers["access-control-allow-origin"] == "*"


async def test_a_fault_of_ours_tells_nothing_and_logs_nothing_personal(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.intake.error = KeyError("someone@example.com")
    assert error_of(await door.collect(PAGEVIEW)) == (500, "Internal server error.")
    assert "KeyError" in caplog.text
    assert "someone@example.com" not in caplog.text


async def test_refuses_a_body_that_is_too_large(door: Door) -> None:
    answered = await door.collect(b" " * 65_537)
    assert error_of(answered) == (413, "The body is larger than the 65536 bytes accepted here.")
    assert answered.headers["connection"] == "close"


async def test_refuses_other_methods(door: Door) -> None:
    answered = await door.collect(PAGEVIEW, method="GET")
    assert error_of(answered) == (405, "Method GET is not allowed here; send POST.")
    assert answered.headers["allow"] == "POST, OPTIONS"


async def test_tells_the_pipeline_who_sent_it(door: Door) -> None:
    await door.collect(
        PAGEVIEW,
        headers=[
            ("User-Agent", "Mozilla/5.0"),
            ("Accept-Language", "de"),
            ("Referer", "https://other.example/"),
            ("Origin", "https://WWW.shop.example:8443"),
            ("X-Forwarded-For", "6.6.6.6"),
        ],
    )
    sender = door.intake.sender
    assert sender.project == door.project.number
    assert (sender.door, sender.ip) == ("pulse", "203.0.113.9")
    assert (sender.user_agent, sender.accept_language) == ("Mozilla/5.0", "de")
    assert sender.received_at_us == NOW_US
    assert sender.site == "www.shop.example"
    assert sender.own_hosts == {"shop.example", "www.shop.example"}
    assert {"user-agent", "origin", "x-pulse-key"} <= sender.headers_seen


@pytest.mark.parametrize(
    ("headers", "site"),
    [
        ([("Origin", "null")], "shop.example"),
        ([("Referer", "https://blog.example/post?x")], "blog.example"),
        ([("Origin", "not a host")], "shop.example"),
        ([], "shop.example"),
    ],
)
async def test_knows_the_site(door: Door, headers: list[tuple[str, str]], site: str) -> None:
    await door.collect(PAGEVIEW, headers=headers)
    assert door.intake.sender.site == site


async def test_answers_every_origin(door: Door) -> None:
    answered = await door.collect(PAGEVIEW, headers=[("Origin", "https://a.example")])
    assert answered.headers["access-control-allow-origin"] == "*"


async def test_answers_only_listed_origins_when_there_is_a_list(door: Door) -> None:
    door.ingest = replace(door.ingest, cors=make_pulse_cors(["https://a.example"]))
    for origin, allowed in (("https://a.example", True), ("https://b.example", False)):
        answered = await door.collect(PAGEVIEW, headers=[("Origin", origin)])
        assert (answered.headers.get("access-control-allow-origin") == origin) is allowed
        assert answered.headers["vary"] == "Origin"


async def test_the_first_use_of_a_key_is_noted(door: Door) -> None:
    await door.collect(PAGEVIEW)
    assert door.projects.list_keys(door.project)[0].last_used_at_us == NOW_US


async def test_many_at_once_are_each_answered(door: Door) -> None:
    door.ingest = replace(door.ingest, limiter=RateLimiter(door.clock, 0))
    bodies = [{"type": "pageview", "path": f"/{i}"} for i in range(200)]
    answers = await asyncio.gather(*(door.collect(body) for body in bodies))
    assert {a.status for a in answers} == {200}
    assert sorted(s.url for _, s in door.intake.taken) == sorted(f"/{i}" for i in range(200))


async def test_a_batch_says_how_many_were_accepted(door: Door) -> None:
    events = [{"type": "pageview", "payload": {"path": f"/{i}"}} for i in range(100)]
    answered = await door.batch({"events": events})
    assert (answered.status, answered.body) == (200, b'{"ok":true,"accepted":100}')
    assert [s.url for _, s in door.intake.taken] == [f"/{i}" for i in range(100)]
    assert "footfall-dropped" not in answered.headers


async def test_a_batch_counts_what_it_drops(door: Door) -> None:
    door.projects.save_settings(door.project.id, {})
    click = {"type": "click_event", "payload": {"path": "/", "x": 1, "y": 2}}
    refused = {**PAGEVIEW, "consent_granted": False}
    answered = await door.batch({"events": [click, PAGEVIEW, refused, click]})
    assert answered.body == b'{"ok":true,"accepted":1}'
    assert answered.headers["footfall-dropped"] == "module_off=2, no_consent=1"
    assert door.intake.signal.url == "/"


async def test_a_batch_of_nothing_wanted_needs_no_intake(door: Door) -> None:
    door.intake.error = UnavailableError()
    answered = await door.batch({"events": [{**PAGEVIEW, "consent_granted": False}] * 2})
    assert answered.body == b'{"ok":true,"accepted":0}'


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "missing required field 'events'."),
        ({"events": []}, "events holds 0 payloads; accepted are 1 to 100."),
        ({"events": [PAGEVIEW] * 101}, "events holds 101 payloads; accepted are 1 to 100."),
        ({"events": [PAGEVIEW, {"type": "event"}]}, "missing required field 'events[1].name'."),
        ({"events": [PAGEVIEW, {}]}, "missing required field 'events[1].type'."),
        ({"events": [{"type": "x"}]}, 'unknown type "x"; accepted are pageview,'),
        (
            {"events": [PAGEVIEW, {"type": "scroll_depth", "path": "/", "max_depth": 101}]},
            "events[1]: max_depth is 101; accepted are 0 to 100.",
        ),
    ],
)
async def test_a_batch_is_valid_as_a_whole_or_refused(
    door: Door, body: dict[str, Any], sentence: str
) -> None:
    status, error = error_of(await door.batch(body))
    assert status == 400
    assert error.startswith(f"Invalid request body: {sentence}")
    assert door.intake.taken == []


async def test_a_batch_may_be_larger_than_one_payload(door: Door) -> None:
    big = {**PAGEVIEW, "title": "t" * 5_000}
    assert (await door.batch({"events": [big] * 100})).status == 200
    assert (await door.batch(b" " * (1024 * 1024 + 1))).status == 413
