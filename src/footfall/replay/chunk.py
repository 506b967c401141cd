"""One piece of a recording: rrweb's events as a sender gave them, checked, masked and packed. A
piece is kept as gzip'd JSON, an array of events in order of time."""

import gzip
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

import msgspec

from footfall.errors import InvalidInputError, NotFoundError, TooLargeError
from footfall.replay.mask import (
    INCREMENT,
    KINDS_KEPT,
    META,
    SOURCES_DROPPED,
    mask_contacts,
    mask_typed,
)

UNPACKED_LIMIT_BYTES: Final = 4 * 1024 * 1024
"""A snapshot of a page of 20,000 nodes with its style sheets fits, and is masked in a quarter of a
second."""

EVENTS_LIMIT: Final = 20_000
"""A minute of a mouse that never rests is 3,000."""

SEQ_LIMIT: Final = 1 << 53
"""JavaScript counts exactly up to here."""

_SEQ_DIGITS: Final = 17

PAGE_LIMIT: Final = 512
"""Characters of a page's path that are kept for lists."""

_MS_LIMIT: Final = 1 << 52

_GZIP = b"\x1f\x8b"
_LEVEL = 6


class RecordedEvent(msgspec.Struct, omit_defaults=True):
    """An event of rrweb's. `timestamp` is the sender's clock, ms."""

    type: int
    timestamp: float
    data: Any = None
    delay: float | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece that may be kept."""

    seq: int
    """Unique within its recording, and in order of time."""
    events: int
    first_ms: int
    last_ms: int
    """First and last event by the sender's clock."""
    pages: tuple[str, ...]
    """Addresses of the pages that begin in it, without query strings."""
    packed: bytes


_EVENTS: Final = msgspec.json.Decoder(list[RecordedEvent])


def unpack_body(raw: bytes) -> bytes:
    """Return a body that may be compressed with gzip, told by its first bytes.

    Raises InvalidInputError, TooLargeError for what would be larger than 4 MiB.
    """
    if not raw.startswith(_GZIP):
        return raw
    reader = zlib.decompressobj(wbits=31)
    try:
        body = reader.decompress(raw, UNPACKED_LIMIT_BYTES)
    except zlib.error:
        raise InvalidInputError("the body begins as gzip and is none") from None
    if reader.unconsumed_tail:
        raise TooLargeError(
            f"The body is larger than the {UNPACKED_LIMIT_BYTES} bytes accepted here, unpacked."
        )
    if not reader.eof:
        raise InvalidInputError("the body begins as gzip and ends too early")
    return body


def make_chunk(raw: bytes, seq: int | None) -> Chunk:
    """Check, mask and pack the events of a body, a JSON array. A piece without a number gets one
    that follows from its content, so that the same piece sent again is the same one.

    Raises InvalidInputError that names the event.
    """
    if seq is not None and not 0 <= seq < SEQ_LIMIT:
        raise InvalidInputError(f"seq is {seq}; accepted are 0 to {SEQ_LIMIT - 1}", field="seq")
    try:
        events = _EVENTS.decode(raw)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInputError(f"events: {error}", field="events") from None
    if not 1 <= len(events) <= EVENTS_LIMIT:
        raise InvalidInputError(
            f"events has {len(events)} entries; accepted are 1 to {EVENTS_LIMIT}", field="events"
        )
    for index, event in enumerate(events):
        if not 0 <= event.timestamp < _MS_LIMIT:
            raise InvalidInputError(
                f"events[{index}].timestamp is {event.timestamp}; accepted are milliseconds"
                " since 1970",
                field="events",
            )
    events.sort(key=lambda event: event.timestamp)
    kept = [event for event in events if _is_kept(event)]
    for event in kept:
        event.data = mask_typed(event.type, event.data)
    packed = pack(kept)
    return Chunk(
        seq=_derive_seq(raw) if seq is None else seq,
        events=len(kept),
        first_ms=int(events[0].timestamp),
        last_ms=int(events[-1].timestamp),
        pages=tuple(_list_pages(kept)),
        packed=packed,
    )


def parse_seq(text: str) -> int:
    """Return the number of a piece in an address. Raises NotFoundError for what is none."""
    if not (text.isascii() and text.isdigit() and len(text) < _SEQ_DIGITS):
        raise NotFoundError("Chunk", text[:40])
    return int(text)


def mask_chunk(packed: bytes) -> bytes:
    """Return a piece with mail addresses and phone numbers covered."""
    events = _EVENTS.decode(gzip.decompress(packed))
    for event in events:
        event.data = mask_contacts(event.type, event.data)
    return pack(events)


def pack(events: Sequence[RecordedEvent]) -> bytes:
    """Return events as they are kept. The same events give the same bytes."""
    return gzip.compress(msgspec.json.encode(events), _LEVEL, mtime=0)


def _is_kept(event: RecordedEvent) -> bool:
    if event.type != INCREMENT:
        return event.type in KINDS_KEPT
    source = event.data.get("source") if isinstance(event.data, dict) else None
    return source not in SOURCES_DROPPED


def _derive_seq(raw: bytes) -> int:
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "big") % SEQ_LIMIT


def _list_pages(events: Sequence[RecordedEvent]) -> list[str]:
    return [
        event.data["href"][:PAGE_LIMIT]
        for event in events
        if event.type == META
        and isinstance(event.data, dict)
        and isinstance(event.data.get("href"), str)
    ]
