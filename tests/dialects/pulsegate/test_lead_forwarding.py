"""What is sent on: to whom, when, how often, and that nothing is lost when nobody is there."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.dialects.pulsegate.lead_site import RAHUL, LeadSite, open_lead_site
from tests.integration.receiver import Receiver, open_receiver, status

HOUR_S = 3_600
DOCUMENTED = {
    "first_name",
    "phone_mobile",
    "email",
    "email1",
    "country_code",
    "project_name",
    "user_location",
    "lead_source",
    "source_team",
    "user_country",
    "user_city",
    "user_timezone",
    "user_region",
    "engagement_score",
    "engagement_label",
    "session_duration_seconds",
    "pages_visited",
    "return_visits",
    "suspicion_score",
    "suspicion_reasons",
    "time_to_submit",
    "form_submit_count",
    "visitor_id",
    "session_id",
    "vpn_suspected",
    "related_projects",
    "refered_by",
    "searched_keyword",
    "user_agent",
    "user_ip",
    "is_duplicate",
    "is_bot_lead",
    "test_lead",
    "dev_environment",
}


class Forwarding:
    """A site that sends leads on, and who receives them."""

    def __init__(self, lead_site: LeadSite, receiver: Receiver) -> None:
        self.lead_site = lead_site
        self.receiver = receiver

    async def deliver(self, after_s: float) -> None:
        self.lead_site.site.set_clock(after_s)
        await self.lead_site.site.footfall.mailroom.worker.run_until_idle()

    @property
    def bodies(self) -> list[dict[str, object]]:
        return [json.loads(request.body) for request in self.receiver.received]


@pytest.fixture
async def forwarding(tmp_path: Path) -> AsyncIterator[Forwarding]:
    private = {"FOOTFALL_ALLOW_PRIVATE_WEBHOOKS": "on"}
    async with open_receiver() as receiver, open_lead_site(tmp_path, private) as lead_site:
        await lead_site.ask("PATCH", "/settings", {"make_webhook_url": receiver.url})
        yield Forwarding(lead_site, receiver)


async def test_a_new_lead_is_sent_on_with_everything_documented(forwarding: Forwarding) -> None:
    form = {
        **RAHUL,
        "__visitor_id": "v-1",
        "COUNTRYCODE": "+91",
        "TEAM": "north",
        "KEYWORD": "flat",
    }
    await forwarding.lead_site.capture({**form, "PROJECT": "River Park"})
    taken = await forwarding.lead_site.capture({**form, "__pg_tts": "12.5"}, after_s=1)
    await forwarding.deliver(2)
    (body,) = [b for b in forwarding.bodies if b["project_name"] == "Sky Towers"]
    assert set(body) >= DOCUMENTED
    assert body["lead_id"] == taken["lead_id"]
    assert (body["email"], body["email1"]) == ("rahul@example.com", "rahul@example.com")
    assert (body["country_code"], body["source_team"]) == ("+91", "north")
    assert body["searched_keyword"] == "flat"
    assert body["related_projects"] == "River Park"
    assert body["time_to_submit"] == 12.5
    assert (body["is_duplicate"], body["test_lead"]) == ("no", "no")
    assert body["user_ip"] == "198.51.100.20"


async def test_a_follow_up_is_sent_on_only_after_a_while(forwarding: Forwarding) -> None:
    for after_s in (0, HOUR_S, 24 * HOUR_S, 48 * HOUR_S):
        await forwarding.lead_site.capture(RAHUL, after_s=after_s)
    await forwarding.deliver(48 * HOUR_S)
    # 1 h and 24 h lie within 24 h of the one before; 48 h does not.
    # Both are delivered at the same time, in any order.
    assert sorted(body["form_submit_count"] for body in forwarding.bodies) == [1, 4]


async def test_tests_are_marked_and_programs_and_developers_stay_here(
    forwarding: Forwarding,
) -> None:
    lead_site = forwarding.lead_site
    await lead_site.ask("PATCH", "/settings", {"test_lead_strings": ["qa"]})
    await lead_site.capture({**RAHUL, "FIRSTNAME": "qa"})
    await lead_site.capture({**RAHUL, "EMAIL": "b@b.example", "__pg_hp": "x"}, ip="198.51.100.5")
    await lead_site.capture({**RAHUL, "EMAIL": "c@c.example"}, ip="198.51.100.5")
    local = [("Origin", "http://localhost:3000")]
    await lead_site.capture({"EMAIL": "d@d.example"}, headers=local)
    await forwarding.deliver(1)
    assert [body["test_lead"] for body in forwarding.bodies] == ["yes"]
    await lead_site.ask("PATCH", "/settings", {"make_in_development": True})
    await lead_site.capture({"EMAIL": "e@e.example"}, headers=local)
    await lead_site.ask("PATCH", "/settings", {"make_enabled": False})
    await lead_site.capture({"EMAIL": "f@f.example"})
    await forwarding.deliver(2)
    assert [body["email"] for body in forwarding.bodies][1:] == ["e@e.example"]
    assert forwarding.bodies[1]["dev_environment"] == "yes"


async def test_nothing_is_lost_while_the_receiver_is_down(forwarding: Forwarding) -> None:
    forwarding.receiver.answer = status(500)
    await forwarding.lead_site.capture(RAHUL)
    await forwarding.deliver(0)
    await forwarding.deliver(60)
    assert len(forwarding.receiver.received) == 2
    forwarding.receiver.answer = status(200)
    await forwarding.deliver(HOUR_S)
    await forwarding.deliver(2 * HOUR_S)
    assert len(forwarding.receiver.received) == 3
    ids = {request.headers["x-footfall-delivery"] for request in forwarding.receiver.received}
    assert len(ids) == 1


async def test_a_lack_of_leads_is_told_once_within_the_cooldown(forwarding: Forwarding) -> None:
    lead_site = forwarding.lead_site
    drought = lead_site.site.footfall.leadroom.drought
    alarm = {"enabled": True, "webhook_url": forwarding.receiver.url}
    await lead_site.ask("PATCH", "/settings", {"make_enabled": False, "lead_drought": alarm})
    assert drought.run() is None
    await lead_site.capture(RAHUL)
    for after_s in (29 * 60, 30 * 60, 40 * 60, 149 * 60, 150 * 60):
        lead_site.site.set_clock(after_s)
        drought.run()
    await forwarding.deliver(150 * 60)
    assert [body["minutes_without_leads"] for body in forwarding.bodies] == [30, 150]
    assert forwarding.bodies[0]["event"] == "lead_drought"
    assert forwarding.bodies[0]["last_lead_at"] == "2026-03-01T12:00:00Z"
    assert forwarding.bodies[0]["threshold_minutes"] == 30
