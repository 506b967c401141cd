"""The leads of the demo: people who asked the makers of the documentation for an offer, with a
form, follow-ups, and stages they have come to. Names are invented; addresses are reserved ones."""

import json
from random import Random

from footfall.clock import US_PER_DAY, US_PER_HOUR, FixedClock
from footfall.delivery.outbox import Outbox
from footfall.forms.register import FormRegister
from footfall.leads.lead import STATUSES, Submission
from footfall.leads.quality import Quality
from footfall.leads.recognition import Identities
from footfall.leads.register import Leads
from footfall.leads.search import Search
from footfall.reports.engagement import label_engagement
from footfall.store.records import Records

PEOPLE = 40
FOLLOW_UPS = 0.25
"""Share of the people who write again."""

REENGAGE_HOURS = 24

_FORM_ID = "ask-for-an-offer"
_CONTENT = {
    "title": "Ask for an offer",
    "submitLabel": "Send",
    "fields": [
        {"name": "FIRSTNAME", "label": "Your name", "required": True},
        {"name": "EMAIL", "label": "E-mail", "type": "email", "required": True},
        {"name": "PHONE", "label": "Phone", "type": "tel"},
        {"name": "USER_MESSAGE", "label": "What do you need?", "type": "textarea"},
    ],
    "hidden": {"SOURCE": "WebSite"},
}

_FIRST = ("Ada", "Ben", "Cleo", "Devi", "Emil", "Farah", "Goran", "Hana", "Ines", "Jun")
_LAST = ("Alder", "Brook", "Castle", "Dale", "Elm", "Ford", "Grove", "Hill", "Isle", "Key")
_ABOUT = ("Team plan", "Company plan", "Training", "On our own servers")
_CAMPAIGNS = ("", "", "spring-launch", "brand-search", "newsletter-12")
_SOURCES = ("WebSite", "WebSite", "Partner", "Fair")
_MESSAGES = (
    "We are twelve writers. What does a year cost?",
    "Can we bring our old pages along?",
    "Please call me on Thursday afternoon.",
    "We need it on our own servers, for about 300 readers.",
)
_STEPS = (0, 0, 0, 1, 1, 2, 3, 4, 4, 5)
"""How far people have come, as places in the order of stages; the last is lost."""


def make_leads(records: Records, project: int, *, start_us: int, end_us: int, seed: int) -> None:
    """Give a project leads between two instants unless it has any. Blocks."""
    random = Random(seed)  # noqa: S311 - a demo, not a secret
    clock = FixedClock(start_us)
    leads = Leads(records, clock, Outbox(records, clock))
    if leads.list_leads(Search(project=project, limit=1))[1]:
        return
    site_key = _make_form(FormRegister(records, clock), project)
    for turn in range(PEOPLE):
        at_us = start_us + (end_us - start_us) * (turn + 1) // (PEOPLE + 1)
        person = _make_submission(random, turn, project, site_key, at_us)
        identities = Identities("", person.contact_email, person.contact_phone, "")
        taken = leads.take(person, identities, lambda _: (), reengage_hours=REENGAGE_HOURS)
        lead = 0 if taken.lead is None else taken.lead.number
        step = random.choice(_STEPS)
        for status in (STATUSES[step],) if step == len(STATUSES) - 1 else STATUSES[1 : step + 1]:
            at_us = min(at_us + random.randrange(2, 40) * US_PER_HOUR, end_us)
            clock.set_us(at_us)
            leads.change_status(lead, status, "Operator")
        if random.random() < FOLLOW_UPS:
            later_us = min(at_us + random.randrange(1, 4) * US_PER_DAY // 2, end_us)
            again = _make_submission(random, turn, project, site_key, later_us)
            leads.take(again, identities, lambda _: (), reengage_hours=REENGAGE_HOURS)


def _make_form(forms: FormRegister, project: int) -> str:
    site = forms.create_site(project, name="Demo docs")
    forms.create_form(site.number, _FORM_ID, _CONTENT, name="Ask for an offer")
    return site.site_key


def _make_submission(
    random: Random, turn: int, project: int, site_key: str, at_us: int
) -> Submission:
    """Return a form of the person of this turn; who it is does not depend on chance."""
    first, last = _FIRST[turn % len(_FIRST)], _LAST[turn * 7 // len(_FIRST) % len(_LAST)]
    email = f"{first}.{last}.{turn}@example.com".lower()
    phone = f"555010{turn:02d}" if turn % 3 else ""
    is_hasty, score = random.random() < 0.12, random.randrange(4, 88)
    reasons = "fast_submit_lt_5s,no_session,zero_engagement" if is_hasty else ""
    score = 0 if is_hasty else score
    quality: Quality = "LOW_INTENT" if score <= 20 else "GOOD_LEAD"
    campaign, message = random.choice(_CAMPAIGNS), random.choice(_MESSAGES)
    sent = {"FIRSTNAME": f"{first} {last}", "EMAIL": email, "PHONE": phone, "USER_MESSAGE": message}
    return Submission(
        number=0,
        project=project,
        lead=None,
        kind="primary",
        submitted_at_us=at_us,
        contact_name=f"{first} {last}",
        contact_email=email,
        contact_phone=phone,
        project_name=_ABOUT[turn % len(_ABOUT)],
        location="",
        source=random.choice(_SOURCES),
        referrer="",
        referrer_host="",
        cta_name="",
        page="https://docs.demo.example/pricing",
        utm_source="newsletter" if campaign.startswith("news") else "",
        utm_medium="",
        utm_campaign=campaign,
        utm_term="",
        utm_content="",
        site_key=site_key,
        form_id=_FORM_ID,
        country=("DE", "IN", "US", "FR")[turn % 4],
        region="",
        city="",
        visitor_id="",
        session_id="",
        engagement_label=label_engagement(score),
        engagement_score=score,
        suspicion_score=55 if is_hasty else 0,
        suspicion_reasons=reasons,
        quality="SUSPICIOUS" if is_hasty else quality,
        pages=0 if is_hasty else random.randrange(1, 9),
        vpn_score=0,
        is_duplicate=0,
        is_bot=0,
        is_vpn=0,
        elapsed_ms=2_400 if is_hasty else random.randrange(12_000, 180_000),
        address=None,
        crm_id=None,
        execution_url=None,
        delivery=None,
        payload=json.dumps({**{k: v for k, v in sent.items() if v}, "SOURCE": "WebSite"}),
    )
