"""What PulseGate's tracker sends: identity, events, limits, and errors to the letter."""

import uuid
from typing import Any

import msgspec
import pytest

from footfall.dialects.pulsegate.session_id import SessionIds
from tests.dialects.pulsegate.conftest import PulseGate, sha256
from tests.site import CHROME

START = {"fingerprint_id": "f1", "page": "https://example.com/home"}


async def test_start_gives_ids_as_documented(gate: PulseGate) -> None:
    reply = await gate.track(
        "session/start",
        START
        | {
            "referrer": "https://google.com/",
            "device_info": {
                "user_agent": "Agent/1",
                "language": "de-DE",
                "platform": "Win32",
                "hardware_concurrency": 8,
                "device_memory": 8,
            },
            "screen": {"width": 1920, "height": 1080, "color_depth": 24, "pixel_ratio": 1.5},
        },
    )
    assert uuid.UUID(reply["session_id"]).version == 4
    assert reply == {
        "session_id": reply["session_id"],
        "visitor_id": sha256("visitor:f1"),
        "device_id": sha256("device:Agent/1|f1"),
        "timestamp": gate.now_ms,
    }
    assert [row[:3] for row in await gate.list_kinds()] == [("session_start", "", 0.0)]


async def test_headers_stand_in_for_what_the_body_lacks(gate: PulseGate) -> None:
    answer = await gate.post(
        "session/start", {"page": "https://example.com/"}, headers=[("X-Fingerprint-ID", "f9")]
    )
    reply = msgspec.json.decode(answer.body)
    assert reply["visitor_id"] == sha256("visitor:f9")
    assert reply["device_id"] == sha256(f"device:{CHROME}|f9")
    for number in range(2):
        body = {"session_id": f"stranger {number}", "event_type": "page_view", "page": "/"}
        assert (await gate.post("event", body, headers=[("X-Visitor-ID", "v")])).status == 200
    assert (await gate.read("overview"))["unique_visitors"] == 2


async def test_every_event_becomes_what_it_is_among_our_kinds(gate: PulseGate) -> None:
    session = await gate.start("f1")
    now = gate.now_ms
    events: list[dict[str, Any]] = [
        {"event_type": "page_view", "page": "https://example.com/home", "timestamp": now + 1},
        {"event_type": "click", "x": 10.5, "y": 20, "element": "BUTTON#cta", "timestamp": now + 2},
        {"event_type": "navigation", "page": "https://example.com/b", "timestamp": now + 3},
        {"event_type": "visibility_change", "timestamp": now + 4, "data": {"state": "hidden"}},
        {"event_type": "scroll", "scroll_percent": 20, "timestamp": now + 5},
        {"event_type": "scroll", "scroll_percent": 80, "timestamp": now + 6},
        {"event_type": "scroll", "scroll_percent": 40, "timestamp": now + 7},
        *({"event_type": "mousemove", "x": n, "y": n, "timestamp": now + 8 + n} for n in range(5)),
        {"event_type": "brochure_opened", "data": {"name": "Sky"}, "timestamp": now + 20},
    ]
    reply = await gate.track("events/batch", {"session_id": session, "events": events})
    assert reply == {"accepted": 13, "timestamp": gate.now_ms}
    stored = await gate.list_kinds()
    assert [row[:3] for row in stored] == [
        ("session_start", "", 0.0),
        ("pageview", "", 0.0),
        ("click", "BUTTON#cta", 0.0),
        ("activity", "navigation", 1.0),
        ("activity", "visibility_change", 1.0),
        ("activity", "scroll", 2.0),
        ("scroll_depth", "", 80.0),
        ("activity", "mousemove", 5.0),
        ("event", "brochure_opened", 0.0),
    ]
    assert len({row[3] for row in stored}) == 1
    query = "SELECT props FROM events WHERE name = 'mousemove'"
    ((props,),) = gate.site.footfall.warehouse.query(query).rows
    assert msgspec.json.decode(props) == {"moves": [[now + 8 + n, n, n] for n in range(5)]}
    assert (await gate.read("overview"))["total_events"] == 13
    rows = gate.site.footfall.warehouse.query(
        "SELECT kind FROM events WHERE interactive = 1 ORDER BY kind"
    ).rows
    assert [row[0] for row in rows] == ["event", "pageview"]


async def test_single_event_gets_an_id_and_the_time(gate: PulseGate) -> None:
    session = await gate.start("f1")
    reply = await gate.track("event", {"session_id": session, "event_type": "page_view"})
    assert uuid.UUID(reply.pop("event_id")).version == 4
    assert reply == {"timestamp": gate.now_ms}
    # The event named no page: it is the one the session began on.
    assert (await gate.read("pages/top"))[0]["page"] == "https://example.com/home"


async def test_event_of_a_known_session_belongs_to_its_visitor(gate: PulseGate) -> None:
    session = await gate.start("f1")
    body = {"session_id": session, "event_type": "page_view", "visitor_id": "made up"}
    await gate.track("event", body, ip="198.51.100.7")
    assert (await gate.read("overview"))["unique_visitors"] == 1


async def test_stranger_session_is_kept(gate: PulseGate) -> None:
    for path, body in (
        ("event", {"event_type": "mousemove"}),
        ("event", {"event_type": "scroll", "scroll_percent": 10}),
        ("session/end", {}),
    ):
        await gate.track(path, {"session_id": "unknown-session", **body})
    assert (await gate.read("overview"))["total_sessions"] == 0
    assert (await gate.read("storage")) == {"total_objects": 3, "estimated_sessions": 0}
    body = {"session_id": "unknown-session", "event_type": "page_view", "page": "https://e.com/x"}
    await gate.track("event", body)
    assert (await gate.read("pages/top")) == [
        {"page": "https://e.com/x", "views": 1, "unique_sessions": 1}
    ]


async def test_times_are_kept_within_the_session(gate: PulseGate) -> None:
    session = await gate.start("f1")
    long_ago = {"event_type": "page_view", "timestamp": 1_740_000_000_000}
    await gate.track("event", {"session_id": session, **long_ago})
    end = {"session_id": session, "timestamp": gate.now_ms + 80_000}
    reply = await gate.track("session/end", end)
    assert reply == {"session_id": session, "ended_at": gate.now_ms + 80_000}
    assert (await gate.read("overview"))["avg_session_duration_s"] == 80


async def test_clock_of_a_sender_who_tells_it_is_set_right(gate: PulseGate) -> None:
    session = await gate.start("f1")
    wrong = gate.now_ms - 3_600_000
    await gate.track(
        "session/end", {"session_id": session, "timestamp": wrong - 0, "sent_at": wrong - 60_000}
    )
    assert (await gate.read("overview"))["avg_session_duration_s"] == 60


async def test_event_sent_twice_with_an_id_counts_once(gate: PulseGate) -> None:
    session = await gate.start("f1")
    events = [{"event_type": "page_view", "id": "a"}, {"event_type": "click", "id": "b"}]
    for accepted in (2, 0):
        answer = await gate.post("events/batch", {"session_id": session, "events": events})
        assert msgspec.json.decode(answer.body)["accepted"] == accepted
    assert (await gate.read("overview"))["total_events"] == 2


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("session/start", b"{", "Invalid JSON body: it is not valid JSON"),
        ("session/start", b"", "Invalid JSON body: it is empty"),
        ("session/start", b"[]", "Invalid JSON body: it is []"),
        ("session/start", {"page": "/"}, "missing required field 'fingerprint_id'"),
        ("session/start", {"fingerprint_id": "f"}, "missing required field 'page'"),
        ("session/start", {"fingerprint_id": "", "page": "/"}, "missing required field"),
        ("session/start", {"fingerprint_id": 7, "page": "/"}, "field 'fingerprint_id' is 7"),
        ("session/start", {"fingerprint_id": "f" * 256, "page": "/"}, "has 256 characters"),
        ("event", {"event_type": "click"}, "missing required field 'session_id'"),
        ("event", {"session_id": "s"}, "missing required field 'event_type'"),
        ("event", {"session_id": "s", "event_type": "x" * 65}, "accepted are 1 to 64"),
        ("event", {"session_id": "s", "event_type": "click", "x": "1"}, "field 'x' is \"1\""),
        ("events/batch", {"session_id": "s"}, "missing required field 'events'"),
        ("events/batch", {"session_id": "s", "events": []}, "events has 0 entries"),
        ("events/batch", {"session_id": "s", "events": {}}, "field 'events' is {}"),
        (
            "events/batch",
            {"session_id": "s", "events": [{"event_type": "e"}] * 101},
            "events has 101 entries; accepted are 1 to 100",
        ),
        (
            "events/batch",
            {"session_id": "s", "events": [{"event_type": "e"}, {}]},
            "missing required field 'events[1].event_type'",
        ),
        ("session/end", {}, "missing required field 'session_id'"),
    ],
)
async def test_bad_body_is_refused_with_a_sentence(
    gate: PulseGate, path: str, body: Any, sentence: str
) -> None:
    answer = await gate.post(path, body)
    assert answer.status == 400
    assert sentence in msgspec.json.decode(answer.body)["error"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert await gate.list_kinds() == []


async def test_unknown_site_key_is_refused(gate: PulseGate) -> None:
    answer = await gate.post("session/start", START | {"siteKey": "pk_live_nobody"})
    assert answer.status == 403
    assert msgspec.json.decode(answer.body) == {"error": "Unknown site key 'pk_live_nobody'"}


@pytest.mark.parametrize(
    ("path", "limit"),
    [("session/start", 10), ("session/end", 10), ("events/batch", 30), ("event", 120)],
)
async def test_each_address_has_its_minute(gate: PulseGate, path: str, limit: int) -> None:
    body = {
        "session/start": START,
        "session/end": {"session_id": "s"},
        "event": {"session_id": "s", "event_type": "mousemove"},
        "events/batch": {"session_id": "s", "events": [{"event_type": "mousemove"}]},
    }[path]
    gate.site.set_clock(20)
    for number in range(limit):
        answer = await gate.post(path, body)
        assert (answer.status, answer.headers["x-ratelimit-remaining"]) == (
            200,
            str(limit - number - 1),
        )
    answer = await gate.post(path, body)
    assert (answer.status, answer.body) == (429, b'{"error":"Rate limit exceeded"}')
    assert answer.headers["retry-after"] == "40"
    assert answer.headers["x-ratelimit-remaining"] == "0"
    assert answer.headers["x-ratelimit-reset"] == str(gate.now_ms // 1_000 + 40)
    assert (await gate.post(path, body, ip="198.51.100.7")).status == 200
    gate.site.set_clock(60)
    assert (await gate.post(path, body)).status == 200


async def test_other_methods_and_paths(gate: PulseGate) -> None:
    call = gate.site.call
    answer = await call("GET", "/track/event")
    assert (answer.status, answer.body) == (405, b'{"error":"Method not allowed"}')
    assert answer.headers["allow"] == "POST, OPTIONS"
    answer = await call("POST", "/track/nothing")
    assert (answer.status, answer.body) == (404, b'{"error":"Not found"}')
    answer = await call("OPTIONS", "/track/events/batch")
    assert answer.status == 204
    assert answer.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    large = await gate.post("event", b" " * (64 * 1024 + 1))
    assert large.status == 413


async def test_session_is_known_after_a_restart(gate: PulseGate) -> None:
    shop = gate.site.project
    ids = gate.site.footfall.secrets.lasting_key
    session = SessionIds(ids).make(shop.number, gate.site.clock.now_us())
    body = {"session_id": session, "event_type": "page_view", "page": "https://shop.example/"}
    await gate.track("event", body)
    assert (await gate.read("overview"))["total_events"] == 0
    assert (await gate.read(f"overview?project={shop.slug}"))["total_events"] == 1
