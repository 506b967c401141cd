"""Time: a sender's clock is believed within a day of ours. Beyond that the nearest believable
instant is taken, so that one wrong clock cannot empty a year's chart."""

from footfall.clock import US_PER_DAY
from footfall.ingest.draft import Draft
from footfall.ingest.outcome import DropReason
from footfall.ingest.request import Sender, Signal

CLOCK_TOLERANCE_US = US_PER_DAY
"""A tab asleep overnight or a queue on a phone is late by hours, not days (design §3)."""

LATEST_TRUSTED_US = 4_102_444_800 * 1_000_000
"""2100-01-01: an import beyond is a wrong unit, not history."""


def put_time(sender: Sender, signal: Signal, draft: Draft) -> DropReason | None:
    """Put the event's time: the sender's, clamped to ±24 h of our clock; ours without one.

    A trusted clock (import, generated history) is taken as it is, from 1970 to 2100.
    """
    ts = signal.ts_us
    now = sender.received_at_us
    if ts is None:
        draft.ts = now
    elif now - CLOCK_TOLERANCE_US <= ts <= now + CLOCK_TOLERANCE_US:
        draft.ts = ts
    elif not sender.is_trusted_clock:
        draft.ts = now - CLOCK_TOLERANCE_US if ts < now else now + CLOCK_TOLERANCE_US
    elif 0 <= ts < LATEST_TRUSTED_US:
        draft.ts = ts
    else:
        return DropReason.MALFORMED
    return None
