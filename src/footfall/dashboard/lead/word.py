"""Leads in words: stages, reasons and labels as people read them, and texts that strangers typed as
they may be shown."""

import json
from dataclasses import fields, replace
from typing import Any, TypeVar

from footfall.leads.lead import Activity, Lead, Status, Submission
from footfall.leads.plain import show_text

STATUS_TITLES: dict[Status, str] = {
    "new": "New",
    "contacted": "Contacted",
    "qualified": "Qualified",
    "proposal": "Proposal",
    "won": "Won",
    "lost": "Lost",
}

KIND_TITLES = {
    "primary": "First form",
    "follow_up": "Follow-up",
    "test": "Test",
    "blocked": "Blocked sender",
    "bot": "Hidden field filled",
}

QUALITY_TITLES = {
    "BOT_LIKELY": "probably a program",
    "SUSPICIOUS": "suspicious",
    "LOW_INTENT": "low intent",
    "GOOD_LEAD": "good lead",
}

REASON_TITLES = {
    "honeypot_filled": "the hidden field was filled",
    "fast_submit_lt_5s": "sent within 5 seconds",
    "fast_submit_lt_10s": "sent within 10 seconds",
    "no_session": "no visit is known",
    "zero_engagement": "no sign of interest",
    "vpn_high": "probably through a VPN",
    "vpn_medium": "perhaps through a VPN",
    "repeat_3": "three forms or more within a day",
    "repeat_2": "second form within a day",
    "competitor_domain": "mail address of a competitor",
}

_OWN_FIELDS = frozenset({"siteKey", "formId"})
"""What the form itself adds to a payload, beside names that begin with two underscores."""

VALUE_MOST = 4_000
"""Characters of one value that are shown."""

FIELDS_MOST = 100

Shown = TypeVar("Shown", Lead, Submission, Activity)


def shown(value: Shown) -> Shown:
    """Return a lead, a form or an activity with every text as it may be shown."""
    every = {f.name: getattr(value, f.name) for f in fields(value)}
    texts: dict[str, Any] = {n: show_text(t) for n, t in every.items() if isinstance(t, str)}
    return replace(value, **texts)


def say_reasons(codes: str) -> list[str]:
    """Return reasons of suspicion in words; a code without any as it is."""
    return [REASON_TITLES.get(code, code) for code in codes.split(",") if code]


def read_fields(body: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return what a JSON object holds as names and texts: what was typed, and what the form added
    on its own."""
    try:
        found = json.loads(body)
    except ValueError:
        return [("body", show_text(body[:VALUE_MOST]))], []
    pairs = found.items() if isinstance(found, dict) else [("body", found)]
    typed: list[tuple[str, str]] = []
    added: list[tuple[str, str]] = []
    for name, value in list(pairs)[:FIELDS_MOST]:
        text = show_text(_render_value(value))
        if text:
            is_added = name in _OWN_FIELDS or name.startswith("__")
            (added if is_added else typed).append((show_text(name), text))
    return typed, added


def _render_value(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        text = value
    elif isinstance(value, list) and all(isinstance(one, str) for one in value):
        text = ", ".join(value)
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE_MOST else f"{text[:VALUE_MOST]}…"
