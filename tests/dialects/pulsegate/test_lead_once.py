"""A form whose answer was lost and that is sent again is one form with one answer."""

import asyncio

from tests.dialects.pulsegate.lead_site import RAHUL, LeadSite

ID = "0123456789abcdef0123456789abcdef"


async def test_a_repetition_gets_the_same_answer_and_is_stored_once(lead_site: LeadSite) -> None:
    hook = {"make_webhook_url": "https://hooks.example.com/x"}
    await lead_site.ask("PATCH", "/settings", hook)
    first = await lead_site.capture({**RAHUL, "__pg_sid": ID, "__pg_tts": "20"})
    again = await lead_site.capture({**RAHUL, "__pg_sid": ID, "__pg_tts": "28"}, after_s=8)
    assert again == first
    (lead,) = await lead_site.list_leads()
    assert (lead["form_submit_count"], lead["follow_ups_count"]) == (1, 0)
    detail = await lead_site.ask("GET", f"/leads/{lead['lead_id']}")
    assert [s["is_duplicate_window"] for s in detail["submissions"]] == [0]
    site = lead_site.site.footfall
    with site.records.transaction() as t:
        assert t.count("deliveries", {}) == 1
    await lead_site.ask("GET", "/storage")  # what was acknowledged is loaded
    assert site.warehouse.query("SELECT count(*) FROM events WHERE name = 'lead'").rows == [(1,)]


async def test_many_repetitions_at_once_are_one(lead_site: LeadSite) -> None:
    form = {**RAHUL, "__pg_sid": ID}
    answers = await asyncio.gather(*(lead_site.capture(form) for _ in range(8)))
    assert {answer["submission_id"] for answer in answers} == {answers[0]["submission_id"]}
    (lead,) = await lead_site.list_leads()
    assert lead["form_submit_count"] == 1


async def test_another_id_or_none_is_another_form(lead_site: LeadSite) -> None:
    for own in ({"__pg_sid": ID}, {"__pg_sid": ID[:-1]}, {}, {}):
        await lead_site.capture({**RAHUL, **own})
    (lead,) = await lead_site.list_leads()
    assert lead["form_submit_count"] == 4


async def test_a_long_id_counts_as_a_whole(lead_site: LeadSite) -> None:
    for end in ("a", "b", "a"):
        await lead_site.capture({**RAHUL, "__pg_sid": "x" * 5_000 + end})
    (lead,) = await lead_site.list_leads()
    assert lead["form_submit_count"] == 2


async def test_what_makes_no_lead_is_repeated_once_as_well(lead_site: LeadSite) -> None:
    await lead_site.ask("PATCH", "/settings", {"test_lead_strings": ["rahul"]})
    first = await lead_site.capture({**RAHUL, "__pg_sid": ID})
    assert await lead_site.capture({**RAHUL, "__pg_sid": ID}) == first
    assert (await lead_site.ask("GET", "/testing-leads"))["total"] == 1
