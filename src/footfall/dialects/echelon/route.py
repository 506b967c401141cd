"""The table of Echelon's routes: hot paths in plain ASGI."""

from footfall.dialects.echelon.track import EchelonEvents, EchelonIngest, EchelonPixel
from footfall.http.front_door import HotRoute


def make_echelon_hot_routes(ingest: EchelonIngest) -> tuple[HotRoute, ...]:
    """Return the paths that bypass the web framework."""
    return (
        HotRoute("/b.gif", EchelonPixel(ingest), access="open", has_own_preflight=True),
        HotRoute("/e", EchelonEvents(ingest), access="open", has_own_preflight=True),
    )
