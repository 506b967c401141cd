"""How much there is: signals, the visits that have any, and visitors who were introduced by an id
of their own when a visit began, some of them suspected of a VPN."""

from dataclasses import dataclass

from footfall.reports.family import Desk
from footfall.reports.scope import Scope

SUSPECTED_FROM = 5
"""Points of a begin from which a VPN is suspected: any strong signal [PulseGate]."""


@dataclass(frozen=True, slots=True)
class Volume:
    """Counts over a scope."""

    rows: int
    """Events as they are stored."""
    signals: int
    """What was done or noticed: begin and end of a visit do not count, and an event that stands
    for several counts as many."""
    visits: int
    """Distinct sessions that have signals."""
    introduced: int
    """Distinct visitors whose id came along when a visit began."""
    suspected: int
    """Those of them with a visit whose begin spoke for a VPN."""
    introduced_visits: int
    """Distinct sessions that were announced by their sender."""
    suspected_visits: int
    """Those of them whose begin spoke for a VPN."""


@dataclass(frozen=True, slots=True)
class VolumeQuestion:
    """How much the scope holds."""

    scope: Scope

    def check(self) -> None:
        """Nothing of its own can be wrong."""

    def run(self, desk: Desk) -> Volume:
        """Return the counts."""
        from footfall.reports.volume_sql import make_volume

        (row,) = desk.ask(make_volume(desk))
        return Volume(*(int(value or 0) for value in row))
