"""What the command line may ask of Footfall: projects, keys, imports,
exports. `Control` names the verbs,
`LocalControl` does them. The command line calls it in its own process when it owns the data
folder, and through `api.control_door` when a server does."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Protocol

import msgspec

from footfall.api.event_file import EventFiles, parse_event_file
from footfall.errors import InvalidInputError, NotFoundError
from footfall.ingest.access_log_import import ImportRecord
from footfall.ingest.event_import import EventImporter, find_fault
from footfall.ingest.feed import BatchOutcome
from footfall.ingest.importer import Importer
from footfall.leads.erasure import Kept, Person
from footfall.model.event import Event
from footfall.projects.domain import hosts_of
from footfall.projects.project import Key, Project, Scope


class ProjectDesk(Protocol):
    """What Control needs of the room `projects`. Calls block."""

    def list_projects(self) -> list[Project]:
        """Return all projects, oldest first."""
        ...

    def find(self, reference: str) -> Project:
        """Return the project of this id, slug, number or name. Raises NotFoundError."""
        ...

    def create(self, name: str, domain: str = "", *, time_zone: str = "UTC") -> Project:
        """Make a project. Raises InvalidInputError."""
        ...

    def list_keys(self, project: Project) -> list[Key]:
        """Return a project's keys, oldest first."""
        ...

    def create_key(
        self, project: Project, name: str, *, scopes: Sequence[str] | None = None
    ) -> tuple[Key, str]:
        """Make a key; the text is shown this once. Raises InvalidInputError."""
        ...

    def revoke_key(self, key_id: str) -> None:
        """Close a key at once. Raises NotFoundError."""
        ...


class ProjectFacts(msgspec.Struct, frozen=True):
    """A project as the command line sees it."""

    number: int
    id: str
    name: str
    domain: str
    time_zone: str


class KeyFacts(msgspec.Struct, frozen=True):
    """A key as the command line sees it; `text` only right after it was made."""

    id: str
    name: str
    prefix: str
    scopes: tuple[Scope, ...]
    is_revoked: bool = False
    text: str = ""


class ExportOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which raw events, and how they are to be written; see `event_file.parse_event_file`."""

    project: str
    """Id, slug, number or name."""
    format: str
    start: str = ""
    end: str = ""


class ErasedFacts(msgspec.Struct, frozen=True):
    """How much of a person was erased."""

    leads: int
    submissions: int
    visitors: int
    recordings: int = 0


class PersonDesk(Protocol):
    """What Control needs of the room `leads`."""

    async def erase(self, person: Person) -> Kept:
        """Erase everything of a person. Raises InvalidInputError."""
        ...


class Control(Protocol):
    """The verbs of the command line. All raise FootfallError with a sentence to show."""

    async def list_projects(self) -> list[ProjectFacts]:
        """Return all projects."""
        ...

    async def create_project(
        self, name: str, domain: str, *, time_zone: str = "UTC"
    ) -> ProjectFacts:
        """Make a project."""
        ...

    async def list_keys(self, project: str) -> list[KeyFacts]:
        """Return the keys of a project, given by id, slug, number or name."""
        ...

    async def create_key(self, project: str, name: str, scopes: Sequence[str]) -> KeyFacts:
        """Make a key; the answer carries its text, this once."""
        ...

    async def revoke_key(self, key_id: str) -> None:
        """Close a key at once."""
        ...

    async def put_records(self, project: int, records: Sequence[ImportRecord]) -> BatchOutcome:
        """Store those records of an import that are not stored yet."""
        ...

    async def put_events(self, project: int, events: Sequence[Event]) -> BatchOutcome:
        """Store those raw events, as the project's own, that are not stored yet."""
        ...

    def export_events(self, order: ExportOrder) -> AsyncIterator[bytes]:
        """Give a file of raw events in chunks."""
        ...

    async def erase_person(self, person: Person) -> ErasedFacts:
        """Erase everything that is kept of a person."""
        ...


class LocalControl:
    """Does the verbs in this process."""

    def __init__(
        self,
        desk: ProjectDesk,
        importer: Importer,
        events: EventImporter,
        files: EventFiles,
        *,
        persons: PersonDesk,
    ) -> None:
        self._desk = desk
        self._persons = persons
        self._importer = importer
        self._events = events
        self._files = files

    async def list_projects(self) -> list[ProjectFacts]:
        """Return all projects."""
        return [_project_facts(p) for p in await asyncio.to_thread(self._desk.list_projects)]

    async def create_project(
        self, name: str, domain: str, *, time_zone: str = "UTC"
    ) -> ProjectFacts:
        """Make a project. Raises InvalidInputError."""
        create = partial(self._desk.create, name, domain, time_zone=time_zone)
        return _project_facts(await asyncio.to_thread(create))

    async def list_keys(self, project: str) -> list[KeyFacts]:
        """Return the keys of a project. Raises NotFoundError."""
        found = await asyncio.to_thread(self._desk.find, project)
        return [_key_facts(k) for k in await asyncio.to_thread(self._desk.list_keys, found)]

    async def create_key(self, project: str, name: str, scopes: Sequence[str]) -> KeyFacts:
        """Make a key. Raises NotFoundError, InvalidInputError for an unknown scope."""
        found = await asyncio.to_thread(self._desk.find, project)
        create = partial(self._desk.create_key, found, name, scopes=scopes)
        key, text = await asyncio.to_thread(create)
        return _key_facts(key, text)

    async def revoke_key(self, key_id: str) -> None:
        """Close a key at once. Raises NotFoundError."""
        await asyncio.to_thread(self._desk.revoke_key, key_id)

    async def erase_person(self, person: Person) -> ErasedFacts:
        """Erase everything of a person. Raises InvalidInputError, StoreError, UnavailableError."""
        kept = await self._persons.erase(person)
        visitors = {visitor_id for _, visitor_id in kept.visitors}
        return ErasedFacts(
            len(kept.leads), len(kept.submissions), len(visitors), len(kept.recordings)
        )

    async def put_records(self, project: int, records: Sequence[ImportRecord]) -> BatchOutcome:
        """Store those records that are not stored yet. Raises NotFoundError, UnavailableError."""
        found = await self._find_number(project)
        own_hosts = hosts_of(found.domain).union(*(hosts_of(s) for s in {r.site for r in records}))
        return await self._importer.put(found.number, own_hosts, records)

    async def put_events(self, project: int, events: Sequence[Event]) -> BatchOutcome:
        """Store those raw events that are not stored yet. Raises NotFoundError, UnavailableError,
        InvalidInputError for one that cannot be stored."""
        found = await self._find_number(project)
        for event in events:
            if (reason := find_fault(event)) is not None:
                raise InvalidInputError(reason)
        return await self._events.put(found.number, events)

    async def export_events(self, order: ExportOrder) -> AsyncIterator[bytes]:
        """Give a file of raw events in chunks. Raises NotFoundError, InvalidInputError."""
        found = await asyncio.to_thread(self._desk.find, order.project)
        file = parse_event_file(found, order.format, order.start, order.end)
        async for chunk in self._files.make(file):
            yield chunk

    async def _find_number(self, number: int) -> Project:
        projects = await asyncio.to_thread(self._desk.list_projects)
        found = next((p for p in projects if p.number == number), None)
        if found is None:
            raise NotFoundError("Project", str(number))
        return found


def _project_facts(project: Project) -> ProjectFacts:
    return ProjectFacts(project.number, project.id, project.name, project.domain, project.time_zone)


def _key_facts(key: Key, text: str = "") -> KeyFacts:
    return KeyFacts(key.id, key.name, key.prefix, key.scopes, key.revoked_at_us is not None, text)
