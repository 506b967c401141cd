"""What PulseGate's routes work with. Each part is handed to routes under the name of its field."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from litestar.di import Provide

from footfall.clock import Clock
from footfall.dialects.pulsegate.access import PulsegateAccess
from footfall.projects.directory import Directory
from footfall.projects.viewer_key import StoredViewerKeys
from footfall.reports.anomaly import Anomaly
from footfall.reports.port import Reports

Detect = Callable[[int, int], Awaitable[Sequence[Anomaly]]]
"""Takes a project (number) and the present (µs); gives what is out of the ordinary."""


@dataclass(frozen=True, slots=True)
class AnomalyDetectors:
    """What else is asked for anomalies, beside the traffic."""

    detect: tuple[Detect, ...] = ()


@dataclass(frozen=True, slots=True)
class PageRules:
    """What pages may do that load the tracker."""

    has_fingerprint: bool = False
    """The operator lets browsers be told apart by a fingerprint."""


@dataclass(frozen=True, slots=True)
class PulsegateParts:
    """The core behind the door."""

    clock: Clock
    directory: Directory
    reports: Reports
    access: PulsegateAccess
    viewer_keys: StoredViewerKeys
    rules: PageRules = field(default_factory=PageRules)
    detectors: AnomalyDetectors = field(default_factory=AnomalyDetectors)

    def dependencies(self) -> dict[str, Provide]:
        """Return the parts as dependencies of a router."""
        return {part.name: _provide(getattr(self, part.name)) for part in fields(self)}


def _provide(part: Any) -> Provide:
    # The framework copies what it is given, but not a plain function.
    return Provide(lambda: part, sync_to_thread=False)
