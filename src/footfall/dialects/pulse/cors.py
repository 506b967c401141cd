"""Which pages may use Pulse's API from a browser."""

from collections.abc import Iterable

from footfall.http.cors import CorsRule


def make_pulse_cors(allowed_origins: Iterable[str] = ()) -> CorsRule:
    """Return Pulse's rule: any origin, or only those of a list when there is one [original].

    PUT and DELETE are ours: dashboards in a browser need them.
    """
    origins = frozenset(allowed_origins)
    return CorsRule(
        methods=("GET", "POST", "PUT", "DELETE", "OPTIONS"),
        headers=("content-type", "authorization", "x-pulse-key"),
        exposed=("footfall-dropped", "retry-after"),
        origins=origins or None,
    )
