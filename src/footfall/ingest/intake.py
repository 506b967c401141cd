"""The intake: signals in, outcomes out, and in between the durable log. Exactly one outcome for
each signal; nothing is acknowledged, and no id remembered, before it is on disk.

It works in turns: what the requests of one turn of the event loop bring goes through the pipeline
together and into the log as one piece. A third of the processor time of a lone event is spent on
fetching code and data that the request before has just pushed out of the caches."""

import asyncio
from collections.abc import Sequence
from functools import partial

import msgspec

from footfall.ingest.commit import Commit
from footfall.ingest.counter import Counters
from footfall.ingest.duplicate import Claims, Deduplicator
from footfall.ingest.log import EventLog, Stored
from footfall.ingest.outcome import Accepted, Dropped, DropReason, Outcome
from footfall.ingest.pipeline import Pipeline
from footfall.ingest.request import Sender, Signal
from footfall.ingest.steps.shape import KINDS
from footfall.model.event import Event

_DROPPED = {reason: Dropped(reason) for reason in DropReason}


class _Entry:
    """The signals of one call and what became of them."""

    __slots__ = ("claims", "error", "events", "is_apart", "outcomes", "sender", "signals")

    def __init__(self, sender: Sender, signals: Sequence[Signal], claims: Claims) -> None:
        self.sender = sender
        self.signals = signals
        self.claims = claims
        self.events: list[Event] = []
        self.outcomes: list[Outcome] = []
        self.is_apart = False
        """True when its events must wait for something before they may be stored."""
        self.error: Exception | None = None


class _Turn:
    """The calls of one turn of the loop, and what they wait for."""

    __slots__ = ("entries", "stored")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.entries: list[_Entry] = []
        self.stored = Commit(loop)


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
        self._turn: _Turn | None = None

    async def take(self, sender: Sender, signals: Sequence[Signal]) -> list[Outcome]:
        """Run signals through the pipeline and return after their events are on disk.

        Returns one outcome for each signal, in order. A duplicate of an event that another
        request is just storing is answered when that one is safe.
        Raises UnavailableError when nothing can be stored now; then nothing was stored.
        """
        claims = self._no_claims
        for signal in signals:
            if signal.client_id or signal.form is not None:
                claims = Claims(self._deduplicator)
                break
        entry = _Entry(sender, signals, claims)
        turn = self._turn
        if turn is None:
            turn = self._begin_turn()
        turn.entries.append(entry)
        try:
            await turn.stored
        except BaseException:
            if entry.is_apart:
                claims.release()
            raise
        if entry.error is not None:
            raise entry.error
        if entry.is_apart:
            await self._store_apart(entry)
        return entry.outcomes

    def _begin_turn(self) -> _Turn:
        loop = asyncio.get_running_loop()
        turn = self._turn = _Turn(loop)
        loop.call_soon(self._run_turn, turn)
        return turn

    def _run_turn(self, turn: _Turn) -> None:
        self._turn = None
        events: list[Event] = []
        for entry in turn.entries:
            try:
                self._run(entry)
            except Exception as error:
                entry.error, entry.is_apart = error, False
                entry.claims.release()
            else:
                if not entry.is_apart:
                    events += entry.events
        try:
            lines = self._encode_all(turn, events)
            if not lines:
                self._end_turn(turn, None)
                return
            stored = self._log.append(lines, lines.count(b"\n"))
        except Exception as error:
            self._end_turn(turn, error)
            return
        stored.add_done_callback(partial(self._hear_log, turn))

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
        if claims.is_waiting:
            entry.is_apart = True

    def _hear_log(self, turn: _Turn, stored: Stored) -> None:
        self._end_turn(turn, stored.exception())

    def _end_turn(self, turn: _Turn, error: BaseException | None) -> None:
        for entry in turn.entries:
            if entry.error is not None or entry.is_apart:
                continue
            if error is not None:
                entry.claims.release()
            else:
                entry.claims.commit(entry.sender.received_at_us)
                self._count(entry)
        turn.stored.decide(error)

    async def _store_apart(self, entry: _Entry) -> None:
        """Store what waits for other requests, or keeps forms first."""
        claims = entry.claims
        try:
            if claims.is_waiting:
                await claims.wait_for_others()
            await _keep_forms(entry)
            lines = self._encode(entry)
            stored = self._log.append(lines, lines.count(b"\n")) if lines else None
        except BaseException:
            claims.release()
            raise
        if stored is None:
            claims.release()
        else:
            await _settle(stored, claims, entry.sender.received_at_us)
        self._count(entry)

    def _encode_all(self, turn: _Turn, events: list[Event]) -> bytes:
        try:
            return self._encoder.encode_lines(events)
        except UnicodeEncodeError:
            entries = [e for e in turn.entries if e.error is None and not e.is_apart]
            return b"".join([self._encode(entry) for entry in entries])

    def _encode(self, entry: _Entry) -> bytes:
        """Return the events as lines. Half a surrogate pair is no text; only the event that holds
        it is dropped."""
        try:
            return self._encoder.encode_lines(entry.events)
        except UnicodeEncodeError:
            pass
        lines = []
        for event in entry.events:
            try:
                lines.append(self._encoder.encode(event) + b"\n")
            except UnicodeEncodeError:
                _drop(entry, event.event_id, DropReason.MALFORMED)
        return b"".join(lines)

    def _count(self, entry: _Entry) -> None:
        add, door = self._counters.add, entry.sender.door
        for signal, outcome in zip(entry.signals, entry.outcomes, strict=True):
            if type(outcome) is Dropped:
                # A stranger's word must not become a label of its own.
                kind = signal.kind if signal.kind in KINDS else "unknown"
                add(door, kind, outcome.reason)
            else:
                add(door, signal.kind)


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
            _drop(entry, outcome.event_id, reason)
    entry.events = [event for event in entry.events if Accepted(event.event_id) in entry.outcomes]


def _drop(entry: _Entry, event_id: int, reason: DropReason) -> None:
    entry.outcomes[entry.outcomes.index(Accepted(event_id))] = _DROPPED[reason]
    if event_id < 0:
        entry.claims.unclaim(event_id)


async def _settle(stored: Stored, claims: Claims, received_at_us: int) -> None:
    """Wait for the log and settle the claims by its answer."""
    try:
        await stored
    finally:
        # The fate of the ids follows the log, even when the caller was cancelled meanwhile.
        if stored.done() and stored.exception() is None:
            claims.commit(received_at_us)
        else:
            claims.release()
