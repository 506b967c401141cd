"""How suspicious a form is, 0 to 100, with the reasons. Points add up and are capped [PulseGate:
fraud detection]."""

from collections.abc import Collection
from dataclasses import dataclass

from footfall.leads.lead import Form
from footfall.leads.visit import Visit

MOST = 100


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Points with their reasons, in the order of the table."""

    score: int
    reasons: tuple[str, ...]


def find_suspicion(
    form: Form, visit: Visit | None, *, recent: int, competitors: Collection[str]
) -> Suspicion:
    """Add the points of every signal up.

    `recent` counts the submissions of the same visitor or address within 24 hours, this one
    included; `competitors` are mail domains in lower case.
    """
    signals = (
        (40, "honeypot_filled", bool(form.trap)),
        (30, "fast_submit_lt_5s", 0 <= form.elapsed_ms < 5_000),
        (10, "fast_submit_lt_10s", 5_000 <= form.elapsed_ms <= 10_000),
        (15, "no_session", visit is None),
        (10, "zero_engagement", visit is None or visit.engagement_score == 0),
        (15, "vpn_high", visit is not None and visit.vpn_score > 50),
        (5, "vpn_medium", visit is not None and 20 < visit.vpn_score <= 50),
        (20, "repeat_3", recent >= 3),
        (10, "repeat_2", recent == 2),
        (25, "competitor_domain", _is_of(form.email, competitors)),
    )
    score = sum(points for points, _, is_met in signals if is_met)
    return Suspicion(min(score, MOST), tuple(reason for _, reason, is_met in signals if is_met))


def _is_of(email: str, domains: Collection[str]) -> bool:
    host = email.rpartition("@")[2].lower()
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
