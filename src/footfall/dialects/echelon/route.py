"""The table of Echelon's routes: hot paths in plain ASGI."""

from footfall.dialects.echelon.script import PATH, Script
from footfall.dialects.echelon.track import EchelonEvents, EchelonIngest, EchelonPixel
from footfall.http.front_door import HotRoute


def make_echelon_hot_routes(ingest: EchelonIngest, script: Script) -> tuple[HotRoute, ...]:
    """Return the paths that bypass the web framework."""
    return (
        HotRoute(PATH, script, "open", has_own_preflight=True),
        HotRoute("/b.gif", EchelonPixel(ingest), "open", has_own_preflight=True),
        HotRoute("/e", EchelonEvents(ingest), "open", has_own_preflight=True),
    )
