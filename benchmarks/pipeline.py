"""How many events a second does one core turn from bytes into rows ready for the spool?

Batches of 100 JSON payloads of 200 to 300 bytes, decoded, run through every step, de-duplicated
and encoded. The log keeps nothing, so that the pipeline alone is measured.
Seconds are those of the processor, as a core has them for itself.
Run: `python -m benchmarks.pipeline`.
"""

import asyncio
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec

from footfall.bots.scorer import BotScorer
from footfall.clock import SystemClock
from footfall.identity.salt import Salts
from footfall.identity.salt_file import SaltMemory
from footfall.identity.session import SessionBook
from footfall.identity.visitor import VisitorHasher
from footfall.ingest.counter import Counters
from footfall.ingest.duplicate import Deduplicator
from footfall.ingest.event_id import EventIds
from footfall.ingest.intake import IngestIntake
from footfall.ingest.pipeline import Pipeline, Services, default_steps
from footfall.ingest.place import Places
from footfall.ingest.request import Sender, Signal
from footfall.ingest.source import Sources
from footfall.ingest.steps.visitor import VisitorFinder

BATCH = 100
BATCHES = 400
VISITORS = 5_000
AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/{n}.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/17.{n} Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:{n}.0) Gecko/20100101 Firefox/{n}.0",
)
REFERRERS = (
    "",
    "",
    "",
    "https://www.google.com/",
    "https://t.co/abc",
    "https://news.example.net/a",
)
HEADERS = frozenset({"accept", "accept-language", "user-agent", "sec-fetch-mode", "content-type"})


class Payload(msgspec.Struct, gc=False):
    """A tracker's event, about what a door decodes."""

    type: str
    path: str
    title: str = ""
    referrer: str = ""
    screen: str = ""
    language: str = ""
    id: str = ""
    visitor_id: str = ""
    name: str = ""
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


class NullLog:
    """Acknowledges at once and counts bytes."""

    def __init__(self) -> None:
        self.size_bytes = 0

    def append(self, lines: bytes, count: int) -> asyncio.Future[None]:
        """Count and forget."""
        self.size_bytes += len(lines)
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        future.set_result(None)
        return future


@dataclass(slots=True)
class Load:
    """Bodies and who sends them."""

    bodies: list[bytes]
    senders: list[Sender]


def make_intake(log: NullLog) -> IngestIntake:
    """Build the whole way in, as `app` does."""
    salts = Salts(SaltMemory(), SystemClock())
    hasher = VisitorHasher(salts)
    now_us = SystemClock().now_us()
    salts.salt_of(now_us // 86_400_000_000 - 1)
    services = Services(
        sessions=SessionBook(),
        hasher=hasher,
        visitors=VisitorFinder(hasher),
        sources=Sources(),
        places=Places(),
        scorer=BotScorer(),
        ids=EventIds(),
        find_exclusions={}.get,
    )
    return IngestIntake(Pipeline(default_steps(services)), log, Deduplicator(), Counters())


def make_senders(rng: random.Random, now_us: int) -> list[Sender]:
    """Return the circumstances of every visitor."""
    return [
        Sender(
            project=1,
            door="pulse",
            ip=f"84.{rng.randrange(256)}.{rng.randrange(256)}.{rng.randrange(1, 255)}",
            user_agent=rng.choice(AGENTS).format(n=rng.randrange(100, 130)),
            received_at_us=now_us,
            accept_language="en-GB,en;q=0.8",
            headers_seen=HEADERS,
            own_hosts=frozenset({"example.com"}),
        )
        for _ in range(VISITORS)
    ]


def make_payload(rng: random.Random, number: int, *, has_visitor: bool) -> Payload:
    """Return one event of a believable mix: two of three are pageviews."""
    is_view = rng.random() < 0.67
    query = "?utm_source=newsletter&utm_medium=email" if rng.random() < 0.1 else ""
    return Payload(
        type="pageview" if is_view else "event",
        path=f"https://example.com/articles/{rng.randrange(400)}{query}",
        title="An article about something",
        referrer=rng.choice(REFERRERS),
        screen="1920x1080",
        language="en-GB",
        id=f"{number:x}-{rng.randrange(1 << 40):x}",
        visitor_id=f"v_{rng.randrange(VISITORS):x}" if has_visitor else "",
        name="" if is_view else "signup",
        data=msgspec.UNSET if is_view else msgspec.Raw(b'{"plan":"pro","seats":3}'),
    )


def make_signal(payload: Payload) -> Signal:
    """Do a door's part."""
    return Signal(
        kind=payload.type,
        name=payload.name,
        url=payload.path,
        title=payload.title,
        referrer=payload.referrer,
        screen=payload.screen,
        language=payload.language,
        client_id=payload.id,
        visitor_id=payload.visitor_id,
        props=b"" if payload.data is msgspec.UNSET else bytes(payload.data),
        is_interactive=True,
    )


def make_batches(rng: random.Random, now_us: int) -> Load:
    """One sender a batch (a server or a tracker's queue), visitors named in the payload."""
    senders = make_senders(rng, now_us)
    encoder = msgspec.json.Encoder()
    bodies = [
        encoder.encode([make_payload(rng, b * BATCH + i, has_visitor=True) for i in range(BATCH)])
        for b in range(BATCHES)
    ]
    return Load(bodies, [rng.choice(senders) for _ in range(BATCHES)])


def make_singles(rng: random.Random, now_us: int) -> Load:
    """One event a request, visitors known by address and user agent."""
    senders = make_senders(rng, now_us)
    encoder = msgspec.json.Encoder()
    count = BATCHES * BATCH // 2
    bodies = [encoder.encode([make_payload(rng, i, has_visitor=False)]) for i in range(count)]
    return Load(bodies, [rng.choice(senders) for _ in range(count)])


async def run(load: Load, decode: Callable[[bytes], Sequence[Payload]]) -> tuple[float, int, int]:
    """Return (CPU seconds, events, bytes) of everything after the first tenth, which warms up."""
    log = NullLog()
    intake = make_intake(log)
    warm = len(load.bodies) // 10
    events = 0
    started = 0.0
    for number, (body, sender) in enumerate(zip(load.bodies, load.senders, strict=True)):
        if number == warm:
            started = time.process_time()
            events = log.size_bytes = 0
        outcomes = await intake.take(sender, [make_signal(p) for p in decode(body)])
        events += len(outcomes)
    return time.process_time() - started, events, log.size_bytes


def main() -> None:
    """Print events a second for both shapes of load."""
    decode = msgspec.json.Decoder(list[Payload]).decode
    now_us = SystemClock().now_us()
    for name, make in (("batches of 100", make_batches), ("single events", make_singles)):
        load = make(random.Random(7), now_us)
        best = min((asyncio.run(run(load, decode)) for _ in range(3)), key=lambda r: r[0] / r[1])
        seconds, events, size_bytes = best
        print(
            f"pipeline, {name}: {events / seconds:,.0f} events/s "
            f"({seconds / events * 1e6:.2f} µs an event, {size_bytes / events:.0f} bytes a line)"
        )


if __name__ == "__main__":
    main()
