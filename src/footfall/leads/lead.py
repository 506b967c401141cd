"""A lead and what belongs to it: the person who enquired about a project, each form sent, and what
others reported since. Values only; what becomes of them is decided in `register`."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Status = Literal["new", "contacted", "qualified", "proposal", "won", "lost"]
"""How far a lead has come, in the order of work."""

STATUSES: Final[tuple[Status, ...]] = get_args(Status)

Kind = Literal["primary", "follow_up", "test", "blocked", "bot"]
"""What a submission was taken for. The last three belong to no lead and are counted apart."""

COUNTED: Final[tuple[Kind, ...]] = ("primary", "follow_up")
"""The kinds that reports count as submissions."""

UNKNOWN_MS = -1
"""Elapsed time of a form that did not tell it."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a person sent, normalised by the door. Texts are trimmed and '' where missing."""

    name: str = ""
    email: str = ""
    phone: str = ""
    """Digits as they were typed; the country's prefix stands apart."""
    country_code: str = ""
    """'+91'."""
    project_name: str = ""
    location: str = ""
    team: str = ""
    domain: str = ""
    """Host that the page names as its own."""
    source: str = ""
    keyword: str = ""
    message: str = ""
    page_url: str = ""
    cta_name: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_term: str = ""
    utm_content: str = ""
    visitor_id: str = ""
    session_id: str = ""
    trap: str = ""
    """A field that people cannot see; whatever stands in it, a program wrote."""
    elapsed_ms: int = UNKNOWN_MS
    """From the form's appearance to its sending."""
    site_key: str = ""
    form_id: str = ""
    client_id: str = ""
    """Made by the page once per filled form: sent again, it is the same form."""
    payload: str = "{}"
    """Everything that was sent, a JSON object."""


@dataclass(frozen=True, slots=True)
class Lead:
    """A person who enquired about one project."""

    number: int
    project: int
    status: Status
    project_name: str
    contact_name: str
    contact_email: str
    contact_phone: str
    location: str
    source: str
    country: str
    city: str
    visitor_id: str
    session_id: str
    engagement_label: str
    engagement_score: int
    suspicion_score: int
    submissions: int
    created_at_us: int
    last_submitted_at_us: int
    last_follow_up_at_us: int
    """0 while there was none."""
    crm_id: str | None
    site_key: str = ""
    """Of the first form, and so are the next four."""
    form_id: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    suspicion_reasons: str = ""
    """Codes joined by commas, of the newest form."""
    last_activity_at_us: int = 0
    """When anything was sent, changed or reported last."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One form sent, with all that was found out about it."""

    number: int
    project: int
    lead: int | None
    kind: Kind
    submitted_at_us: int
    contact_name: str
    contact_email: str
    contact_phone: str
    project_name: str
    location: str
    source: str
    referrer: str
    referrer_host: str
    cta_name: str
    page: str
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str
    site_key: str
    form_id: str
    country: str
    region: str
    city: str
    visitor_id: str
    session_id: str
    engagement_label: str
    engagement_score: int
    suspicion_score: int
    suspicion_reasons: str
    """Codes joined by commas."""
    quality: str
    pages: int
    vpn_score: int
    """0 to 100."""
    is_duplicate: int
    is_bot: int
    is_vpn: int
    elapsed_ms: int
    address: str | None
    """Network address of the sender; None where the operator keeps none."""
    crm_id: str | None
    execution_url: str | None
    delivery: str | None
    """The delivery that forwards it."""
    payload: str
    client_id: str | None = None
    """The id that the form gave itself, so that a repetition is one with it."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that happened to a lead after it was taken."""

    number: int
    lead: int
    kind: Literal["crm", "status", "forwarding"]
    event: str
    actor: str
    """Who did it: 'admin' or the system that reported it."""
    crm_id: str
    body: str
    """What was reported, a JSON object."""
    created_at_us: int
