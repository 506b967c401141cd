"""Pages of leads over the whole program: who sees them, what the filters leave, and that a move on
a page is the same move as any other."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from footfall.leads.search import Search
from footfall.projects.share import ShareWish
from footfall.replay.visit import RecordedVisits
from tests.dialects.pulsegate.lead_site import RAHUL, LeadSite, open_lead_site
from tests.integration.page_reader import read_page
from tests.integration.test_alert_page import read, send, sign_in
from tests.site import Site
from tests.unit.http.asgi_call import Answered

DAY_S = 86_400
HOME = "/dashboard/p/default/leads"


@pytest.fixture
async def lead_site(tmp_path: Path) -> AsyncIterator[LeadSite]:
    async with open_lead_site(tmp_path) as opened:
        yield opened


def list_rows(document: str) -> list[str]:
    """Return the numbers of the leads in a list, in its order."""
    ids = [own.get("id", "") for _, own in read_page(document).tags]
    return [one.removeprefix("row-") for one in ids if one.startswith("row-")]


async def ask(site: Site, path: str, cookie: str) -> Answered:
    return await site.call("GET", path, headers=[("Cookie", cookie)])


async def move(
    site: Site, number: int, status: str, cookie: str, *, place: str = "board", query: str = ""
) -> Answered:
    fields = {"status": status, "place": place, "query": query}
    headers = [
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Host", "footfall.test"),
        ("Origin", "http://footfall.test"),
        ("Cookie", cookie),
        ("HX-Request", "true"),
        ("HX-Target", "div#leads"),
    ]
    body = urlencode(fields).encode()
    return await site.call("POST", f"{HOME}/{number}/status", body, headers=headers)


async def take_seven(lead_site: LeadSite) -> None:
    """Seven people, a day each: 1 to 7."""
    site = {"name": "Shop", "site_key": "pk_live_shop"}
    await lead_site.ask("POST", "/sites", site, status=201)
    for turn in range(7):
        form = {
            "FIRSTNAME": f"Person {turn + 1}",
            "EMAIL": f"p{turn + 1}@example.com",
            "PHONE": f"98765432{turn}0",
            "PROJECT": ("Sky", "River")[turn % 2],
            "SOURCE": ("FB", "99acres", "WebSite")[turn % 3],
            "siteKey": "pk_live_shop" if turn < 3 else "",
            "formId": "enquiry" if turn < 3 else "callback",
            "__visitor_id": f"v-{turn + 1}",
            # no_session and zero_engagement are 25 points; 30 more within 5 seconds.
            "__pg_tts": "2" if turn in {1, 4} else "60",
        }
        await lead_site.capture(form, after_s=turn * DAY_S, ip=f"198.51.100.{turn + 30}")


LISTED = {
    "": "7654321",
    "?sort=oldest": "1234567",
    "?sort=name_asc&about=Sky": "1357",
    "?source=FB": "741",
    "?site=pk_live_shop": "321",
    "?form=callback&source=99acres": "5",
    "?since=2026-03-03&until=2026-03-05": "543",
    "?until=2026-03-02": "21",
    "?since=2026-03-07": "7",
    "?risk=high": "52",
    "?sort=risk_desc&about=River": "246",
    "?q=PERSON+3": "3",
    "?q=p6%40example": "6",
    "?q=9876543240": "5",
    "?status=new&q=nobody": "",
    "?status=Won": "",
    "?page=2": "",
}
"""Numbers of the leads that an address lists, in their order."""


async def test_the_address_says_what_is_listed(lead_site: LeadSite) -> None:
    await take_seven(lead_site)
    cookie = await sign_in(lead_site.site)
    for query, expected in LISTED.items():
        page = await read(lead_site.site, f"{HOME}{query}", cookie)
        assert "".join(list_rows(page)) == expected, query
        file = await ask(lead_site.site, f"{HOME}/csv{query}", cookie)
        rows = list(csv.DictReader(io.StringIO(file.body.decode("utf-8-sig"), newline="")))
        if "page" not in query:
            assert {row["Lead"] for row in rows} == set(expected), query


async def test_counts_of_stages_and_pages(lead_site: LeadSite) -> None:
    await take_seven(lead_site)
    site, leads = lead_site.site, lead_site.site.footfall.leadroom.leads
    for number in (1, 2, 3):
        leads.change_status(number, "won", "Asha")
    cookie = await sign_in(site)
    text = read_page(await read(site, HOME, cookie)).text
    assert "All 7 New 4 Contacted 0 Qualified 0 Proposal 0 Won 3 Lost 0" in text
    assert "1–7 of 7" in text
    text = read_page(await read(site, f"{HOME}?status=won&about=Sky", cookie)).text
    assert "All 4 New 2 Contacted 0 Qualified 0 Proposal 0 Won 2 Lost 0" in text
    for turn in range(20):
        await lead_site.capture({"EMAIL": f"more{turn}@example.com"}, after_s=6 * DAY_S + 60)
    first = await read(site, HOME, cookie)
    assert len(list_rows(first)) == 25
    assert f'rel="next" href="{HOME}?page=2"' in first
    second = await read(site, f"{HOME}?page=2", cookie)
    assert list_rows(second) == ["2", "1"]
    assert "26–27 of 27" in read_page(second).text


WRONG = {
    "?status=dead": "status is &#39;dead&#39;; accepted are new, contacted",
    "?sort=best": "sort: &#39;best&#39; is not known; use one of newest",
    "?show=all": "show: &#39;all&#39; is not known; use one of tests, blocked",
    "?page=0": "&#39;0&#39; is no page; count from 1",
    "?since=yesterday": "yesterday",
    "?since=2026-03-05&until=2026-03-01": "the first day comes first",
    f"?q={'x' * 501}": "q has 501 characters; 500 are accepted",
}


async def test_an_address_that_is_wrong_says_so(lead_site: LeadSite) -> None:
    cookie = await sign_in(lead_site.site)
    for query, sentence in WRONG.items():
        for path in (HOME, f"{HOME}/board", f"{HOME}/csv"):
            answered = await ask(lead_site.site, path + query, cookie)
            assert answered.status == 400
            assert sentence in answered.body.decode()


async def test_tests_and_blocked_forms_are_shown_on_request_only(lead_site: LeadSite) -> None:
    await lead_site.ask("PATCH", "/settings", {"test_lead_strings": ["qa"]})
    await lead_site.capture(RAHUL)
    await lead_site.capture({**RAHUL, "FIRSTNAME": "qa person"})
    await lead_site.capture({**RAHUL, "FIRSTNAME": "A program", "__pg_hp": "x"})
    cookie = await sign_in(lead_site.site)
    page = read_page(await read(lead_site.site, HOME, cookie)).text
    assert "Rahul Sharma" in page
    assert "qa person" not in page
    assert "A program" not in page
    assert "Kept apart, and no leads: 1 test and 1 blocked form ." in page
    assert "qa person" in await read(lead_site.site, f"{HOME}?show=tests", cookie)
    assert "A program" in await read(lead_site.site, f"{HOME}?show=blocked", cookie)
    board = await read(lead_site.site, f"{HOME}/board?show=tests", cookie)
    assert "qa person" not in board


async def test_a_move_on_a_page_is_in_the_history_with_who_made_it(lead_site: LeadSite) -> None:
    site = lead_site.site
    number = int((await lead_site.capture(RAHUL))["lead_id"])
    cookie = await sign_in(site)
    site.set_clock(60)
    answered = await move(site, number, "contacted", cookie, query="?about=Sky+Towers")
    assert answered.status == 200
    part = answered.body.decode()
    assert part.strip().startswith('<div id="leads"')
    assert 'data-said="Rahul Sharma is Contacted now"' in part
    assert "<html" not in part
    _, _, after = part.partition('id="stage-contacted"')
    assert f'id="card-{number}"' in after.partition('id="stage-qualified"')[0]
    await move(site, number, "won", cookie, place="list", query="?status=won")
    await lead_site.ask("PATCH", f"/leads/{number}", {"status": "lost"})
    detail = await lead_site.ask("GET", f"/leads/{number}")
    history = [
        (one["actor"], json.loads(one["payload_json"]), one["created_at"])
        for one in reversed(detail["status_history"])
    ]
    assert history == [
        ("Operator", {"from": "new", "to": "contacted"}, "2026-03-01 12:01:00"),
        ("Operator", {"from": "contacted", "to": "won"}, "2026-03-01 12:01:00"),
        ("admin", {"from": "won", "to": "lost"}, "2026-03-01 12:01:00"),
    ]
    page = read_page(await read(site, f"{HOME}/{number}", cookie)).text
    assert "Moved from Won → to Lost 1 Mar, 12:01 · admin" in page
    assert "Moved from New → to Contacted 1 Mar, 12:01 · Operator" in page
    refused = await move(site, number, "dead", cookie)
    assert refused.status == 400
    assert "accepted are new, contacted" in refused.body.decode()
    assert (await move(site, 99, "won", cookie)).status == 404


async def test_a_browser_without_scripts_comes_back_where_it_was(lead_site: LeadSite) -> None:
    number = (await lead_site.capture(RAHUL))["lead_id"]
    cookie = await sign_in(lead_site.site)
    places = {
        ("list", "?status=new&page=2"): f"{HOME}?status=new&page=2",
        ("board", "?about=Sky"): f"{HOME}/board?about=Sky",
        ("", ""): f"{HOME}/{number}",
        ("https://evil.example", "?q=//evil.example"): f"{HOME}/{number}",
    }
    for (place, query), expected in places.items():
        fields = {"status": "won", "place": place, "query": query}
        answered = await send(lead_site.site, f"{HOME}/{number}/status", fields, cookie)
        assert (answered.status, answered.headers["location"]) == (303, expected)


async def test_who_sees_people(lead_site: LeadSite) -> None:
    site = lead_site.site
    made = await lead_site.ask(
        "POST", "/sites", {"name": "S", "site_key": "pk_live_s", "project": "shop"}, status=201
    )
    assert made
    number = (await lead_site.capture({**RAHUL, "siteKey": "pk_live_s"}))["lead_id"]
    elsewhere = (await lead_site.capture(RAHUL))["lead_id"]
    home = "/dashboard/p/shop/leads"
    projects = site.footfall.projects

    def make(name: str, **own: Any) -> str:
        return projects.create_key(site.project, name, **own)[1]

    worker = await sign_in(site, make("Asha (sales)", scopes=["admin"]))
    assert "Rahul Sharma" in await read(site, home, worker)
    assert "Rahul Sharma" in await read(site, f"{home}/{number}", worker)
    assert (await send(site, f"{home}/{number}/status", {"status": "won"}, worker)).status == 303
    (activity,) = site.footfall.leadroom.leads.list_activities(int(number))
    assert activity.actor == "Asha (sales)"
    # People of another project are nobody's business, and what spans projects is the operator's.
    assert (await ask(site, f"{home}/{elsewhere}", worker)).status == 404
    assert (await ask(site, HOME, worker)).status == 404
    for path in (f"{number}/person.json", f"{number}/erase", "told"):
        assert (await ask(site, f"{home}/{path}", worker)).status == 403
    erased = await send(site, f"{home}/{number}/erase", {"sure": "yes"}, worker)
    assert erased.status == 403
    told = {"channel": "email", "target": "a@example.com"}
    assert (await send(site, f"{home}/told", told, worker)).status == 403

    limited = make("Agency", scopes=["query", "admin"], allowed_modules=["pageviews"])
    for secret in (make("Reader", scopes=["query"]), limited):
        reader = await sign_in(site, secret)
        assert home not in await read(site, "/dashboard/p/shop/bots", reader)
        for path in ("", "/board", "/csv", f"/{number}", f"/{number}/person.json", "/told"):
            answered = await ask(site, home + path, reader)
            assert answered.status == 403
            assert b"Rahul" not in answered.body
        assert (
            await send(site, f"{home}/{number}/status", {"status": "lost"}, reader)
        ).status == 403

    await site.admin(
        "PUT", f"/projects/{site.project.id}/modules", {"modules": {"sharing": {"enabled": True}}}
    )
    share = site.footfall.shares.create(site.project, ShareWish("Board", ("pageviews",)))
    for path in ("", "/board", "/csv", f"/{number}", f"/{number}/person.json"):
        answered = await site.call("GET", f"/shared/{share.token}/leads{path}")
        assert answered.status in {403, 404}
        assert b"Rahul" not in answered.body
    assert site.footfall.leadroom.leads.find(int(number)).status == "won"


async def test_a_form_of_another_site_moves_nothing(lead_site: LeadSite) -> None:
    number = (await lead_site.capture(RAHUL))["lead_id"]
    cookie = await sign_in(lead_site.site)
    for path in (f"{HOME}/{number}/status", f"{HOME}/{number}/erase", f"{HOME}/told"):
        headers = [
            ("Content-Type", "application/x-www-form-urlencoded"),
            ("Host", "footfall.test"),
            ("Origin", "https://evil.example"),
            ("Cookie", cookie),
        ]
        body = b"status=won&sure=yes&channel=email&target=a@example.com"
        answered = await lead_site.site.call("POST", path, body, headers=headers)
        assert answered.status == 403
    assert lead_site.site.footfall.leadroom.leads.find(int(number)).status == "new"


async def test_a_person_is_given_out_and_erased_from_their_page(lead_site: LeadSite) -> None:
    site = lead_site.site
    default = site.footfall.directory.find_slug("default")
    assert default is not None
    cookie = await sign_in(site)
    told = {"channel": "email", "target": "sales@example.com", "shows_person": "on"}
    assert (await send(site, f"{HOME}/told", told, cookie)).status == 303
    first = await lead_site.capture({**RAHUL, "__visitor_id": "v-1"})
    await lead_site.capture({**RAHUL, "PROJECT": "River"})
    await lead_site.capture({"EMAIL": "asha@example.com"})
    number = first["lead_id"]
    given = await ask(site, f"{HOME}/{number}/person.json", cookie)
    kept = json.loads(given.body)
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["cache-control"] == "no-store"
    assert [lead["project_name"] for lead in kept["leads"]] == ["Sky Towers", "River"]
    assert (len(kept["forms"]), kept["visitor_ids"]) == (2, ["v-1"])
    question = read_page(await read(site, f"{HOME}/{number}/erase", cookie)).text
    assert "2 forms, 0 entries of their history" in question
    unsure = await send(site, f"{HOME}/{number}/erase", {}, cookie)
    assert unsure.status == 400
    assert "Tick the box" in unsure.body.decode()
    assert len(await lead_site.list_leads()) == 3
    done = await send(site, f"{HOME}/{number}/erase", {"sure": "yes"}, cookie)
    assert (done.status, done.headers["location"]) == (303, f"{HOME}?erased=1")
    page = await read(site, f"{HOME}?erased=1", cookie)
    assert "The person is erased" in page
    assert "asha@example.com" in page
    with site.footfall.records.transaction() as t:
        for table in ("leads", "lead_submissions", "lead_identities", "deliveries"):
            assert "rahul" not in repr(t.find(table, {})).lower(), table
        assert t.count("deliveries", {}) == 1
    assert (await ask(site, f"{HOME}/{number}", cookie)).status == 404


async def test_somebody_known_by_nothing_is_erased_too(lead_site: LeadSite) -> None:
    number = (await lead_site.capture({"FIRSTNAME": "Only a name"}))["lead_id"]
    cookie = await sign_in(lead_site.site)
    await send(lead_site.site, f"{HOME}/{number}/erase", {"sure": "yes"}, cookie)
    assert await lead_site.list_leads() == []


async def test_nobody_is_told_until_somebody_is_named(lead_site: LeadSite) -> None:
    site = lead_site.site
    cookie = await sign_in(site)
    await lead_site.capture({"EMAIL": "first@example.com"})
    for fields, sentence in (
        ({"channel": "email", "target": "sales"}, "is no mail address"),
        ({"channel": "email", "target": "a@example.com\r\nBcc: b@example.com"}, "is no mail"),
        ({"channel": "webhook", "target": "https://10.0.0.1/"}, "private or local address"),
        ({"channel": "pigeon", "target": "a@example.com"}, "accepted are email, webhook"),
    ):
        refused = await send(site, f"{HOME}/told", fields, cookie)
        assert refused.status == 400
        assert sentence in refused.body.decode()
    told = {"channel": "email", "target": "sales@example.com"}
    hook = {"channel": "webhook", "target": "https://h.example.com/x", "tells_follow_ups": "on"}
    for fields in (told, hook):
        assert (await send(site, f"{HOME}/told", fields, cookie)).status == 303
    again = await send(site, f"{HOME}/told", told, cookie)
    assert "The address sales@example.com is told already" in again.body.decode()
    await lead_site.ask("PATCH", "/settings", {"test_lead_strings": ["qa"]})
    for form, after_s in (
        (RAHUL, 0),
        (RAHUL, 60),  # a duplicate
        (RAHUL, 2 * DAY_S),  # a follow-up
        ({**RAHUL, "FIRSTNAME": "qa"}, 2 * DAY_S),
        ({**RAHUL, "__pg_hp": "x"}, 2 * DAY_S),
    ):
        await lead_site.capture(form, after_s=after_s)
    with site.footfall.records.transaction() as t:
        sent = [(r["channel"], r["subject"], r["body"]) for r in t.find("deliveries", {})]
    assert [one[:2] for one in sent] == [
        ("email", "new lead"),
        ("webhook", "new lead"),
        ("webhook", "follow-up of a lead"),
    ]
    for _, _, body in sent:
        assert "Sky Towers" in body
        for private in ("Rahul", "rahul@", "9876543210", "Pune"):
            assert private not in body
    cookie = await sign_in(site)  # days went by
    page = await read(site, f"{HOME}/told", cookie)
    assert "without anything personal" in page
    notices = site.footfall.leadroom.notices.list_notices(1)
    assert (await send(site, f"{HOME}/told/{notices[0].number}/remove", {}, cookie)).status == 303
    assert (await send(site, f"{HOME}/told/{notices[0].number}/remove", {}, cookie)).status == 404
    assert len(site.footfall.leadroom.notices.list_notices(1)) == 1


async def test_a_recording_is_linked_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int, str]] = []

    async def has_recording(_: RecordedVisits, project: int, session_id: str) -> bool:
        asked.append((project, session_id))
        return len(asked) > 1

    monkeypatch.setattr(RecordedVisits, "has_recording", has_recording)
    async with open_lead_site(tmp_path) as lead_site:
        start = {"fingerprint_id": "f", "page": "https://a.example/"}
        answered = await lead_site.site.post("91.64.10.1", "x", start, "/track/session/start")
        ids = json.loads(answered.body)
        own = {"__visitor_id": ids["visitor_id"], "__session_id": ids["session_id"]}
        number = (await lead_site.capture({**RAHUL, **own}))["lead_id"]
        cookie = await sign_in(lead_site.site)
        link = f"/dashboard/p/default/recordings/{ids['session_id']}"
        assert link not in await read(lead_site.site, f"{HOME}/{number}", cookie)
        assert link in await read(lead_site.site, f"{HOME}/{number}", cookie)
        default = lead_site.site.footfall.directory.find_slug("default")
        assert default is not None
        assert set(asked) == {(default.project.number, ids["session_id"])}


async def test_a_file_of_many_leads_is_sent_in_pieces(
    lead_site: LeadSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("footfall.leads.search.BATCH", 2)
    await take_seven(lead_site)
    cookie = await sign_in(lead_site.site)
    file = await ask(lead_site.site, f"{HOME}/csv?sort=oldest", cookie)
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["cache-control"] == "no-store"
    assert file.headers["content-disposition"] == (
        'attachment; filename="default-leads-2026-03-07.csv"'
    )
    rows = list(csv.DictReader(io.StringIO(file.body.decode("utf-8-sig"), newline="")))
    assert [row["Lead"] for row in rows] == list("7654321")
    assert rows[-1]["E-mail"] == "p1@example.com"
    assert (rows[-2]["Suspicion"], rows[-2]["Reasons"]) == (
        "55",
        "sent within 5 seconds; no visit is known; no sign of interest",
    )
    leads, total = await asyncio.to_thread(
        lead_site.site.footfall.leadroom.leads.list_leads, Search(limit=100)
    )
    assert total == len(rows) == len(leads)


async def test_a_site_of_forms_is_switched_on_its_page(lead_site: LeadSite) -> None:
    site = lead_site.site
    made = await lead_site.ask("POST", "/sites", {"name": "S", "site_key": "pk_live_s"}, status=201)
    cookie = await sign_in(site)
    forms = "/dashboard/p/default/forms"
    page = read_page(await read(site, forms, cookie)).text
    assert "Its pages show their forms, and leads are taken." in page
    for switch, field in (("is_enabled", "enabled"), ("takes_fingerprints", "fingerprint")):
        before = (await lead_site.ask("GET", f"/sites/{made['id']}"))[field]
        fields = {"site": str(made["id"]), "switch": switch}
        assert (await send(site, f"{forms}/do/site-switch", fields, cookie)).status == 303
        after = await lead_site.ask("GET", f"/sites/{made['id']}")
        assert after[field] is (not before)
    page = read_page(await read(site, forms, cookie)).text
    assert "No page shows a form of this site." in page
    assert "A browser is recognised by what it is" in page
    for fields in ({"site": "1", "switch": "project"}, {"site": "99", "switch": "is_enabled"}):
        answered = await send(site, f"{forms}/do/site-switch", fields, cookie)
        assert answered.status == 404
