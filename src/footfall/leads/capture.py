"""The way of a form into the records, one step after the other: blocked senders, traps, tests, then
engagement, suspicion, the lead it belongs to, and its forwarding. Nobody outside sees which way a
form went; nothing personal goes to the warehouse or into a log."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import msgspec

from footfall.clock import US_PER_DAY
from footfall.delivery.delivery import Message
from footfall.errors import FootfallError
from footfall.ingest.place import NOWHERE, Place
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal
from footfall.leads.address import AddressLists, is_shared_address
from footfall.leads.lead import COUNTED, Form, Kind, Submission
from footfall.leads.notice import Notices, make_notice_messages
from footfall.leads.quality import find_quality
from footfall.leads.recognition import Identities
from footfall.leads.register import SOURCE, Leads, Taken
from footfall.leads.setting import LeadSettings, LeadSettingsStore
from footfall.leads.suspicion import Suspicion, find_suspicion
from footfall.leads.visit import COLD, Visit, Visits

_log = logging.getLogger(__name__)

EVENT = "lead"
"""Name of the event that a lead is in the warehouse."""

TEXT_LIMIT = 2_000
"""Characters of one stored text; the payload holds the rest."""

BLOCK_REASON = "A form's hidden field was filled."


@dataclass(frozen=True, slots=True)
class Arrival:
    """A form with the circumstances it came under."""

    form: Form
    sender: Sender
    referrer: str = ""
    is_development: bool = False
    """It came from a page on the developer's own machine."""
    is_server: bool = False
    """A server speaks for the person: its address says nothing of them."""


@dataclass(frozen=True, slots=True)
class Finding:
    """All that was found out about a form; what it is told to others by."""

    arrival: Arrival
    visit: Visit | None
    place: Place
    suspicion: Suspicion
    related: tuple[str, ...]


class Wording(Protocol):
    """Says to others what was found, in the words of the door that knows them."""

    def render(self, taken: Taken, finding: Finding) -> str:
        """Return the body that is forwarded."""
        ...


@dataclass(frozen=True, slots=True)
class CaptureDesk:
    """What capturing works with."""

    leads: Leads
    addresses: AddressLists
    settings: LeadSettingsStore
    notices: Notices
    visits: Visits
    intake: Intake
    find_place: Callable[[str, str], Place]
    wording: Wording


class Capture:
    """Takes forms."""

    def __init__(self, desk: CaptureDesk) -> None:
        self._desk = desk

    async def take(self, arrival: Arrival) -> Taken:
        """Take one form; whatever comes of it, the sender is told the same. One that is sent again
        because its answer was lost is the same form and gets the same answer."""
        desk, form, sender = self._desk, arrival.form, arrival.sender
        if form.client_id:
            known = await asyncio.to_thread(desk.leads.find_taken, sender.project, form.client_id)
            if known is not None:
                return known
        settings = desk.settings.current
        kind = self._find_kind(form, sender, settings)
        if kind == "bot" and not arrival.is_server and not is_shared_address(sender.ip):
            await asyncio.to_thread(self._block, sender.ip)
        visit = await self._find_visit(arrival)
        taken = await asyncio.to_thread(self._save, arrival, kind, visit, settings)
        if taken.lead is not None:
            # An id that no visit bears must not become a visit by being counted.
            is_known = visit is not None and visit.session_id == form.session_id
            await self._count(arrival, taken, is_known=is_known)
        return taken

    def _find_kind(self, form: Form, sender: Sender, settings: LeadSettings) -> Kind:
        if self._desk.addresses.is_blocked(sender.ip):
            return "blocked"
        if form.trap and settings.blocks_bots:
            return "bot"
        texts = (form.name, form.email, form.project_name, form.location)
        has_word = any(word in text.lower() for word in settings.test_words for text in texts)
        is_test = has_word or self._desk.addresses.is_testing(sender.ip)
        return "test" if is_test else "primary"

    async def _find_visit(self, arrival: Arrival) -> Visit | None:
        """Find the visit of a form that names its visitor; a report that fails costs no lead."""
        form = arrival.form
        if not form.visitor_id:
            return None
        address = "" if arrival.is_server else arrival.sender.ip
        try:
            return await self._desk.visits.find(
                arrival.sender.project, form.visitor_id, form.session_id, address
            )
        except FootfallError as error:
            _log.warning("a lead's visit cannot be looked up: %s", type(error).__name__)
            return None

    def _save(
        self, arrival: Arrival, kind: Kind, visit: Visit | None, settings: LeadSettings
    ) -> Taken:
        leads, form, sender = self._desk.leads, arrival.form, arrival.sender
        address = sender.ip if settings.keeps_addresses and not arrival.is_server else ""
        since_us = sender.received_at_us - US_PER_DAY
        recent = 1 + leads.count_recent(form.visitor_id, address, since_us)
        identities = Identities(form.visitor_id, form.email, _digits(form.phone), address)
        finding = Finding(
            arrival,
            visit,
            NOWHERE if arrival.is_server else self._desk.find_place(sender.ip, sender.time_zone),
            find_suspicion(form, visit, recent=recent, competitors=settings.competitor_domains),
            leads.find_related(sender.project, identities, form.project_name),
        )
        submission = _make_submission(finding, kind, address)

        notices = self._desk.notices.list_notices(sender.project)

        def make_messages(taken: Taken) -> Sequence[Message]:
            forwarding = self._make_forwarding(taken, finding, settings)
            told = make_notice_messages(notices, taken.submission, form)
            return told if forwarding is None else [forwarding, *told]

        if kind in COUNTED:
            return leads.take(
                submission, identities, make_messages, reengage_hours=settings.reengage_hours
            )
        return leads.take_apart(submission, make_messages)

    def _make_forwarding(
        self, taken: Taken, finding: Finding, settings: LeadSettings
    ) -> Message | None:
        submission = taken.submission
        is_held = finding.arrival.is_development and not settings.forwards_development
        if not settings.forwards or not settings.forward_url or is_held:
            return None
        if submission.kind in {"blocked", "bot"} or submission.is_duplicate:
            return None
        return Message(
            project=submission.project,
            source=SOURCE,
            subject=EVENT,
            channel="webhook",
            target=settings.forward_url,
            body=self._desk.wording.render(taken, finding),
        )

    def _block(self, address: str) -> None:
        try:
            self._desk.addresses.block(address, BLOCK_REASON)
        except FootfallError as error:
            # A known address stays known.
            _log.info("a sender is not blocked: %s", type(error).__name__)

    async def _count(self, arrival: Arrival, taken: Taken, *, is_known: bool) -> None:
        """Let the lead be an event among the others, without anything personal."""
        form, submission = arrival.form, taken.submission
        props = {
            "project": form.project_name,
            "source": form.source,
            "form": form.form_id,
            "kind": submission.kind,
            "engagement": submission.engagement_label,
        }
        signal = Signal(
            kind="event",
            name=EVENT,
            url=submission.page,
            client_id=f"lead-{submission.number}",
            visitor_id=form.visitor_id if is_known else "",
            session_id=form.session_id if is_known else "",
            utm_source=form.utm_source,
            utm_medium=form.utm_medium,
            utm_campaign=form.utm_campaign,
            utm_content=form.utm_content,
            utm_term=form.utm_term,
            props=msgspec.json.encode({name: value for name, value in props.items() if value}),
            is_interactive=True,
        )
        try:
            await self._desk.intake.take(arrival.sender, [signal])
        except FootfallError as error:
            _log.warning("a lead is stored and not counted: %s", type(error).__name__)


def _make_submission(finding: Finding, kind: Kind, address: str) -> Submission:
    form, sender, visit = finding.arrival.form, finding.arrival.sender, finding.visit
    place, referrer = finding.place, finding.arrival.referrer
    return Submission(
        number=0,
        project=sender.project,
        lead=None,
        kind=kind,
        submitted_at_us=sender.received_at_us,
        **{name: _cut(getattr(form, attribute)) for name, attribute in _COPIED.items()},
        referrer=_cut(strip_query(referrer)),
        referrer_host=find_host(referrer),
        page=_cut(strip_query(form.page_url or referrer)),
        country=place.country,
        region=place.region,
        city=place.city,
        session_id=_cut(form.session_id or (visit.session_id if visit else "")),
        engagement_label=visit.engagement_label if visit else COLD,
        engagement_score=visit.engagement_score if visit else 0,
        suspicion_score=finding.suspicion.score,
        suspicion_reasons=",".join(finding.suspicion.reasons),
        quality=find_quality(form, visit, finding.suspicion.score),
        pages=visit.pages if visit else 0,
        vpn_score=visit.vpn_score if visit else 0,
        is_duplicate=0,
        is_bot=int(bool(form.trap)),
        is_vpn=int(visit is not None and visit.is_vpn),
        elapsed_ms=form.elapsed_ms,
        address=address or None,
        crm_id=None,
        execution_url=None,
        delivery=None,
        payload=form.payload,
        client_id=form.client_id or None,
    )


_COPIED = {
    "contact_name": "name",
    "contact_email": "email",
    "contact_phone": "phone",
    **{
        name: name
        for name in (
            "project_name",
            "location",
            "source",
            "cta_name",
            "utm_source",
            "utm_medium",
            "utm_campaign",
            "utm_term",
            "utm_content",
            "site_key",
            "form_id",
            "visitor_id",
        )
    },
}
"""Columns of a submission that a form fills as they are."""


def strip_query(url: str) -> str:
    """Return an address without what may hold a person's data: query and fragment."""
    return url.partition("#")[0].partition("?")[0]


def find_host(url: str) -> str:
    """Return the host of an address, '' where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _cut(text: str) -> str:
    return text[:TEXT_LIMIT]


def _digits(phone: str) -> str:
    """Return the digits of a number: the same one is typed with spaces, dashes and brackets."""
    return "".join(character for character in phone if character.isdecimal())


def is_development_host(host: str) -> bool:
    """Tell whether a page's host is a developer's own machine."""
    return host in {"localhost", "127.0.0.1", "::1"} or host.endswith((".localhost", ".local"))
