"""Projects and keys in memory, for the hot path: every look-up is one dictionary access.
`Projects` keeps it current; a change is seen by the next request."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from footfall.projects.domain import hosts_of, strip_port
from footfall.projects.exclusion import Exclusions
from footfall.projects.project import Key, Project
from footfall.projects.settings import Settings, parse_settings

SECRET_LIMIT = 128
"""Characters of a key at most; ours have 32. Longer ones are none, and are not remembered."""


@dataclass(frozen=True, slots=True)
class ProjectEntry:
    """A project with what the hot path needs, worked out once."""

    project: Project
    settings: Settings
    host: str
    """Host name of its domain, '' when it has none."""
    own_hosts: frozenset[str]
    """Its host names, each with and without 'www.'."""
    writable_modules: frozenset[str]
    readable_modules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grant:
    """A key that opens its project."""

    key: Key
    entry: ProjectEntry
    allowed_modules: frozenset[str] | None
    """None: every module of the project."""
    can_ingest: bool
    ends_at_us: int
    """From then on it opens nothing: the end of the key, 0 when it is revoked."""


def make_entry(project: Project) -> ProjectEntry:
    """Work out what a project's settings mean."""
    settings = parse_settings(project.settings)
    return ProjectEntry(
        project=project,
        settings=settings,
        host=strip_port(project.domain),
        own_hosts=frozenset().union(*map(hosts_of, (project.domain, *settings.hosts))),
        writable_modules=frozenset(n for n, s in settings.modules.items() if s.is_writable),
        readable_modules=frozenset(n for n, s in settings.modules.items() if s.is_readable),
    )


def hash_secret(secret: str) -> str:
    """Return what is stored of a key. Keys are 144 random bits: a plain hash cannot be searched."""
    return hashlib.sha256(secret.encode()).hexdigest()


_KNOWN_SECRETS = 1_024
"""Secrets whose grant is at hand; hashing one takes 0.8 µs. Only those that open something."""

_NEVER_US = 1 << 63


class Directory:
    """Finds projects and keys without touching a store."""

    def __init__(self) -> None:
        self._entries: dict[int, ProjectEntry] = {}
        self._numbers_by_id: dict[str, int] = {}
        self._numbers_by_slug: dict[str, int] = {}
        self._numbers_by_host: dict[str, int] = {}
        self._grants: dict[str, Grant] = {}
        self._known: dict[str, Grant] = {}
        """By secret; emptied by every change of a key or a project."""
        self._used_at_us: dict[int, int] = {}

    def find_grant(self, secret: str, now_us: int) -> Grant | None:
        """Return what a key opens; None for an unknown, revoked or expired one."""
        grant = self._known.get(secret) or self._find_secret(secret)
        if grant is None or now_us >= grant.ends_at_us:
            return None
        self._used_at_us[grant.key.number] = now_us
        return grant

    def _find_secret(self, secret: str) -> Grant | None:
        if len(secret) > SECRET_LIMIT:
            return None
        # Taken before the look-up: a change that comes between them leaves this one behind.
        known = self._known
        grant = self._grants.get(hash_secret(secret))
        if grant is not None:
            if len(known) >= _KNOWN_SECRETS:
                known.clear()
            known[secret] = grant
        return grant

    def find_number(self, number: int) -> ProjectEntry | None:
        """Return the project with this number."""
        return self._entries.get(number)

    def find_id(self, project_id: str) -> ProjectEntry | None:
        """Return the project with this UUID."""
        number = self._numbers_by_id.get(project_id)
        return None if number is None else self._entries.get(number)

    def find_slug(self, slug: str) -> ProjectEntry | None:
        """Return the project with this slug."""
        number = self._numbers_by_slug.get(slug)
        return None if number is None else self._entries.get(number)

    def find_host(self, host: str) -> ProjectEntry | None:
        """Return the oldest project to which a host name belongs."""
        number = self._numbers_by_host.get(strip_port(host.lower()))
        return None if number is None else self._entries.get(number)

    def find_exclusions(self, number: int) -> Exclusions | None:
        """Return what a project leaves out; None for nothing."""
        entry = self._entries.get(number)
        return None if entry is None else entry.settings.exclusions

    def has_daily_visitors(self, number: int) -> bool:
        """Tell whether a project wants visitors that bring an id to be new every day."""
        entry = self._entries.get(number)
        return entry is not None and entry.settings.has_daily_visitors

    def entries(self) -> list[ProjectEntry]:
        """Return all projects, oldest first."""
        return [self._entries[number] for number in sorted(self._entries)]

    def replace(
        self, projects: Iterable[Project], keys: Iterable[tuple[str, Key]], *, now_us: int
    ) -> None:
        """Take over what the store holds; keys come with their hash."""
        entries = {p.number: make_entry(p) for p in projects}
        self._grants = {
            key_hash: _make_grant(key, entries[key.project])
            for key_hash, key in keys
            if key.project in entries and key.is_valid_at(now_us)
        }
        self._index(entries)
        self._known = {}

    def put_project(self, project: Project) -> None:
        """Add or replace a project; its keys follow."""
        entry = make_entry(project)
        self._index({**self._entries, project.number: entry})
        self._grants = {
            h: _make_grant(g.key, entry) if g.key.project == project.number else g
            for h, g in self._grants.items()
        }
        self._known = {}

    def drop_project(self, number: int) -> None:
        """Forget a project and its keys."""
        self._grants = {h: g for h, g in self._grants.items() if g.key.project != number}
        self._index({n: e for n, e in self._entries.items() if n != number})
        self._known = {}

    def put_key(self, key_hash: str, key: Key) -> None:
        """Let a key open its project."""
        self._grants[key_hash] = _make_grant(key, self._entries[key.project])
        self._known = {}

    def drop_key(self, key_hash: str) -> None:
        """Forget a key: it opens nothing from now on."""
        self._grants.pop(key_hash, None)
        self._known = {}

    def take_used(self) -> dict[int, int]:
        """Return key numbers with the time they were last used, and forget them."""
        used, self._used_at_us = self._used_at_us, {}
        return used

    def last_used_us(self, key_number: int) -> int | None:
        """Return when a key was last used, if that is not stored yet."""
        return self._used_at_us.get(key_number)

    def _index(self, entries: dict[int, ProjectEntry]) -> None:
        by_host: dict[str, int] = {}
        for number in sorted(entries):
            for host in entries[number].own_hosts:
                by_host.setdefault(strip_port(host), number)
        self._numbers_by_id = {e.project.id: n for n, e in entries.items()}
        self._numbers_by_slug = {e.project.slug: n for n, e in entries.items()}
        self._numbers_by_host = by_host
        self._entries = entries


def _make_grant(key: Key, entry: ProjectEntry) -> Grant:
    allowed = None if key.allowed_modules is None else frozenset(key.allowed_modules)
    ends_at_us = _NEVER_US if key.expires_at_us is None else key.expires_at_us
    return Grant(
        key,
        entry,
        allowed,
        can_ingest=key.has_scope("ingest"),
        ends_at_us=ends_at_us if key.revoked_at_us is None else 0,
    )
