"""Everything about leads, put together for `app`: how they are taken, kept, counted and told of,
and the tasks that look after them. No rule lives here."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from footfall.clock import US_PER_MINUTE, Clock
from footfall.config import Config
from footfall.delivery.address import Rule
from footfall.delivery.outbox import Outbox
from footfall.dialects.pulsegate.lead.wording import LeadWording
from footfall.errors import FootfallError
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.erasure import Erasure
from footfall.ingest.place import Places
from footfall.ingest.port import Intake
from footfall.leads.address import AddressLists
from footfall.leads.address_visit import AddressVisits
from footfall.leads.capture import Capture, CaptureDesk
from footfall.leads.drought import EVERY_S, DroughtWatch
from footfall.leads.erasure import LeadErasure
from footfall.leads.notice import Notices
from footfall.leads.register import Leads
from footfall.leads.report import LeadReports
from footfall.leads.setting import LeadSettings, LeadSettingsStore
from footfall.leads.visit import Visits
from footfall.replay.register import Recordings
from footfall.reports.port import Reports
from footfall.store.lease import Lease
from footfall.store.records import Records

_log = logging.getLogger(__name__)

LEASE_US = 30 * US_PER_MINUTE
"""After a node died another one looks after leads within so long."""


@dataclass(frozen=True, slots=True)
class Leadroom:
    """What works with leads."""

    leads: Leads
    addresses: AddressLists
    settings: LeadSettingsStore
    notices: Notices
    reports: LeadReports
    visits: Visits
    address_visits: AddressVisits
    capture: Capture
    drought: DroughtWatch
    erasure: LeadErasure
    lease: Lease

    def reload(self) -> None:
        """Bring what is held in memory up to date: at the start, and every minute."""
        self.addresses.reload()
        self.settings.reload()
        self.address_visits.sweep()


@dataclass(frozen=True, slots=True)
class LeadParts:
    """What the room is made of."""

    config: Config
    clock: Clock
    records: Records
    outbox: Outbox
    intake: Intake
    reports: Reports
    places: Places
    hasher: VisitorHasher
    erasure: Erasure
    recordings: Recordings


def make_leadroom(parts: LeadParts) -> Leadroom:
    """Make everything; nothing runs yet."""
    config, clock, records = parts.config, parts.clock, parts.records
    leads = Leads(records, clock, parts.outbox)
    addresses = AddressLists(records, clock)
    defaults = LeadSettings(
        reengage_hours=config.integer("LEAD_REENGAGE_HOURS"),
        requires_form=config.flag("LEAD_CAPTURE_REQUIRE_AUTH"),
    )
    rule = Rule(allows_private=config.flag("FOOTFALL_ALLOW_PRIVATE_WEBHOOKS"))
    settings = LeadSettingsStore(records, rule, defaults)
    hasher, address_visits = parts.hasher, AddressVisits(clock)
    visits = Visits(
        parts.reports, clock, hasher.hash_given_visitor, hasher.hash_given_session, address_visits
    )
    notices = Notices(records, clock, rule)
    wording = LeadWording()
    desk = CaptureDesk(
        leads, addresses, settings, notices, visits, parts.intake, parts.places.find, wording
    )
    return Leadroom(
        leads=leads,
        addresses=addresses,
        settings=settings,
        notices=notices,
        reports=LeadReports(records, clock),
        visits=visits,
        address_visits=address_visits,
        capture=Capture(desk),
        drought=DroughtWatch(records, clock, leads, settings, parts.outbox, wording),
        erasure=LeadErasure(records, parts.erasure, hasher.hash_given_visitor, parts.recordings),
        lease=Lease(records, clock, "leads", term_us=LEASE_US),
    )


@asynccontextmanager
async def run_leadroom(room: Leadroom) -> AsyncIterator[None]:
    """Look after leads while the block runs."""
    await asyncio.to_thread(room.reload)
    task = asyncio.create_task(_look_after(room))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        with suppress(FootfallError):
            await asyncio.to_thread(room.lease.drop)


async def _look_after(room: Leadroom) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            if await asyncio.to_thread(room.lease.take):
                await asyncio.to_thread(room.drought.run)
                await asyncio.to_thread(room.leads.drop_old, room.settings.current.keeping)
        except FootfallError as error:
            _log.warning("leads not looked after, trying again: %s", type(error).__name__)
        except Exception:
            _log.exception("leads not looked after, trying again")
