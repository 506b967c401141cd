"""Visitors whom an operator leaves out by hand. Their events are kept and stand in no report until
they are let in again: the list is asked when a report is, so that it holds for the past too."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from footfall.clock import Clock
from footfall.errors import InvalidInputError, MissingFieldError
from footfall.store.records import Record, Records

ID_LIMIT = 128
LABEL_LIMIT = 256
MOST = 10_000
"""Visitors on the list; each report carries it."""

_TABLE = "excluded_visitors"
_HASH = re.compile(r"[0-9a-f]{16}")

HashGiven = Callable[[int, str], int]
"""Gives the visitor of a project (number) that a sender's own id stands for."""


@dataclass(frozen=True, slots=True)
class ExcludedVisitor:
    """One entry of the list."""

    visitor_id: str
    """As it was given: the hex form of a visitor, or a sender's own id."""
    label: str
    created_at_us: int


class ExcludedVisitors:
    """Keeps the list. Calls block, except `find_left_out`: through a thread."""

    def __init__(self, records: Records, clock: Clock, hash_given: HashGiven) -> None:
        self._records = records
        self._clock = clock
        self._changing = threading.Lock()
        self._hash_given = hash_given
        self._ids: tuple[str, ...] = ()
        self._find = lru_cache(maxsize=1_024)(self._resolve)

    def setup(self) -> None:
        """Read what is stored."""
        self._ids = tuple(e.visitor_id for e in self.list_visitors())
        self._find.cache_clear()

    def find_left_out(self, project: int) -> tuple[int, ...]:
        """Return the visitors of a project that stand in no report."""
        return self._find(project) if self._ids else ()

    def list_visitors(self) -> list[ExcludedVisitor]:
        """Return the list, newest first."""
        with self._records.transaction() as t:
            return [_read(r) for r in t.find(_TABLE, {}, order="-number", limit=MOST)]

    def exclude(self, visitor_id: str, label: str = "") -> None:
        """Put a visitor on the list; again with another label, the label changes.

        Raises InvalidInputError, MissingFieldError naming the field.
        """
        if not visitor_id:
            raise MissingFieldError("visitor_id")
        for field, text, most in (
            ("visitor_id", visitor_id, ID_LIMIT),
            ("label", label, LABEL_LIMIT),
        ):
            if len(text) > most:
                raise InvalidInputError(
                    f"{field} '{text[:40]}…' has {len(text)} characters; accepted are {most}",
                    field=field,
                )
        where = {"visitor_id": visitor_id}
        with self._changing:
            with self._records.transaction() as t:
                if not t.change(_TABLE, where, {"label": label}):
                    if t.count(_TABLE, {}) >= MOST:
                        raise InvalidInputError(
                            f"{MOST} visitors are excluded already; let some in first",
                            field="visitor_id",
                        )
                    created_at_us = self._clock.now_us()
                    t.add(_TABLE, where | {"label": label, "created_at_us": created_at_us})
            self.setup()

    def include(self, visitor_id: str) -> None:
        """Take a visitor off the list; who is not on it stays off."""
        with self._changing:
            with self._records.transaction() as t:
                t.remove(_TABLE, {"visitor_id": visitor_id})
            self.setup()

    def find_visitors(self, project: int, visitor_id: str) -> tuple[int, ...]:
        """Return the visitors of a project that an id may mean: the one whose hex form it is, and
        the one whose sender gave it."""
        given = self._hash_given(project, visitor_id)
        is_hash = _HASH.fullmatch(visitor_id) is not None
        return (parse_visitor(visitor_id), given) if is_hash else (given,)

    def _resolve(self, project: int) -> tuple[int, ...]:
        found = (visitor for one in self._ids for visitor in self.find_visitors(project, one))
        return tuple(sorted(found))


def parse_visitor(text: str) -> int:
    """Return the visitor of its hex form. Raises InvalidInputError for anything else."""
    if not _HASH.fullmatch(text):
        raise InvalidInputError(
            f"visitor '{text[:40]}' is none; accepted are 16 hex digits", field="visitor_id"
        )
    number = int(text, 16)
    return number - (1 << 64) if number >= 1 << 63 else number


def render_visitor(visitor: int) -> str:
    """Return the hex form of a visitor, 16 digits."""
    return f"{visitor & (1 << 64) - 1:016x}"


def _read(record: Record) -> ExcludedVisitor:
    return ExcludedVisitor(record["visitor_id"], record["label"], record["created_at_us"])
