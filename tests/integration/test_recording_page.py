"""The dashboard's pages of recordings over the whole program: the list and its filters, one
recording with what happened in it, its pieces, the switch of a site, and who may see any of it."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from footfall import replayroom
from footfall.clock import US_PER_DAY
from footfall.forms.register import SiteChange
from footfall.replayroom import run_replayroom
from tests.integration.test_alert_page import read, send, sign_in
from tests.site import CHROME, NOON, Site, open_site

PAGE = "/dashboard/p/shop/recordings"
NOON_MS = NOON // 1_000
KEY = "pk_live_shop"
GERMAN, FRENCH = "91.64.10.1", "82.64.10.1"


@dataclass
class House:
    """A shop whose visits are recorded, and the operator's cookie."""

    site: Site
    cookie: str
    number: int
    sessions: list[str] = field(default_factory=list)

    async def track(self, path: str, body: Any, ip: str) -> Any:
        headers = [("Origin", "https://shop.example")]
        answered = await self.site.post(
            ip, CHROME, {"siteKey": KEY, **body}, f"/track/{path}", headers
        )
        assert answered.status == 200, answered.body
        return json.loads(answered.body)

    async def visit(
        self, fingerprint: str, page: str, *, after_s: float, lasts_s: float, ip: str = GERMAN
    ) -> str:
        """Record a visit: a page, a click at its end."""
        self.site.set_clock(after_s)
        start_ms = NOON_MS + int(after_s * 1_000)
        url = f"https://shop.example{page}"
        begun = await self.track("session/start", {"fingerprint_id": fingerprint, "page": url}, ip)
        session_id = str(begun["session_id"])
        self.site.set_clock(after_s + lasts_s)
        end_ms = start_ms + int(lasts_s * 1_000)
        click = {"event_type": "click", "element": "A#buy", "page": url, "timestamp": end_ms}
        view = {"event_type": "page_view", "page": url, "timestamp": start_ms}
        named = {"event_type": "<b>offer</b>", "page": url, "timestamp": start_ms + 1_000}
        moved = {"event_type": "mousemove", "page": url, "timestamp": start_ms + 500}
        sent = {"session_id": session_id, "events": [view, click, named, moved]}
        await self.track("events/batch", sent, ip)
        data = {"href": url, "width": 800, "height": 600}
        for seq, ms in ((1, start_ms), (2, end_ms)):
            events = [{"type": 4, "timestamp": ms, "data": data}]
            await self.track(
                "recording", {"session_id": session_id, "seq": seq, "events": events}, ip
            )
        self.sessions.append(session_id)
        return session_id

    async def list_entries(self, query: str = "") -> list[str]:
        page = await read(self.site, f"{PAGE}{query}", self.cookie)
        return [
            unescape(found) for found in re.findall(r'recording-page" title="[^"]*">([^<]+)', page)
        ]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with open_site(tmp_path) as site:
        forms = site.footfall.forms
        made = forms.create_site(site.project.number, name="Shop", site_key=KEY)
        forms.add_domain(made.number, "shop.example")
        forms.change_site(made.number, SiteChange(records_sessions=True))
        yield House(site, await sign_in(site), made.number)


async def test_visits_are_listed_and_found_by_what_they_were(house: House) -> None:
    await house.visit("f-1", "/pricing", after_s=0, lasts_s=5)
    await house.visit("f-2", "/", after_s=100, lasts_s=70, ip=FRENCH)
    await house.visit("f-1", "/Flats", after_s=3_000, lasts_s=300)
    house.site.set_clock(10_000)
    assert await house.list_entries() == ["/Flats", "/", "/pricing"]
    assert await house.list_entries("?longer=60") == ["/Flats", "/"]
    assert await house.list_entries("?entry=flat") == ["/Flats"]
    assert await house.list_entries("?land=fr") == ["/"]
    # Five minutes, a click and an earlier visit: 30 + 1 + 5 points; the others have 1 and 8.
    assert await house.list_entries("?score=21") == ["/Flats"]
    page = await read(house.site, PAGE, house.cookie)
    assert "36 <small" in page
    assert "Germany" in page
    visitor = re.search(r"visitor=([0-9a-f]{64})", page)
    assert visitor is not None
    assert await house.list_entries(f"?visitor={visitor[1]}") == ["/Flats", "/pricing"]
    assert await house.list_entries("?period=yesterday") == []
    nothing = await read(house.site, f"{PAGE}?longer=600", house.cookie)
    assert "No recording fits." in nothing
    wrong = await house.site.call("GET", f"{PAGE}?longer=x", headers=[("Cookie", house.cookie)])
    assert wrong.status == 400
    assert b"longer is &#39;x&#39;" in wrong.body


async def test_the_list_has_pages(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("choice", "page"):
        monkeypatch.setattr(f"footfall.dashboard.recording.{module}.PER_PAGE", 2)
    for turn in range(3):
        await house.visit(f"f-{turn}", f"/{turn}", after_s=turn * 61, lasts_s=1)
    first = await read(house.site, PAGE, house.cookie)
    assert "1–2 of 3" in first
    older = re.search(r'href="([^"]+)">Older', first)
    assert older is not None
    assert await house.list_entries(unescape(older[1]).removeprefix(PAGE)) == ["/0"]
    assert await house.list_entries("?land=DE") == ["/2", "/1"]
    assert await house.list_entries("?land=DE&offset=2") == ["/0"]


async def test_one_recording_shows_what_happened_in_its_order(house: House) -> None:
    session_id = await house.visit("f-1", "/pricing", after_s=0, lasts_s=65)
    url = f"{PAGE}/{session_id}"
    answered = await house.site.call("GET", url, headers=[("Cookie", house.cookie)])
    page = answered.body.decode()
    steps = re.findall(r'data-at="(\d+)" data-kind="(\w+)".*?<time>([\d:]+)</time>', page)
    assert steps == [("0", "view", "0:00"), ("1000", "event", "0:01"), ("65000", "click", "1:05")]
    assert "&lt;b&gt;offer&lt;/b&gt;" in page
    assert f'data-chunks="{url}/chunks/1 {url}/chunks/2"' in page
    assert "1m 05s, 2 pages, 2 changes" in page
    assert "31 Mar 2026, 12:01" in page
    assert "Chrome 131, Windows, Desktop" in page
    policy = answered.headers["content-security-policy"]
    for rule in (
        "default-src 'none'",
        "script-src 'self'",
        "frame-src 'none'",
        "img-src 'self' data: blob: https://shop.example:* http://shop.example:* "
        "https://*.shop.example:*",
    ):
        assert rule in policy.split("; ")
    own = [("Cookie", house.cookie)]
    piece = await house.site.call("GET", f"{url}/chunks/1", headers=own)
    assert json.loads(piece.body)[0]["data"]["href"] == "https://shop.example/pricing"
    packed = await house.site.call(
        "GET", f"{url}/chunks/1", headers=[*own, ("Accept-Encoding", "gzip")]
    )
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == piece.body
    visits, number = house.site.footfall.replayroom.visits, house.site.project.number
    assert await visits.has_recording(number, session_id)
    assert not await visits.has_recording(number + 1, session_id)
    assert not await visits.has_recording(number, "nobody")
    for gone in (f"{url}/chunks/9", f"{url}/chunks/x", f"{PAGE}/nobody"):
        assert (await house.site.call("GET", gone, headers=own)).status == 404


async def test_a_recording_is_removed_and_its_visit_stays(house: House) -> None:
    session_id = await house.visit("f-1", "/pricing", after_s=0, lasts_s=5)
    removed = await send(house.site, f"{PAGE}/{session_id}/remove", {}, house.cookie)
    assert (removed.status, removed.headers["location"]) == (303, PAGE)
    assert await house.list_entries() == []
    assert list(house.site.footfall.replayroom.recordings._objects.list("replay")) == []
    rows = house.site.footfall.warehouse.query("SELECT count(*) FROM events").rows
    assert rows[0][0] > 0


async def test_a_site_is_switched_and_strangers_sites_are_not(house: House) -> None:
    assert "No visit was recorded in this period." in await read(house.site, PAGE, house.cookie)
    switched = await send(house.site, f"{PAGE}/sites", {"site": str(house.number)}, house.cookie)
    assert switched.status == 303
    entry = house.site.footfall.forms.lookup.find_site(KEY)
    assert entry is not None
    assert not entry.records_sessions
    assert "Nothing is recorded." in await read(house.site, PAGE, house.cookie)
    forms = house.site.footfall.forms
    fields = [{"name": "EMAIL", "label": "E-mail", "type": "email"}]
    wish = {"title": "Enquire", "fields": fields, "recordSession": True}
    forms.create_form(house.number, "enquiry", wish)
    assert "recorded all the same" in await read(house.site, PAGE, house.cookie)
    forms.change_site(house.number, SiteChange(is_enabled=False))
    assert "The site is off" in await read(house.site, PAGE, house.cookie)
    default = house.site.footfall.directory.find_slug("default")
    assert default is not None
    other = house.site.footfall.forms.create_site(default.project.number, name="Other")
    refused = await send(house.site, f"{PAGE}/sites", {"site": str(other.number)}, house.cookie)
    assert refused.status == 404


async def test_only_the_operator_sees_recordings(house: House) -> None:
    session_id = await house.visit("f-1", "/pricing", after_s=0, lasts_s=5)
    reader = await sign_in(house.site, house.site.key)
    for path in (PAGE, f"{PAGE}/{session_id}", f"{PAGE}/{session_id}/chunks/1"):
        refused = await house.site.call("GET", path, headers=[("Cookie", reader)])
        assert refused.status == 403, path
        stranger = await house.site.call("GET", path)
        assert stranger.status == 303
    for path in (f"{PAGE}/{session_id}/remove", f"{PAGE}/sites"):
        answered = await send(house.site, path, {"site": str(house.number)}, reader)
        assert answered.status == 403
    assert "recordings" not in await read(house.site, "/dashboard/p/shop/surveys", reader)
    # A recording of another project is not reached by this one's address.
    elsewhere = f"/dashboard/p/default/recordings/{session_id}"
    answered = await house.site.call("GET", elsewhere, headers=[("Cookie", house.cookie)])
    assert answered.status == 404


async def test_the_task_forgets_what_is_old_on_one_node(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    await house.visit("f-1", "/pricing", after_s=0, lasts_s=5)
    monkeypatch.setattr(replayroom, "EVERY_S", 0.01)
    room = house.site.footfall.replayroom
    house.site.clock.set_us(NOON + 31 * US_PER_DAY)
    names = room.recordings._objects
    with house.site.footfall.records.transaction() as t:
        until_us = NOON + 32 * US_PER_DAY
        t.add("leases", {"name": "recordings", "holder": "another node", "until_us": until_us})
    async with run_replayroom(room):
        await asyncio.sleep(0.1)
        assert len(list(names.list("replay"))) == 2
        with house.site.footfall.records.transaction() as t:
            t.remove("leases", {"name": "recordings"})
        for _ in range(200):
            if not list(names.list("replay")):
                break
            await asyncio.sleep(0.02)
    assert list(names.list("replay")) == []
    with house.site.footfall.records.transaction() as t:
        assert t.count("leases", {"name": "recordings"}) == 0
