"""What happened in a recorded visit, line by line, each with its place in the recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from footfall.leads.capture import EVENT
from footfall.reports.journal import JournalEntry

SILENT: Final = (
    *("activity", "session_start", "session_end", "engagement", "identify"),
    *("scroll_depth", "web_vital", "survey_response"),
)
"""Kinds that are no step of a visit: what a page notes by itself."""

LEAD: Final = EVENT
"""The event that a form makes which was taken."""

_WORDS: Final = {
    "pageview": ("view", "Page"),
    "click": ("click", "Click"),
    "error": ("error", "Error"),
    "outlink": ("click", "Link out"),
    "download": ("click", "Download"),
    "search": ("event", "Search"),
    "exposure": ("event", "Experiment"),
}
"""Kinds with the colour and the word of their lines; all others are events of the site's own."""


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a visit."""

    at_ms: int
    """From the begin of the recording; never before it."""
    clock: str
    kind: str
    """view, click, event, form or error: its colour."""
    word: str
    detail: str


def make_lines(entries: Sequence[JournalEntry], started_at_us: int) -> list[Line]:
    """Return the steps of a visit that was recorded from an instant on."""
    return [_make_line(entry, started_at_us) for entry in entries if entry.kind not in SILENT]


def render_clock(ms: int) -> str:
    """Write a place in a recording as '1:05' or '1:02:09'."""
    seconds = max(ms, 0) // 1_000
    hours, minutes = seconds // 3_600, seconds // 60 % 60
    tail = f"{seconds % 60:02}"
    return f"{hours}:{minutes:02}:{tail}" if hours else f"{minutes}:{tail}"


def _make_line(entry: JournalEntry, started_at_us: int) -> Line:
    at_ms = max((entry.ts_us - started_at_us) // 1_000, 0)
    kind, word = _WORDS.get(entry.kind, ("event", ""))
    detail = entry.path if entry.kind == "pageview" else entry.name or entry.path
    if entry.kind == "event" and entry.name == LEAD:
        kind, word, detail = "form", "Form sent", entry.path
    return Line(at_ms, render_clock(at_ms), kind, word or "Event", detail)
