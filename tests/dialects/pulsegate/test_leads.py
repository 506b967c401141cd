"""Leads as those see them who work with them: list, detail, status, reports of the CRM, figures
worked out by hand, lists of addresses, settings, and who may see what."""

import json
from pathlib import Path
from typing import Any

import pytest

from footfall.clock import US_PER_DAY
from footfall.ingest.request import Sender, Signal
from tests.dialects.pulsegate.lead_site import (
    CALLBACK,
    MARKETING,
    RAHUL,
    WEBHOOK,
    LeadSite,
    open_lead_site,
)
from tests.site import CHROME, NOON

DAY_S = 86_400


async def fill(lead_site: LeadSite) -> list[int]:
    """Send three people's forms on three days and return their leads."""
    forms = (
        {"FIRSTNAME": "Chitra", "EMAIL": "c@example.com", "PROJECT": "River", "SOURCE": "FB"},
        {"FIRSTNAME": "anil", "EMAIL": "a@example.com", "PROJECT": "Sky", "SOURCE": "99"},
        {"FIRSTNAME": "Bela", "PHONE": "5550001", "PROJECT": "Sky", "SOURCE": "FB"},
    )
    quick = ("60", "3", "7")
    numbers = []
    for day, (form, tts) in enumerate(zip(forms, quick, strict=True)):
        taken = await lead_site.capture(
            {**form, "__pg_tts": tts}, after_s=day * DAY_S, ip=f"198.51.100.{day + 1}"
        )
        numbers.append(taken["lead_id"])
    # Chitra comes again two days after her first form.
    await lead_site.capture(forms[0], after_s=2 * DAY_S + 60, ip="198.51.100.1")
    return numbers


LISTS = (
    ("", "Bela anil Chitra"),
    ("?sort=oldest", "Chitra anil Bela"),
    ("?sort=name_asc", "anil Bela Chitra"),
    ("?sort=last_follow_up&limit=1", "Chitra"),
    ("?sort=risk_desc", "anil Bela Chitra"),
    ("?sort=risk_asc", "Chitra Bela anil"),
    ("?sort=score_desc", "Chitra anil Bela"),
    ("?sort=score_asc", "Chitra anil Bela"),
    ("?limit=1&offset=1", "anil"),
    ("?q=CHIT", "Chitra"),
    ("?q=example.com", "anil Chitra"),
    ("?q=5550", "Bela"),
    ("?q=sky", "Bela anil"),
    ("?q=%25", ""),
    ("?project=Sky", "Bela anil"),
    ("?source=FB", "Bela Chitra"),
    ("?status=NEW", "Bela anil Chitra"),
    ("?status=won", ""),
)


async def test_lists_searches_and_sorts(lead_site: LeadSite) -> None:
    await fill(lead_site)
    for query, names in LISTS:
        found = [lead["contact_name"] for lead in await lead_site.list_leads(query)]
        assert (query, " ".join(found)) == (query, names)


async def test_total_counts_beyond_the_page(lead_site: LeadSite) -> None:
    await fill(lead_site)
    assert (await lead_site.ask("GET", "/leads?limit=1&q=sky"))["total"] == 2


async def test_refuses_what_is_not_accepted(lead_site: LeadSite) -> None:
    for query in ("sort=best", "limit=0", "offset=-1", "status=lucky", "limit=x"):
        assert list(await lead_site.ask("GET", f"/leads?{query}", status=400)) == ["error"]


async def test_names_projects_and_sources(lead_site: LeadSite) -> None:
    await fill(lead_site)
    assert await lead_site.ask("GET", "/leads/projects") == ["River", "Sky"]
    assert await lead_site.ask("GET", "/leads/sources") == ["99", "FB"]


async def test_status_moves_in_any_case_and_is_written_down(lead_site: LeadSite) -> None:
    lead = (await lead_site.capture(RAHUL))["lead_id"]
    assert await lead_site.ask("PATCH", f"/leads/{lead}", {"status": "Contacted"}) == {
        "updated": True
    }
    detail = await lead_site.ask("GET", f"/leads/{lead}")
    assert detail["lead"]["status"] == "contacted"
    (change,) = detail["status_history"]
    assert (change["actor"], change["event_type"]) == ("admin", "contacted")
    assert json.loads(change["payload_json"]) == {"from": "new", "to": "contacted"}
    assert detail["crm_activity"] == []


WRONG_CHANGES: tuple[Any, ...] = (
    ("/leads/{lead}", {"status": "lucky"}, 404),
    ("/leads/99", {"status": "won"}, 404),
    ("/leads/x", {"status": "won"}, 400),
    ("/leads/0", {"status": "won"}, 400),
    ("/leads/{lead}", {}, 400),
    ("/leads/{lead}", {"status": 1}, 400),
    ("/leads/{lead}", b"{", 400),
    ("/leads/{lead}", [], 400),
)


async def test_a_wrong_change_is_refused(lead_site: LeadSite) -> None:
    lead = (await lead_site.capture(RAHUL))["lead_id"]
    for path, body, status in WRONG_CHANGES:
        refused = await lead_site.ask("PATCH", path.format(lead=lead), body, status=status)
        assert list(refused) == ["error"]
    assert (await lead_site.list_leads())[0]["status"] == "new"


async def tell(
    lead_site: LeadSite, path: str, body: Any, secret: str | None, *, bearer: bool = True
) -> tuple[int, Any]:
    headers = []
    if secret:
        headers = [("Authorization", f"Bearer {secret}") if bearer else ("X-API-Key", secret)]
    answered = await lead_site.site.call("POST", path, body, headers=headers)
    return answered.status, json.loads(answered.body)


async def test_the_crm_reports_back(lead_site: LeadSite) -> None:
    taken = await lead_site.capture(RAHUL)
    lead, submission = taken["lead_id"], taken["submission_id"]
    told = {"submission_id": submission, "crmLeadId": "crm-7"}
    path = "/lead.capture/crm-callback"
    assert await tell(lead_site, path, told, CALLBACK) == (200, {"ok": True, "updated": True})
    path = "/lead.capture/make-callback"
    run = {"leadId": lead, "execution_url": "https://make.example/run/1", "status": "ok"}
    assert await tell(lead_site, path, run, CALLBACK, bearer=False) == (
        200,
        {"ok": True, "updated": True},
    )
    report = {"crm_lead_id": "crm-7", "event_type": "stage", "stage": {"name": "Visit"}}
    path = "/webhooks/crm/lead"
    assert await tell(lead_site, path, report, WEBHOOK) == (
        200,
        {"ok": True, "stored": True, "lead_id": lead},
    )
    assert await tell(lead_site, path, {"crm_lead_id": "crm-8"}, WEBHOOK) == (
        200,
        {
            "ok": True,
            "stored": False,
            "reason": "No matching lead or submission for crm_lead_id",
        },
    )
    detail = await lead_site.ask("GET", f"/leads/{lead}")
    assert detail["lead"]["crm_lead_id"] == "crm-7"
    assert detail["submissions"][0]["execution_url"] == "https://make.example/run/1"
    activity = [(a["kind"], a["event_type"]) for a in detail["crm_activity"]]
    assert activity == [("crm", "stage"), ("forwarding", "ok")]
    assert json.loads(detail["crm_activity"][0]["payload_json"]) == report


WRONG_REPORTS: tuple[Any, ...] = (
    ("/lead.capture/crm-callback", {"lead_id": 1, "crm_lead_id": "x"}, "no", 401),
    ("/lead.capture/crm-callback", {"lead_id": 1, "crm_lead_id": "x"}, None, 401),
    ("/lead.capture/crm-callback", {"lead_id": 99, "crm_lead_id": "x"}, CALLBACK, 404),
    ("/lead.capture/crm-callback", {"lead_id": 1}, CALLBACK, 400),
    ("/lead.capture/crm-callback", {"crm_lead_id": "x"}, CALLBACK, 400),
    ("/lead.capture/crm-callback", {"lead_id": "a", "crm_lead_id": "x"}, CALLBACK, 400),
    ("/lead.capture/make-callback", {"lead_id": 1}, CALLBACK, 400),
    (
        "/lead.capture/make-callback",
        {"lead_id": 1, "execution_url": "javascript:alert(1)"},
        CALLBACK,
        400,
    ),
    ("/webhooks/crm/lead", {"crm_lead_id": "x"}, CALLBACK, 401),
    ("/webhooks/crm/lead", {}, WEBHOOK, 400),
    ("/webhooks/crm/lead", b"{", WEBHOOK, 400),
)


async def test_wrong_reports_are_refused(lead_site: LeadSite) -> None:
    await lead_site.capture(RAHUL)
    for path, body, secret, status in WRONG_REPORTS:
        found, answer = await tell(lead_site, path, body, secret)
        assert (path, body, found, list(answer)) == (path, body, status, ["error"])


async def test_figures_of_the_engine_are_those_worked_out_by_hand(lead_site: LeadSite) -> None:
    await fill(lead_site)
    assert await lead_site.ask("GET", "/engine/submissions-daily") == [
        {"date": "2026-03-01", "submissions": 1},
        {"date": "2026-03-02", "submissions": 1},
        {"date": "2026-03-03", "submissions": 2},
    ]
    assert await lead_site.ask("GET", "/engine/submissions-daily?days=1&source=FB") == [
        {"date": "2026-03-03", "submissions": 2}
    ]
    assert await lead_site.ask("GET", "/engine/by-project") == [
        {"project": "River", "submissions": 2},
        {"project": "Sky", "submissions": 2},
    ]
    assert await lead_site.ask("GET", "/engine/by-source?project=Sky") == [
        {"source": "99", "submissions": 1},
        {"source": "FB", "submissions": 1},
    ]
    assert await lead_site.ask("GET", "/engine/by-engagement") == [
        {"engagement_label": "Cold", "submissions": 4}
    ]
    assert await lead_site.ask("GET", "/engine/projects") == ["River", "Sky"]
    assert await lead_site.ask("GET", "/engine/sources?days=1") == ["FB"]
    overview = await lead_site.ask("GET", "/engine/overview")
    # No session: 25 each; anil was fast (+30), Bela rather fast (+10).
    assert overview == {
        "total_submissions": 4,
        "primary": 3,
        "follow_up": 1,
        "duplicates": 0,
        "test": 0,
        "blocked": 0,
        "bot": 0,
        "avg_engagement_score": 0.0,
        "avg_suspicion_score": 35.0,
        "avg_time_to_submit": 23.3,
        "avg_pages_visited": 0.0,
        "vpn_suspected": 0,
    }
    for path in ("submissions-daily", "overview", "projects"):
        await lead_site.ask("GET", f"/engine/{path}?days=91", status=400)


async def test_moderation_finds_what_is_conspicuous(lead_site: LeadSite) -> None:
    await lead_site.ask("PATCH", "/settings", {"bot_lead_detection": False})
    trap = {"PROJECT": "P", "SOURCE": "bad", "utm_campaign": "spring", "__visitor_id": "v-bot"}
    headers = [("Referer", "https://www.spam.example/x?y=1")]
    for _ in range(3):
        await lead_site.capture({**trap, "__pg_hp": "x", "__pg_tts": "1"}, headers=headers)
    for turn in range(4):
        fields = {"EMAIL": f"{turn}@example.com", "SOURCE": "good", "__pg_tts": "60"}
        await lead_site.capture(fields, ip=f"198.51.100.{100 + turn}")
    # 40 trap + 30 fast + 25 no session = 95; the second is a repetition (+10), the third (+20).
    bad = {"submissions": 3, "avg_suspicion_score": 98.3}
    marked = {**bad, "bots": 3, "share_percent": 100.0}
    ask = lead_site.ask
    assert await ask("GET", "/moderation/high-bot-by-source") == [{**marked, "source": "bad"}]
    assert await ask("GET", "/moderation/high-bot-by-campaign") == [
        {**marked, "utm_campaign": "spring"}
    ]
    assert await ask("GET", "/moderation/high-suspicion-by-source") == [{**bad, "source": "bad"}]
    assert await ask("GET", "/moderation/repeat-submissions-by-visitor") == [
        {**bad, "visitor_id": "v-bot"}
    ]
    assert await ask("GET", "/moderation/suspicious-referers") == [
        {**marked, "referer": "spam.example"}
    ]
    assert await ask("GET", "/moderation/vpn-heavy-by-source") == []
    assert await ask("GET", "/moderation/duplicate-by-source") == [
        {**bad, "source": "bad", "duplicates": 2, "share_percent": 66.7}
    ]
    fast = await ask("GET", "/moderation/fast-submits")
    assert [s["quality"] for s in fast] == ["BOT_LIKELY"] * 3


async def test_a_lead_knows_the_visit_it_came_from(lead_site: LeadSite) -> None:
    """180 s, 80 % scrolled, 10 clicks: 18 + 24 + 10 = 52, Hot (the document's example)."""
    site = lead_site.site
    project = site.footfall.directory.find_slug("default")
    assert project is not None
    sender = Sender(project.project.number, "pulsegate", "198.51.100.20", CHROME, NOON)
    own: dict[str, Any] = {"visitor_id": "v-1", "session_id": "session_123"}
    page = "https://shop.example/sky"
    signals = [
        Signal(kind="pageview", url=page, is_interactive=True, **own),
        *(Signal(kind="click", url=page, **own) for _ in range(10)),
        Signal(kind="scroll_depth", url=page, value=80.0, ts_us=NOON + 180_000_000, **own),
    ]
    site.set_clock(181)
    await site.footfall.intake.take(sender, signals)
    form = {**RAHUL, "__visitor_id": "v-1", "__session_id": "session_123", "__pg_tts": "60"}
    taken = await lead_site.capture(form, after_s=181)
    detail = await lead_site.ask("GET", f"/leads/{taken['lead_id']}")
    lead = detail["lead"]
    assert (lead["engagement_score"], lead["engagement_label"]) == (52, "Hot")
    assert lead["suspicion_score"] == 0
    (session,) = detail["sessions"]
    assert session["session_id"] == "session_123"
    assert session["visitor_id"] == "v-1"
    assert detail["submissions"][0]["quality"] == "GOOD_LEAD"


async def test_an_address_is_on_one_list_only(lead_site: LeadSite) -> None:
    ask = lead_site.ask
    blocked = {"ip": "198.51.100.7", "reason": "spam"}
    made = await ask("POST", "/blocked-ips", blocked, status=201)
    assert (made["ip"], made["reason"]) == ("198.51.100.7", "spam")
    known = {"ip": "::ffff:198.51.100.7", "usage": "internal"}
    assert "blocked" in (await ask("POST", "/whitelisted-ips", known, status=409))["error"]
    assert await ask("DELETE", "/blocked-ips/198.51.100.7") == {"deleted": True}
    await ask("DELETE", "/blocked-ips?ip=198.51.100.7", status=404)
    made = await ask("POST", "/whitelisted-ips", known, status=201)
    assert (made["ip"], made["usage"]) == ("198.51.100.7", "internal")
    await ask("POST", "/blocked-ips", blocked, status=409)
    assert await ask("DELETE", "/whitelisted-ips", {"ip": "198.51.100.7"}) == {"deleted": True}
    for body in ({}, {"ip": "x"}, {"ip": 1}):
        await ask("POST", "/blocked-ips", body, status=400)
    await ask("POST", "/whitelisted-ips", {"ip": "198.51.100.7", "usage": "fun"}, status=400)


async def test_settings_change_by_what_is_named(lead_site: LeadSite) -> None:
    before = await lead_site.ask("GET", "/settings")
    change = {"lead_drought": {"enabled": True, "timezone": "Asia/Kolkata"}, "make_enabled": False}
    after = await lead_site.ask("PATCH", "/settings", change)
    assert after == {
        **before,
        "make_enabled": False,
        "lead_drought": {**before["lead_drought"], "enabled": True, "timezone": "Asia/Kolkata"},
    }
    lead_site.site.footfall.leadroom.settings.reload()
    assert await lead_site.ask("GET", "/settings") == after
    for wrong in (
        {"make_webhook_url": "http://10.0.0.1/"},
        {"lead_drought": {"timezone": "Mars"}},
        {"lead_drought": {"business_hours_start": "25:99"}},
        {"retention_days": {"leads": -1}},
        {"surprise": 1},
        {"make_enabled": "yes"},
    ):
        await lead_site.ask("PATCH", "/settings", wrong, status=400)
    assert await lead_site.ask("GET", "/settings") == after


CLOSED: tuple[Any, ...] = (
    ("GET", "/leads"),
    ("GET", "/leads/1"),
    ("PATCH", "/leads/1"),
    ("GET", "/submissions"),
    ("GET", "/settings"),
    ("PATCH", "/settings"),
    ("POST", "/blocked-ips"),
    ("DELETE", "/blocked-ips/198.51.100.1"),
    ("POST", "/whitelisted-ips"),
    ("DELETE", "/whitelisted-ips/198.51.100.1"),
)


async def test_marketing_sees_nobody_and_changes_nothing(lead_site: LeadSite) -> None:
    for method, path in CLOSED:
        body = {"status": "won"}
        refused = await lead_site.ask(method, path, body, key=MARKETING, status=403)
        assert refused == {"error": "Forbidden"}
        await lead_site.ask(method, path, body, key="no", status=401)


async def test_marketing_sees_people_masked(lead_site: LeadSite) -> None:
    await lead_site.ask("PATCH", "/settings", {"test_lead_strings": ["rahul"]})
    await lead_site.capture({**RAHUL, "__pg_tts": "1"})
    await lead_site.capture(
        {
            **RAHUL,
            "FIRSTNAME": "Bo",
            "EMAIL": "bo@example.com",
            "__pg_tts": "1",
            "__visitor_id": "v-bo",
            "__session_id": "s-bo",
        }
    )
    seen = await lead_site.ask("GET", "/testing-leads", key=MARKETING)
    (test,) = seen["submissions"]
    assert (test["contact_email"], test["contact_phone"]) == ("r***@example.com", "******3210")
    assert (test["contact_ip"], test["payload_json"]) == (None, None)
    fast = await lead_site.ask("GET", "/moderation/fast-submits", key=MARKETING)
    assert [(s["visitor_id"], s["session_id"]) for s in fast] == [("", "")]
    text = json.dumps([seen, fast])
    for private in ("rahul", "Rahul", "bo@", "9876", "198.51.100.20", "v-bo", "s-bo"):
        assert private not in text
    for path in ("/engine/overview", "/moderation/duplicate-by-source", "/leads/projects"):
        await lead_site.ask("GET", path, key=MARKETING)


async def test_attempts_at_injection_stay_text(lead_site: LeadSite) -> None:
    evil = '=HYPERLINK("x")<script>alert(1)</script>\'; DROP TABLE leads;--\r\nBcc: x@example.com'
    fields = dict.fromkeys((*RAHUL, "CTA", "KEYWORD", "__visitor_id", "PAGE_URL"), evil)
    taken = await lead_site.capture(fields, headers=[("Referer", "https://a.example/<script>")])
    answered = await lead_site.site.call(
        "GET",
        f"/analytics/leads/{taken['lead_id']}",
        headers=[("X-API-Key", "admin-key-of-the-tests")],
    )
    assert answered.headers["content-type"] == "application/json"
    lead = json.loads(answered.body)["lead"]
    assert lead["contact_name"] == evil.replace("\r\n", " ")
    assert len(await lead_site.list_leads("?q=%27%3B+DROP")) == 1


async def test_tells_that_submissions_drop_only_when_it_can_be_known(lead_site: LeadSite) -> None:
    reports, clock = lead_site.site.footfall.leadroom.reports, lead_site.site.clock
    default = lead_site.site.footfall.directory.find_slug("default")
    assert default is not None
    number = default.project.number
    assert reports.find_drop(number) is None
    turn = 0
    for day in range(8):
        for _ in range(4 if day < 7 else 1):
            turn += 1
            await lead_site.capture({"EMAIL": f"{turn}@example.com"}, after_s=day * DAY_S + turn)
        if day == 1:
            assert reports.find_drop(number) is None
    clock.set_us(NOON + 7 * US_PER_DAY + 7_200_000_000)
    drop = reports.find_drop(number)
    assert drop is not None
    assert (drop.current, drop.mean, drop.days) == (1, 4.0, 7)
    told = (await lead_site.ask("GET", "/anomalies"))["anomalies"]
    assert [(a["type"], a["severity"], a["current"], a["baseline"]) for a in told] == [
        ("submission_drop", "high", 1, 4.0)
    ]


async def test_what_nobody_configured_is_no_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    unset = {"CRM_CALLBACK_SECRET": "", "CRM_WEBHOOK_SECRET": ""}
    async with open_lead_site(tmp_path, unset) as lead_site:
        answered = await lead_site.site.call("POST", "/webhooks/crm/lead", {"crm_lead_id": "x"})
        assert answered.status == 503
        assert json.loads(answered.body)["error"].startswith("CRM webhook is not configured")
        assert not [one for one in caplog.records if one.name.startswith("footfall")]
