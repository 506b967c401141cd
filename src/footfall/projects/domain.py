"""Host names as people write them, and as browsers send them. No look-up leaves this module."""

import ipaddress
import re

from footfall.errors import InvalidInputError

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")
_SCHEME = re.compile(r"\A[a-z][a-z0-9+.-]*://")

HOST_LIMIT = 253
"""The longest host name of the DNS (RFC 1035, without the root)."""


def parse_domain(text: str) -> str:
    """Return the host, with its port if there is one, of a domain or an address of a page.

    'https://Shop.Example/cart' → 'shop.example'. Raises InvalidInputError.
    """
    rest = _SCHEME.sub("", text.strip().lower())
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2]
    host, port = _split_port(authority)
    host = _to_ascii(host.rstrip("."))
    if not host or (port and not (port.isascii() and port.isdigit() and int(port) < 65_536)):
        raise _refusal(text)
    if not _is_host(host):
        raise _refusal(text)
    return f"{host}:{port}" if port else host


def strip_port(domain: str) -> str:
    """Return a parsed domain without its port and without a leading 'www.'."""
    return _split_port(domain)[0].removeprefix("www.")


def hosts_of(domain: str) -> frozenset[str]:
    """Return the host names that mean the same site: with and without 'www.'."""
    host = strip_port(domain)
    return frozenset({host, f"www.{host}"}) if host else frozenset()


def _split_port(authority: str) -> tuple[str, str]:
    if authority.startswith("["):
        host, _, rest = authority.partition("]")
        return f"{host}]", rest.removeprefix(":")
    host, _, port = authority.partition(":")
    return host, port


def _to_ascii(host: str) -> str:
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""


def _is_host(host: str) -> bool:
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            return False
        return True
    return len(host) <= HOST_LIMIT and all(_LABEL.match(label) for label in host.split("."))


def _refusal(text: str) -> InvalidInputError:
    return InvalidInputError(
        f"domain '{text}' is no host name; write for example shop.example.com", field="domain"
    )
