"""Recordings through PulseGate's door: taken where they are wanted, masked, read by who may."""

import gzip
import json
import random
import string
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.api.control import ErasedFacts
from footfall.clock import US_PER_DAY
from footfall.leads.erasure import Person
from footfall.replay import chunk as chunk_module
from footfall.replayroom import tidy
from tests.dialects.pulsegate.conftest import ADMIN, MARKETING, PulseGate, sha256
from tests.site import NOON, open_site
from tests.unit.http.asgi_call import Answered

KEY = "pk_live_shop"
PAGE = [("Origin", "https://www.shop.example")]
NOON_MS = NOON // 1_000
HOME = "https://shop.example/home"


def meta(ms: int = 0, href: str = f"{HOME}?mail=rita%40example.com") -> dict[str, Any]:
    data = {"href": href, "width": 1280, "height": 720}
    return {"type": 4, "timestamp": NOON_MS + ms, "data": data}


def snapshot(text: str = "Welcome", ms: int = 1) -> dict[str, Any]:
    field = {"type": 2, "tagName": "input", "attributes": {"value": "typed"}, "childNodes": []}
    words = {"type": 3, "textContent": text, "id": 5}
    body = {"type": 2, "tagName": "body", "attributes": {}, "childNodes": [field, words]}
    node = {"type": 0, "childNodes": [body], "id": 1}
    return {"type": 2, "timestamp": NOON_MS + ms, "data": {"node": node}}


def move(ms: int) -> dict[str, Any]:
    data = {"source": 1, "positions": [{"x": 1, "y": 2, "id": 1, "timeOffset": 0}]}
    return {"type": 3, "timestamp": NOON_MS + ms, "data": data}


@pytest.fixture
async def shop(gate: PulseGate) -> PulseGate:
    """A site that records."""
    made = await manage(gate, "POST", "/sites", {"name": "Shop", "site_key": KEY}, status=201)
    domain = {"domain": "shop.example"}
    await manage(gate, "POST", f"/sites/{made['id']}/domains", domain, status=201)
    await manage(gate, "PATCH", f"/sites/{made['id']}", {"record_session": True})
    return gate


async def manage(
    gate: PulseGate, method: str, path: str, body: Any = None, *, status: int = 200
) -> Any:
    headers = [("X-API-Key", ADMIN)]
    answered = await gate.site.call(method, f"/analytics{path}", body, headers=headers)
    assert answered.status == status, answered.body
    return msgspec.json.decode(answered.body)


async def begin(gate: PulseGate, fingerprint: str = "f-1", **more: Any) -> str:
    return await gate.start(fingerprint, siteKey=KEY, page=HOME, **more)


async def send(
    gate: PulseGate,
    session_id: str,
    *events: Any,
    site_key: str | None = KEY,
    headers: Any = PAGE,
    **more: Any,
) -> Answered:
    body = {"session_id": session_id, "events": list(events), **more}
    return await gate.post("recording", {**body, "siteKey": site_key}, headers=headers)


async def record(gate: PulseGate, session_id: str, *events: Any, **more: Any) -> Any:
    answered = await send(gate, session_id, *events, **more)
    assert answered.status == 200, answered.body
    return msgspec.json.decode(answered.body)


async def read(
    gate: PulseGate, path: str, *, key: str = ADMIN, status: int = 200, method: str = "GET"
) -> Any:
    answered = await gate.site.call(method, f"/replay{path}", headers=[("X-API-Key", key)])
    assert answered.status == status, (answered.status, answered.body)
    return msgspec.json.decode(answered.body)


async def test_a_large_piece_is_packed_once(shop: PulseGate) -> None:
    session_id = await begin(shop)
    words = "".join(random.Random(1).choices(string.ascii_letters, k=20_000))
    await record(shop, session_id, meta(), snapshot(words), seq=1)
    path = f"/replay/sessions/{session_id}/chunks/1"
    headers = [("X-API-Key", ADMIN), ("Accept-Encoding", "gzip, deflate, br")]
    answered = await shop.site.call("GET", path, headers=headers)
    assert answered.headers["content-encoding"] == "gzip"
    assert words in gzip.decompress(answered.body).decode()


async def test_a_piece_is_kept_masked_and_read_back(shop: PulseGate) -> None:
    session_id = await begin(shop)
    told = await record(shop, session_id, meta(), snapshot(), move(500), seq=1)
    assert told == {"accepted": 3, "timestamp": NOON_MS}
    shown = await read(shop, f"/sessions/{session_id}")
    (piece,) = shown["chunks"]
    assert (piece["seq"], piece["first"], piece["last"]) == (1, NOON_MS, NOON_MS + 500)
    events = await read(shop, f"/sessions/{session_id}/chunks/1")
    assert [event["type"] for event in events] == [4, 2, 3]
    assert events[0]["data"]["href"] == HOME
    assert "Welcome" in json.dumps(events)
    assert "typed" not in json.dumps(events)
    names = list(shop.site.footfall.replayroom.recordings._objects.list("replay"))
    (kept,) = (shop.site.footfall.replayroom.recordings._objects.load(name) for name in names)
    assert b"typed" not in gzip.decompress(kept)


async def test_documented_shapes(shop: PulseGate) -> None:
    session_id = await begin(shop)
    at = NOON_MS + 2_000
    moves = [{"event_type": "mousemove", "x": n, "y": 7, "timestamp": at + n} for n in (1, 2)]
    click = {"event_type": "click", "x": 5, "y": 6, "element": "BUTTON#buy", "timestamp": at + 9}
    view = {"event_type": "page_view", "timestamp": at}
    sent = [{"page": HOME, **event} for event in (view, *moves, click)]
    shop.site.set_clock(3)
    await shop.track("events/batch", {"session_id": session_id, "events": sent})
    await record(shop, session_id, meta(), snapshot(), move(2_500), seq=1)
    listed = await read(shop, "/sessions")
    assert listed["total"] == 1
    assert listed["sessions"] == [
        {
            "session_id": session_id,
            "visitor_id": sha256("visitor:f-1"),
            "entry_page": "/home",
            "country": "DE",
            "started_at": NOON_MS,
            "duration": 2_009,
            "engagement_score": 1,
            "event_count": 4,
            "recorded": True,
            "recorded_events": 3,
            "recorded_duration": 2_500,
        }
    ]
    shown = await read(shop, f"/sessions/{session_id}")
    assert shown["session"] == listed["sessions"][0]
    assert shown["event_count"] == 4
    assert {key for event in shown["events"] for key in event} == {
        *("event_id", "event_type", "x", "y", "element", "page", "timestamp")
    }
    seen = [
        (e["event_type"], e["x"], e["y"], e["element"], e["timestamp"] - at)
        for e in shown["events"]
        if e["event_type"] != "session_start"
    ]
    assert seen == [
        ("page_view", 0, 0, "", 0),
        ("mousemove", 1, 7, "", 1),
        ("mousemove", 2, 7, "", 2),
        ("click", 5, 6, "BUTTON#buy", 9),
    ]
    assert {e["page"] for e in shown["events"]} == {HOME}
    ids = [event["event_id"] for event in shown["events"]]
    assert len(set(ids)) == len(ids)


async def test_visits_that_were_not_recorded_are_listed_and_told_apart(shop: PulseGate) -> None:
    first = await begin(shop, "f-1")
    shop.site.set_clock(60)
    await begin(shop, "f-2")
    await record(shop, first, meta(), snapshot(), seq=1)
    listed = await read(shop, "/sessions")
    assert [one["recorded"] for one in listed["sessions"]] == [False, True]
    assert listed["total"] == 2
    # Its sender's id is not kept where nothing was recorded; the digits find it all the same.
    unrecorded = listed["sessions"][0]["session_id"]
    assert len(unrecorded) == 16
    shown = await read(shop, f"/sessions/{unrecorded}")
    assert (shown["session"]["session_id"], shown["chunks"]) == (unrecorded, [])
    only = await read(shop, "/sessions?recorded=true")
    assert ([one["session_id"] for one in only["sessions"]], only["total"]) == ([first], 1)
    mine = await read(shop, f"/sessions?visitor_id={sha256('visitor:f-2')}")
    assert [one["visitor_id"] for one in mine["sessions"]] == [sha256("visitor:f-2")]
    assert mine["total"] == 1
    page = await read(shop, "/sessions?limit=1&offset=1&sort=started_at_desc")
    assert ([one["session_id"] for one in page["sessions"]], page["total"]) == ([first], 2)


async def test_says_what_is_wrong(shop: PulseGate) -> None:
    session_id = await begin(shop)
    assert (await send(shop, "", snapshot())).status == 400
    for bad, said in (
        ([], b"events has 0 entries"),
        ([{"type": 2}], b"timestamp"),
        ([{**snapshot(), "timestamp": 5}], b"within 24 hours"),
    ):
        answered = await send(shop, session_id, *bad)
        assert answered.status == 400
        assert said in answered.body
    without = await shop.post("recording", {"session_id": session_id, "siteKey": KEY}, headers=PAGE)
    assert (without.status, without.body) == (400, b'{"error":"missing required field \'events\'"}')
    assert (await shop.post("recording", b"{", headers=PAGE)).status == 400
    deep = b'{"session_id":"s","events":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    assert (await shop.post("recording", deep, headers=PAGE)).status == 400
    unsorted = await read(shop, "/sessions?sort=name", status=400)
    assert "sort is 'name'; accepted is started_at_desc" in unsorted["error"]
    assert (await read(shop, "/sessions/nobody", status=404))["error"]
    await read(shop, f"/sessions/{session_id}/chunks/7", status=404)
    assert (await read(shop, "/sessions?limit=0", status=400))["error"]


async def test_nothing_is_taken_where_recording_is_off(shop: PulseGate) -> None:
    session_id = await begin(shop)
    foreign = [("Origin", "https://elsewhere.example")]
    for site_key, headers, status in (
        (None, PAGE, 403),
        ("pk_unknown", PAGE, 403),
        (KEY, foreign, 403),
        (KEY, [("Origin", "")], 403),
        (KEY, [*PAGE, ("DNT", "1")], 403),
        (KEY, [*PAGE, ("Sec-GPC", "1")], 403),
    ):
        answered = await send(shop, session_id, snapshot(), site_key=site_key, headers=headers)
        assert answered.status == status, (site_key, headers)
    (site,) = await manage(shop, "GET", "/sites")
    await manage(shop, "PATCH", f"/sites/{site['id']}", {"record_session": False})
    answered = await send(shop, session_id, snapshot())
    expected = {"error": "Recording is switched off for this site"}
    assert (answered.status, msgspec.json.decode(answered.body)) == (403, expected)
    assert list(shop.site.footfall.replayroom.recordings._objects.list("replay")) == []


async def test_pages_without_a_site_key_are_recorded_only_if_the_operator_says_so(
    tmp_path: Path,
) -> None:
    settings = {"ANALYTICS_API_KEY": ADMIN, "PULSEGATE_RECORDING": "on"}
    async with open_site(tmp_path, settings=settings) as opened:
        gate = PulseGate(opened)
        config = await opened.call("GET", "/track/config")
        assert msgspec.json.decode(config.body)["recordSession"] is True
        session_id = await gate.start("f-1")
        await record(gate, session_id, meta(), snapshot(), site_key=None, seq=1)
        found = await read(gate, f"/sessions/{session_id}")
        assert len(found["chunks"]) == 1


async def test_a_piece_sent_again_counts_once(shop: PulseGate) -> None:
    session_id = await begin(shop)
    for _ in range(2):
        await record(shop, session_id, meta(), snapshot(), seq=4)
        await record(shop, session_id, move(900))
    found = await read(shop, f"/sessions/{session_id}")
    assert len(found["chunks"]) == 2
    assert found["session"]["recorded_events"] == 3


async def test_late_and_compressed_pieces_are_taken(shop: PulseGate) -> None:
    session_id = await begin(shop)
    await record(shop, session_id, move(9_000), seq=2)
    body = {"session_id": session_id, "siteKey": KEY, "seq": 1, "events": [meta(), snapshot()]}
    packed = gzip.compress(json.dumps(body).encode())
    answered = await shop.post("recording", packed, headers=PAGE)
    assert answered.status == 200, answered.body
    found = await read(shop, f"/sessions/{session_id}")
    assert [piece["seq"] for piece in found["chunks"]] == [1, 2]
    assert found["session"]["recorded_duration"] == 9_000


async def test_clock_of_the_page_is_set_right_by_what_it_says(shop: PulseGate) -> None:
    session_id = await begin(shop)
    hour = 3_600_000
    events = [meta(-hour), snapshot(ms=-hour + 1)]
    await record(shop, session_id, *events, seq=1, sent_at=NOON_MS - hour)
    found = await read(shop, f"/sessions/{session_id}")
    assert found["clock_skew"] == hour
    assert found["chunks"][0]["first"] + found["clock_skew"] == NOON_MS


async def test_limits(shop: PulseGate, monkeypatch: pytest.MonkeyPatch) -> None:
    session_id = await begin(shop)
    too_much = await shop.post("recording", b"x" * (2 * 1024 * 1024 + 1), headers=PAGE)
    assert too_much.status == 413
    with monkeypatch.context() as smaller:
        smaller.setattr(chunk_module, "UNPACKED_LIMIT_BYTES", 1_000)
        bomb = await shop.post("recording", gzip.compress(b" " * 2_000), headers=PAGE)
        assert (bomb.status, b"unpacked" in bomb.body) == (413, True)
    told = [await send(shop, session_id, move(n), seq=n) for n in range(29)]
    assert [answered.status for answered in told] == [200] * 28 + [429]
    assert told[0].headers["x-ratelimit-remaining"] == "27"
    assert json.loads(told[-1].body) == {"error": "Rate limit exceeded"}
    assert told[-1].headers["retry-after"] == "60"


async def test_who_may_see(shop: PulseGate) -> None:
    session_id = await begin(shop)
    await record(shop, session_id, meta(), snapshot("Write to rita@example.com"), seq=1)
    for path in ("/sessions", f"/sessions/{session_id}", f"/sessions/{session_id}/chunks/1"):
        answered = await shop.site.call("GET", f"/replay{path}")
        assert answered.status == 401
        assert answered.headers["www-authenticate"] == "Bearer"
        await read(shop, path, key=MARKETING)
    masked = await read(shop, f"/sessions/{session_id}/chunks/1", key=MARKETING)
    assert "Write to r***@example.com" in json.dumps(masked)
    whole = await read(shop, f"/sessions/{session_id}/chunks/1")
    assert "rita@example.com" in json.dumps(whole)
    made = {"name": "Agency", "pages": ["overview"]}
    key = (await manage(shop, "POST", "/marketing-keys", made, status=201))["api_key"]
    for path in ("/sessions", f"/sessions/{session_id}", f"/sessions/{session_id}/chunks/1"):
        await read(shop, path, key=key, status=403)
    await read(shop, f"/sessions/{session_id}", key=MARKETING, method="DELETE", status=403)
    assert await read(shop, f"/sessions/{session_id}", method="DELETE") == {"deleted": True}
    await read(shop, f"/sessions/{session_id}/chunks/1", status=404)
    assert (await read(shop, f"/sessions/{session_id}"))["chunks"] == []


async def test_recording_belongs_to_its_project(shop: PulseGate) -> None:
    session_id = await begin(shop)
    await record(shop, session_id, meta(), snapshot(), seq=1)
    other = f"?project={shop.site.project.slug}"
    assert (await read(shop, f"/sessions{other}&recorded=true"))["total"] == 0
    await read(shop, f"/sessions/{session_id}{other}", status=404)
    await read(shop, f"/sessions/{session_id}/chunks/1{other}", status=404)


async def test_shell_is_open_and_holds_nothing(shop: PulseGate) -> None:
    session_id = await begin(shop)
    await record(shop, session_id, meta(), snapshot(), seq=1)
    answered = await shop.site.call("GET", "/replay")
    assert answered.status == 200
    assert answered.headers["content-type"].startswith("text/html")
    assert session_id.encode() not in answered.body
    policy = answered.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "frame-src 'none'" in policy


async def test_lead_leads_to_its_recordings(shop: PulseGate) -> None:
    session_id = await begin(shop)
    await record(shop, session_id, meta(), snapshot(), seq=1)
    visitor = sha256("visitor:f-1")
    shop.site.set_clock(2_400)
    await begin(shop)  # a later visit of the same person, unrecorded and sending the form
    form = {"FIRSTNAME": "Rita", "EMAIL": "rita@example.com", "__visitor_id": visitor}
    headers = [("Content-Type", "application/json")]
    taken = await shop.site.call("POST", "/lead.capture", form, headers=headers)
    assert taken.status == 200, taken.body
    (lead,) = (await shop.read("leads"))["leads"]
    sessions = (await shop.read(f"leads/{lead['lead_id']}"))["sessions"]
    assert [one["recorded"] for one in sessions] == [False, True]
    assert [one["replay_url"] for one in sessions] == ["", f"/replay/sessions/{session_id}"]
    assert sessions[1]["session_id"] == session_id
    await read(shop, sessions[1]["replay_url"].removeprefix("/replay"))


async def test_erasing_a_person_reaches_recordings(shop: PulseGate) -> None:
    first, other = await begin(shop, "f-1"), await begin(shop, "f-2")
    for session_id in (first, other):
        await record(shop, session_id, meta(), snapshot(), seq=1)
    person = {"visitor_id": sha256("visitor:f-1")}
    given = await manage(shop, "POST", "/persons/export", person)
    (kept,) = given["recordings"]
    assert (kept["session_id"], kept["entry_page"], kept["events"]) == (first, HOME, 2)
    assert kept["replay_url"] == f"/replay/sessions/{first}"
    erased = await manage(shop, "POST", "/persons/erase", person)
    assert erased["recordings"] == 1
    await read(shop, f"/sessions/{first}", status=404)
    assert (await read(shop, "/sessions?recorded=true"))["total"] == 1
    objects = shop.site.footfall.replayroom.recordings._objects
    assert len(list(objects.list("replay"))) == 1
    control = shop.site.footfall.control
    told = await control.erase_person(Person(visitor_id=sha256("visitor:f-2")))
    assert told == ErasedFacts(leads=0, submissions=0, visitors=1, recordings=1)
    assert list(objects.list("replay")) == []


async def test_erasing_a_project_reaches_recordings(shop: PulseGate) -> None:
    project = shop.site.project
    body = {"name": "Other", "site_key": "pk_live_other", "project": project.slug}
    made = await manage(shop, "POST", "/sites", body, status=201)
    await manage(
        shop, "POST", f"/sites/{made['id']}/domains", {"domain": "shop.example"}, status=201
    )
    await manage(shop, "PATCH", f"/sites/{made['id']}", {"record_session": True})
    session_id = await shop.start("f-1", siteKey="pk_live_other")
    await record(shop, session_id, meta(), snapshot(), seq=1, site_key="pk_live_other")
    objects = shop.site.footfall.replayroom.recordings._objects
    assert len(list(objects.list("replay"))) == 1
    await shop.site.footfall.erasure.erase(project)
    assert list(objects.list("replay")) == []
    with shop.site.footfall.records.transaction() as t:
        assert t.count("recordings", {}) == 0


async def test_where_visitors_are_not_known_again_recordings_do_not_tell_either(
    shop: PulseGate,
) -> None:
    settings = {"settings": {"daily_visitors": True}}
    default = shop.site.footfall.directory.find_slug("default")
    assert default is not None
    await shop.site.admin("PUT", f"/projects/{default.project.id}", settings)
    session_id = await begin(shop)
    await record(shop, session_id, meta(), snapshot(), seq=1)
    with shop.site.footfall.records.transaction() as t:
        (kept,) = t.find("recordings", {})
    assert kept["visitor_id"] == ""


async def test_old_recordings_are_forgotten_and_strangers_objects_swept(shop: PulseGate) -> None:
    session_id = await begin(shop)
    await record(shop, session_id, meta(), snapshot(), seq=1)
    room = shop.site.footfall.replayroom
    room.recordings._objects.save("replay/1/00000000000000ff/1.json.gz", b"x")
    swept_us = tidy(room, 0)
    assert swept_us == NOON
    assert len(list(room.recordings._objects.list("replay"))) == 1
    shop.site.clock.set_us(NOON + 30 * US_PER_DAY)
    tidy(room, swept_us)
    assert list(room.recordings._objects.list("replay")) == []
    assert (await read(shop, "/sessions?recorded=true"))["total"] == 0
