"""The intake: signals in, outcomes out, and in between the durable log. Exactly one outcome for
each signal; nothing is acknowledged, and no id remembered, before it is on disk.

It works in turns: what the requests of one turn of the event loop bring goes through the pipeline
together and into the log as one piece. A third of the processor time of a lone event is spent on
fetching code and data that the request before has just pushed out of the caches."""

import asyncio
from collections.abc import Iterable, Sequence
from functools import partial

import msgspec

from footfall.errors import UnavailableError
from footfall.ingest.commit import Commit
from footfall.ingest.counter import Counters
from footfall.ingest.duplicate import Claims, Deduplicator
from footfall.ingest.log import EventLog, Stored
from footfall.ingest.outcome import Accepted, Dropped, DropReason, Outcome
from footfall.ingest.pipeline import Pipeline
from footfall.ingest.port import Taking
from footfall.ingest.request import Sender, Signal
from footfall.ingest.steps.shape import KINDS
from footfall.model.event import Event

_DROPPED = {reason: Dropped(reason) for reason in DropReason}


class _Entry(Commit):
    """The signals of one call and what became of them; implements `ingest.port.Taking`."""

    __slots__ = ("claims", "dropped", "events", "is_apart", "outcomes", "sender", "signals")

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sender: Sender,
        signals: Sequence[Signal],
        claims: Claims,
    ) -> None:
        # What Commit's own does, without a call: there is one of these for each request.
        self._asyncio_future_blocking = False
        self.loop = loop
        self._only = None
        self._callbacks = None
        self._error = None
        self._is_done = False
        self.sender = sender
        self.signals = signals
        self.claims = claims
        self.events: list[Event] = []
        self.dropped: list[tuple[str, DropReason]] | None = None
        """Kinds and reasons; None when nothing was dropped."""
        self.outcomes: list[Outcome] = []
        self.is_apart = False
        """True when its events must wait for something before they may be stored."""

    def result(self) -> list[Outcome]:
        """Return the outcomes. Raises why nothing was stored."""
        if self._error is not None or not self._is_done:
            super().result()
        return self.outcomes


class IngestIntake:
    """Runs signals through the pipeline into the log; implements `ingest.port.Intake`."""

    def __init__(
        self,
        pipeline: Pipeline,
        event_log: EventLog,
        deduplicator: Deduplicator,
        counters: Counters,
    ) -> None:
        self._pipeline = pipeline
        self._log = event_log
        self._deduplicator = deduplicator
        self._counters = counters
        self._encoder = msgspec.json.Encoder()
        self._no_claims = Claims(deduplicator)
        """For calls without client ids, which claim nothing: made once, never settled."""
        self._turn: list[_Entry] = []
        """The calls of this turn of the loop."""
        self._apart: set[asyncio.Task[None]] = set()

    def take(self, sender: Sender, signals: Sequence[Signal]) -> Taking:
        """Run signals through the pipeline and into the log.

        A duplicate of an event that another request is just storing is answered when that one
        is safe.
        """
        claims = self._no_claims
        for signal in signals:
            if signal.client_id or signal.form is not None:
                claims = Claims(self._deduplicator)
                break
        loop = asyncio.get_running_loop()
        entry = _Entry(loop, sender, signals, claims)
        turn = self._turn
        # A loop that ended before its turn was over (a test's) has left nobody who waits.
        if not turn or turn[0].loop is not loop:
            turn = self._turn = []
            loop.call_soon(self._run_turn, turn)
        turn.append(entry)
        return entry

    def _run_turn(self, turn: list[_Entry]) -> None:
        self._turn = []
        events: list[Event] = []
        entries: list[_Entry] = []
        for entry in turn:
            try:
                self._run(entry)
            except Exception as error:
                entry.claims.release()
                entry.decide(error)
                continue
            if entry.is_apart:
                task = entry.loop.create_task(self._store_apart(entry))
                self._apart.add(task)
                task.add_done_callback(self._apart.discard)
            else:
                events += entry.events
                entries.append(entry)
        try:
            lines = self._encode_all(entries, events)
            if not lines:
                self._end_turn(entries, None)
                return
            stored = self._log.append(lines, lines.count(b"\n"))
        except Exception as error:
            self._end_turn(entries, error)
            return
        stored.add_done_callback(partial(self._hear_log, entries))

    def _run(self, entry: _Entry) -> None:
        run, sender, claims = self._pipeline.run, entry.sender, entry.claims
        events, outcomes = entry.events, entry.outcomes
        for signal in entry.signals:
            result = run(sender, signal, claims)
            if isinstance(result, Event):
                events.append(result)
                outcomes.append(Accepted(result.event_id))
                if signal.form is not None:
                    entry.is_apart = True
            else:
                outcomes.append(_DROPPED[result])
                _note_drop(entry, signal.kind, result)
        if claims.is_waiting:
            entry.is_apart = True

    def _hear_log(self, entries: list[_Entry], stored: Stored) -> None:
        self._end_turn(entries, stored.exception())

    def _end_turn(self, entries: list[_Entry], error: BaseException | None) -> None:
        no_claims = self._no_claims
        for entry in entries:
            claims = entry.claims
            if error is not None:
                claims.release()
            elif claims is not no_claims:
                claims.commit(entry.sender.received_at_us)
        if error is None:
            self._count(entries)
        for entry in entries:
            entry.decide(error)

    async def _store_apart(self, entry: _Entry) -> None:
        """Store what waits for other requests, or keeps forms first."""
        claims, error = entry.claims, None
        try:
            if claims.is_waiting:
                await claims.wait_for_others()
            await _keep_forms(entry)
            lines = self._encode(entry)
            if lines:
                await self._log.append(lines, lines.count(b"\n"))
                claims.commit(entry.sender.received_at_us)
            else:
                claims.release()
            self._count([entry])
        except (Exception, asyncio.CancelledError) as fault:
            claims.release()
            is_cancelled = isinstance(fault, asyncio.CancelledError)
            error = UnavailableError("Footfall is stopping.") if is_cancelled else fault
        # Within this task no other task can go on.
        entry.loop.call_soon(entry.decide, error)

    def _encode_all(self, entries: list[_Entry], events: list[Event]) -> bytes:
        try:
            return self._encoder.encode_lines(events)
        except UnicodeEncodeError:
            return b"".join([self._encode(entry) for entry in entries])

    def _encode(self, entry: _Entry) -> bytes:
        """Return the events as lines. Half a surrogate pair is no text; only the event that holds
        it is dropped."""
        try:
            return self._encoder.encode_lines(entry.events)
        except UnicodeEncodeError:
            pass
        lines = []
        for event in tuple(entry.events):
            try:
                lines.append(self._encoder.encode(event) + b"\n")
            except UnicodeEncodeError:
                _drop(entry, event, DropReason.MALFORMED)
        return b"".join(lines)

    def _count(self, entries: Iterable[_Entry]) -> None:
        accepted: dict[tuple[str, str], int] = {}
        for entry in entries:
            for event in entry.events:
                key = (event.door, event.kind)
                accepted[key] = accepted.get(key, 0) + 1
            for kind, reason in entry.dropped or ():
                self._counters.add(entry.sender.door, kind, reason)
        for (door, kind), count in accepted.items():
            self._counters.add(door, kind, count=count)


async def _keep_forms(entry: _Entry) -> None:
    """Let forms be kept before their events are stored, and drop the events of those that were
    not. After a crash between the two the sender comes again, and keeping a form again changes
    nothing."""
    by_id = {event.event_id: event for event in entry.events}
    for signal, outcome in zip(entry.signals, tuple(entry.outcomes), strict=True):
        if signal.form is None or type(outcome) is not Accepted:
            continue
        reason = await signal.form.keep(by_id[outcome.event_id])
        if reason is not None:
            _drop(entry, by_id[outcome.event_id], reason)


def _drop(entry: _Entry, event: Event, reason: DropReason) -> None:
    event_id = event.event_id
    entry.events.remove(event)
    entry.outcomes[entry.outcomes.index(Accepted(event_id))] = _DROPPED[reason]
    _note_drop(entry, event.kind, reason)
    if event_id < 0:
        entry.claims.unclaim(event_id)


def _note_drop(entry: _Entry, kind: str, reason: DropReason) -> None:
    # A stranger's word must not become a label of its own.
    dropped = (kind if kind in KINDS else "unknown", reason)
    entry.dropped = [*(entry.dropped or ()), dropped]
