"""What a submission is worth at first sight: one label, the first rule that holds [PulseGate:
traffic quality]."""

from typing import Literal

from footfall.leads.lead import UNKNOWN_MS, Form
from footfall.leads.visit import Visit

Quality = Literal["BOT_LIKELY", "SUSPICIOUS", "LOW_INTENT", "GOOD_LEAD"]

LOW_ENGAGEMENT = 20
"""Up to this score a visit is cold."""


def find_quality(form: Form, visit: Visit | None, suspicion: int) -> Quality:
    """Return the label; a time that is not known speaks against nobody."""
    known = visit or Visit("")
    vpn, engagement = known.vpn_score, known.engagement_score
    if form.trap or suspicion >= 90 or _is_hasty(form, visit, below_ms=1_000, pages=1):
        return "BOT_LIKELY"
    if (
        suspicion >= 70
        or vpn >= 70
        or _is_hasty(form, visit, below_ms=3_000, pages=2)
        or (suspicion >= 50 and vpn >= 50)
    ):
        return "SUSPICIOUS"
    if engagement <= LOW_ENGAGEMENT:
        return "LOW_INTENT"
    return "GOOD_LEAD"


def _is_hasty(form: Form, visit: Visit | None, *, below_ms: int, pages: int) -> bool:
    seen = 0 if visit is None else visit.pages
    return form.elapsed_ms != UNKNOWN_MS and form.elapsed_ms < below_ms and seen <= pages


def find_duplicate_quality(quality: str) -> str:
    """Return the label of a submission that turns out to repeat the one before."""
    return "LOW_INTENT" if quality == "GOOD_LEAD" else quality
