"""What several of Echelon's answers share: instants, kinds of devices, kinds of referrers, types of
events and the points of a score. Nothing here can fail."""

from typing import Final

from footfall.bots.point import SIGNS, PointBook
from footfall.model.time_range import from_us

REFERRER_TYPES: Final[dict[str, str]] = {
    "AI Assistants": "ai",
    "Organic Search": "search",
    "Paid Search": "search",
    "Organic Shopping": "search",
    "Paid Shopping": "search",
    "Organic Social": "social",
    "Paid Social": "social",
}
"""By channel; every other is direct or unknown."""

UNKNOWN_REFERRER = "direct_or_unknown"

DETAIL_KEYS: Final[dict[str, str]] = {
    "proxy_verified": "cf",
    "proxy_certain": "cf",
    "proxy_likely": "cf",
    "proxy_doubtful": "cf",
    "quick": "timing",
    "hasty": "timing",
    "suspect_country": "geo",
    "suspect_country_of_site": "geo_site",
    "burst": "burst",
    "no_language": "headers",
    "no_hints": "headers",
    "odd_screen": "screen",
    "deep_entry": "referrer",
    "crawler": "crawler_feed",
    "hosting": "datacenter_ip",
    "suspected_address": "bot_ip",
    "confirmed_address": "bot_ip",
    "lookalike": "correlation",
    "lookalikes": "correlation",
    "proof_missing": "pow",
    "proof_invalid": "pow",
}
"""Echelon's words for our signs [original]; what it has no word for keeps ours."""

_TYPES: Final = {
    "pageview": "view",
    "outlink": "outbound",
    "exposure": "experiment",
}


def render_time(us: int) -> str:
    """Return an instant as '2026-03-01T00:00:00Z'."""
    return from_us(us).strftime("%Y-%m-%dT%H:%M:%SZ")


def render_number(value: float) -> int | float:
    """Return a number as a script writes it: 100, not 100.0."""
    return int(value) if value.is_integer() else value


def render_device(device: str) -> str:
    """Return a kind of device in lower case; 'unknown' for none."""
    return device.lower() or "unknown"


def render_event_type(kind: str, name: str) -> str:
    """Return Echelon's type of an event of ours."""
    if kind in {"event", "engagement"} and name:
        return name
    return _TYPES.get(kind, kind)


def render_detail(reasons: str, book: PointBook) -> dict[str, int]:
    """Return the points of a score by factor."""
    detail: dict[str, int] = {}
    known = {sign.code for sign in SIGNS}
    for code in filter(None, reasons.split(",")):
        key = DETAIL_KEYS.get(code, code)
        detail[key] = detail.get(key, 0) + (book.points[code] if code in known else 0)
    return detail
