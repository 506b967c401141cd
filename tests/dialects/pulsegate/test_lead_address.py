"""A form whose visitor has no visit belongs to the newest one of its address, for as long as a
session lasts [PulseGate: lead scoring]."""

import pytest

from footfall.identity.salt import day_of
from tests.dialects.pulsegate.conftest import PulseGate
from tests.dialects.pulsegate.lead_site import RAHUL, LeadSite

HOME = "91.64.10.1"
MINUTE_S = 60


async def visit(lead_site: LeadSite, fingerprint: str, *, ip: str = HOME) -> str:
    gate = PulseGate(lead_site.site)
    session_id = await gate.start(fingerprint, ip=ip)
    for kind, more in (("page_view", {}), ("scroll", {"scroll_percent": 80}), ("click", {})):
        await gate.track("event", {"session_id": session_id, "event_type": kind, **more}, ip=ip)
    return session_id


async def find_form(lead_site: LeadSite, answer: dict[str, object]) -> dict[str, object]:
    found = (await lead_site.ask("GET", "/submissions"))["submissions"]
    return next(s for s in found if s["submission_id"] == answer["submission_id"])


async def test_the_newest_session_of_the_address_counts(lead_site: LeadSite) -> None:
    await visit(lead_site, "first-browser")
    newest = await visit(lead_site, "second-browser")
    answer = await lead_site.capture({**RAHUL, "__visitor_id": "v-unknown"}, ip=HOME, after_s=30)
    form = await find_form(lead_site, answer)
    assert form["session_id"] == newest
    # 80 % of scrolling are 24 points, one click is one.
    assert (form["engagement_score"], form["engagement_label"]) == (25, "Warm")
    assert form["suspicion_reasons"] == ""


@pytest.mark.parametrize(
    ("own", "ip", "after_s"),
    [
        ({"__visitor_id": "v-unknown"}, "91.64.10.2", 30),
        ({"__visitor_id": "v-unknown"}, HOME, 31 * MINUTE_S),
        ({}, HOME, 30),
    ],
    ids=["another address", "too late", "no visitor named"],
)
async def test_otherwise_no_visit_is_known(
    lead_site: LeadSite, own: dict[str, str], ip: str, after_s: int
) -> None:
    await visit(lead_site, "a-browser")
    form = await find_form(
        lead_site, await lead_site.capture({**RAHUL, **own}, ip=ip, after_s=after_s)
    )
    assert form["session_id"] == ""
    assert form["suspicion_reasons"] == "no_session,zero_engagement"


async def test_a_visitor_of_its_own_comes_first(lead_site: LeadSite) -> None:
    gate = PulseGate(lead_site.site)
    started = await gate.track(
        "session/start", {"fingerprint_id": "f", "page": "https://a.example/"}, ip="91.64.10.7"
    )
    await visit(lead_site, "a-neighbour")
    answer = await lead_site.capture({**RAHUL, "__visitor_id": started["visitor_id"]}, ip=HOME)
    detail = await lead_site.ask("GET", f"/leads/{answer['lead_id']}")
    assert [s["visitor_id"] for s in detail["sessions"]] == [started["visitor_id"]]
    assert detail["lead"]["engagement_score"] == 0


async def test_a_server_has_no_address_of_its_people(lead_site: LeadSite) -> None:
    made = await lead_site.ask("POST", "/integrations", {"name": "Portal"}, status=201)
    await visit(lead_site, "a-browser")
    key = [("X-API-Key", made["api_key"])]
    answer = await lead_site.capture({**RAHUL, "__visitor_id": "v"}, ip=HOME, headers=key)
    assert (await find_form(lead_site, answer))["session_id"] == ""


async def test_addresses_that_everybody_may_share_say_nothing(lead_site: LeadSite) -> None:
    await visit(lead_site, "a-browser", ip="10.0.0.7")
    answer = await lead_site.capture({**RAHUL, "__visitor_id": "v"}, ip="10.0.0.7")
    assert (await find_form(lead_site, answer))["session_id"] == ""


async def test_addresses_are_forgotten_with_the_salt_of_the_day(lead_site: LeadSite) -> None:
    await visit(lead_site, "a-browser")
    book = lead_site.site.footfall.leadroom.address_visits
    assert HOME not in repr(book._sessions)
    default = lead_site.site.footfall.directory.find_slug("default")
    assert default is not None
    assert book.find(default.project.number, HOME)
    lead_site.site.footfall.salts.salt_of(day_of(lead_site.site.clock.now_us()) + 1)
    assert book.find(default.project.number, HOME) == ""
