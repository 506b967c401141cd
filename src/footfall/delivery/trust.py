"""Whose certificates are believed when we call out: those that the system trusts. Reading them
takes 30 ms and 3 MB, so it is done once, and only by a server that calls out."""

import ssl
from functools import cache


@cache
def load_trust() -> ssl.SSLContext:
    """Return the context that all outgoing connections share; nobody changes it."""
    return ssl.create_default_context()
