"""What strangers type into a form stays text wherever it is shown: on every page of leads, in the
file for spreadsheets, in mails and in calls. Every field of a form is tried."""

import csv
import io
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from footfall.dashboard.lead.file import HEADS
from footfall.dialects.pulsegate.lead.field import NAMES
from footfall.leads.notice import NoticeWish
from tests.dialects.pulsegate.lead_site import ADMIN, LeadSite, open_lead_site
from tests.integration.mail_server import MailServer, open_mail_server
from tests.integration.page_reader import read_page
from tests.integration.test_alert_page import read, sign_in

HOME = "/dashboard/p/default/leads"

ATTACKS = {
    "html": "<img src=x onerror=alert(1)><b>bold</b>",
    "script": "</script><script>alert(1)</script>",
    "attribute": '"\' onmouseover=alert(1) x="',
    "template": "{{ 7*7 }}{% raw %}",
    "formula": '=HYPERLINK("http://evil.example","x")',
    "sum": "@SUM(1+1)*cmd|' /C calc'!A0",
    "header": "a\r\nBcc: everybody@evil.example\r\n\r\nbody",
    "wildcard": "100%_off",
    "statement": "'; DROP TABLE leads;--",
    "direction": "\u202egnp.exe\u2066\u2069",
    "control": "a\x00b\x1b[31m\u2028c\x85",
    "link": "javascript:alert(1)",
}
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

FIELDS = [names[0] for name, names in NAMES.items() if name not in {"trap", "client_id"}]


@dataclass
class Attacked:
    """A site whose default project tells somebody of leads."""

    lead_site: LeadSite
    mails: MailServer
    cookie: str

    async def take(self, attack: str, **own: str) -> dict[str, object]:
        """Send a form in which every field is the attack; each of another person."""
        fields = dict.fromkeys(FIELDS, attack) | {"EXTRA <b>": attack, **own}
        return await self.lead_site.capture(
            fields, headers=[("Referer", "https://a.example/<script>")]
        )

    async def read(self, path: str) -> str:
        return await read(self.lead_site.site, path, self.cookie)


@pytest.fixture
async def attacked(tmp_path: Path) -> AsyncIterator[Attacked]:
    async with open_mail_server() as mails:
        settings = {
            "FOOTFALL_SMTP_HOST": "127.0.0.1",
            "FOOTFALL_SMTP_PORT": str(mails.port),
            "FOOTFALL_SMTP_FROM": "footfall@here.test",
            "FOOTFALL_SMTP_SECURITY": "none",
        }
        async with open_lead_site(tmp_path, settings) as lead_site:
            default = lead_site.site.footfall.directory.find_slug("default")
            assert default is not None
            wish = NoticeWish("email", "sales@example.com", shows_person=True)
            lead_site.site.footfall.leadroom.notices.create(default.project.number, wish)
            yield Attacked(lead_site, mails, await sign_in(lead_site.site))


async def test_every_field_stays_text_everywhere(attacked: Attacked) -> None:
    await attacked.lead_site.ask("PATCH", "/settings", {"test_lead_strings": ["a test of ours"]})
    taken = {name: await attacked.take(text) for name, text in ATTACKS.items()}
    assert len({answer["lead_id"] for answer in taken.values()}) == len(ATTACKS)
    await attacked.take(ATTACKS["html"], FIRSTNAME="a test of ours")
    for name, text in ATTACKS.items():
        number = taken[name]["lead_id"]
        await attacked.lead_site.ask("PATCH", f"/leads/{number}", {"status": "contacted"})
        report = {"lead_id": number, "crm_lead_id": f"crm {number}"}
        headers = [("X-API-Key", "callback-secret")]
        answered = await attacked.lead_site.site.call(
            "POST", "/lead.capture/crm-callback", report, headers=headers
        )
        assert answered.status == 200
        report = {"crm_lead_id": f"crm {number}", "event_type": text, text: {"deep": [text]}}
        headers = [("X-API-Key", "webhook-secret")]
        answered = await attacked.lead_site.site.call(
            "POST", "/webhooks/crm/lead", report, headers=headers
        )
        assert answered.status == 200, answered.body
    await check_pages(attacked, {name: str(one["lead_id"]) for name, one in taken.items()})
    await check_file(attacked)
    await check_mails(attacked)


async def check_pages(attacked: Attacked, numbers: dict[str, str]) -> None:
    paths = [HOME, f"{HOME}/board", f"{HOME}?show=tests", f"{HOME}?status=contacted"]
    paths += [f"{HOME}?q={quote(text)}" for text in ATTACKS.values()]
    for number in numbers.values():
        paths += [f"{HOME}/{number}", f"{HOME}/{number}/erase"]
    for path in paths:
        page = read_page(await attacked.read(path))
        assert page.find_running() == [], path
        assert not TURNING.search(page.shown.replace("\n", "")), path
    for name in ("html", "script", "attribute", "template", "formula", "statement", "link"):
        detail = read_page(await attacked.read(f"{HOME}/{numbers[name]}"))
        # Once in the heading, in the contact, and for every field that was sent.
        assert detail.text.count(ATTACKS[name]) > len(FIELDS), name
    turned = read_page(await attacked.read(f"{HOME}/{numbers['direction']}"))
    assert "\N{REPLACEMENT CHARACTER}gnp.exe\N{REPLACEMENT CHARACTER}" in turned.text
    for search, expected in (("%", 2), ("_", 1), ("100%_off", 1), ("'; DROP", 1), ("%25", 0)):
        found = read_page(await attacked.read(f"{HOME}?q={quote(search)}"))
        rows = [own for tag, own in found.tags if own.get("id", "").startswith("row-")]
        assert len(rows) == expected, search


async def check_file(attacked: Attacked) -> None:
    text = await attacked.read(f"{HOME}/csv")
    assert text.startswith("\ufeffLead,")
    heads, *rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert heads == list(HEADS)
    assert len(rows) == len(ATTACKS)
    for row in rows:
        assert len(row) == len(HEADS)
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), cell
            assert not TURNING.search(cell), cell
    names = {row[3] for row in rows}
    assert {"'" + ATTACKS["formula"], "'" + ATTACKS["sum"], ATTACKS["html"]} < names


async def check_mails(attacked: Attacked) -> None:
    await attacked.lead_site.site.footfall.mailroom.worker.run_until_idle()
    assert attacked.mails.receivers == ["sales@example.com"] * len(ATTACKS)
    known = {"From", "To", "Subject", "Message-ID", "Auto-Submitted", "X-Footfall-Delivery"}
    known |= {"MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
    for mail in attacked.mails.mails:
        assert set(mail.keys()) <= known
        assert mail["To"] == "sales@example.com"
        assert mail["Subject"].startswith("New lead: ")
        assert not TURNING.search(mail["Subject"])
        text, html = (part.get_content() for part in mail.iter_parts())
        assert not TURNING.search(text.replace("\n", ""))
        page = read_page(html)
        assert page.find_running() == []
        assert {tag for tag, _ in page.tags} == {"html", "body", "p"}
    texts = [mail.get_body(("plain",)).get_content() for mail in attacked.mails.mails]  # type: ignore[union-attr]
    assert sum(f"Name: {ATTACKS['html']}\n" in text for text in texts) == 1


async def test_calls_are_data_whatever_was_typed(attacked: Attacked) -> None:
    site = attacked.lead_site.site.footfall
    default = site.directory.find_slug("default")
    assert default is not None
    wish = NoticeWish("webhook", "https://hooks.example.com/leads", shows_person=True)
    site.leadroom.notices.create(default.project.number, wish)
    for text in ATTACKS.values():
        await attacked.take(text)
    with site.records.transaction() as t:
        bodies = [json.loads(r["body"]) for r in t.find("deliveries", {"channel": "webhook"})]
    assert len(bodies) == len(ATTACKS)
    assert {frozenset(body) for body in bodies} == {frozenset(bodies[0])}
    assert bodies[0]["person"]["name"] == ATTACKS["html"]


async def test_a_program_and_a_key_with_a_name_stay_text(attacked: Attacked) -> None:
    answer = await attacked.take("x")
    leads = attacked.lead_site.site.footfall.leadroom.leads
    for text in ATTACKS.values():
        for status in ("won", "lost"):
            leads.change_status(int(str(answer["lead_id"])), status, text)  # type: ignore[arg-type]
    await attacked.take(ATTACKS["html"], __pg_hp=ATTACKS["script"])
    for path in (f"{HOME}/{answer['lead_id']}", f"{HOME}?show=blocked"):
        page = read_page(await attacked.read(path))
        assert page.find_running() == []
        assert not TURNING.search(page.shown.replace("\n", ""))
    assert ATTACKS["script"] in read_page(await attacked.read(f"{HOME}?show=blocked")).text
    found = await attacked.lead_site.ask("GET", "/blocked-ip-leads", key=ADMIN)
    assert found["total"] == 1
