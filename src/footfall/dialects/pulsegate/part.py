"""What PulseGate's routes work with. Each part is handed to routes under the name of its field."""

from dataclasses import dataclass, fields
from typing import Any

from litestar.di import Provide

from footfall.clock import Clock
from footfall.dialects.pulsegate.access import PulsegateAccess
from footfall.dialects.pulsegate.lead.callback import LeadSecrets
from footfall.dialects.pulsegate.lead.capture import LeadDoor
from footfall.dialects.pulsegate.lead.history import VisitHistory
from footfall.leads.address import AddressLists
from footfall.leads.erasure import LeadErasure
from footfall.leads.register import Leads
from footfall.leads.report import LeadReports
from footfall.leads.setting import LeadSettingsStore
from footfall.projects.directory import Directory
from footfall.reports.port import Reports


@dataclass(frozen=True, slots=True)
class PulsegateParts:
    """The core behind the door."""

    clock: Clock
    directory: Directory
    reports: Reports
    access: PulsegateAccess
    leads: Leads
    lead_door: LeadDoor
    lead_reports: LeadReports
    lead_secrets: LeadSecrets
    lead_settings: LeadSettingsStore
    lead_erasure: LeadErasure
    address_lists: AddressLists
    visit_history: VisitHistory

    def dependencies(self) -> dict[str, Provide]:
        """Return the parts as dependencies of a router."""
        return {field.name: _provide(getattr(self, field.name)) for field in fields(self)}


def _provide(part: Any) -> Provide:
    # The framework copies what it is given, but not a plain function.
    return Provide(lambda: part, sync_to_thread=False)
