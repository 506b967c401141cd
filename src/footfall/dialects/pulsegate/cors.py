"""Which pages may use PulseGate from a browser: all of them, and every answer names the methods and
headers, not only the preflight's [doc]."""

from footfall.http.cors import CorsRule
from footfall.http.front_door import CorsPath

_HEADERS = ("Content-Type", "X-Fingerprint-ID", "X-Visitor-ID", "Authorization", "X-API-Key")
_EXPOSED = (
    "Retry-After",
    "X-RateLimit-Remaining",
    "X-RateLimit-Reset",
    "X-Deprecated",
    "Sunset",
    "Footfall-Dropped",
)

EVERYWHERE = CorsRule(("GET", "POST", "OPTIONS"), _HEADERS, _EXPOSED, is_told_always=True)

ANALYTICS = CorsRule(
    ("GET", "POST", "PATCH", "DELETE", "OPTIONS"), _HEADERS, _EXPOSED, is_told_always=True
)
"""PATCH and DELETE are documented elsewhere than in the list of methods."""

ANSWER_HEADERS = EVERYWHERE.answer_headers(None)
"""What hot paths add themselves: the front door adds it to all others."""

PREFIXES = ("/track/", "/forms/", "/lead", "/webhooks/crm/", "/replay")
SCRIPTS = ("/tracker.js", "/form.js", "/pulse.js")


def make_pulsegate_cors_paths() -> tuple[CorsPath, ...]:
    """Return where PulseGate's rules hold."""
    return (
        CorsPath("/analytics", ANALYTICS),
        *(CorsPath(prefix, EVERYWHERE) for prefix in (*PREFIXES, *SCRIPTS)),
    )


def is_pulsegate(path: str) -> bool:
    """Tell whether a path is PulseGate's, so that its words for errors hold there."""
    return path.startswith(("/analytics", *PREFIXES))
