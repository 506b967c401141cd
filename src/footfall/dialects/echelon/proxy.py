"""What a proxy in front tells of a sender. Each header is believed only where a setting says so:
without the proxy, anybody could send it."""

import re
from typing import Final

COUNTRY_HEADERS: Final = (b"cf-ipcountry", b"cloudfront-viewer-country", b"x-country-code")
"""In the order in which they are asked [original]."""

UNKNOWN: Final = frozenset({"XX", "T1", "ZZ"})
"""What Cloudflare and others send for nowhere, and for Tor."""

_COUNTRY = re.compile(r"[A-Z]{2}")

_CERTAIN, _LIKELY, _DOUBTFUL = 2, 29, 50
"""Upper ends of Cloudflare's bot score, 1 to 99, low for robots [original]."""


def find_country(headers: dict[bytes, bytes]) -> str:
    """Return the country that a proxy names; '' for none."""
    for name in COUNTRY_HEADERS:
        country = headers.get(name, b"").decode("latin-1").strip().upper()
        if _COUNTRY.fullmatch(country) and country not in UNKNOWN:
            return country
    return ""


def find_verdict(headers: dict[bytes, bytes]) -> str:
    """Return the sign that Cloudflare's headers are; '' for none."""
    if headers.get(b"cf-verified-bot", b"").lower() in {b"true", b"1"}:
        return "proxy_verified"
    score = headers.get(b"cf-bot-score", b"")
    if not score.isdigit() or len(score) > 3:
        return ""
    number = int(score)
    if number <= _CERTAIN:
        return "proxy_certain"
    if number <= _LIKELY:
        return "proxy_likely"
    return "proxy_doubtful" if number <= _DOUBTFUL else ""
