"""A whole way in without disk and sockets: the real steps, a clock that stands, a log that keeps
its lines and fails on demand."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from footfall.clock import FixedClock
from footfall.errors import UnavailableError
from footfall.identity.salt import Salts
from footfall.identity.salt_file import SaltMemory
from footfall.identity.session import SessionBook
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.counter import Counters
from footfall.ingest.duplicate import Deduplicator
from footfall.ingest.event_id import EventIds
from footfall.ingest.intake import IngestIntake
from footfall.ingest.outcome import Outcome
from footfall.ingest.pipeline import Pipeline, Services, default_steps
from footfall.ingest.place import Places
from footfall.ingest.request import Sender, Signal
from footfall.ingest.source import Sources
from footfall.ingest.steps.visitor import VisitorFinder
from footfall.projects.exclusion import Exclusions

NOON = 1_790_251_200_000_000
"""2026-09-24T12:00:00Z."""
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/122.0.0.0 Safari/537.36"
)
PLACES = Places()
SOURCES = Sources()


class MemoryLog:
    """An event log that keeps lines; `hold` leaves appends open, `is_failing` fails them."""

    def __init__(self) -> None:
        self.lines: list[dict[str, Any]] = []
        self.raw = b""
        self.is_failing = False
        self.is_holding = False
        self.held: list[Callable[[], None]] = []

    def append(self, lines: bytes, count: int) -> asyncio.Future[None]:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        assert lines.endswith(b"\n")
        assert lines.count(b"\n") == count

        def settle() -> None:
            if self.is_failing:
                future.set_exception(UnavailableError())
            else:
                self.raw += lines
                self.lines += [msgspec.json.decode(line) for line in lines.splitlines()]
                future.set_result(None)

        if self.is_holding:
            self.held.append(settle)
        else:
            settle()
        return future

    def let_go(self) -> None:
        for settle in self.held:
            settle()
        self.held.clear()


class NoBots:
    """A scorer that takes everyone for a person."""

    def score(self, sender: Sender, visitor: int) -> tuple[int, str]:
        return 0, ""


class World:
    def __init__(self, scorer: Any = None) -> None:
        self.clock = FixedClock(NOON)
        self.log = MemoryLog()
        self.salts = Salts(SaltMemory(), self.clock)
        self.hasher = VisitorHasher(self.salts)
        self.sessions = SessionBook()
        self.visitors = VisitorFinder(self.hasher)
        self.salts.on_change(self.visitors.forget)
        self.exclusions: dict[int, Exclusions] = {}
        self.deduplicator = Deduplicator()
        self.counters = Counters()
        self.pipeline = Pipeline(
            default_steps(
                Services(
                    sessions=self.sessions,
                    hasher=self.hasher,
                    visitors=self.visitors,
                    sources=SOURCES,
                    places=PLACES,
                    scorer=scorer or NoBots(),
                    ids=EventIds(),
                    find_exclusions=self.exclusions.get,
                )
            )
        )
        self.intake = IngestIntake(self.pipeline, self.log, self.deduplicator, self.counters)

    def sender(self, **changes: Any) -> Sender:
        values: dict[str, Any] = {
            "project": 1,
            "door": "pulse",
            "ip": "203.0.113.7",
            "user_agent": CHROME,
            "received_at_us": self.clock.now_us(),
        }
        return Sender(**(values | changes))

    async def take(self, *signals: Signal, **sender: Any) -> list[Outcome]:
        return await self.intake.take(self.sender(**sender), signals)

    async def send(self, *signals: Signal, **sender: Any) -> list[dict[str, Any]]:
        """Take signals and return the rows they became."""
        before = len(self.log.lines)
        await self.take(*signals, **sender)
        return self.log.lines[before:]


def view(path: str = "/", **fields: Any) -> Signal:
    return Signal(kind="pageview", url=path, **fields)


def views(paths: Sequence[str]) -> list[Signal]:
    return [view(path) for path in paths]
