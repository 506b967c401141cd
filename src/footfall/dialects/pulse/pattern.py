"""Pulse's way to name pages: a path, with `*` or SQL's `%` for any run of characters, the query
string ignored. The core knows `*` only."""

import re
from urllib.parse import unquote_to_bytes

from footfall.errors import InvalidInputError
from footfall.ingest.page import parse_page

_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+|%")


def parse_page_pattern(text: str, field: str) -> str:
    """Return the core's pattern for a page. Raises InvalidInputError for an empty one."""
    written = text.strip()
    pattern = _ESCAPES.sub(_replace, written)
    pattern = pattern.partition("?")[0] if pattern.startswith("*") else parse_page(pattern).path
    if not pattern:
        raise InvalidInputError(
            f"{field} is '{text[:40]}'; accepted is a path, for example /pricing or /blog/*",
            field=field,
        )
    return re.sub(r"\*+", "*", pattern)


def _replace(found: re.Match[str]) -> str:
    """Keep what escapes a character (%20, %C3%A4); any other percent sign is a wildcard."""
    try:
        unquote_to_bytes(found[0]).decode()
    except UnicodeDecodeError:
        return found[0].replace("%", "*")
    return "*" if found[0] == "%" else found[0]
