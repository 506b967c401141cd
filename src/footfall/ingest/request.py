"""What a door hands to the pipeline: the circumstances of one request and the signals it carried.
This is the only place behind `http` where an address of a network exists; it ends here."""

from typing import Literal, Protocol

import msgspec

from footfall.ingest.outcome import DropReason
from footfall.model.event import NO_VALUE, Event


class Form(Protocol):
    """What a person filled in: kept by a feature room, in no event and no log."""

    async def keep(self, event: Event) -> DropReason | None:
        """Store it durably, once for one event however often it is repeated.

        Called when nothing else can drop the event, before that is stored. Returns why neither
        is to be stored, if so.
        """
        ...


class Sender(msgspec.Struct, gc=False):
    """The circumstances that all signals of one request share."""

    project: int
    """Number of the project; doors resolve keys and ids before they come here."""
    door: str
    ip: str
    """Client address as text, from trusted proxies only; never stored."""
    user_agent: str
    received_at_us: int
    accept_language: str = ""
    headers_seen: frozenset[str] = frozenset()
    """Lower-case names of the request's headers; a bot signal, never stored."""
    site: str = ""
    """Site when the door knows it; else the host of the signal's URL."""
    own_hosts: frozenset[str] = frozenset()
    """Host names of the project: a referrer among them is no referrer."""
    country: str = ""
    """ISO 3166-1 alpha-2 code that a proxy told, where the operator trusts it; '' = look it up."""
    time_zone: str = ""
    """IANA zone the browser reports; falls back for the country."""
    is_trusted_clock: bool = False
    """True for imports and generated history: timestamps are taken as they are."""
    is_unscored: bool = False
    """True for a server that speaks for visitors: its headers and address are not theirs."""
    is_anonymous: bool = False
    """True when whatever could tell a visitor is replaced or left out before it is stored."""
    discard_from: int = 0
    """Signals with evidence that score so much are dropped; 0: none, bots are only marked."""


Proof = Literal["valid", "missing", "invalid"]


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What a door that challenges its pages knows of a signal: signs for and against a program,
    never stored themselves."""

    proof: Proof
    """Whether the page proved that it was run."""
    is_page: bool
    """True for the view of a page, False for what happened on it."""
    interaction_ms: int | None = None
    """From the page's load to the first thing a person did; None where that says nothing."""
    has_screen: bool = False
    """True when the sender gave a screen size, also one that no screen has."""
    verdict: str = ""
    """What a proxy thinks of the sender, where the operator trusts it: the code of a sign; '' for
    nothing."""


class Signal(msgspec.Struct, gc=False):
    """One thing that happened, in Footfall's words. Doors fill it; the pipeline reads it."""

    kind: str
    name: str = ""
    url: str = ""
    """Full URL or path with query, as the sender gave it."""
    site: str = ""
    title: str = ""
    referrer: str = ""
    ts_us: int | None = None
    """The sender's clock, microseconds; None = now."""
    client_id: str = ""
    """Whatever makes the event unique for its sender; '' = none. Equal ids are one event."""
    visitor_id: str = ""
    """The dialect's own visitor id; '' = derive from the sender."""
    session_id: str = ""
    """The dialect's own session id; '' = 30 minutes rule."""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    screen: str = ""
    language: str = ""
    value: float = NO_VALUE
    engagement_ms: int = 0
    revenue_micros: int = 0
    currency: str = ""
    props: bytes = b""
    """A JSON object as bytes, already checked; b'' = none."""
    is_interactive: bool = False
    """True for pageviews and for custom events that show a person acting."""
    form: Form | None = None
    """What a person filled in and no event may hold."""
    evidence: Evidence | None = None
    """Set by doors that challenge their pages."""
