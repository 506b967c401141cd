"""Which pages may read Echelon's answers: the three tracking paths answer whatever page asks, with
its cookies; every other path answers none [original]."""

from footfall.http.asgi import Headers

MAX_AGE_S = 86_400

NOWHERE: Headers = ((b"access-control-allow-origin", b"null"),)
"""What the paths beside the tracking ones say."""

_ANYWHERE: Headers = ((b"access-control-allow-origin", b"*"),)


def make_tracking_headers(origin: bytes | None) -> Headers:
    """Return the headers of a tracking path's answer to a page."""
    if not origin:
        return _ANYWHERE
    return (
        (b"access-control-allow-origin", origin),
        (b"access-control-allow-credentials", b"true"),
        (b"vary", b"Origin"),
    )


def make_preflight_headers(allowed: Headers) -> Headers:
    """Return the headers of an answer to OPTIONS."""
    return (
        *allowed,
        (b"access-control-allow-methods", b"GET, POST, PATCH, DELETE, OPTIONS"),
        (b"access-control-allow-headers", b"Content-Type, Authorization"),
        (b"access-control-max-age", str(MAX_AGE_S).encode()),
    )
