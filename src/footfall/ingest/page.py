"""Pages: a URL taken apart into host, path, the query worth keeping, campaign tags and the name
of a click id. Values of click ids and of mail recipients' ids are never kept."""

from functools import lru_cache
from urllib.parse import unquote_plus

import msgspec

from footfall.ingest.click_id import CLICK_IDS, PERSONAL_PARAMETERS

PATH_LIMIT = 2048
"""Longest path, referrer or query kept, in characters: what browsers and proxies let through."""

TAG_LIMIT = 255
"""Longest campaign tag; a longer one is cut, it is a label and no key."""

URL_LIMIT = 8192
"""Characters of a URL that are looked at; tags beyond are lost, a longer path is refused."""

_CACHED_PAGES = 8192
_CACHED_LENGTH = 512
"""Longer URLs are rare, seldom repeat, and must not fill the memory: they are not cached."""


class Page(msgspec.Struct, frozen=True, gc=False):
    """What a URL says."""

    host: str = ""
    """Lower case, without port."""
    path: str = ""
    query: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    click_id: str = ""
    """Name of the click id that came along."""


NO_PAGE = Page()


def parse_page(url: str) -> Page:
    """Take a full URL, or a path with query, apart. It never fails; an empty URL is no page.

    A fragment is dropped unless it is a route of its own ('#/cart', '#!/cart').
    """
    return _parse_cached(url) if len(url) <= _CACHED_LENGTH else _parse(url[:URL_LIMIT])


def _parse(url: str) -> Page:
    address, _, fragment = url.strip().partition("#")
    if not address and not fragment:
        return NO_PAGE
    address, _, query = address.partition("?")
    host, path = split_address(address)
    if fragment[:1] == "/" or fragment[:2] == "!/":
        path = f"{path}#{fragment}"
    if not query:
        return Page(host, path)
    tags: dict[str, str] = {}
    click_id = ""
    kept = []
    for pair in query.split("&"):
        key, _, value = pair.partition("=")
        key = key.lower()
        if key.startswith("utm_"):
            tags.setdefault(key, unquote_plus(value).strip()[:TAG_LIMIT])
        elif key in CLICK_IDS:
            click_id = click_id or (key if value else "")
        elif pair and key not in PERSONAL_PARAMETERS:
            kept.append(pair)
    return Page(
        host,
        path,
        "&".join(kept)[:PATH_LIMIT],
        tags.get("utm_source", ""),
        tags.get("utm_medium", ""),
        tags.get("utm_campaign", ""),
        tags.get("utm_content", ""),
        tags.get("utm_term", ""),
        click_id,
    )


_parse_cached = lru_cache(maxsize=_CACHED_PAGES)(_parse)


def split_address(address: str) -> tuple[str, str]:
    """Return (host, path) of an address without query and fragment; the path starts with '/'."""
    scheme, mark, rest = address.partition("://")
    if not mark or "/" in scheme:
        return "", address if address.startswith("/") else f"/{address}"
    authority, _, path = rest.partition("/")
    return parse_host(authority), f"/{path}"


def parse_host(authority: str) -> str:
    """Return the host of 'user@Host:port' in lower case, without user, port and final dot."""
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        return host.partition("]")[0][1:].lower()
    return host.partition(":")[0].rstrip(".").lower()


def drop_tags(url: str) -> str:
    """Return a URL without campaign tags and click ids: its path and the query worth keeping.

    For doors whose campaigns count only when they are registered.
    """
    page = parse_page(url)
    return f"{page.path}?{page.query}" if page.query else page.path
