"""Goals and funnels that a project saved: made, found, changed and removed here and nowhere else.
Each belongs to one project, and another project's is not found."""

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import msgspec

from footfall.clock import Clock
from footfall.errors import ConflictError, InvalidInputError, NotFoundError
from footfall.reports.filter import check_goal
from footfall.reports.funnel import FunnelStep, check_steps
from footfall.reports.query import GoalFilter
from footfall.store.records import Record, Records

T = TypeVar("T")

NAME_LIMIT = 200
"""Characters of a name: more does not fit a line of any page."""

MOST_SAVED = 500
"""Goals, or funnels, of one project: more is no list that anybody reads."""

_PREFIXED = re.compile(r"[a-z]{1,12}-(?=[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\Z)")


@dataclass(frozen=True, slots=True)
class Saved(Generic[T]):
    """Something that a project defined and gave a name."""

    id: str
    """UUID."""
    name: str
    content: T
    wording: str
    """The definition as the door wrote it that saved it; '' for none. It is given back to that
    door, so that a caller reads the words it sent, and means nothing here."""
    created_at_us: int
    updated_at_us: int


class Definitions(Generic[T]):
    """The definitions of one sort, by the number of their project. Calls block: on the event loop,
    go through a thread."""

    def __init__(
        self, records: Records, clock: Clock, sort: type[T], check: Callable[[T], None]
    ) -> None:
        self._records = records
        self._clock = clock
        self._decoder: msgspec.json.Decoder[T] = msgspec.json.Decoder(sort)
        self._check = check

    table: str
    noun: str

    def list_saved(self, project: int) -> list[Saved[T]]:
        """Return the definitions of a project, the oldest first."""
        with self._records.transaction() as t:
            found = t.find(self.table, {"project": project}, limit=MOST_SAVED)
        return [self._read(record) for record in found]

    def find(self, project: int, saved_id: str) -> Saved[T]:
        """Return one definition by its id, alone or behind a prefix like 'goal-'.

        Raises NotFoundError, also when it belongs to another project.
        """
        with self._records.transaction() as t:
            found = t.find(self.table, self._where(project, saved_id))
        if not found:
            raise NotFoundError(self.noun, saved_id)
        return self._read(found[0])

    def create(self, project: int, name: str, content: T, wording: str = "") -> Saved[T]:
        """Save a definition. Raises InvalidInputError for one that cannot be answered,
        ConflictError when the project has MOST_SAVED."""
        now_us = self._clock.now_us()
        saved = Saved(str(uuid.uuid4()), _parse_name(name), content, wording, now_us, now_us)
        self._check(content)
        with self._records.transaction() as t:
            if t.count(self.table, {"project": project}) >= MOST_SAVED:
                raise ConflictError(
                    f"The project has {MOST_SAVED} {self.table} already; delete one first."
                )
            own = {"id": saved.id, "project": project, "created_at_us": now_us}
            t.add(self.table, {**own, **self._write(saved)})
        return saved

    def change(
        self,
        project: int,
        saved_id: str,
        *,
        name: str | None = None,
        content: T | None = None,
        wording: str = "",
    ) -> Saved[T]:
        """Change what is given; new content takes its wording with it.

        Raises InvalidInputError, NotFoundError.
        """
        saved = self.find(project, saved_id)
        if name is not None:
            saved = replace(saved, name=_parse_name(name))
        if content is not None:
            self._check(content)
            saved = replace(saved, content=content, wording=wording)
        saved = replace(saved, updated_at_us=self._clock.now_us())
        with self._records.transaction() as t:
            t.change(self.table, self._where(project, saved_id), self._write(saved))
        return saved

    def remove(self, project: int, saved_id: str) -> None:
        """Delete a definition. Raises NotFoundError."""
        with self._records.transaction() as t:
            if not t.remove(self.table, self._where(project, saved_id)):
                raise NotFoundError(self.noun, saved_id)

    def _where(self, project: int, saved_id: str) -> dict[str, Any]:
        plain = _PREFIXED.sub("", saved_id.lower(), count=1)
        return {"project": project, "id": plain}

    def _write(self, saved: Saved[T]) -> dict[str, Any]:
        return {
            "name": saved.name,
            "definition": msgspec.json.encode(saved.content).decode(),
            "wording": saved.wording,
            "updated_at_us": saved.updated_at_us,
        }

    def _read(self, record: Record) -> Saved[T]:
        return Saved(
            id=record["id"],
            name=record["name"],
            content=self._decoder.decode(record["definition"]),
            wording=record["wording"],
            created_at_us=record["created_at_us"],
            updated_at_us=record["updated_at_us"],
        )


class Goals(Definitions[GoalFilter]):
    """The saved goals."""

    table = "goals"
    noun = "Goal"

    def __init__(self, records: Records, clock: Clock) -> None:
        super().__init__(records, clock, GoalFilter, lambda goal: check_goal(goal, field="goal"))


class Funnels(Definitions[tuple[FunnelStep, ...]]):
    """The saved funnels."""

    table = "funnels"
    noun = "Funnel"

    def __init__(self, records: Records, clock: Clock) -> None:
        super().__init__(records, clock, tuple[FunnelStep, ...], check_steps)


def _parse_name(name: str) -> str:
    trimmed = name.strip()
    if not trimmed or len(trimmed) > NAME_LIMIT:
        raise InvalidInputError(
            f"name '{trimmed[:40]}' has {len(trimmed)} characters; accepted are 1 to {NAME_LIMIT}",
            field="name",
        )
    return trimmed
