"""Pulse's CSV exports through the whole program: documented columns, names and figures worked out
by hand, and texts that spreadsheets would run."""

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from footfall.dialects.pulse.export import routes
from tests.site import CHROME, IPHONE, Site, open_site

ANN, BEN = "198.51.100.1", "198.51.100.2"
DAYS = "start_at=2026-03-01&end_at=2026-03-02"


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(tmp_path) as opened:
        yield opened


async def tell_the_story(site: Site) -> None:
    """Ann comes from a campaign, sees two pages within 30 seconds, then buys; Ben sees one page."""
    view = {"type": "pageview", "path": "/?utm_source=news&utm_campaign=spring"}
    await site.send(0, ANN, CHROME, view | {"referrer": "https://www.google.com/"})
    await site.send(30, ANN, CHROME, {"type": "pageview", "path": "/pricing"})
    await site.send(30.5, ANN, CHROME, {"type": "event", "name": "purchase", "path": "/pricing"})
    await site.send(60, BEN, IPHONE, {"type": "pageview", "path": "/"})


async def export(site: Site, name: str) -> list[list[str]]:
    headers = [("X-Pulse-Key", site.key)]
    answered = await site.call("GET", f"/api/v1/exports/{name}?{DAYS}", headers=headers)
    assert answered.status == 200, answered.body
    assert answered.headers["content-type"].startswith("text/csv")
    assert answered.headers["content-disposition"] == (
        f'attachment; filename="{name}_2026-03-01_2026-03-02.csv"'
    )
    return list(csv.reader(io.StringIO(answered.body.decode(), newline="")))


async def test_every_sheet_has_its_columns_and_figures(site: Site) -> None:
    await tell_the_story(site)
    assert await export(site, "stats") == [
        ["date", "pageviews", "visitors", "sessions", "bounces", "total_duration_ms"],
        ["2026-03-01", "3", "2", "2", "1", "30500"],
        ["2026-03-02", "0", "0", "0", "0", "0"],
    ]
    assert await export(site, "pages") == [
        ["path", "views", "unique_views", "avg_duration"],
        ["/", "2", "2", "30.0"],
        ["/pricing", "1", "1", "0.0"],
    ]
    assert await export(site, "referrers") == [
        ["referrer_domain", "visits"],
        ["(direct)", "1"],
        ["google.com", "1"],
    ]
    assert await export(site, "events") == [["event_name", "count"], ["purchase", "1"]]
    assert await export(site, "devices") == [
        ["browser", "os", "device", "visitors"],
        ["Chrome", "Windows", "Desktop", "1"],
        ["Safari", "iOS", "Mobile", "1"],
    ]
    assert await export(site, "geo") == [["country", "visitors"], ["XX", "2"]]
    assert await export(site, "campaigns") == [
        [
            *("utm_source", "utm_medium", "utm_campaign"),
            *("visitors", "sessions", "pageviews", "bounces"),
        ],
        ["news", "", "spring", "1", "1", "2", "0"],
    ]


async def test_the_sheets_agree_with_the_reports(site: Site) -> None:
    await tell_the_story(site)
    stats = (await site.read(f"/stats?{DAYS}"))["current"]
    rows = (await export(site, "stats"))[1:]
    sessions, bounces, duration_ms = (sum(int(row[i]) for row in rows) for i in (3, 4, 5))
    assert stats["bounce_rate"] == round(100 * bounces / sessions, 1)
    assert stats["avg_duration"] == round(duration_ms / sessions / 1000, 1)


async def test_what_a_spreadsheet_would_run_is_text(site: Site) -> None:
    attacks = ['=HYPERLINK("http://x.example","a")', "+1", "-1", "@SUM(1)", "a,b", "\t=1"]
    for number, name in enumerate(attacks):
        await site.send(number, ANN, CHROME, {"type": "event", "name": name, "path": "/"})
    found = {row[0] for row in (await export(site, "events"))[1:]}
    assert found == {
        '\'=HYPERLINK("http://x.example","a")',
        *("'+1", "'-1", "'@SUM(1)", "a,b", "'\t=1"),
    }


async def test_a_long_sheet_comes_whole_part_by_part(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "ROWS_AT_ONCE", 3)
    for number in range(10):
        await site.send(number, ANN, CHROME, {"type": "pageview", "path": f"/{number}"})
    rows = (await export(site, "pages"))[1:]
    assert [row[0] for row in rows] == [f"/{number}" for number in range(10)]


async def test_an_unknown_type_is_quoted(site: Site) -> None:
    headers = [("X-Pulse-Key", site.key)]
    answered = await site.call("GET", "/api/v1/exports/users", headers=headers)
    sentence = (
        "Invalid request: unknown export type 'users'; accepted are stats, pages, referrers, "
        "events, devices, geo, campaigns."
    )
    assert (answered.status, msgspec.json.decode(answered.body)) == (400, {"error": sentence})


async def test_exports_may_be_switched_off(site: Site) -> None:
    off = {"modules": {"exports": {"enabled": False, "access": "read"}}}
    site.footfall.projects.save_settings("shop", off)
    headers = [("X-Pulse-Key", site.key)]
    answered = await site.call("GET", "/api/v1/exports/pages", headers=headers)
    assert answered.status == 403
