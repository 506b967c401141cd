"""What Pulse's routes work with. Each part is handed to routes under the name of its field."""

from dataclasses import dataclass, fields
from typing import Any

from litestar.di import Provide

from footfall.alerts.register import Alerts
from footfall.alerts.trial import Trial
from footfall.alerts.webhook import Webhooks
from footfall.clock import Clock
from footfall.delivery.outbox import Outbox
from footfall.experiments.laboratory import Laboratory
from footfall.http.client_address import ClientAddress
from footfall.ingest.erasure import Erasure
from footfall.projects.register import Projects
from footfall.projects.share import Shares
from footfall.reports.definition import Funnels, Goals
from footfall.reports.port import Reports
from footfall.surveys.register import Surveys
from footfall.surveys.response import Responses


@dataclass(frozen=True, slots=True)
class PulseParts:
    """The core behind the door."""

    clock: Clock
    projects: Projects
    reports: Reports
    surveys: Surveys
    responses: Responses
    goals: Goals
    funnels: Funnels
    alerts: Alerts
    webhooks: Webhooks
    webhook_trial: Trial
    outbox: Outbox
    laboratory: Laboratory
    addresses: ClientAddress
    erasure: Erasure
    shares: Shares

    def dependencies(self) -> dict[str, Provide]:
        """Return the parts as dependencies of a router."""
        return {field.name: _provide(getattr(self, field.name)) for field in fields(self)}


def _provide(part: Any) -> Provide:
    # The framework copies what it is given, but not a plain function.
    return Provide(lambda: part, sync_to_thread=False)
