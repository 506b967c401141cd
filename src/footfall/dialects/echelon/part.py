"""What Echelon's routes work with. Each part is handed to routes under the name of its field."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

from litestar.di import Provide

from footfall.bots.exclusion import ExcludedVisitors
from footfall.bots.point import PointBook
from footfall.clock import Clock
from footfall.dialects.echelon.access import EchelonAccess
from footfall.dialects.echelon.sign_in import Desk
from footfall.dialects.echelon.track import EchelonRules
from footfall.experiments.laboratory import Laboratory
from footfall.experiments.register import Experiments
from footfall.http.meter import RequestMeter
from footfall.ingest.port import Intake
from footfall.ingest.spool import Waiting
from footfall.projects.campaign import Campaigns
from footfall.projects.directory import Directory
from footfall.projects.performance import Performance
from footfall.projects.site_style import SiteStyles
from footfall.reports.port import Reports

CountWaiting = Callable[[], Waiting]
"""Tells what is acknowledged and not yet loaded."""


@dataclass(frozen=True, slots=True)
class EchelonParts:
    """The core behind the door."""

    clock: Clock
    directory: Directory
    reports: Reports
    intake: Intake
    access: EchelonAccess
    desk: Desk
    campaigns: Campaigns
    experiments: Experiments
    laboratory: Laboratory
    excluded: ExcludedVisitors
    performance: Performance
    styles: SiteStyles
    meter: RequestMeter
    waiting: CountWaiting
    book: PointBook
    rules: EchelonRules

    def dependencies(self) -> dict[str, Provide]:
        """Return the parts as dependencies of a router."""
        return {field.name: _provide(getattr(self, field.name)) for field in fields(self)}


def _provide(part: Any) -> Provide:
    # The framework copies what it is given, but not a plain function.
    return Provide(lambda: part, sync_to_thread=False)
