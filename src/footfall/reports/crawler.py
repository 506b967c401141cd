"""Crawlers by name and by kind: what the list of user agents (the package crawler-user-agents)
calls a program, and what that is for. A crawler's name is stored where a browser's is; its kind
follows from the name when a report asks, so that a newer list tells more of what is stored."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from footfall.errors import ConfigError

KINDS: Final[Mapping[str, str]] = {
    "search-engine": "Search engine",
    "ai-crawler": "AI",
    "social-preview": "Link preview",
    "seo": "SEO",
    "monitoring": "Monitoring",
    "feed-reader": "Feed reader",
    "advertising": "Advertising",
    "archiver": "Archive",
    "academic": "Research",
    "scanner": "Security scanner",
    "http-library": "HTTP library",
    "browser-automation": "Automated browser",
}
"""The list's tags in our words. Of several the first in this order counts."""

OTHER_KIND: Final = "Other"
"""The kind of a crawler that is in no list."""

NAME_LIMIT = 64
"""Characters of a name; the longest in the list has half of that."""

_SPECIAL = re.compile(r"[.^$*+?{}\[\]|()](?<!\\.)|\\[A-Za-z0-9]|\\\\")
_TOKEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_ROBOT = re.compile(r"bot|crawl|spider|fetch|scrap|preview|monitor|archiv", re.IGNORECASE)
_EDGES = " /\\;:()+"


@dataclass(frozen=True, slots=True)
class _Pattern:
    """An entry of the list that is no plain text."""

    pattern: re.Pattern[str]
    names: frozenset[str]
    """Every way of writing the name that the entry's examples have."""
    kind: str

    def find_name(self, user_agent: str) -> str:
        found = self.pattern.search(user_agent)
        name = _trim(found.group()) if found else ""
        return name if name in self.names else ""


class Crawlers:
    """The list as plain texts (tried in 120 µs) and what few patterns remain (20 µs); one pattern
    of everything takes 900 µs for a browser."""

    def __init__(self, entries: Iterable[Mapping[str, Any]]) -> None:
        self._texts: dict[str, str] = {}
        """Kinds by text."""
        self._patterns: list[_Pattern] = []
        for entry in entries:
            kind = next((KINDS[tag] for tag in KINDS if tag in entry.get("tags", ())), "")
            text = _parse_literal(entry["pattern"])
            if text is None:
                self._patterns.append(_parse_pattern(entry, kind))
            else:
                self._texts[text] = kind
        self._any = re.compile("|".join(p.pattern.pattern for p in self._patterns))

    def has(self, user_agent: str) -> bool:
        """Tell whether the list names the user agent."""
        if any(map(user_agent.__contains__, self._texts)):
            return True
        return self._any.search(user_agent) is not None

    def find_name(self, user_agent: str, family: str = "") -> str:
        """Return a crawler's name: the longest that the list finds in it, else the word by which
        it introduces itself, else `family`, the name that a parser of browsers gave it."""
        found = [_trim(text) for text in self._texts if text in user_agent]
        found += [pattern.find_name(user_agent) for pattern in self._patterns]
        names = sorted(filter(None, found), key=lambda n: (-len(n), n))
        if names:
            return names[0]
        words = [word for word in _TOKEN.findall(user_agent) if _ROBOT.search(word)]
        return next((w for w in words if "." not in w), family)[:NAME_LIMIT]

    def list_names(self) -> dict[str, tuple[str, ...]]:
        """Return the names of each kind, in the order of KINDS."""
        names: dict[str, set[str]] = {kind: set() for kind in KINDS.values()}
        for text, kind in self._texts.items():
            if kind:
                names[kind].add(_trim(text))
        for pattern in self._patterns:
            if pattern.kind:
                names[pattern.kind] |= pattern.names
        return {kind: tuple(sorted(found - {""})) for kind, found in names.items()}


def _parse_pattern(entry: Mapping[str, Any], kind: str) -> _Pattern:
    pattern = re.compile(entry["pattern"])
    found = [match.group() for e in entry["instances"] if (match := pattern.search(e))]
    return _Pattern(pattern, frozenset(filter(None, map(_trim, found))), kind)


def _trim(text: str) -> str:
    """Return what the list looks for as a name; '' for an address."""
    name = text.strip(_EDGES)
    return "" if "/" in name or "." in name else name[:NAME_LIMIT]


def _parse_literal(pattern: str) -> str | None:
    if _SPECIAL.search(pattern):
        return None
    return pattern.replace("\\", "")


@lru_cache(maxsize=1)
def load_crawlers() -> Crawlers:
    """Return the list. Raises ConfigError when it is not installed."""
    # The package reads megabytes of examples when imported; its patterns are all that is wanted.
    spec = find_spec("crawleruseragents")
    if spec is None or not spec.submodule_search_locations:
        raise ConfigError("the package crawler-user-agents is not installed")
    path = Path(next(iter(spec.submodule_search_locations))) / "crawler-user-agents.json"
    with path.open(encoding="utf-8") as file:
        return Crawlers(json.load(file))
