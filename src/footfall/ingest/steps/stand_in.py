"""Stand-ins: for senders whose events must be anonymous before they are stored. Whatever could tell
a visitor is replaced by a word that stands for it until the day is over: equal values stay equal,
so that counting goes on, and once the day's salt is destroyed nobody can undo it. What no word can
stand for (texts, the query of a page, most properties) is left out."""

from typing import Final

import msgspec

from footfall.clock import US_PER_DAY
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.agent import Agent
from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.page import Page
from footfall.ingest.place import NOWHERE, Place
from footfall.ingest.request import Sender, Signal
from footfall.ingest.source import NO_REFERRAL, Referral
from footfall.ingest.step import Step
from footfall.model.event import EMPTY_PROPS

COUNTRIES: Final = (
    *(f"Q{letter}" for letter in "MNOPQRSTUVWXYZ"),
    *(f"X{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter != "K"),
)
"""Codes that ISO 3166 leaves to everybody's own use: no country has one of them. XK is left out,
because many write it for Kosovo."""

SCREENS: Final = ("40x24", "64x16", "80x24", "80x25", "80x43", "80x50", "132x25", "132x43")
"""Sizes of text terminals: no browser has one."""

KEPT_NAMES: Final = frozenset({"event", "web_vital", "exposure", "scroll_depth"})
"""Kinds whose name is a word of the site; those of others hold addresses and texts."""

KEPT_PROPERTIES: Final = frozenset(
    {
        "away_s",
        "depth",
        "dwell",
        "dwell_s",
        "experiment_id",
        "is_pwa",
        "metric",
        "percent",
        "rating",
        "tag",
        "trigger",
        "value",
        "variant_id",
    }
)
"""Properties that say how a page was used, and nothing of who used it."""

_WORD_LIMIT = 64
"""Characters of a property's text that are kept."""


class StandIns:
    """Gives the word that stands for a value on a day."""

    def __init__(self, hasher: VisitorHasher) -> None:
        self._hash = hasher.hash_of_day

    def find(self, day: int, field: str, value: str) -> str:
        """Return a word of eight hex digits, '' for ''."""
        return f"{field}-{self._hash(day, field, value) & 0xFFFF_FFFF:08x}" if value else ""

    def pick(self, day: int, field: str, value: str, words: tuple[str, ...]) -> str:
        """Return one of some words, '' for ''. Two values may get the same one."""
        return words[self._hash(day, field, value) % len(words)] if value else ""


def put_stand_in_ids(stand_ins: StandIns) -> Step:
    """Return the step that replaces ids which a sender gave, before a visitor is made of them."""

    def put_stand_in_ids(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        if sender.is_anonymous:
            day = draft.ts // US_PER_DAY
            signal.visitor_id = stand_ins.find(day, "visitor", signal.visitor_id)
            signal.session_id = stand_ins.find(day, "session", signal.session_id)
        return None

    return put_stand_in_ids


def put_stand_ins(stand_ins: StandIns) -> Step:
    """Return the step that replaces all that is left, after bots were told from people by it."""

    def put_stand_ins(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
        if not sender.is_anonymous:
            return None
        day = draft.ts // US_PER_DAY
        for name in ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term"):
            said = getattr(signal, name) or getattr(draft.page, name)
            setattr(signal, name, stand_ins.find(day, name.partition("_")[2], said))
        draft.page = Page(draft.page.host, draft.page.path)
        draft.referral = _replace_referral(stand_ins, day, draft.referral)
        draft.agent = _replace_agent(stand_ins, day, draft.agent)
        country = stand_ins.pick(day, "country", draft.place.country, COUNTRIES)
        draft.place = Place(country) if country else NOWHERE
        draft.screen = stand_ins.pick(day, "screen", draft.screen, SCREENS)
        draft.title = draft.language = ""
        if signal.kind not in KEPT_NAMES:
            draft.name = ""
        draft.props = _keep_properties(draft.props)
        return None

    return put_stand_ins


def _replace_referral(stand_ins: StandIns, day: int, referral: Referral) -> Referral:
    if not referral.host:
        return NO_REFERRAL
    # .example belongs to nobody (RFC 2606). The kind stays: search, social, a link.
    host = f"{stand_ins.find(day, 'host', referral.host)}.example"
    return Referral(host, host, host, host, referral.kind)


def _replace_agent(stand_ins: StandIns, day: int, agent: Agent) -> Agent:
    return Agent(
        stand_ins.find(day, "browser", agent.browser),
        "",
        stand_ins.find(day, "system", agent.os),
        "",
        stand_ins.find(day, "device", agent.device),
    )


def _keep_properties(props: msgspec.Raw) -> msgspec.Raw:
    if not bytes(props):
        return EMPTY_PROPS
    given = msgspec.json.decode(props)
    kept = {
        name: value[:_WORD_LIMIT] if isinstance(value, str) else value
        for name, value in given.items()
        if name in KEPT_PROPERTIES and isinstance(value, str | int | float | bool)
    }
    return msgspec.Raw(msgspec.json.encode(kept)) if kept else EMPTY_PROPS
