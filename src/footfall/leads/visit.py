"""What is known of the visit a form was sent from. The figures come from whoever measures visits;
this room names what it needs of them."""

from dataclasses import dataclass
from typing import Protocol

COLD = "Cold"

VPN_POINTS_MOST = 24
"""The scale of VPN points; everything in this room works with 0 to 100."""

VPN_SUSPECTED_FROM = 5
"""Points from which a visit counts as one through a VPN: one strong signal."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit as the reports have it."""

    session_id: str
    engagement_score: int = 0
    engagement_label: str = COLD
    duration_s: int = 0
    pages: int = 0
    returns: int = 0
    vpn_points: int = 0

    @property
    def vpn_score(self) -> int:
        """The VPN points on a scale from 0 to 100."""
        return round(self.vpn_points / VPN_POINTS_MOST * 100)

    @property
    def is_vpn(self) -> bool:
        """Tell whether a VPN is suspected."""
        return self.vpn_points >= VPN_SUSPECTED_FROM


class Visits(Protocol):
    """Finds visits."""

    async def find(self, project: int, visitor_id: str, session_id: str) -> Visit | None:
        """Return the newest visit of a visitor, or the one named when it is his; None for none."""
        ...


class NoVisits:
    """Knows of no visit."""

    async def find(self, project: int, visitor_id: str, session_id: str) -> Visit | None:
        """Return none."""
        return None
