"""Feeds history into the pipeline: many senders, each in the order of time. What became of the
signals is added up; a live request has no use for this."""

import asyncio
from collections.abc import Iterable
from itertools import islice

import msgspec

from footfall.ingest.outcome import Accepted, DropReason
from footfall.ingest.port import Intake
from footfall.ingest.request import Sender, Signal

SENDERS_AT_ONCE = 100
"""The pipeline holds the event loop while it works on a sender; after so many the loop gets a
turn, so that an import beside a running server does not delay the server's own visitors."""


class BatchOutcome(msgspec.Struct):
    """What became of the signals of one batch."""

    events: int = 0
    known: int = 0
    """Signals that were stored before."""
    dropped: dict[str, int] = {}
    """Other drops, by the word of their `DropReason`."""

    def add(self, other: "BatchOutcome") -> None:
        """Count another batch into this one."""
        self.events += other.events
        self.known += other.known
        for reason, count in other.dropped.items():
            self.dropped[reason] = self.dropped.get(reason, 0) + count


def group_by_sender(pairs: Iterable[tuple[Sender, Signal]]) -> list[tuple[Sender, list[Signal]]]:
    """Gather the signals of each project, address and user agent, keeping their order."""
    groups: dict[tuple[int, str, str], tuple[Sender, list[Signal]]] = {}
    for sender, signal in pairs:
        key = (sender.project, sender.ip, sender.user_agent)
        group = groups.get(key)
        if group is None:
            groups[key] = group = (sender, [])
        group[1].append(signal)
    return list(groups.values())


async def take_all(intake: Intake, groups: Iterable[tuple[Sender, list[Signal]]]) -> BatchOutcome:
    """Send every group through the pipeline and return when all events are on disk.

    Raises UnavailableError when not all could be stored; what has a client id may be sent again.
    """
    outcome = BatchOutcome()
    rest = iter(groups)
    while slice_ := list(islice(rest, SENDERS_AT_ONCE)):
        answers = await asyncio.gather(
            *(intake.take(sender, signals) for sender, signals in slice_), return_exceptions=True
        )
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
            for one in answer:
                if isinstance(one, Accepted):
                    outcome.events += 1
                elif one.reason is DropReason.DUPLICATE:
                    outcome.known += 1
                else:
                    reason = one.reason.value
                    outcome.dropped[reason] = outcome.dropped.get(reason, 0) + 1
    return outcome
