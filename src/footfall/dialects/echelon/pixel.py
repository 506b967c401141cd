"""The query of `/b.gif`: the view of a page, each value packed by the script that ran there.
Whatever cannot be read is left out where it says little, and refused where it says everything."""

import binascii
import re
from base64 import urlsafe_b64decode
from urllib.parse import unquote, unquote_plus

from footfall.dialects.echelon.site import DEFAULT_SITE, parse_site
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.ingest.request import Signal

QUERY_LIMIT_BYTES = 8 * 1024
"""A path of 2,048 characters, percent-encoded and packed, with everything else at its longest."""

PATH_LIMIT = 2_048
REFERRER_LIMIT = 2_048
TAG_LIMIT = 256
"""Characters that are kept [original]."""

LEAST_INTERACTION_MS = 800
MOST_INTERACTION_MS = 3_600_000
"""From a page's load to the first thing a person does; outside it nobody was there [original]."""

SPA = "spa"
"""What stands instead of milliseconds for a page that the script itself turned."""

_SESSION = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

TAGS = {
    "uc": "utm_campaign",
    "us": "utm_source",
    "um": "utm_medium",
    "uct": "utm_content",
    "ut": "utm_term",
}


def parse_query(query: bytes) -> dict[str, str]:
    """Return the first value of every parameter. Raises InvalidInputError for a query too long."""
    if len(query) > QUERY_LIMIT_BYTES:
        raise InvalidInputError(f"the query has {len(query)} bytes; {QUERY_LIMIT_BYTES} are read")
    found: dict[str, str] = {}
    for pair in query.decode("latin-1").split("&"):
        name, _, value = pair.partition("=")
        # A '+' of base64 that was not escaped must stay one.
        found.setdefault(unquote_plus(name), unquote(value))
    return found


def unpack(text: str) -> str:
    """Return what a script packed as base64 of percent-encoded text; '' for what is none.
    Padding may be missing, and a '+' may have become a space."""
    plain = text.strip("\r\n").replace(" ", "+").replace("+", "-").replace("/", "_").rstrip("=")
    try:
        raw = urlsafe_b64decode(plain + "=" * (-len(plain) % 4))
        return unquote(raw.decode("utf-8"), errors="strict").replace("\0", "")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def parse_view(values: dict[str, str]) -> Signal:
    """Return the view of a page as a signal, without its evidence and its campaign.

    Raises MissingFieldError or InvalidInputError when there is no page to speak of.
    """
    if not values.get("p"):
        raise MissingFieldError("p")
    path = unpack(values["p"])
    if not path.startswith("/"):
        raise InvalidInputError(f"p is '{values['p'][:40]}'; accepted is base64 of a path from '/'")
    signal = Signal(
        "pageview",
        url=path[:PATH_LIMIT],
        site=parse_site(values.get("s", "")) or DEFAULT_SITE,
        referrer=unpack(values.get("ref", ""))[:REFERRER_LIMIT],
        session_id=parse_session(values.get("sid", "")),
        is_interactive=True,
    )
    width, height = values.get("sw", ""), values.get("sh", "")
    if width or height:
        signal.screen = f"{width[:8]}x{height[:8]}"
    return signal


def parse_interaction(values: dict[str, str]) -> int | None:
    """Return the milliseconds to the first interaction; None for a page the script turned.

    Raises InvalidInputError when nobody did anything, or not in human time.
    """
    text = values.get("_v", "")
    if text == SPA:
        return None
    if text.isascii() and text.isdigit() and len(text) <= 8:
        waited_ms = int(text)
        if LEAST_INTERACTION_MS <= waited_ms <= MOST_INTERACTION_MS:
            return waited_ms
    raise InvalidInputError(
        f"_v is '{text[:20]}'; accepted are {LEAST_INTERACTION_MS} to {MOST_INTERACTION_MS}"
        " milliseconds, or spa",
        field="_v",
    )


def parse_tags(values: dict[str, str]) -> dict[str, str]:
    """Return the campaign tags by the names of the signal's fields."""
    return {field: unpack(values.get(name, ""))[:TAG_LIMIT] for name, field in TAGS.items()}


def parse_session(text: str) -> str:
    """Return a session's UUID in lower case; '' for anything else."""
    return text.lower() if _SESSION.fullmatch(text) else ""
