"""Leads on real databases: people who press twice at once, and what is forgotten."""

import threading
from dataclasses import replace

from footfall.clock import US_PER_DAY, FixedClock
from footfall.delivery.outbox import Outbox
from footfall.leads.lead import Submission
from footfall.leads.recognition import Identities
from footfall.leads.register import Leads
from footfall.leads.search import Search
from footfall.leads.setting import Keeping
from footfall.leads.table import IDENTITIES, LEADS, SUBMISSIONS
from footfall.store.relational import RelationalRecords
from tests.contract.test_records import project

NOW_US = 1_772_366_400_000_000
THREADS = 8


def make_submission(project_number: int, at_us: int = NOW_US) -> Submission:
    texts = {
        name: ""
        for name, field in Submission.__dataclass_fields__.items()
        if field.type in {"str", str}
    }
    numbers = {
        name: 0
        for name, field in Submission.__dataclass_fields__.items()
        if field.type in {"int", int}
    }
    values = {**texts, **numbers, "project": project_number, "submitted_at_us": at_us}
    values |= {"kind": "primary", "lead": None, "payload": "{}", "project_name": "Sky"}
    values |= {"address": None, "crm_id": None, "execution_url": None, "delivery": None}
    return Submission(**values)  # type: ignore[arg-type]


def test_two_forms_of_one_person_at_once_make_one_lead(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))
    start = threading.Barrier(THREADS)
    problems: list[BaseException] = []

    def submit(turn: int) -> None:
        # Half of them are known by one thing, half by another; one says both.
        visitor = "v-1" if turn % 2 or turn == 0 else ""
        email = "a@example.com" if not turn % 2 else ""
        start.wait()
        try:
            leads.take(
                make_submission(number),
                Identities(visitor, email or "a@example.com", "", ""),
                lambda _: (),
                reengage_hours=24,
            )
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=submit, args=(turn,)) for turn in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    found, total = leads.list_leads(Search())
    assert total == 1
    assert found[0].submissions == THREADS
    with records.transaction() as t:
        assert t.count(SUBMISSIONS, {"lead": found[0].number}) == THREADS
        assert t.count(SUBMISSIONS, {"kind": "primary"}) == 1


def test_forgets_what_is_older_than_it_is_kept(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))
    for days in (1, 40, 100):
        submission = make_submission(number, NOW_US - days * US_PER_DAY)
        identities = Identities(f"v-{days}", "", "", "")
        leads.take(submission, identities, lambda _: (), reengage_hours=24)
        for kind in ("test", "blocked", "bot"):
            leads.take_apart(replace(submission, kind=kind), lambda _: ())  # type: ignore[arg-type]
    assert leads.drop_old(Keeping(lead_days=50, test_days=30, blocked_days=90)) == 1 + 2 + 2
    with records.transaction() as t:
        assert t.count(LEADS, {}) == 2
        assert t.count(IDENTITIES, {}) == 2
        assert t.count(SUBMISSIONS, {"kind": "primary"}) == 2


def test_tallies_and_searches_alike(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))
    for turn, source in enumerate(("FB", "FB", "99", "")):
        submission = replace(
            make_submission(number),
            source=source,
            elapsed_ms=3_000_000_000,
            contact_name=f"Ärne 100%_{turn}",
        )
        leads.take(submission, Identities(f"v-{turn}", "", "", ""), lambda _: (), reengage_hours=1)
    with records.transaction() as t:
        tallied = t.tally(SUBMISSIONS, {}, by=("source",), sums=("elapsed_ms",))
        everything = t.tally(SUBMISSIONS, {}, sums=("elapsed_ms",))
        nothing = t.tally(SUBMISSIONS, {"source": "x"}, sums=("elapsed_ms",))
    assert tallied == [
        {"source": "", "count": 1, "elapsed_ms": 3_000_000_000},
        {"source": "99", "count": 1, "elapsed_ms": 3_000_000_000},
        {"source": "FB", "count": 2, "elapsed_ms": 6_000_000_000},
    ]
    assert everything == [{"count": 4, "elapsed_ms": 12_000_000_000}]
    assert nothing == [{"count": 0, "elapsed_ms": 0}]
    assert leads.list_leads(Search(text="äRNE"))[1] == 4
    assert leads.list_leads(Search(text="100%_2"))[1] == 1
    assert leads.list_leads(Search(text="100x"))[1] == 0
