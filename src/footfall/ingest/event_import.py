"""Takes raw events back in, as `footfall export events` wrote them: to the letter, visitors and
visits included, and each once however often it comes. What is no event of ours is refused line by
line; nothing is guessed."""

import asyncio
from collections.abc import Iterator, Sequence

import msgspec

from footfall.clock import Clock
from footfall.ingest.access_log import Damaged
from footfall.ingest.access_log_file import AccessLogFile
from footfall.ingest.access_log_import import Tally
from footfall.ingest.duplicate import WINDOW_US, Deduplicator
from footfall.ingest.feed import BatchOutcome
from footfall.ingest.importer import StoredIds
from footfall.ingest.log import EventLog
from footfall.ingest.steps.shape import KINDS, PROPS_LIMIT_BYTES
from footfall.ingest.steps.time import LATEST_TRUSTED_US
from footfall.model.column import Column, ColumnType
from footfall.model.event import EVENT_COLUMNS, Event
from footfall.reports.barrier import Barrier

TEXT_LIMIT = 4_096
"""Characters of one text: twice the longest that the pipeline lets through."""

_SPANS: dict[ColumnType, tuple[int, int]] = {
    ColumnType.UINT8: (0, (1 << 8) - 1),
    ColumnType.UINT32: (0, (1 << 32) - 1),
    ColumnType.INT64: (-(1 << 63), (1 << 63) - 1),
    ColumnType.TIMESTAMP_US: (1, LATEST_TRUSTED_US - 1),
}
"""Least and most of each kind of whole number."""

_DECODER = msgspec.json.Decoder(Event)


def read_events(file: AccessLogFile, tally: Tally) -> Iterator[Event]:
    """Give the events of a file of lines, and count into `tally` while doing so."""
    for line in file.lines():
        tally.lines += 1
        if line.content == b"":
            tally.blank += 1
            continue
        found = line.content if isinstance(line.content, Damaged) else parse_event(line.content)
        if isinstance(found, Damaged):
            tally.put_damaged(line.number, found.reason)
        else:
            yield found


def parse_event(line: bytes) -> Event | Damaged:
    """Return the event of a line, or why it is none."""
    try:
        event = _DECODER.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Damaged(f"it is no event: {error}")
    reason = find_fault(event)
    return event if reason is None else Damaged(reason)


def find_fault(event: Event) -> str | None:
    """Return what keeps an event from being stored, in words; None when nothing does."""
    if event.kind not in KINDS:
        return f"kind is '{event.kind[:40]}'; accepted are {', '.join(sorted(KINDS))}"
    if not event.door:
        return "door is empty; it says by which way the event came in"
    if not event.event_id:
        return "event_id is 0; accepted is any other whole number"
    for column in EVENT_COLUMNS:
        reason = _find_fault_of(column, getattr(event, column.name))
        if reason is not None:
            return reason
    return None


def _find_fault_of(column: Column, value: int | float | str | msgspec.Raw) -> str | None:
    if isinstance(value, str):
        is_long = len(value) > TEXT_LIMIT
        return f"{column.name} is longer than {TEXT_LIMIT} characters" if is_long else None
    if isinstance(value, msgspec.Raw):
        props = bytes(value)
        if not props.startswith(b"{") and props:
            return f"{column.name} is no JSON object"
        is_long = len(props) > PROPS_LIMIT_BYTES
        return f"{column.name} is larger than {PROPS_LIMIT_BYTES} bytes" if is_long else None
    span = _SPANS.get(column.type)
    if span is not None and not span[0] <= value <= span[1]:
        return f"{column.name} is {value}; accepted are {span[0]} to {span[1]}"
    return None


class EventImporter:
    """The way in for events that were events before: past the pipeline, straight into the log."""

    def __init__(
        self,
        log: EventLog,
        stored: StoredIds,
        barrier: Barrier,
        deduplicator: Deduplicator,
        clock: Clock,
    ) -> None:
        self._log = log
        self._stored = stored
        self._barrier = barrier
        self._deduplicator = deduplicator
        self._clock = clock
        self._encoder = msgspec.json.Encoder()
        self._turn = asyncio.Lock()
        """Two imports of one file at once must see what the other has stored."""

    async def put(self, project: int, events: Sequence[Event]) -> BatchOutcome:
        """Store those of the events, as the project's own, that it does not hold yet.

        Raises UnavailableError when nothing could be stored; sending the same again is safe.
        """
        async with self._turn:
            await self._barrier.wait_loaded()
            by_id = {event.event_id: event for event in reversed(events)}
            known = await asyncio.to_thread(self._stored.find_event_ids, project, list(by_id))
            fresh = [
                msgspec.structs.replace(event, project=project)
                for event_id, event in reversed(by_id.items())
                if event_id not in known
            ]
            if fresh:
                await self._log.append(self._encoder.encode_lines(fresh), len(fresh))
            self._remember(fresh)
        return BatchOutcome(events=len(fresh), known=len(events) - len(fresh))

    def _remember(self, events: Sequence[Event]) -> None:
        """Keep a sender that tries again from doubling what came in here."""
        since_us = self._clock.now_us() - WINDOW_US
        for event in events:
            if event.event_id < 0 and event.received_at >= since_us:
                self._deduplicator.add(event.event_id, event.received_at)
