"""The intake: signals in, outcomes out, and in between the durable log. Exactly one outcome for
each signal; nothing is acknowledged, and no id remembered, before it is on disk."""

from collections.abc import Sequence

import msgspec

from footfall.ingest.counter import Counters
from footfall.ingest.duplicate import Claims, Deduplicator
from footfall.ingest.log import EventLog, Stored
from footfall.ingest.outcome import Accepted, Dropped, DropReason, Outcome
from footfall.ingest.pipeline import Pipeline
from footfall.ingest.request import Sender, Signal
from footfall.ingest.steps.shape import KINDS
from footfall.model.event import Event

_DROPPED = {reason: Dropped(reason) for reason in DropReason}


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
        """For requests without client ids, which claim nothing: made once, never settled."""

    async def take(self, sender: Sender, signals: Sequence[Signal]) -> list[Outcome]:
        """Run signals through the pipeline and return after their events are on disk.

        Returns one outcome for each signal, in order. A duplicate of an event that another
        request is just storing is answered when that one is safe.
        Raises UnavailableError when nothing can be stored now; then nothing was stored.
        """
        for signal in signals:
            if signal.client_id or signal.form is not None:
                outcomes = await self._take_claiming(sender, signals)
                break
        else:
            # Nothing is claimed, so nothing is to be settled: 1.5 µs less a request.
            outcomes, events = self._run(sender, signals, self._no_claims)
            lines = self._encode(outcomes, events, self._no_claims)
            if lines:
                await self._log.append(lines, lines.count(b"\n"))
        self._count(sender, signals, outcomes)
        return outcomes

    async def _take_claiming(self, sender: Sender, signals: Sequence[Signal]) -> list[Outcome]:
        claims = Claims(self._deduplicator)
        try:
            outcomes, events = self._run(sender, signals, claims)
            lines = self._encode(outcomes, events, claims)
            if claims.is_waiting:
                await claims.wait_for_others()
            if await _keep_forms(signals, outcomes, events, claims):
                kept = [event for event in events if Accepted(event.event_id) in outcomes]
                lines = self._encode(outcomes, kept, claims)
            stored = self._log.append(lines, lines.count(b"\n")) if lines else None
        except BaseException:
            claims.release()
            raise
        if stored is None:
            claims.release()
        else:
            await _settle(stored, claims, sender.received_at_us)
        return outcomes

    def _run(
        self, sender: Sender, signals: Sequence[Signal], claims: Claims
    ) -> tuple[list[Outcome], list[Event]]:
        run = self._pipeline.run
        outcomes: list[Outcome] = []
        events: list[Event] = []
        for signal in signals:
            result = run(sender, signal, claims)
            if isinstance(result, Event):
                events.append(result)
                outcomes.append(Accepted(result.event_id))
            else:
                outcomes.append(_DROPPED[result])
        return outcomes, events

    def _encode(self, outcomes: list[Outcome], events: list[Event], claims: Claims) -> bytes:
        try:
            return self._encoder.encode_lines(events)
        except UnicodeEncodeError:
            return self._encode_singly(outcomes, events, claims)

    def _encode_singly(self, outcomes: list[Outcome], events: list[Event], claims: Claims) -> bytes:
        # Half a surrogate pair is no text; only the event that holds it is dropped.
        lines = []
        for event in events:
            try:
                lines.append(self._encoder.encode(event) + b"\n")
            except UnicodeEncodeError:
                outcomes[outcomes.index(Accepted(event.event_id))] = _DROPPED[DropReason.MALFORMED]
                if event.event_id < 0:
                    claims.unclaim(event.event_id)
        return b"".join(lines)

    def _count(
        self, sender: Sender, signals: Sequence[Signal], outcomes: Sequence[Outcome]
    ) -> None:
        add, door = self._counters.add, sender.door
        for signal, outcome in zip(signals, outcomes, strict=True):
            if type(outcome) is Dropped:
                # A stranger's word must not become a label of its own.
                kind = signal.kind if signal.kind in KINDS else "unknown"
                add(door, kind, outcome.reason)
            else:
                add(door, signal.kind)


async def _keep_forms(
    signals: Sequence[Signal], outcomes: list[Outcome], events: Sequence[Event], claims: Claims
) -> bool:
    """Let forms be kept before their events are stored; tell whether that dropped any. After a
    crash between the two the sender comes again, and keeping a form again changes nothing."""
    by_id = {event.event_id: event for event in events}
    is_changed = False
    for index, (signal, outcome) in enumerate(zip(signals, outcomes, strict=True)):
        if signal.form is None or type(outcome) is not Accepted:
            continue
        reason = await signal.form.keep(by_id[outcome.event_id])
        if reason is not None:
            is_changed = True
            outcomes[index] = _DROPPED[reason]
            if outcome.event_id < 0:
                claims.unclaim(outcome.event_id)
    return is_changed


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
