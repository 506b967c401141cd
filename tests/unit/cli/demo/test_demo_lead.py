"""The leads of the demo: some of everything, the same for the same seed, made once."""

from footfall.cli.demo.lead import PEOPLE, make_leads
from footfall.clock import FixedClock
from footfall.delivery.outbox import Outbox
from footfall.leads.lead import STATUSES, Lead
from footfall.leads.register import Leads
from footfall.leads.search import Search
from footfall.store.relational import RelationalRecords
from tests.contract.test_records import project

START_US, END_US = 1_700_000_000_000_000, 1_707_776_000_000_000


def make(seed: int) -> list[Lead]:
    records = RelationalRecords("sqlite://")
    records.setup()
    with records.transaction() as t:
        t.add("projects", project())
    for _ in range(2):
        make_leads(records, 1, start_us=START_US, end_us=END_US, seed=seed)
    clock = FixedClock(END_US)
    found, _ = Leads(records, clock, Outbox(records, clock)).list_leads(Search(limit=1_000))
    records.close()
    return found


def test_there_is_some_of_everything() -> None:
    leads = make(1)
    assert len(leads) == PEOPLE
    assert {lead.status for lead in leads} == set(STATUSES)
    assert any(lead.submissions > 1 for lead in leads)
    assert any(lead.suspicion_score >= 50 for lead in leads)
    for lead in leads:
        assert START_US < lead.created_at_us <= lead.last_activity_at_us <= END_US
        assert lead.contact_email.endswith("@example.com")
    keyless = [
        (lead.contact_name, lead.status, lead.utm_campaign, lead.submissions) for lead in leads
    ]
    assert keyless == [
        (lead.contact_name, lead.status, lead.utm_campaign, lead.submissions) for lead in make(1)
    ]
