"""The latest events themselves, newest first: what a person reads who wants to know what happened,
not how often."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from footfall.errors import InvalidInputError
from footfall.model.time_range import to_us
from footfall.reports.family import Desk
from footfall.reports.scope import Scope

LIMIT = 1_000

COLUMNS = (
    "event_id",
    "ts",
    "visitor",
    "session",
    "kind",
    "name",
    "site",
    "path",
    "channel",
    "source",
    "country",
    "browser",
    "browser_version",
    "os",
    "device",
    "value",
    "door",
    "bot_score",
    "bot_reasons",
    "props",
)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One event: the columns of `model.Event` that a reader may see."""

    event_id: int
    ts_us: int
    visitor: int
    session: int
    kind: str
    name: str
    site: str
    path: str
    channel: str
    source: str
    country: str
    browser: str
    browser_version: str
    os: str
    device: str
    value: float
    door: str
    bot_score: int
    bot_reasons: str
    props: dict[str, Any]


@dataclass(frozen=True, slots=True)
class JournalQuestion:
    """Events of some kinds, or of all but some."""

    scope: Scope
    kinds: tuple[str, ...] = ()
    """Empty: every kind."""
    without: tuple[str, ...] = ()
    """Kinds left out."""
    visitor: int | None = None
    event_id: int | None = None
    session: int | None = None
    """Of one session the first events, else the latest."""
    limit: int = 100

    def check(self) -> None:
        """Refuse a limit out of range. Raises InvalidInputError."""
        if not 1 <= self.limit <= LIMIT:
            raise InvalidInputError(
                f"limit is {self.limit}; 1 to {LIMIT} are accepted", field="limit"
            )

    def run(self, desk: Desk) -> tuple[JournalEntry, ...]:
        """Return the events, newest first."""
        from footfall.reports.journal_sql import make_entries

        return tuple(_read_entry(row) for row in desk.ask(make_entries(desk, self)))


def _read_entry(row: tuple[Any, ...]) -> JournalEntry:
    values = dict(zip(COLUMNS, row, strict=True))
    moment: datetime = values.pop("ts")
    props = values.pop("props")
    parsed = msgspec.json.decode(props) if props else {}
    return JournalEntry(
        ts_us=to_us(moment), props=parsed if isinstance(parsed, dict) else {}, **values
    )
