"""What several doors need of a running Footfall, made the same way for each."""

from footfall.app import Footfall
from footfall.http.client_address import ClientAddress
from footfall.http.limit import RateLimiter


def make_addresses(footfall: Footfall) -> ClientAddress:
    """Return what finds the client's address of a request."""
    addresses = ClientAddress(footfall.config.trusted_proxies)
    footfall.salts.on_change(addresses.forget)
    return addresses


def make_project_limiter(footfall: Footfall) -> RateLimiter:
    """Return a limit of requests for each project, as the operator set it."""
    return RateLimiter(footfall.clock, footfall.config.integer("RATE_LIMIT_PER_SECOND"))
