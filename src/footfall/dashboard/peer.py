"""What a connection says of its sender, for the page that shows it."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_address
from typing import Any

from footfall.config import Network
from footfall.dashboard.port import Peer
from footfall.http.client_address import ClientAddress


class ClientPeers:
    """Reads peers as the front door does."""

    def __init__(self, networks: Sequence[Network] = ()) -> None:
        self._networks = tuple(networks)
        self._addresses = ClientAddress(networks)

    def read(self, scope: Mapping[str, Any]) -> Peer:
        """See PeerReader."""
        client = scope.get("client")
        forwarded = [v for name, v in scope["headers"] if name == b"x-forwarded-for"]
        connection = str(client[0]) if client else ""
        return Peer(
            address=self._addresses.find(dict(scope)),
            connection=connection,
            is_proxy_trusted=self._is_trusted(connection),
            forwarded=b", ".join(forwarded).decode("latin-1"),
            trusted_networks=tuple(str(n) for n in self._networks),
        )

    def _is_trusted(self, connection: str) -> bool:
        try:
            address = ip_address(connection)
        except ValueError:
            return False
        return any(address in network for network in self._networks)
