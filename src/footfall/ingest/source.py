"""Sources: which name and kind a referring host has, and whether it is referrer spam.
Hosts are compared whole, label by label up to the registrable domain, never as substrings:
't.co' is not 'reddit.co', and 'producthunt.com' does not contain it."""

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec
from publicsuffixlist import PublicSuffixList

from footfall.errors import ConfigError
from footfall.ingest.page import PATH_LIMIT, split_address

SourceKind = Literal["", "search", "ai", "social", "video", "shopping", "email", "referral"]
"""What sort of place links come from; '' is unknown."""

_CACHED_REFERRALS = 8192
_CACHED_LENGTH = 512
"""Longer referrers seldom repeat and must not fill the memory: they are not cached."""

_CACHED_HOSTS = 8192
_CACHED_DOMAINS = 8192


class Referral(msgspec.Struct, frozen=True, gc=False):
    """What a referrer says."""

    host: str = ""
    """Without 'www.'."""
    domain: str = ""
    """Registrable domain."""
    referrer: str = ""
    """Host and path, without scheme and query; '' for none."""
    name: str = ""
    """Name of a known source, else the host."""
    kind: SourceKind = ""
    is_spam: bool = False


NO_REFERRAL = Referral()


class _Source(msgspec.Struct, frozen=True, gc=False):
    name: str
    kind: SourceKind


class Sources:
    """The known sources and the referrer spammers."""

    def __init__(self, sources_path: Path | None = None, spam_path: Path | None = None) -> None:
        """Load the lists that come with Footfall; `sources_path` replaces the first,
        `spam_path` adds to the second. Raises ConfigError for a file that cannot be read."""
        self._hosts: dict[str, _Source] = {}
        self._wild: dict[str, _Source] = {}
        self._names: dict[str, _Source] = {}
        self._load_sources(_read("sources.json", sources_path))
        self._spam = _parse_hosts(_read("referrer_spam.txt", None))
        if spam_path is not None:
            self._spam |= _parse_hosts(_read("", spam_path))
        self._parse_cached = lru_cache(maxsize=_CACHED_REFERRALS)(self._parse_referrer)
        self.find = lru_cache(maxsize=_CACHED_HOSTS)(self._find)

    def parse_referrer(self, text: str) -> Referral:
        """Return what a referrer says; NO_REFERRAL for '' and for what is no address."""
        if len(text) <= _CACHED_LENGTH:
            return self._parse_cached(text)
        return self._parse_referrer(text[: 2 * PATH_LIMIT])

    def find_name(self, name: str) -> tuple[str, SourceKind]:
        """Return (name, kind) for a campaign's source: a known name in any case, or a host.

        An unknown one keeps its words and has no kind.
        """
        source = self._names.get(name.lower())
        if source is None and "." in name and " " not in name:
            source = self._hosts.get(name.lower()) or self.find(strip_www(name.lower()))
        return (source.name, source.kind) if source else (name, "")

    def _load_sources(self, data: bytes) -> None:
        for kind, names in msgspec.json.decode(
            data, type=dict[SourceKind, dict[str, list[str]]]
        ).items():
            for name, hosts in names.items():
                source = _Source(name, kind)
                self._names.setdefault(name.lower(), source)
                for host in hosts:
                    label, _, rest = host.partition(".")
                    if rest == "*":
                        self._wild[label] = source
                        self._names.setdefault(label, source)
                    else:
                        self._hosts[host] = source
        for alias, name in _ALIASES.items():
            if name in self._names:
                self._names[alias] = self._names[name]

    def _parse_referrer(self, text: str) -> Referral:
        address = text.strip()[:PATH_LIMIT].partition("#")[0].partition("?")[0]
        if "://" not in address:
            # Some trackers send host and path only.
            first = address.partition("/")[0]
            if "." not in first or " " in first:
                return NO_REFERRAL
            address = f"https://{address}"
        if address.partition("://")[0].lower() not in _SCHEMES:
            return NO_REFERRAL
        host, path = split_address(address)
        host = strip_www(host)
        if not host or " " in host or len(host) > _HOST_LIMIT:
            return NO_REFERRAL
        source = self.find(host)
        return Referral(
            host,
            find_domain(host),
            host if path == "/" else host + path,
            source.name if source else host,
            source.kind if source else "referral",
            self._is_spam(host),
        )

    def _find(self, host: str) -> _Source | None:
        domain = find_domain(host)
        for candidate in _suffixes(host, domain):
            source = self._hosts.get(candidate)
            if source is not None:
                return source
        label, _, suffix = domain.partition(".")
        if suffix == "com" or len(suffix.rpartition(".")[2]) == 2:
            return self._wild.get(label)
        return None

    def _is_spam(self, host: str) -> bool:
        return any(candidate in self._spam for candidate in _suffixes(host, find_domain(host)))


_HOST_LIMIT = 253
"""Longest host name there is (RFC 1035)."""

_SCHEMES = frozenset({"http", "https", "android-app", "ios-app"})

_ALIASES = {
    "fb": "facebook",
    "ig": "instagram",
    "insta": "instagram",
    "twitter": "x",
    "tw": "x",
    "yt": "youtube",
    "hn": "hacker news",
    "hackernews": "hacker news",
    "adwords": "google",
    "openai": "chatgpt",
}
"""What campaigns call sources in `utm_source`."""


def strip_www(host: str) -> str:
    """Return the host without a leading 'www.'."""
    return host.removeprefix("www.")


@lru_cache(maxsize=_CACHED_DOMAINS)
def find_domain(host: str) -> str:
    """Return the registrable domain of a host, the host itself where there is none."""
    return _load_suffixes().privatesuffix(host) or host


@lru_cache(maxsize=1)
def _load_suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _suffixes(host: str, domain: str) -> list[str]:
    found = [host]
    while host != domain and "." in host:
        host = host.partition(".")[2]
        found.append(host)
    return found


def _parse_hosts(data: bytes) -> set[str]:
    lines = (line.strip().lower() for line in data.decode("utf-8").splitlines())
    return {line for line in lines if line and not line.startswith("#")}


def _read(name: str, path: Path | None) -> bytes:
    if path is None:
        return (resources.files("footfall.ingest") / "data" / name).read_bytes()
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(f"'{path}' cannot be read: it should be a list of hosts") from error
