"""Visits, what happened in them, and pieces of recordings in PulseGate's words."""

from collections.abc import Iterator, Sequence

from footfall.dialects.pulsegate.identity import render_event_id
from footfall.dialects.pulsegate.replay.shape import (
    ReplayChunkBody,
    ReplayEventBody,
    ReplaySessionBody,
)
from footfall.replay.recording import ChunkEntry
from footfall.replay.visit import RecordedVisit
from footfall.reports.journal import JournalEntry

_US_PER_MS = 1_000

_TYPES = {"pageview": "page_view", "scroll_depth": "scroll"}
"""PulseGate's words for kinds of ours; every other kind but these has its own name."""

_NAMED = frozenset({"event", "activity"})
"""Kinds whose name is what the sender called the event."""


def render_session(found: RecordedVisit) -> ReplaySessionBody:
    """Return a visit. What its events do not tell (yet) is told by its recording."""
    visit, recording = found.visit, found.recording
    started_us = visit.start_us if visit else recording.started_at_us if recording else 0
    duration_us = visit.duration_us if visit else recording.duration_us if recording else 0
    entry_page = visit.entry_page if visit else ""
    return ReplaySessionBody(
        session_id=found.session_id,
        visitor_id=found.visitor_id,
        entry_page=entry_page or (recording.entry_page if recording else ""),
        country=visit.country if visit else "",
        started_at=started_us // _US_PER_MS,
        duration=duration_us // _US_PER_MS,
        engagement_score=visit.score if visit else 0,
        event_count=visit.events if visit else 0,
        recorded=recording is not None,
        recorded_events=recording.events if recording else 0,
        recorded_duration=recording.duration_us // _US_PER_MS if recording else 0,
    )


def render_events(entries: Sequence[JournalEntry]) -> list[ReplayEventBody]:
    """Return what happened, each position of the mouse by itself, in order of time."""
    events = [event for entry in entries for event in _render_entry(entry)]
    return sorted(events, key=lambda event: event.timestamp)


def render_chunk(chunk: ChunkEntry) -> ReplayChunkBody:
    """Return what is told of a piece."""
    return ReplayChunkBody(chunk.seq, chunk.first_ms, chunk.last_ms, chunk.events, chunk.size_bytes)


def _render_entry(entry: JournalEntry) -> Iterator[ReplayEventBody]:
    moves = entry.props.get("moves") if entry.name == "mousemove" else None
    positions = [
        (move[1], move[2], int(move[0]))
        for move in (moves if isinstance(moves, list) else ())
        if isinstance(move, list) and len(move) == 3 and all(map(_is_number, move))
    ]
    if not positions:
        x, y = entry.props.get("x", 0), entry.props.get("y", 0)
        at_ms = entry.ts_us // _US_PER_MS
        positions = [(x if _is_number(x) else 0, y if _is_number(y) else 0, at_ms)]
    for place, (x, y, at_ms) in enumerate(positions):
        yield ReplayEventBody(
            event_id=render_event_id(entry.event_id ^ place),
            event_type=entry.name if entry.kind in _NAMED else _find_type(entry.kind),
            x=x,
            y=y,
            element=entry.name if entry.kind == "click" else "",
            page=f"https://{entry.site}{entry.path}" if entry.site else entry.path,
            timestamp=at_ms,
        )


def _find_type(kind: str) -> str:
    return _TYPES.get(kind, kind)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
