"""Sites whose events are made anonymous: nothing that was sent of a visitor reaches the disk, and
counting goes on."""

from pathlib import Path
from typing import Any

import pytest

from tests.dialects.echelon.beacon import HEADERS, pack, send, view
from tests.dialects.echelon.test_api import ONE, TWO, change
from tests.dialects.echelon.test_api import SECRET as API_SECRET
from tests.site import Site, open_site

MARKS = (
    b"0123456789abcdef",
    b"secret-page.example",
    b"spring-sale",
    b"newsletter",
    b"Chrome",
    b"Windows",
    b"Desktop",
    b"1920x1080",
    b"de-AT",
    b"my-words",
    b"jane@mail.example",
    b"basket-of-jane",
    b'"NL"',
    b"q=private",
    ONE.encode(),
)
"""What a visitor's browser says below, as it would stand in a file."""


def settings(anonymous: str) -> dict[str, str]:
    return {
        "ECHELON_SECRET": API_SECRET,
        "ECHELON_TRUST_GEO_HEADERS": "on",
        "ECHELON_ANONYMIZE_SITES": anonymous,
        # Long, so that what was sent still lies in the spool when it is looked at.
        "ECHELON_VIEW_FLUSH_MS": "600000",
    }


async def visit(site: Site, sid: str = ONE) -> None:
    headers = (*HEADERS, ("Cookie", "_ev=0123456789abcdef"), ("X-Country-Code", "NL"))
    tags = {"uc": pack("spring-sale"), "us": pack("newsletter"), "um": pack("my-words")}
    referrer = pack("https://secret-page.example/basket-of-jane")
    for path in ("/pricing?q=private", "/about"):
        await view(site, path, sid=sid, ck="1", ref=referrer, headers=headers, **tags)
    signup = {"name": "basket-of-jane", "mail": "jane@mail.example", "path": "/about", "depth": 7}
    await send(
        site,
        {"type": "custom", "sessionId": sid, "data": signup},
        {"type": "click", "sessionId": sid, "data": {"tag": "BUTTON", "text": "my-words"}},
        {
            "type": "outbound",
            "sessionId": sid,
            "data": {"url": "https://secret-page.example/x", "path": "/about"},
        },
        {"type": "scroll_depth", "sessionId": sid, "data": {"depth": 75}},
        headers=headers,
    )


async def register(site: Site) -> None:
    campaign = {"id": "s", "name": "S", "utm_campaign": "spring-sale", "site_id": "default"}
    await change(site, "POST", "/campaigns", campaign, status=201)


def read_disk(folder: Path) -> bytes:
    names = ("*.ndjson", "*.snapshot", "footfall.duckdb*")
    return b"".join(p.read_bytes() for name in names for p in folder.rglob(name))


@pytest.mark.parametrize("anonymous", ["other, Default", "other"])
async def test_nothing_of_a_visitor_reaches_the_disk(tmp_path: Path, anonymous: str) -> None:
    is_anonymous = "Default" in anonymous
    async with open_site(tmp_path, settings=settings(anonymous)) as site:
        await register(site)
        await visit(site)
        seen = read_disk(tmp_path)
        assert b'"/about"' in seen
        await site.footfall.loader.wait_loaded()
    seen += read_disk(tmp_path)
    found = {mark for mark in MARKS if mark in seen}
    # The cookie's and the session's ids are hashed in any case.
    always = {b"0123456789abcdef", ONE.encode()}
    assert found == (set() if is_anonymous else set(MARKS) - always)


async def test_counting_goes_on_within_a_day_and_ends_with_it(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings=settings("default")) as site:
        await register(site)
        await visit(site)
        site.set_clock(3600)
        await visit(site, TWO)
        first = await read(site)
        assert len(first) == 12
        assert len({row["visitor"] for row in first}) == 1
        assert len({row["session"] for row in first}) == 2
        for name in ("country", "browser", "os", "device", "referrer", "utm_campaign"):
            assert len({row[name] for row in first}) == 1, name
            assert first[0][name], name
        assert first[0]["country"][0] in "QX"
        assert {row["path"] for row in first} == {"/pricing", "/about", ""}
        assert {(row["kind"], row["name"], row["props"]) for row in first} == {
            ("pageview", "", ""),
            ("event", "custom", '{"depth":7}'),
            ("event", "click", '{"tag":"BUTTON"}'),
            ("outlink", "", ""),
            ("scroll_depth", "", '{"depth":75}'),
        }
        site.set_clock(86_400)
        await visit(site, TWO)
        second = (await read(site))[12:]
        assert len(second) == 6
        for name in ("visitor", "session", "browser", "os", "device", "referrer", "utm_source"):
            assert not {row[name] for row in first} & {row[name] for row in second}, name


async def test_bulk_is_made_anonymous_too(tmp_path: Path) -> None:
    batch = {
        "v": 1,
        "batch_id": TWO,
        "sent_at": "2026-03-01T12:00:00Z",
        "context": {
            "session_id": ONE,
            "user_agent": HEADERS[0][1],
            "language": "de-AT",
            "screen_width": 1920,
            "screen_height": 1080,
        },
        "events": [
            {
                "event_id": TWO,
                "type": "purchase",
                "ts": "2026-03-01T12:00:00Z",
                "path": "/buy?q=private",
                "data": {"mail": "jane@mail.example", "value": 3},
            }
        ],
    }
    async with open_site(tmp_path, settings=settings("default")) as site:
        assert await change(site, "POST", "/ingest", batch, status=200) == {
            "accepted": 1,
            "duplicate": 0,
        }
        [row] = await read(site)
    assert (row["name"], row["path"], row["query"]) == ("purchase", "/buy", "")
    assert row["props"] == '{"value":3}'
    assert not any(mark in read_disk(tmp_path) for mark in MARKS)


async def read(site: Site) -> list[dict[str, Any]]:
    await site.footfall.loader.wait_loaded()
    rows = site.footfall.warehouse.query("SELECT * FROM events ORDER BY ts, kind, event_id")
    return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
