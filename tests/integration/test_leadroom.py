"""The task that looks after leads, as it runs beside everything else: it tells of droughts and
forgets what is old, one node at a time, and a failure does not end it."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from footfall import leadroom
from footfall.clock import US_PER_DAY
from footfall.errors import StoreError
from footfall.leads.setting import DroughtSettings, Keeping, LeadSettings
from footfall.store.lease import Lease
from tests.dialects.pulsegate.lead_site import RAHUL, LeadSite, open_lead_site

MINUTE_S = 60
EVERY_S = 0.02


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ten minutes pass fast; what the clock says is the test's."""
    assert leadroom.EVERY_S == 600
    monkeypatch.setattr(leadroom, "EVERY_S", EVERY_S)


async def wait_for(is_met: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_met():  # noqa: ASYNC110
            await asyncio.sleep(EVERY_S)


async def let_rounds_pass() -> None:
    await asyncio.sleep(10 * EVERY_S)


def read_droughts(lead_site: LeadSite) -> list[dict[str, Any]]:
    with lead_site.site.footfall.records.transaction() as t:
        found = t.find("deliveries", {"subject": "lead_drought"})
    return [json.loads(record["body"]) for record in found]


def count(lead_site: LeadSite, table: str) -> int:
    with lead_site.site.footfall.records.transaction() as t:
        return t.count(table, {})


def save(lead_site: LeadSite) -> None:
    lead_site.site.footfall.leadroom.settings.save(
        LeadSettings(
            test_words=("qa",),
            drought=DroughtSettings(is_enabled=True, url="https://hooks.example.com/drought"),
            keeping=Keeping(lead_days=10, test_days=5),
        )
    )


async def test_it_tells_of_droughts_and_rests_between_them(tmp_path: Path) -> None:
    async with open_lead_site(tmp_path) as lead_site:
        save(lead_site)
        await lead_site.capture(RAHUL)
        lead_site.site.set_clock(29 * MINUTE_S)
        await let_rounds_pass()
        assert read_droughts(lead_site) == []
        lead_site.site.set_clock(31 * MINUTE_S)
        await wait_for(lambda: len(read_droughts(lead_site)) == 1)
        assert read_droughts(lead_site)[0]["minutes_without_leads"] == 31
        lead_site.site.set_clock((31 + 119) * MINUTE_S)
        await let_rounds_pass()
        assert len(read_droughts(lead_site)) == 1
        lead_site.site.set_clock((31 + 120) * MINUTE_S)
        await wait_for(lambda: len(read_droughts(lead_site)) == 2)
    # It let go of its task, so that another node need not wait for it.
    async with open_lead_site(tmp_path) as again:
        assert await asyncio.to_thread(again.site.footfall.leadroom.lease.take)


async def test_it_forgets_what_is_older_than_it_is_kept(tmp_path: Path) -> None:
    async with open_lead_site(tmp_path) as lead_site:
        save(lead_site)
        await lead_site.capture(RAHUL)
        await lead_site.capture({**RAHUL, "FIRSTNAME": "qa"})
        day_s = US_PER_DAY // 1_000_000
        await lead_site.capture({"EMAIL": "asha@example.com"}, after_s=4 * day_s)
        assert count(lead_site, "lead_submissions") == 3
        lead_site.site.set_clock(5 * day_s)
        await wait_for(lambda: count(lead_site, "lead_submissions") == 2)
        assert count(lead_site, "leads") == 2
        lead_site.site.set_clock(10 * day_s)
        await wait_for(lambda: count(lead_site, "leads") == 1)
        assert [lead["contact_email"] for lead in await lead_site.list_leads()] == [
            "asha@example.com"
        ]
        assert count(lead_site, "lead_identities") == 1


async def test_one_node_at_a_time_looks_after_leads(tmp_path: Path) -> None:
    async with open_lead_site(tmp_path) as lead_site:
        footfall = lead_site.site.footfall
        other = Lease(footfall.records, lead_site.site.clock, "leads", term_us=leadroom.LEASE_US)
        while not await asyncio.to_thread(other.take):
            await asyncio.to_thread(footfall.leadroom.lease.drop)
        save(lead_site)
        await lead_site.capture(RAHUL)
        lead_site.site.set_clock(29 * MINUTE_S)
        await asyncio.to_thread(other.take)
        lead_site.site.set_clock(58 * MINUTE_S)
        await let_rounds_pass()
        assert read_droughts(lead_site) == []
        # The other node died: its claim ends half an hour after it was seen last.
        lead_site.site.set_clock(59 * MINUTE_S)
        await wait_for(lambda: len(read_droughts(lead_site)) == 1)


@pytest.mark.parametrize("error", [StoreError(), ValueError("a fault of ours")])
async def test_a_failure_is_told_and_tried_again(
    tmp_path: Path,
    error: Exception,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with open_lead_site(tmp_path) as lead_site:
        save(lead_site)
        room = lead_site.site.footfall.leadroom
        failing = [error, error]
        run = type(room.drought).run

        def fail_at_first(watch: Any) -> Any:
            if failing:
                raise failing.pop()
            return run(watch)

        monkeypatch.setattr(type(room.drought), "run", fail_at_first)
        await lead_site.capture(RAHUL)
        lead_site.site.set_clock(31 * MINUTE_S)
        await wait_for(lambda: len(read_droughts(lead_site)) == 1)
        assert sum("trying again" in message for message in caplog.messages) == 2
