"""What a proxy in front tells of a sender. Each header is believed only where a setting says so:
without the proxy, anybody could send it."""

import re
from collections.abc import Sequence
from typing import Final

from footfall.http.asgi import Scope
from footfall.http.client_address import ClientAddress, parse_hop

CLOUDFLARE_COUNTRY: Final = b"cf-ipcountry"
COUNTRY_HEADERS: Final = (CLOUDFLARE_COUNTRY, b"cloudfront-viewer-country", b"x-country-code")
"""In the order in which they are asked [original]."""

CLOUDFLARE_ADDRESS: Final = b"cf-connecting-ip"
REAL_ADDRESS: Final = b"x-real-ip"

UNKNOWN: Final = frozenset({"XX", "T1", "ZZ"})
"""What Cloudflare and others send for nowhere, and for Tor."""

_COUNTRY = re.compile(r"[A-Z]{2}")

_CERTAIN, _LIKELY, _DOUBTFUL = 2, 29, 50
"""Upper ends of Cloudflare's bot score, 1 to 99, low for robots [original]."""


class ProxiedAddress:
    """Finds the address of a client as `ClientAddress` does, and by two more headers where they are
    believed."""

    def __init__(
        self, addresses: ClientAddress, *, trusts_cloudflare: bool, trusts_real_ip: bool
    ) -> None:
        """`trusts_real_ip`: believe X-Real-IP of trusted proxies that send no X-Forwarded-For."""
        self._addresses = addresses
        self._trusts_cloudflare = trusts_cloudflare
        self._trusts_real_ip = trusts_real_ip

    def find(self, scope: Scope, headers: dict[bytes, bytes]) -> str:
        """Return the client's address as text, '' when the server knows none."""
        named = self._find_named(scope, headers)
        return named or self._addresses.find(scope, headers)

    def _find_named(self, scope: Scope, headers: dict[bytes, bytes]) -> str | None:
        if self._trusts_cloudflare and CLOUDFLARE_ADDRESS in headers:
            return parse_hop(headers[CLOUDFLARE_ADDRESS].decode("latin-1"))
        if not self._trusts_real_ip or REAL_ADDRESS not in headers:
            return None
        client = scope.get("client")
        is_proxy = client is not None and self._addresses.is_trusted(client[0])
        if not is_proxy or b"x-forwarded-for" in headers:
            return None
        return parse_hop(headers[REAL_ADDRESS].decode("latin-1"))


def find_country(headers: dict[bytes, bytes], names: Sequence[bytes] = COUNTRY_HEADERS) -> str:
    """Return the country that a proxy names; '' for none."""
    for name in names:
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
