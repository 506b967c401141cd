"""The draft: what the steps have found out about a signal so far. Grouped as the finds are cached
(page, agent, place), so that a step sets one field where the event has five."""

from typing import TYPE_CHECKING

import msgspec

from footfall.ingest.agent import UNKNOWN_AGENT, Agent
from footfall.ingest.duplicate import Claims
from footfall.ingest.page import NO_PAGE, Page
from footfall.ingest.place import NOWHERE, Place
from footfall.ingest.source import NO_REFERRAL, Referral
from footfall.model.event import EMPTY_PROPS

if TYPE_CHECKING:
    from footfall.identity.session import Visit


class Draft(msgspec.Struct, gc=False):
    """An event in the making."""

    claims: Claims
    event_id: int = 0
    ts: int = 0
    visitor: int = 0
    visit: "Visit | None" = None
    """The session it joins; None for an engagement signal without one."""
    name: str = ""
    site: str = ""
    title: str = ""
    screen: str = ""
    language: str = ""
    currency: str = ""
    engagement_ms: int = 0
    props: msgspec.Raw = EMPTY_PROPS
    page: Page = NO_PAGE
    referral: Referral = NO_REFERRAL
    agent: Agent = UNKNOWN_AGENT
    place: Place = NOWHERE
    bot_score: int = 0
    bot_reasons: str = ""
