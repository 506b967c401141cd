"""Summaries by mail over the whole program: one a period, with the figures of the reports."""

from pathlib import Path

import msgspec
import pytest

from footfall.alerts.summary import find_period
from footfall.clock import US_PER_DAY, US_PER_HOUR
from footfall.delivery.mail import Letter
from footfall.errors import InvalidInputError
from footfall.model.time_range import from_us
from tests.integration.test_alert_page import PAGE, read, send, sign_in
from tests.site import CHROME, IPHONE, NOON, Site, open_site

MONDAY = NOON + 12 * US_PER_HOUR
"""2026-03-02 00:00 UTC; the week before began on the 23rd of February."""


async def look(site: Site, at_us: int) -> list[Letter]:
    """Set the clock, evaluate once, and return all letters so far, oldest first."""
    site.clock.set_us(at_us)
    await site.footfall.mailroom.evaluator.run()
    found = site.footfall.mailroom.outbox.list_deliveries(site.project.number)
    return [msgspec.json.decode(delivery.body, type=Letter) for delivery in reversed(found)]


async def view(site: Site, at_us: int, agent: str, path: str) -> None:
    site.clock.set_us(at_us)
    body = {"type": "pageview", "path": path}
    assert (await site.post("203.0.113.1", agent, body)).status == 200


async def test_week_is_told_once_when_it_is_over(tmp_path: Path) -> None:
    async with open_site(tmp_path, at_us=NOON - 7 * US_PER_DAY) as site:
        await view(site, NOON - 7 * US_PER_DAY, CHROME, "/")
        for agent, path in ((CHROME, "/"), (CHROME, "/b"), (IPHONE, "/")):
            await view(site, NOON, agent, path)
        summaries = site.footfall.mailroom.summaries
        summaries.create(site.project, "ops@example.com", "week")
        assert await look(site, MONDAY - 1) == []
        (letter,) = await look(site, MONDAY)
        assert letter.subject == "[Shop] The week from 2026-02-23 to 2026-03-01"
        assert letter.paragraphs[1:-1] == [
            "Visitors: 2 (before: 1).",
            "Visits: 2 (before: 1).",
            "Pageviews: 3 (before: 1).",
            "Bounce rate: 50 % (before: 100 %).",
            "Visit duration: 0 seconds (before: 0 seconds).",
            "Page, by visitors: / (2), /b (1).",
            "Source, by visitors: direct (2).",
        ]
        assert len(await look(site, MONDAY + US_PER_HOUR)) == 1
        number = site.project.number
        (delivery,) = site.footfall.mailroom.outbox.list_deliveries(number)
        assert (delivery.channel, delivery.target) == ("email", "ops@example.com")
    async with open_site(tmp_path, at_us=MONDAY + 3 * 7 * US_PER_DAY) as site:
        await look(site, MONDAY + 3 * 7 * US_PER_DAY)
        found = site.footfall.mailroom.outbox.list_deliveries(number)
        assert len(found) == 2  # of three weeks of downtime the last one is told
        assert "from 2026-03-16 to 2026-03-22" in found[0].body


@pytest.mark.parametrize(
    ("rhythm", "zone", "start", "hours"),
    [
        ("week", "UTC", "2026-02-16T00:00:00+00:00", 168),
        ("month", "UTC", "2026-02-01T00:00:00+00:00", 28 * 24),
        ("week", "Asia/Kathmandu", "2026-02-15T18:15:00+00:00", 168),
    ],
)
def test_period_is_the_last_whole_one_in_the_projects_zone(
    rhythm: str, zone: str, start: str, hours: int
) -> None:
    period = find_period(rhythm, zone, NOON)
    assert from_us(period.start_us).isoformat() == start
    assert period.length_us == hours * US_PER_HOUR


def test_week_with_a_change_of_the_clocks_has_its_own_length() -> None:
    # The clocks of Berlin went forward on the 29th of March 2026, a Sunday.
    period = find_period("week", "Europe/Berlin", NOON + 29 * US_PER_DAY)
    assert period.length_us == 167 * US_PER_HOUR


async def test_form_adds_and_removes_a_summary(tmp_path: Path) -> None:
    async with open_site(tmp_path) as site:
        cookie = await sign_in(site)
        fields = {"address": "ops@example.com", "rhythm": "month"}
        assert (await send(site, f"{PAGE}/summaries", fields, cookie)).status == 303
        assert "ops@example.com" in await read(site, PAGE, cookie)
        summaries = site.footfall.mailroom.summaries
        (kept,) = summaries.list_summaries(site.project.number)
        assert kept.rhythm == "month"
        await send(site, f"{PAGE}/summaries/{kept.id}/remove", {}, cookie)
        assert summaries.list_summaries(site.project.number) == []
        with pytest.raises(InvalidInputError, match="accepted are week, month"):
            summaries.create(site.project, "ops@example.com", "year")
