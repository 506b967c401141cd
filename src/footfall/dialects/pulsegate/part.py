"""What PulseGate's routes work with. Each part is handed to routes under the name of its field."""

from dataclasses import dataclass, fields
from typing import Any

from litestar.di import Provide

from footfall.clock import Clock
from footfall.dialects.pulsegate.access import PulsegateAccess
from footfall.forms.register import FormRegister
from footfall.projects.directory import Directory
from footfall.reports.port import Reports


@dataclass(frozen=True, slots=True)
class PulsegateParts:
    """The core behind the door."""

    clock: Clock
    directory: Directory
    reports: Reports
    access: PulsegateAccess
    forms: FormRegister

    def dependencies(self) -> dict[str, Provide]:
        """Return the parts as dependencies of a router."""
        return {field.name: _provide(getattr(self, field.name)) for field in fields(self)}


def _provide(part: Any) -> Provide:
    # The framework copies what it is given, but not a plain function.
    return Provide(lambda: part, sync_to_thread=False)
