"""Which addresses outgoing calls may reach. Everything that is not a public address is refused:
this machine, its networks, the metadata services of clouds, and addresses that hide one of
those in another form."""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from footfall.errors import InvalidInputError
from footfall.projects.domain import parse_domain

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

URL_LIMIT = 2_048
"""Characters of an address: what receivers and proxies take."""

_VISIBLE = re.compile(r"[!-~]+\Z")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address."""
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")
_IPV4_COMPATIBLE = ipaddress.IPv6Network("::/96")

PRIVATE_SETTING = "FOOTFALL_ALLOW_PRIVATE_WEBHOOKS"


@dataclass(frozen=True, slots=True)
class Rule:
    """What outgoing calls may reach."""

    allows_private: bool = False
    """Also private and loopback addresses, and http without TLS."""

    def allows(self, address: str) -> bool:
        """Tell whether a connection to a numeric address may be made."""
        return self.allows_private or is_public(ipaddress.ip_address(address.partition("%")[0]))


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, in whatever form it is written."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64 or address in _IPV4_COMPATIBLE:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        hidden = address.ipv4_mapped or address.sixtofour
        if hidden is not None:
            return is_public(hidden)
        if address.teredo is not None or address.is_site_local or address in _LOCAL_NAT64:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved)


def parse_url(text: str, rule: Rule, *, field: str = "url") -> str:
    """Return the address of a webhook, checked: https (http where private addresses are allowed),
    a host, no credentials, and no private address written in numbers. What a host name leads to
    is checked at each call.

    Raises InvalidInputError for `field`.
    """
    url = text.strip()
    shown = url if len(url) <= 80 else f"{url[:80]}…"
    if len(url) > URL_LIMIT or not _VISIBLE.match(url):
        raise InvalidInputError(
            f"{field} '{shown}' is too long or holds spaces; accepted are up to {URL_LIMIT} "
            "visible ASCII characters",
            field=field,
        )
    accepted = ("https", "http") if rule.allows_private else ("https",)
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or parts.scheme not in accepted:
        raise InvalidInputError(
            f"{field} '{shown}' is no address of a webhook; accepted is for example "
            f"{accepted[0]}://hooks.example.com/path",
            field=field,
        )
    if "@" in parts.netloc:
        raise InvalidInputError(
            f"{field} holds a user or password; leave out what stands before the @", field=field
        )
    parse_domain(f"[{host}]" if ":" in host else host)
    literal = _read_number(host)
    if literal is not None and not rule.allows(str(literal)):
        raise InvalidInputError(
            f"{field} '{shown}' leads to a private or local address; {PRIVATE_SETTING} allows that",
            field=field,
        )
    return url.partition("#")[0]


def _read_number(host: str) -> Address | None:
    """Read a host that is a number in any form that name resolution takes: 127.1, 0x7f000001."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None
