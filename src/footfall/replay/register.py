"""Recordings: taken piece by piece, listed, opened, and forgotten. What was recorded lies with the
objects, what is known of it with the records. Calls block: on the event loop, go through a thread.

A piece is announced in the records before its object is saved and counted afterwards: whoever is
told that it was taken finds it again, and a piece that is sent twice counts once. An object whose
recording is in no record is nobody's, and may be removed at any time."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from footfall.clock import US_PER_DAY, US_PER_HOUR, US_PER_SECOND, Clock
from footfall.errors import (
    ConflictError,
    InvalidInputError,
    NotFoundError,
    RateLimitedError,
    TooLargeError,
)
from footfall.replay.chunk import Chunk
from footfall.replay.recording import (
    FOLDER,
    ChunkEntry,
    Recording,
    RecordingLimits,
    Source,
    Wanted,
    name_chunk,
    parse_folder,
)
from footfall.store.objects import Objects
from footfall.store.records import AtLeast, AtMost, Between, OneOf, Record, Records, Transaction

SIZE_LIMIT_BYTES: Final = 20 * 1024 * 1024
"""Of one recording, compressed: an hour on a busy page has 5 MB."""

CHUNKS_LIMIT: Final = 2_000
"""Of one recording: two hours of a piece every five seconds are 1,440."""

DURATION_LIMIT_US: Final = 2 * US_PER_HOUR
"""Nobody watches longer, and nobody looks for something in the third hour of an open tab."""

CLOCK_LIMIT_US: Final = US_PER_DAY
"""Clocks of senders are believed within a day, as for events."""

MOST_OF_PERSON: Final = 10_000

_BATCH: Final = 500
_SPENT_US: Final = 30 * US_PER_SECOND
"""How old the sum of a day may be that limits it."""

_CLASHES: Final = 2
"""The recording may be begun by another piece, then the piece be announced by its repetition."""

_RECORDINGS, _CHUNKS = "recordings", "recording_chunks"

FULL: Final = "This recording is full; nothing more of this visit is recorded."


class Recordings:
    """Keeps recordings."""

    def __init__(
        self, records: Records, objects: Objects, clock: Clock, limits: RecordingLimits
    ) -> None:
        self._records = records
        self._objects = objects
        self._clock = clock
        self.limits = limits
        self._spent: dict[int, tuple[int, int, int]] = {}

    def save(self, source: Source, chunk: Chunk) -> bool:
        """Keep a piece of a visit's recording; False when it is kept already.

        Raises InvalidInputError for times that cannot be, TooLargeError when the recording is
        full, RateLimitedError when its project recorded enough today, StoreError.
        """
        now_us = self._clock.now_us()
        self._check_times(chunk, source.skew_us, now_us)
        if not self._announce(source, chunk, now_us):
            return False
        name = name_chunk(source.project, source.session, chunk.seq)
        self._objects.save(name, chunk.packed)
        if not self._count(source, chunk.seq, now_us):
            self._objects.remove(name)  # erased meanwhile
        return True

    def search(self, wanted: Wanted) -> tuple[list[Recording], int]:
        """Return a page of recordings, newest first, and how many there are."""
        where: dict[str, Any] = {"project": wanted.project, "chunks": AtLeast(1)}
        if wanted.since_us is not None and wanted.until_us is not None:
            where["started_at_us"] = Between(wanted.since_us, wanted.until_us - 1)
        if wanted.visitor_id:
            where["visitor_id"] = wanted.visitor_id
        if wanted.min_duration_us:
            where["duration_us"] = AtLeast(wanted.min_duration_us)
        with self._records.transaction() as t:
            found = t.find(
                _RECORDINGS,
                where,
                order="-started_at_us",
                limit=wanted.limit,
                offset=wanted.offset,
            )
            total = t.count(_RECORDINGS, where)
        return [Recording(**record) for record in found], total

    def find_sessions(self, project: int, sessions: Sequence[int]) -> list[Recording]:
        """Return the recordings there are of some sessions."""
        if not sessions:
            return []
        where = {"project": project, "session": OneOf(tuple(sessions)), "chunks": AtLeast(1)}
        with self._records.transaction() as t:
            return [Recording(**record) for record in t.find(_RECORDINGS, where)]

    def find_person(
        self, project: int, visitor_ids: Sequence[str], session_ids: Sequence[str] = ()
    ) -> list[Recording]:
        """Return the recordings of visitors and of single visits, by their senders' ids."""
        found: dict[int, Recording] = {}
        with self._records.transaction() as t:
            for column, ids in (("visitor_id", visitor_ids), ("session_id", session_ids)):
                wanted = tuple(filter(None, ids))
                if wanted:
                    where = {"project": project, column: OneOf(wanted)}
                    for record in t.find(_RECORDINGS, where, limit=MOST_OF_PERSON):
                        found[record["number"]] = Recording(**record)
        return [found[number] for number in sorted(found)]

    def list_chunks(self, recording: Recording) -> list[ChunkEntry]:
        """Return the pieces of a recording in order of time."""
        with self._records.transaction() as t:
            found = t.find(_CHUNKS, _stored(recording.number), order="first_ms", limit=CHUNKS_LIMIT)
        entries = [
            ChunkEntry(r["seq"], r["first_ms"], r["last_ms"], r["events"], r["size_bytes"])
            for r in found
        ]
        return sorted(entries, key=lambda entry: (entry.first_ms, entry.seq))

    def load_chunk(self, recording: Recording, seq: int) -> bytes:
        """Return a piece as it is kept: gzip'd JSON. Raises NotFoundError, StoreError."""
        with self._records.transaction() as t:
            if not t.count(_CHUNKS, {**_stored(recording.number), "seq": seq}):
                raise NotFoundError("Chunk", str(seq))
        return self._objects.load(name_chunk(recording.project, recording.session, seq))

    def remove(self, recording: Recording) -> None:
        """Forget a recording: its objects first, so that after a failure the call can be
        repeated. Raises StoreError."""
        self._remove_objects(recording.folder)
        with self._records.transaction() as t:
            t.remove(_RECORDINGS, {"number": recording.number})
        # What a piece on its way brought in between.
        self._remove_objects(recording.folder)

    def drop_old(self) -> int:
        """Forget recordings that nothing was added to for as long as they are kept; returns how
        many. Raises StoreError."""
        until_us = self._clock.now_us() - self.limits.keep_days * US_PER_DAY
        dropped = 0
        while True:
            with self._records.transaction() as t:
                where = {"changed_at_us": AtMost(until_us)}
                found = t.find(_RECORDINGS, where, limit=_BATCH)
            for record in found:
                self.remove(Recording(**record))
            dropped += len(found)
            if len(found) < _BATCH:
                return dropped

    def drop_orphans(self) -> int:
        """Remove the objects of recordings that are in no record; returns how many.

        Raises StoreError.
        """
        dropped = 0
        folders: dict[tuple[int, int], list[str]] = {}
        for name in self._objects.list(FOLDER):
            owner = parse_folder(name)
            if owner is not None:
                folders.setdefault(owner, []).append(name)
        for (project, session), names in folders.items():
            with self._records.transaction() as t:
                is_known = t.count(_RECORDINGS, {"project": project, "session": session})
            for name in () if is_known else names:
                self._objects.remove(name)
                dropped += 1
        return dropped

    def _check_times(self, chunk: Chunk, skew_us: int, now_us: int) -> None:
        for name, ms in (("first", chunk.first_ms), ("last", chunk.last_ms)):
            if abs(ms * 1_000 + skew_us - now_us) > CLOCK_LIMIT_US:
                raise InvalidInputError(
                    f"events: the {name} timestamp is {ms}; accepted are milliseconds since 1970"
                    " within 24 hours of now",
                    field="events",
                )

    def _announce(self, source: Source, chunk: Chunk, now_us: int) -> bool:
        """Write down that a piece comes; False when it is kept already."""
        for _ in range(_CLASHES):
            # Another piece of the visit, or this one, came at the same moment and is there now.
            with suppress(ConflictError):
                return self._try_announce(source, chunk, now_us)
        return self._try_announce(source, chunk, now_us)

    def _try_announce(self, source: Source, chunk: Chunk, now_us: int) -> bool:
        with self._records.transaction() as t:
            where = {"project": source.project, "session": source.session}
            found = t.find(_RECORDINGS, where)
            if found:
                recording = Recording(**found[0])
                known = t.find(_CHUNKS, {"recording": recording.number, "seq": chunk.seq})
                if known:
                    return not known[0]["is_stored"]
                _check_room(recording, chunk)
                self._check_day(t, source.project, len(chunk.packed), now_us)
                number = recording.number
            else:
                self._check_day(t, source.project, len(chunk.packed), now_us)
                number = t.add(_RECORDINGS, _make_record(source, chunk, now_us))
            t.add(
                _CHUNKS,
                {
                    "recording": number,
                    "seq": chunk.seq,
                    "is_stored": 0,
                    "first_ms": chunk.first_ms,
                    "last_ms": chunk.last_ms,
                    "events": chunk.events,
                    "pages": len(chunk.pages),
                    "page": chunk.pages[0] if chunk.pages else "",
                    "size_bytes": len(chunk.packed),
                },
            )
        return True

    def _count(self, source: Source, seq: int, now_us: int) -> bool:
        """Count a piece whose object is saved; False when its recording is gone."""
        with self._records.transaction() as t:
            where = {"project": source.project, "session": source.session}
            # The first change holds the row: two pieces at once are added up one after the other.
            if not t.change(_RECORDINGS, where, {"changed_at_us": now_us}):
                return False
            recording = Recording(**t.find(_RECORDINGS, where)[0])
            chunk = {"recording": recording.number, "seq": seq}
            if not t.change(_CHUNKS, chunk, {"is_stored": 1}):
                return False
            t.change(_RECORDINGS, where, _add_up(t, recording))
        return True

    def _check_day(self, t: Transaction, project: int, size_bytes: int, now_us: int) -> None:
        """Refuse what is beyond a project's day. Several nodes may go over it by what they take
        within half a minute."""
        most = self.limits.day_bytes
        if not most:
            return
        day = now_us // US_PER_DAY
        at_us, known_day, spent = self._spent.get(project, (0, -1, 0))
        if known_day != day or now_us - at_us > _SPENT_US:
            where = {"project": project, "created_at_us": AtLeast(day * US_PER_DAY)}
            at_us, spent = (
                now_us,
                t.tally(_RECORDINGS, where, sums=("size_bytes",))[0]["size_bytes"],
            )
        if spent + size_bytes > most:
            wait_s = ((day + 1) * US_PER_DAY - now_us) // US_PER_SECOND + 1
            raise RateLimitedError(
                f"Today's {most // 1_000_000} MB of recordings are used up.", retry_after_s=wait_s
            )
        self._spent[project] = (at_us, day, spent + size_bytes)

    def _remove_objects(self, folder: str) -> None:
        for name in list(self._objects.list(folder)):
            self._objects.remove(name)


def _check_room(recording: Recording, chunk: Chunk) -> None:
    first_ms = (recording.started_at_us - recording.skew_us) // 1_000
    if (
        recording.size_bytes + len(chunk.packed) > SIZE_LIMIT_BYTES
        or recording.chunks >= CHUNKS_LIMIT
        or (chunk.last_ms - first_ms) * 1_000 > DURATION_LIMIT_US
    ):
        raise TooLargeError(FULL)


def _make_record(source: Source, chunk: Chunk, now_us: int) -> Record:
    return {
        "project": source.project,
        "session": source.session,
        "session_id": source.session_id,
        "visitor_id": source.visitor_id,
        "site_key": source.site_key,
        "host": source.host,
        "entry_page": chunk.pages[0] if chunk.pages else "",
        "skew_us": source.skew_us,
        "started_at_us": chunk.first_ms * 1_000 + source.skew_us,
        "duration_us": (chunk.last_ms - chunk.first_ms) * 1_000,
        "created_at_us": now_us,
        "changed_at_us": now_us,
        "chunks": 0,
        "events": 0,
        "pages": 0,
        "size_bytes": 0,
    }


def _add_up(t: Transaction, recording: Recording) -> Record:
    where = _stored(recording.number)
    sums = t.tally(_CHUNKS, where, sums=("events", "pages", "size_bytes"))[0]
    first = t.find(_CHUNKS, where, order="first_ms", limit=1)[0]
    last = t.find(_CHUNKS, where, order="-last_ms", limit=1)[0]
    return {
        "chunks": sums["count"],
        "events": sums["events"],
        "pages": sums["pages"],
        "size_bytes": sums["size_bytes"],
        "entry_page": first["page"] or recording.entry_page,
        "started_at_us": first["first_ms"] * 1_000 + recording.skew_us,
        "duration_us": (last["last_ms"] - first["first_ms"]) * 1_000,
    }


def _stored(number: int) -> dict[str, Any]:
    return {"recording": number, "is_stored": 1}
