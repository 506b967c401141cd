"""Leads on real databases: people who press twice at once, and what is forgotten."""

import json
import threading
from dataclasses import replace

import pytest

from footfall.clock import US_PER_DAY, FixedClock
from footfall.delivery.outbox import Outbox
from footfall.leads.lead import STATUSES, Status, Submission
from footfall.leads.recognition import Identities
from footfall.leads.register import Leads, Taken
from footfall.leads.search import Search
from footfall.leads.setting import Keeping
from footfall.leads.table import IDENTITIES, LEADS, SUBMISSIONS
from footfall.store.relational import RelationalRecords
from tests.contract.test_records import project

NOW_US = 1_772_366_400_000_000
THREADS = 8
OTHER = {"id": "other", "slug": "other", "name": "Other"}


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


def test_one_form_sent_many_times_at_once_is_stored_once(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))
    start = threading.Barrier(THREADS)
    taken: list[Taken] = []
    problems: list[BaseException] = []

    def submit(turn: int) -> None:
        is_test = turn % 2 == 1
        submission = replace(make_submission(number), client_id="test" if is_test else "form")
        start.wait()
        try:
            if is_test:
                taken.append(leads.take_apart(replace(submission, kind="test"), lambda _: ()))
            else:
                identities = Identities("", "a@example.com", "", "")
                taken.append(leads.take(submission, identities, lambda _: (), reengage_hours=24))
        except BaseException as error:
            problems.append(error)

    threads = [threading.Thread(target=submit, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with records.transaction() as t:
        assert t.count(SUBMISSIONS, {}) == 2
        assert t.count(SUBMISSIONS, {"is_duplicate": 1}) == 0
    for kind in ("primary", "test"):
        same = {one.submission.number for one in taken if one.submission.kind == kind}
        assert len(same) == 1
    assert leads.list_leads(Search())[0][0].submissions == 1


def test_an_id_of_a_form_is_its_projects_own(records: RelationalRecords) -> None:
    with records.transaction() as t:
        numbers = [t.add("projects", {**project(), **own}) for own in ({}, OTHER)]
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))
    for number in numbers:
        submission = replace(make_submission(number), client_id="x")
        leads.take(submission, Identities("v", "", "", ""), lambda _: (), reengage_hours=24)
    assert leads.find_taken(numbers[0], "y") is None
    found = [leads.find_taken(number, "x") for number in numbers]
    assert [taken.submission.project for taken in found if taken] == numbers


def test_filters_counts_and_files_agree(records: RelationalRecords) -> None:
    with records.transaction() as t:
        numbers = [t.add("projects", {**project(), **own}) for own in ({}, OTHER)]
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))
    for turn in range(9):
        submission = replace(
            make_submission(numbers[turn == 8], NOW_US + turn),
            form_id=f"form-{turn % 2}",
            site_key="pk",
            suspicion_score=turn * 10,
        )
        identities = Identities(f"v-{turn}", "", "", "")
        leads.take(submission, identities, lambda _: (), reengage_hours=1)
    (newest, *_), _ = leads.list_leads(Search(project=numbers[0]))
    leads.change_status(newest.number, "won", "Asha")
    searches = {
        Search(project=numbers[0]): 8,
        Search(project=numbers[1]): 1,
        Search(project=numbers[0], form_id="form-1"): 4,
        Search(project=numbers[0], site_key="other"): 0,
        Search(project=numbers[0], created_us=(NOW_US + 2, NOW_US + 4)): 3,
        Search(project=numbers[0], is_suspicious=True): 3,
    }
    for search, expected in searches.items():
        assert leads.list_leads(search)[1] == expected
        assert sum(leads.count_by_status(search).values()) == expected
        assert sum(len(batch) for batch in leads.iterate_leads(search)) == expected
    assert leads.count_by_status(Search(project=numbers[0]))["won"] == 1
    assert leads.list_names("form_id", numbers[1]) == ["form-0"]


def test_a_file_holds_everybody_who_stood_there_when_it_began(
    records: RelationalRecords, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.leads.search.BATCH", 2)
    with records.transaction() as t:
        number = t.add("projects", project())
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))

    def come(name: str) -> None:
        identities = Identities(name, "", "", "")
        submission = replace(make_submission(number), contact_name=name)
        leads.take(submission, identities, lambda _: (), reengage_hours=1)

    for name in "abcde":
        come(name)
    batches = leads.iterate_leads(Search(project=number))
    found = [lead.contact_name for lead in next(batches)]
    come("f")
    found += [lead.contact_name for batch in batches for lead in batch]
    assert found == ["e", "d", "c", "b", "a"]


def test_two_who_move_a_lead_at_once_leave_a_true_history(records: RelationalRecords) -> None:
    with records.transaction() as t:
        number = t.add("projects", project())
    clock = FixedClock(NOW_US)
    leads = Leads(records, clock, Outbox(records, clock))
    identities = Identities("v", "", "", "")
    taken = leads.take(make_submission(number), identities, lambda _: (), reengage_hours=1)
    assert taken.lead is not None
    lead = taken.lead.number
    start = threading.Barrier(len(STATUSES))

    def move(status: Status) -> None:
        start.wait()
        leads.change_status(lead, status, status)

    threads = [threading.Thread(target=move, args=(status,)) for status in STATUSES]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moves = [json.loads(one.body) for one in reversed(leads.list_activities(lead))]
    assert [move["from"] for move in moves] == ["new", *(move["to"] for move in moves[:-1])]
    assert leads.find(lead).status == moves[-1]["to"]
