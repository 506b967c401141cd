"""Who sent a request. A proxy's word counts only when the proxy's network is named in
FOOTFALL_TRUSTED_PROXIES; until then every header about addresses is ignored."""

import ipaddress
from collections.abc import Mapping, Sequence
from functools import lru_cache

from footfall.config import Network
from footfall.http.asgi import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

CACHED_CHAINS = 8_192
"""Chains of hops whose answer is kept: taking one apart costs 10 µs, and visitors come back."""

CACHED_CHAIN_BYTES = 128
"""Longer chains are worked out each time, so that nobody fills the memory with them."""


class ClientAddress:
    """Finds the address of the client behind trusted proxies."""

    def __init__(self, trusted: Sequence[Network] = ()) -> None:
        self._trusted = tuple(trusted)
        self._find_known_hop = lru_cache(CACHED_CHAINS)(self._find_hop)

    def find(self, scope: Scope, headers: Mapping[bytes, bytes] | None = None) -> str:
        """Return the client's address as text, '' when the server knows none.

        `headers` are the scope's, where a caller has them as a dictionary already.

        Behind trusted proxies it is the right-most address of X-Forwarded-For that is not
        trusted itself: what stands left of it, a client may have made up.
        """
        client = scope.get("client")
        pairs = scope["headers"]
        if headers is not None and len(headers) == len(pairs):
            forwarded = headers.get(b"x-forwarded-for", b"")
        else:
            # A header may come several times; a dictionary has kept only the last.
            forwarded = b",".join([value for name, value in pairs if name == b"x-forwarded-for"])
        return self.find_behind(client[0] if client else "", forwarded)

    def find_behind(self, peer: str, forwarded: bytes) -> str:
        """Return the same for the address at the other end of the connection and the value of
        X-Forwarded-For, all of them joined by commas."""
        if not self._trusted:
            return peer
        if len(forwarded) <= CACHED_CHAIN_BYTES:
            return self._find_known_hop(peer, forwarded)
        return self._find_hop(peer, forwarded)

    def forget(self) -> None:
        """Empty the cache: no address outlives the salt that could have tied it to a visitor."""
        self._find_known_hop.cache_clear()

    def _find_hop(self, peer: str, forwarded: bytes) -> str:
        address = peer
        if not self.is_trusted(peer):
            return address
        for hop in reversed(forwarded.split(b",")):
            parsed = parse_hop(hop.decode("latin-1"))
            if parsed is None:
                break
            address = parsed
            if not self.is_trusted(address):
                break
        return address

    def is_trusted(self, text: str) -> bool:
        """Tell whether an address is a proxy's that is believed."""
        try:
            address = _plain(ipaddress.ip_address(text))
        except ValueError:
            return False
        return any(address in network for network in self._trusted)


def parse_hop(text: str) -> str | None:
    """Return the address of one hop, which may carry a port; None when it is none."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(_plain(ipaddress.ip_address(text.partition("%")[0])))
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    """Return the IPv4 address inside an IPv6 one: a dual-stack socket shows it that way."""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
