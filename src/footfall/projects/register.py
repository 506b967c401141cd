"""Projects and their keys: made, found, changed and revoked here and nowhere else. Every change is
stored first and then shown to the directory, so that a revoked key stops at once."""

import re
import secrets
import threading
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from footfall.clock import Clock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.projects.directory import Directory, hash_secret
from footfall.projects.domain import parse_domain
from footfall.projects.module import ModuleChange, parse_module_names
from footfall.projects.project import SCOPES, Key, Project, Scope
from footfall.projects.settings import merge_modules, render_settings
from footfall.store.records import Record, Records, Transaction

DEFAULT_SLUG = "default"
"""Name and slug of the project that exists from the first start."""

NAME_LIMIT = 200
"""Characters of a project's or key's name: more does not fit a line of any page."""

SLUG_LIMIT = 60
"""Characters of a slug before its counter: it stands in addresses that people read aloud."""

SLUG_ATTEMPTS = 1_000
"""Projects of one name before we give up; each attempt costs one look-up."""

EVERYTHING = 1_000_000
"""Projects or keys that are read at once: above this, memory would be the problem first."""

KEY_PREFIX = "pa_live_"
KEY_BYTES = 18
"""Random bytes of a key: 24 characters of url-safe base64, as Pulse documents."""


VERSION = "directory_version"
"""The table whose one row changes with every change of a project or a key."""


@dataclass(frozen=True, slots=True)
class ProjectChange:
    """What somebody changes of a project; None leaves it as it is."""

    name: str | None = None
    domain: str | None = None
    time_zone: str | None = None
    hosts: Sequence[str] | None = None
    """Further host names that are the same site."""
    settings: Mapping[str, Any] | None = None
    """Everything that the project's settings say from now on."""


class Projects:
    """Keeps projects and keys. Calls block: on the event loop, go through a thread."""

    def __init__(self, records: Records, clock: Clock, directory: Directory | None = None) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.Lock()
        self._version = ""
        self.directory = directory or Directory()

    def setup(self) -> None:
        """Make the default project on the first start and fill the directory."""
        with suppress(ConflictError), self._records.transaction() as t:
            if not t.find(VERSION, {}):
                t.add(VERSION, {"number": 1, "version": ""})
        with self._records.transaction() as t:
            has_default = bool(t.find("projects", {"slug": DEFAULT_SLUG}))
        if not has_default:
            with suppress(ConflictError):  # another node was faster
                self._add(DEFAULT_SLUG, DEFAULT_SLUG, "", "UTC", "{}")
        self.reload()

    def reload(self) -> None:
        """Read everything anew, to see what other nodes changed."""
        with self._changing:
            with self._records.transaction() as t:
                # Read first: what changes meanwhile is then read twice, never missed.
                self._version = _load_version(t)
                projects = [_project(r) for r in t.find("projects", {}, limit=EVERYTHING)]
                keys = t.find("api_keys", {"revoked_at_us": None}, limit=EVERYTHING)
            self.directory.replace(
                projects, [(r["hash"], _key(r)) for r in keys], now_us=self._clock.now_us()
            )

    def follow(self) -> bool:
        """Read everything anew if anything changed since it was read; tells whether it did."""
        with self._records.transaction() as t:
            has_changed = _load_version(t) != self._version
        if has_changed:
            self.reload()
        return has_changed

    def create(
        self,
        name: str,
        domain: str = "",
        *,
        settings: Mapping[str, Any] | None = None,
        time_zone: str = "UTC",
    ) -> Project:
        """Create a project; its slug derives from the name. Raises InvalidInputError."""
        name = _parse_name(name)
        domain = parse_domain(domain) if domain else ""
        _check_time_zone(time_zone)
        text = render_settings(settings or {})
        stem = _slug_stem(name)
        with self._changing:
            for attempt in range(1, SLUG_ATTEMPTS + 1):
                slug = stem if attempt == 1 else f"{stem}-{attempt}"
                if self.directory.find_slug(slug):
                    continue
                try:
                    project = self._add(name, slug, domain, time_zone, text)
                except ConflictError:
                    continue
                self.directory.put_project(project)
                return project
        raise ConflictError(f"There are {SLUG_ATTEMPTS} projects named '{name}'; take another name")

    def list_projects(self) -> list[Project]:
        """Return all projects, oldest first."""
        return [entry.project for entry in self.directory.entries()]

    def find(self, reference: str) -> Project:
        """Return the project with this id, slug, number or name, tried in that order.

        Of several with one name the oldest is meant. Raises NotFoundError.
        """
        directory = self.directory
        entry = directory.find_id(reference.lower()) or directory.find_slug(reference)
        if entry is None and reference.isascii() and reference.isdigit():
            entry = directory.find_number(int(reference))
        if entry is not None:
            return entry.project
        for project in self.list_projects():
            if project.name == reference:
                return project
        raise NotFoundError("Project", reference)

    def save_settings(self, project_id: str, settings: Mapping[str, Any]) -> Project:
        """Replace a project's settings. Raises InvalidInputError, NotFoundError."""
        return self.change(self.find(project_id), ProjectChange(settings=settings))

    def save_modules(
        self, project: Project, changes: Iterable[tuple[str, ModuleChange]]
    ) -> Project:
        """Change modules of a project, all of them or none; names may be aliases.

        Raises InvalidInputError, NotFoundError.
        """

        def change(stored: Project) -> dict[str, Any]:
            settings = merge_modules(msgspec.json.decode(stored.settings), changes)
            return {"settings": render_settings(settings)}

        return self._change(project, change)

    def save_setting(self, project: Project, name: str, value: object) -> Project:
        """Change one of a project's settings; None takes it out, so that the default holds.

        Raises InvalidInputError, NotFoundError.
        """

        def change(stored: Project) -> dict[str, Any]:
            settings = msgspec.json.decode(stored.settings)
            rest = {k: v for k, v in settings.items() if k != name}
            said = rest if value is None else {**rest, name: value}
            return {"settings": render_settings(said)}

        return self._change(project, change)

    def change(self, project: Project, wish: ProjectChange) -> Project:
        """Change what people say of a project; its slug and its ids stay.

        Raises InvalidInputError, NotFoundError.
        """
        if wish.time_zone is not None:
            _check_time_zone(wish.time_zone)
        values = {
            "name": None if wish.name is None else _parse_name(wish.name),
            "domain": parse_domain(wish.domain) if wish.domain else wish.domain,
            "time_zone": wish.time_zone,
        }

        def change(stored: Project) -> dict[str, Any]:
            settings = wish.settings
            if wish.hosts is not None:
                settings = msgspec.json.decode(stored.settings) if settings is None else settings
                settings = {**settings, "hosts": list(wish.hosts)}
            text = None if settings is None else render_settings(settings)
            return {k: v for k, v in {**values, "settings": text}.items() if v is not None}

        return self._change(project, change)

    def check_droppable(self, project: Project) -> None:
        """Raise InvalidInputError for the project that exists from the first start."""
        if project.slug == DEFAULT_SLUG:
            raise InvalidInputError(f"project '{DEFAULT_SLUG}' cannot be deleted", field="project")

    def drop(self, project: Project) -> None:
        """Delete a project with its keys and every record that belongs to it.

        Raises InvalidInputError for the default project, NotFoundError.
        """
        self.check_droppable(project)
        with self._changing:
            with self._transaction() as t:
                is_there = t.remove("projects", {"number": project.number})
            self.directory.drop_project(project.number)
        if not is_there:
            raise NotFoundError("Project", project.id)

    def create_key(
        self,
        project: Project,
        name: str,
        *,
        scopes: Sequence[str] | None = None,
        allowed_modules: Sequence[str] | None = None,
        expires_at_us: int | None = None,
    ) -> tuple[Key, str]:
        """Create a key and return it with its plain text, which cannot be read again.

        Raises InvalidInputError for an unknown scope or module.
        """
        modules = [m for name in allowed_modules or () for m in parse_module_names(name)]
        secret = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
        key_hash = hash_secret(secret)
        record = {
            "id": f"key-{uuid.uuid4()}",
            "project": project.number,
            "name": _parse_name(name),
            "prefix": f"{secret[:12]}...",
            "hash": key_hash,
            "scopes": ",".join(_parse_scopes(scopes)),
            "allowed_modules": ",".join(dict.fromkeys(modules)) or None,
            "expires_at_us": expires_at_us,
            "created_at_us": self._clock.now_us(),
            "last_used_at_us": None,
            "revoked_at_us": None,
        }
        with self._changing:
            with self._transaction() as t:
                number = t.add("api_keys", record)
            key = _key(record | {"number": number})
            self.directory.put_key(key_hash, key)
        return key, secret

    def list_keys(self, project: Project) -> list[Key]:
        """Return the keys of a project that are not revoked, oldest first."""
        with self._records.transaction() as t:
            found = t.find("api_keys", {"project": project.number, "revoked_at_us": None})
        keys = [_key(r) for r in found]
        return [
            replace(k, last_used_at_us=self.directory.last_used_us(k.number) or k.last_used_at_us)
            for k in keys
        ]

    def revoke_key(self, key_id: str, project: Project | None = None) -> None:
        """Revoke a key: the next request with it is refused. Raises NotFoundError, also when the
        key belongs to another project than the one named."""
        full_id = key_id if key_id.startswith("key-") else f"key-{key_id}"
        where: dict[str, Any] = {"id": full_id, "revoked_at_us": None}
        if project is not None:
            where["project"] = project.number
        with self._changing:
            with self._transaction() as t:
                found = t.find("api_keys", where)
                t.change("api_keys", where, {"revoked_at_us": self._clock.now_us()})
            if not found:
                raise NotFoundError("Key", key_id)
            self.directory.drop_key(found[0]["hash"])

    def save_last_used(self) -> None:
        """Store when keys were last used; called now and then, never by a request."""
        used = self.directory.take_used()
        if used:
            with self._records.transaction() as t:
                for number, used_at_us in used.items():
                    t.change("api_keys", {"number": number}, {"last_used_at_us": used_at_us})

    def _add(self, name: str, slug: str, domain: str, time_zone: str, settings: str) -> Project:
        now = self._clock.now_us()
        record = {
            "id": str(uuid.uuid4()),
            "name": name,
            "slug": slug,
            "domain": domain,
            "time_zone": time_zone,
            "settings": settings,
            "created_at_us": now,
            "updated_at_us": now,
        }
        with self._transaction() as t:
            return _project(record | {"number": t.add("projects", record)})

    def _change(self, project: Project, change: Callable[[Project], dict[str, Any]]) -> Project:
        """Store what `change` makes of the stored project, and show it to the directory."""
        with self._changing:
            with self._transaction() as t:
                # Read here, not from the directory: another node may have changed it.
                stored = t.find("projects", {"number": project.number})
                if not stored:
                    raise NotFoundError("Project", project.id)
                values = change(_project(stored[0])) | {"updated_at_us": self._clock.now_us()}
                t.change("projects", {"number": project.number}, values)
            changed = _project({**stored[0], **values})
            self.directory.put_project(changed)
        return changed

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        """Open a transaction that the other nodes notice."""
        with self._records.transaction() as t:
            # First of all: nodes that change something at once then do it one after the other.
            t.change(VERSION, {"number": 1}, {"version": uuid.uuid4().hex})
            yield t


def _load_version(t: Transaction) -> str:
    return "".join(r["version"] for r in t.find(VERSION, {}))


def _project(record: Record) -> Project:
    return Project(**record)


def _key(record: Record) -> Key:
    modules = record["allowed_modules"]
    scopes = record["scopes"].split(",")
    return Key(
        number=record["number"],
        id=record["id"],
        project=record["project"],
        name=record["name"],
        prefix=record["prefix"],
        scopes=tuple(s for s in SCOPES if s in scopes),
        allowed_modules=tuple(modules.split(",")) if modules else None,
        expires_at_us=record["expires_at_us"],
        created_at_us=record["created_at_us"],
        last_used_at_us=record["last_used_at_us"],
        revoked_at_us=record["revoked_at_us"],
    )


def _parse_name(name: str) -> str:
    trimmed = name.strip()
    if not trimmed or len(trimmed) > NAME_LIMIT:
        raise InvalidInputError(
            f"name '{trimmed[:40]}' has {len(trimmed)} characters; accepted are 1 to {NAME_LIMIT}",
            field="name",
        )
    return trimmed


def _parse_scopes(scopes: Sequence[str] | None) -> tuple[Scope, ...]:
    wanted = ("ingest",) if scopes is None else scopes
    unknown = [s for s in wanted if s not in SCOPES]
    if unknown or not wanted:
        named = f"unknown scope '{unknown[0]}'" if unknown else "scopes must not be empty"
        raise InvalidInputError(f"{named}; accepted are {', '.join(SCOPES)}", field="scopes")
    return tuple(s for s in SCOPES if s in wanted)


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InvalidInputError(
            f"unknown time zone '{name}'; write for example Europe/Berlin", field="time_zone"
        ) from None


def _slug_stem(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:SLUG_LIMIT].strip("-") or "project"
