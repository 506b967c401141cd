"""Old events are erased by the rules in force: sent through real doors, erased by the real job, and
every report then says what the events that are left say."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest

from footfall.clock import US_PER_DAY
from footfall.ingest.retention import Retention
from footfall.store.warehouse import Expiry
from tests.dialects.echelon.beacon import view
from tests.site import CHROME, NOON, Site, open_site

DAY_S = 86_400
AGES = (200, 120, 91, 89, 31, 30, 29, 1, 0)
"""Days before the day of the run on which a page is seen by each door, at noon."""

AT = {"at_us": NOON - 200 * US_PER_DAY}


async def live(site: Site) -> None:
    """See a page by Pulse's and a page by Echelon's door on each of the days."""
    for age in AGES:
        after_s = (AGES[0] - age) * DAY_S - AGES[0] * DAY_S
        await site.send(after_s, "198.51.100.9", CHROME, pageview(f"/pulse/{age}"))
        await view(site, f"/echelon/{age}", sid=None, s="shop")
    site.set_clock(0)


def pageview(path: str) -> dict[str, Any]:
    return {"type": "pageview", "path": path, "title": "T", "session_id": path, "visitor_id": "v"}


async def pages(site: Site) -> dict[str, int]:
    """Ask which pages were seen ever, and that sessions say the same as events."""
    answered = await site.call(
        "POST",
        "/api/query",
        {
            "project": site.project.slug,
            "metrics": ["pageviews"],
            "dimensions": ["page"],
            "range": {"start": "2025-01-01", "end": "2026-03-02"},
            "limit": 100,
        },
        headers=[("Authorization", f"Bearer {site.key}")],
    )
    assert answered.status == 200, answered.body
    rows = msgspec.json.decode(answered.body)["rows"]
    found = {row["dimensions"]["page"]: int(row["metrics"]["pageviews"]) for row in rows}
    sql = "SELECT count(*), sum(pageviews) FROM sessions"
    [(sessions, views)] = site.footfall.warehouse.query(sql).rows
    assert (sessions, views) == (len(found), sum(found.values()))
    return found


def seen(pulse_days: int, echelon_days: int) -> dict[str, int]:
    """The pages that must be left: those whose day is at most so many days ago."""
    days = {"pulse": pulse_days, "echelon": echelon_days}
    return {f"/{door}/{age}": 1 for door, most in days.items() for age in AGES if age <= most}


async def run(site: Site) -> None:
    run = await site.footfall.retention.run()
    assert run is not None
    assert run.ended_at_us is not None


@pytest.mark.parametrize(
    ("settings", "own", "kept"),
    [
        ({"ECHELON_RETENTION_DAYS": "90"}, None, (999, 90)),
        ({"ECHELON_RETENTION_DAYS": "30"}, None, (999, 30)),
        ({"FOOTFALL_RETENTION_DAYS": "30"}, None, (30, 30)),
        ({"FOOTFALL_RETENTION_DAYS": "90", "ECHELON_RETENTION_DAYS": "1"}, None, (90, 90)),
        ({}, 1, (1, 1)),
        ({"FOOTFALL_RETENTION_DAYS": "30"}, 120, (120, 120)),
    ],
)
async def test_what_is_older_than_the_rule_is_gone_from_every_report(
    tmp_path: Path, settings: dict[str, str], own: int | None, kept: tuple[int, int]
) -> None:
    async with open_site(tmp_path, settings=settings, **AT) as site:
        await live(site)
        assert await pages(site) == seen(999, 999)
        if own is not None:
            changed = {"settings": {"retention_days": own}}
            await site.admin("PUT", f"/projects/{site.project.id}", changed)
        await run(site)
        assert await pages(site) == seen(*kept)
        last = site.footfall.retention.find_last()
        assert last is not None
        assert last.events == 2 * len(AGES) - len(seen(*kept))
        assert last.sessions == last.events


async def test_nothing_is_erased_where_everything_is_kept_for_ever(tmp_path: Path) -> None:
    async with open_site(tmp_path, **AT) as site:
        await live(site)
        assert await site.footfall.retention.run() is None
        own = {"settings": {"retention_days": 0}}
        await site.admin("PUT", f"/projects/{site.project.id}", own)
        assert await site.footfall.retention.run() is None
        assert await pages(site) == seen(999, 999)


async def test_one_run_a_day_and_at_once_when_a_rule_becomes_shorter(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"FOOTFALL_RETENTION_DAYS": "90"}) as site:
        retention = site.footfall.retention
        await run(site)
        assert await retention.run() is None
        await asyncio.to_thread(
            site.footfall.projects.save_setting, site.project, "retention_days", 30
        )
        await run(site)
        assert await retention.run() is None
        site.set_clock(DAY_S)
        await run(site)


async def test_one_node_does_it_and_another_takes_over_when_it_died(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"FOOTFALL_RETENTION_DAYS": "30"}, **AT) as site:
        await live(site)
        first, second = site.footfall.retention, make_other_node(site)
        erase = site.footfall.warehouse.delete_expired
        asked: list[object] = []

        def die(expiries: tuple[Expiry, ...]) -> None:
            asked.append(expiries)
            raise KeyboardInterrupt

        site.footfall.warehouse.delete_expired = die  # type: ignore[method-assign,assignment]
        with pytest.raises(KeyboardInterrupt):
            await first.run()
        assert asked
        site.footfall.warehouse.delete_expired = erase  # type: ignore[method-assign]
        assert await second.run() is None, "the lease of the dead node still holds"
        site.set_clock(31 * 60)
        done = await second.run()
        assert done is not None
        assert await pages(site) == seen(30, 30)


def make_other_node(site: Site) -> Retention:
    footfall = site.footfall
    return Retention(
        footfall.records,
        footfall.clock,
        footfall.directory,
        footfall.warehouse,
        footfall.loader,
        footfall.retention._defaults,
    )


async def test_metrics_and_pages_tell_what_was_erased(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"FOOTFALL_RETENTION_DAYS": "30"}, **AT) as site:
        await live(site)
        signed = await sign_in(site)
        server = (await site.call("GET", "/dashboard/server", headers=signed)).body.decode()
        assert "none yet" in server
        await run(site)
        server = (await site.call("GET", "/dashboard/server", headers=signed)).body.decode()
        assert "01 Mar 2026, 12:00 UTC" in server
        assert "<dt>Events erased</dt><dd>10</dd>" in server
        admin = [("Authorization", "Bearer admin-token-of-the-tests")]
        metrics = (await site.call("GET", "/metrics", headers=admin)).body.decode()
        assert "footfall_expired_events_total 10" in metrics
        assert "footfall_expired_sessions_total 10" in metrics


async def test_the_settings_page_changes_the_rule_and_says_it(tmp_path: Path) -> None:
    async with open_site(tmp_path, settings={"ECHELON_RETENTION_DAYS": "90"}) as site:
        signed = await sign_in(site)
        url = f"/dashboard/p/{site.project.slug}/settings"

        async def save(body: bytes) -> int:
            form = ("Content-Type", "application/x-www-form-urlencoded")
            answered = await site.call("POST", f"{url}/retention", body, headers=[*signed, form])
            return answered.status

        async def show() -> str:
            return (await site.call("GET", url, headers=signed)).body.decode()

        page = await show()
        assert "kept <strong>for ever</strong>, those that come in through Echelon" in page
        assert await save(b"keep=days&days=30") == 303
        assert "kept <strong>for 30 days</strong>." in await show()
        assert site.footfall.retention.find_kept(site.project.number).days == 30
        assert await save(b"keep=ever&days=30") == 303
        assert "kept <strong>for ever</strong>." in await show()
        assert await save(b"keep=server&days=") == 303
        assert "as this server" in await show()
        assert await save(b"keep=days&days=many") == 400
        assert await save(b"keep=days&days=0") == 400
        assert await save(b"keep=sometimes") == 400


async def sign_in(site: Site) -> list[tuple[str, str]]:
    form = ("Content-Type", "application/x-www-form-urlencoded")
    answered = await site.call(
        "POST", "/dashboard/login", b"secret=admin-token-of-the-tests", headers=[form]
    )
    return [("Cookie", answered.headers["set-cookie"].partition(";")[0])]


@pytest.mark.parametrize("days", ["ten", -1, 1.5, True, 40_000])
async def test_a_bad_rule_is_refused_with_what_is_accepted(tmp_path: Path, days: object) -> None:
    async with open_site(tmp_path) as site:
        changed = {"settings": {"retention_days": days}}
        answered = await site.admin("PUT", f"/projects/{site.project.id}", changed, status=400)
        assert "accepted are whole numbers from 1 to 36500" in answered["error"]
        assert repr(days) in answered["error"]
