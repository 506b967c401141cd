"""What PulseGate's routes work with. Each part is handed to routes under the name of its field."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from litestar.di import Provide

from footfall.clock import Clock
from footfall.dialects.pulsegate.access import PulsegateAccess
from footfall.dialects.pulsegate.lead.callback import LeadSecrets
from footfall.dialects.pulsegate.lead.capture import LeadDoor
from footfall.dialects.pulsegate.lead.history import VisitHistory
from footfall.forms.register import FormRegister
from footfall.leads.address import AddressLists
from footfall.leads.erasure import LeadErasure
from footfall.leads.register import Leads
from footfall.leads.report import LeadReports
from footfall.leads.setting import LeadSettingsStore
from footfall.projects.directory import Directory
from footfall.projects.viewer_key import StoredViewerKeys
from footfall.replay.visit import RecordedVisits
from footfall.reports.anomaly import Anomaly
from footfall.reports.port import Reports

Detect = Callable[[int, int], Awaitable[Sequence[Anomaly]]]
"""Takes a project (number) and the present (µs); gives what is out of the ordinary."""


@dataclass(frozen=True, slots=True)
class AnomalyDetectors:
    """What else is asked for anomalies, beside the traffic."""

    detect: tuple[Detect, ...] = ()


@dataclass(frozen=True, slots=True)
class PulsegateParts:
    """The core behind the door."""

    clock: Clock
    directory: Directory
    reports: Reports
    access: PulsegateAccess
    viewer_keys: StoredViewerKeys
    forms: FormRegister
    leads: Leads
    lead_door: LeadDoor
    lead_reports: LeadReports
    lead_secrets: LeadSecrets
    lead_settings: LeadSettingsStore
    lead_erasure: LeadErasure
    address_lists: AddressLists
    visit_history: VisitHistory
    recorded_visits: RecordedVisits
    detectors: AnomalyDetectors = field(default_factory=AnomalyDetectors)

    def dependencies(self) -> dict[str, Provide]:
        """Return the parts as dependencies of a router."""
        return {part.name: _provide(getattr(self, part.name)) for part in fields(self)}


def _provide(part: Any) -> Provide:
    # The framework copies what it is given, but not a plain function.
    return Provide(lambda: part, sync_to_thread=False)
