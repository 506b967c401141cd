"""Leads from the form to the list: who is recognised, what is a follow-up, who learns what."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.dialects.pulsegate.lead_site import RAHUL, LeadSite, open_lead_site

HOUR_S = 3_600


async def test_a_form_becomes_the_documented_lead(lead_site: LeadSite) -> None:
    answer = await lead_site.capture({**RAHUL, "__visitor_id": "abc123", "__session_id": "s-1"})
    assert answer["success"] is True
    (lead,) = await lead_site.list_leads()
    assert lead == {
        "lead_id": answer["lead_id"],
        "enquiry_datetime": "2026-03-01 12:00:00",
        "contact_name": "Rahul Sharma",
        "contact_email": "rahul@example.com",
        "contact_phone": "9876543210",
        "project_name": "Sky Towers",
        "project_location": "Pune",
        "project_source": "WebSite",
        "contact_country_name": "",
        "contact_city": "",
        "visitor_id": "abc123",
        "session_id": "s-1",
        "engagement_score": 0,
        "engagement_label": "Cold",
        "form_submit_count": 1,
        "suspicion_score": 25,
        "follow_ups_count": 0,
        "last_follow_up_at": None,
        "status": "new",
        "crm_lead_id": None,
    }


async def test_a_follow_up_is_counted_and_only_a_late_one_is_no_duplicate(
    lead_site: LeadSite,
) -> None:
    first = await lead_site.capture(RAHUL)
    second = await lead_site.capture(RAHUL, after_s=23 * HOUR_S)
    third = await lead_site.capture(RAHUL, after_s=47 * HOUR_S + 1)
    assert first["lead_id"] == second["lead_id"] == third["lead_id"]
    (lead,) = await lead_site.list_leads()
    assert (lead["form_submit_count"], lead["follow_ups_count"]) == (3, 2)
    assert lead["last_follow_up_at"] == "2026-03-03 11:00:01"
    detail = await lead_site.ask("GET", f"/leads/{lead['lead_id']}")
    flags = [
        (s["submission_id"], s["is_primary_lead"], s["is_duplicate_window"])
        for s in detail["submissions"]
    ]
    assert flags == [
        (third["submission_id"], 0, 0),
        (second["submission_id"], 0, 1),
        (first["submission_id"], 1, 0),
    ]
    assert json.loads(detail["submissions"][0]["payload_json"]) == RAHUL


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({"__visitor_id": "v-1"}, "same"),
        ({"__visitor_id": "v-2", "EMAIL": "RAHUL@example.com"}, "same"),
        ({"EMAIL": "other@example.com", "PHONE": "98765 43210"}, "same"),
        ({"EMAIL": "other@example.com", "PHONE": "1111111111"}, "another"),
        ({"__visitor_id": "v-1", "PROJECT": "River Park"}, "another"),
        ({"__visitor_id": "v-1", "PROJECT": "  sky   TOWERS "}, "same"),
    ],
)
async def test_recognises_a_person_by_visitor_then_mail_then_phone_within_a_project(
    lead_site: LeadSite, other: dict[str, str], found: str
) -> None:
    first = await lead_site.capture({**RAHUL, "__visitor_id": "v-1"})
    second = await lead_site.capture({"FIRSTNAME": "R", "PROJECT": "Sky Towers", **other})
    is_same = first["lead_id"] == second["lead_id"]
    assert ("same" if is_same else "another") == found


async def test_the_address_recognises_only_whom_nothing_else_tells(lead_site: LeadSite) -> None:
    nameless = {"PROJECT": "Sky Towers", "USER_MESSAGE": "call me"}
    first = await lead_site.capture(nameless)
    again = await lead_site.capture(nameless)
    colleague = await lead_site.capture({**nameless, "EMAIL": "b@example.com"})
    elsewhere = await lead_site.capture(nameless, ip="198.51.100.21")
    assert first["lead_id"] == again["lead_id"]
    assert len({first["lead_id"], colleague["lead_id"], elsewhere["lead_id"]}) == 3


async def test_the_surest_identity_decides_between_two_leads(lead_site: LeadSite) -> None:
    by_visitor = await lead_site.capture({"PROJECT": "P", "__visitor_id": "v"})
    by_mail = await lead_site.capture({"PROJECT": "P", "EMAIL": "m@example.com"})
    both = await lead_site.capture({"PROJECT": "P", "EMAIL": "m@example.com", "__visitor_id": "v"})
    assert both["lead_id"] == by_visitor["lead_id"] != by_mail["lead_id"]


async def test_a_filled_trap_makes_no_lead_and_tells_nobody(lead_site: LeadSite) -> None:
    honest = await lead_site.capture(RAHUL, ip="198.51.100.1")
    caught = await lead_site.capture({**RAHUL, "EMAIL": "b@b.example", "__pg_hp": "http://x"})
    assert caught.keys() == honest.keys()
    assert caught["success"] is True
    assert isinstance(caught["lead_id"], int)
    assert len(await lead_site.list_leads()) == 1
    (blocked,) = await lead_site.ask("GET", "/blocked-ips")
    assert blocked["ip"] == "198.51.100.20"
    await lead_site.capture({**RAHUL, "EMAIL": "c@c.example"})
    assert len(await lead_site.list_leads()) == 1
    kept = await lead_site.ask("GET", "/blocked-ip-leads")
    assert kept["total"] == 2
    overview = await lead_site.ask("GET", "/engine/overview")
    assert (overview["total_submissions"], overview["bot"], overview["blocked"]) == (1, 1, 1)


async def test_a_trap_behind_a_shared_address_blocks_nobody_else(lead_site: LeadSite) -> None:
    await lead_site.capture({**RAHUL, "__pg_hp": "x"}, ip="10.0.0.7")
    assert await lead_site.ask("GET", "/blocked-ips") == []


async def test_with_detection_off_a_trap_only_makes_suspicious(lead_site: LeadSite) -> None:
    await lead_site.ask("PATCH", "/settings", {"bot_lead_detection": False})
    await lead_site.capture({**RAHUL, "__pg_hp": "x", "__pg_tts": "60"})
    (lead,) = await lead_site.list_leads()
    assert lead["suspicion_score"] == 40 + 15 + 10


async def test_a_test_is_kept_apart(lead_site: LeadSite) -> None:
    await lead_site.ask("PATCH", "/settings", {"test_lead_strings": ["QA-Test"]})
    await lead_site.capture({**RAHUL, "FIRSTNAME": "my qa-test"})
    known = {"ip": "198.51.100.99", "usage": "testing"}
    await lead_site.ask("POST", "/whitelisted-ips", known, status=201)
    await lead_site.capture(RAHUL, ip="198.51.100.99")
    assert await lead_site.list_leads() == []
    assert (await lead_site.ask("GET", "/testing-leads"))["total"] == 2
    overview = await lead_site.ask("GET", "/engine/overview")
    assert (overview["total_submissions"], overview["test"]) == (0, 2)


async def test_counts_a_lead_as_an_event_without_anything_personal(lead_site: LeadSite) -> None:
    page = "https://shop.example/sky?email=rahul@example.com#x"
    await lead_site.capture({**RAHUL, "PAGE_URL": page, "utm_source": "fb"})
    warehouse, loader = lead_site.site.footfall.warehouse, lead_site.site.footfall.loader
    await loader.wait_loaded()
    rows = warehouse.query("SELECT * FROM events WHERE name = 'lead'")
    assert len(rows.rows) == 1
    text = repr(rows.rows)
    for private in ("rahul", "Rahul", "9876543210", "198.51.100.20"):
        assert private not in text
    values = dict(zip(rows.columns, rows.rows[0], strict=True))
    assert (values["kind"], values["path"], values["utm_source"]) == ("event", "/sky", "fb")


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"first_name":"", "FirstName":"Asha","e-mail":"a@example.com"}'),
        ("application/x-www-form-urlencoded", b"firstname=Asha&Email=a%40example.com"),
        ("text/plain", b'{"FIRST-NAME":"Asha","EMAIL":"a@example.com"}'),
        ("text/plain", b"FIRSTNAME=Asha&EMAIL=a%40example.com"),
        ("text/plain", b"FIRSTNAME: Asha\nEMAIL: a@example.com"),
        (
            "multipart/form-data; boundary=xx",
            b'--xx\r\nContent-Disposition: form-data; name="First_Name"\r\n\r\nAsha\r\n'
            b'--xx\r\nContent-Disposition: form-data; name="EMAIL"\r\n\r\na@example.com\r\n'
            b"--xx--\r\n",
        ),
    ],
)
async def test_takes_every_kind_of_body(
    lead_site: LeadSite, content_type: str, body: bytes
) -> None:
    headers = [("Content-Type", content_type), ("Accept", "application/json")]
    answered = await lead_site.site.call("POST", "/lead.capture", body, headers=headers)
    assert answered.status == 200, answered.body
    (lead,) = await lead_site.list_leads()
    assert (lead["contact_name"], lead["contact_email"]) == ("Asha", "a@example.com")


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"{", b"hello"])
async def test_refuses_what_is_no_form(lead_site: LeadSite, body: bytes) -> None:
    answered = await lead_site.site.call("POST", "/lead.capture", body)
    assert answered.status == 400
    assert list(json.loads(answered.body)) == ["error"]


@pytest.mark.parametrize(
    ("fields", "headers", "location"),
    [
        ({"DOMAIN": "shop.example"}, [], "https://shop.example/thank-you"),
        ({"DOMAIN": "https://www.shop.example/x"}, [], "https://www.shop.example/thank-you"),
        ({}, [("Referer", "https://any.example/form?x=1")], "https://any.example/thank-you"),
        (
            {"DOMAIN": "evil.example"},
            [("Referer", "https://any.example/form")],
            "https://any.example/thank-you",
        ),
        (
            {"DOMAIN": "www.any.example"},
            [("Referer", "https://any.example/form")],
            "https://www.any.example/thank-you",
        ),
    ],
)
async def test_leads_a_browser_to_the_page_that_says_thanks(
    lead_site: LeadSite, fields: dict[str, str], headers: Any, location: str
) -> None:
    answered = await lead_site.post_form({**RAHUL, **fields}, headers=headers)
    assert answered.status == 301
    assert answered.headers["location"] == location
    assert answered.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "domain",
    [
        "evil.example",
        "https://evil.example",
        "//evil.example",
        "shop.example@evil.example",
        "shop.example.evil.example",
        "evil.example#shop.example",
        "shop.example\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
    ],
)
async def test_leads_nobody_to_a_host_that_is_not_ours(lead_site: LeadSite, domain: str) -> None:
    answered = await lead_site.post_form({**RAHUL, "DOMAIN": domain})
    location = answered.headers.get("location", "")
    assert location in {"", "https://shop.example/thank-you"}
    assert "evil" not in location
    assert "set-cookie" not in answered.headers


@pytest.mark.parametrize("path", ["/lead", "/"])
async def test_old_paths_serve_on_and_say_so(lead_site: LeadSite, path: str) -> None:
    answered = await lead_site.post(RAHUL, path=path)
    assert answered.status == 200
    assert answered.headers["x-deprecated"] == "true; use /lead.capture"
    assert answered.headers["sunset"] == "Mon, 01 Jun 2026 00:00:00 GMT"
    assert answered.headers["access-control-allow-origin"] == "*"
    assert len(await lead_site.list_leads()) == 1


async def test_a_wrong_key_is_refused_and_a_right_one_speaks_for_its_project(
    lead_site: LeadSite,
) -> None:
    refused = await lead_site.post(RAHUL, headers=[("X-API-Key", "no")])
    assert (refused.status, json.loads(refused.body)) == (401, {"error": "Invalid API key"})
    key = [("X-API-Key", lead_site.site.key)]
    taken = await lead_site.capture(RAHUL, headers=key)
    found = lead_site.site.footfall.leadroom.leads.find(taken["lead_id"])
    assert found.project == lead_site.site.project.number
    detail = await lead_site.ask("GET", f"/leads/{taken['lead_id']}")
    assert detail["submissions"][0]["contact_ip"] is None


async def test_where_forms_are_required_strangers_send_nothing(tmp_path: Path) -> None:
    async with open_lead_site(tmp_path, {"LEAD_CAPTURE_REQUIRE_AUTH": "on"}) as lead_site:
        for fields in (RAHUL, {**RAHUL, "siteKey": "pk_live_x", "formId": "f"}):
            refused = await lead_site.post(fields, headers=[("Origin", "https://evil.example")])
            assert refused.status == 403, refused.body
        await lead_site.capture(RAHUL, headers=[("X-API-Key", lead_site.site.key)])
        assert len(await lead_site.list_leads()) == 1


async def test_keeps_no_address_where_the_operator_wants_none(lead_site: LeadSite) -> None:
    await lead_site.ask("PATCH", "/settings", {"keep_contact_ip": False})
    taken = await lead_site.capture(RAHUL)
    detail = await lead_site.ask("GET", f"/leads/{taken['lead_id']}")
    assert detail["submissions"][0]["contact_ip"] is None
    assert (
        b"198.51.100.20"
        not in (lead_site.site.footfall.config.data_dir / "records.sqlite").read_bytes()
    )
