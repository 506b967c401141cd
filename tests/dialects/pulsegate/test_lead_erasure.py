"""One person is given what is kept of them, and erased everywhere; others stay."""

import pytest

from footfall.api.control import ErasedFacts
from footfall.errors import InvalidInputError
from footfall.ingest.request import Sender, Signal
from footfall.leads.erasure import Person
from tests.dialects.pulsegate.lead_site import MARKETING, RAHUL, LeadSite
from tests.site import CHROME, NOON

ASHA = {"FIRSTNAME": "Asha", "EMAIL": "asha@example.com", "PROJECT": "Sky Towers"}


async def test_erases_a_person_everywhere_and_nobody_else(lead_site: LeadSite) -> None:
    site = lead_site.site
    default = site.footfall.directory.find_slug("default")
    assert default is not None
    sender = Sender(default.project.number, "pulsegate", "198.51.100.20", CHROME, NOON)
    for visitor in ("v-rahul", "v-asha"):
        own = {"visitor_id": visitor, "session_id": f"s-{visitor}"}
        signal = Signal(kind="pageview", url="https://shop.example/", is_interactive=True, **own)  # type: ignore[arg-type]
        await site.footfall.intake.take(sender, [signal])
    hook = {"make_webhook_url": "https://hooks.example.com/x", "test_lead_strings": ["qa"]}
    await lead_site.ask("PATCH", "/settings", hook)
    await lead_site.capture({**RAHUL, "__visitor_id": "v-rahul", "__session_id": "s-v-rahul"})
    await lead_site.capture({**RAHUL, "PROJECT": "River"})
    await lead_site.capture({**RAHUL, "FIRSTNAME": "qa"})
    await lead_site.capture({**ASHA, "__visitor_id": "v-asha", "__session_id": "s-v-asha"})

    person = {"email": "Rahul@Example.com"}
    given = await lead_site.ask("POST", "/persons/export", person)
    assert (len(given["leads"]), len(given["submissions"])) == (2, 3)
    assert given["visitor_ids"] == ["v-rahul"]
    await lead_site.ask("POST", "/persons/export", person, key=MARKETING, status=403)
    await lead_site.ask("POST", "/persons/erase", person, key=MARKETING, status=403)
    await lead_site.ask("POST", "/persons/erase", {}, status=400)

    erased = await lead_site.ask("POST", "/persons/erase", person)
    assert erased == {"leads": 2, "submissions": 3, "visitor_ids": 1, "recordings": 0}
    assert [lead["contact_name"] for lead in await lead_site.list_leads()] == ["Asha"]
    with site.footfall.records.transaction() as t:
        for table in ("leads", "lead_identities", "lead_submissions", "deliveries"):
            text = repr(t.find(table, {}))
            assert "Rahul" not in text
            assert "rahul" not in text
        assert t.count("deliveries", {}) == 1
    warehouse = site.footfall.warehouse
    visitors = {row[0] for row in warehouse.query("SELECT DISTINCT visitor FROM events").rows}
    hasher = site.footfall.leadroom.visits
    assert visitors >= {hasher._hash_visitor(default.project.number, "v-asha")}
    assert hasher._hash_visitor(default.project.number, "v-rahul") not in visitors
    sessions = warehouse.query("SELECT visitor FROM sessions").rows
    assert hasher._hash_visitor(default.project.number, "v-rahul") not in {r[0] for r in sessions}
    again = await lead_site.ask("POST", "/persons/erase", person)
    assert again == {"leads": 0, "submissions": 0, "visitor_ids": 0, "recordings": 0}


async def test_the_command_line_erases_through_the_control(lead_site: LeadSite) -> None:
    await lead_site.capture(RAHUL)
    control = lead_site.site.footfall.control
    erased = await control.erase_person(Person(phone="98765 43210"))
    assert erased == ErasedFacts(leads=1, submissions=1, visitors=0)
    assert await lead_site.list_leads() == []
    with pytest.raises(InvalidInputError):
        await control.erase_person(Person())
