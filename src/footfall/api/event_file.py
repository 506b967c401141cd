"""Files of raw events: CSV for spreadsheets, NDJSON that `footfall import events` takes back, and
Parquet for notebooks. A file is made while it is read; only Parquet is written down before."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import msgspec

from footfall.errors import InvalidInputError
from footfall.http.csv import render_csv_line
from footfall.model.column import ColumnType
from footfall.model.event import EVENT_COLUMNS, Event
from footfall.model.time_range import TimeRange, from_us
from footfall.projects.project import Project
from footfall.reports.check import load_zone
from footfall.reports.event_export import ParquetQuestion, iterate_events
from footfall.reports.port import Reports
from footfall.reports.range import parse_end, parse_start
from footfall.reports.scope import Scope

EXPORT_PATH = "/api/export/events"

FileFormat = Literal["csv", "ndjson", "parquet"]

FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)

MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}

_LAST_US = 4_102_444_800_000_000
"""The year 2100: the pipeline takes nothing later."""

_CHUNK_BYTES = 256 * 1024

_TIMES = frozenset(c.name for c in EVENT_COLUMNS if c.type is ColumnType.TIMESTAMP_US)


@dataclass(frozen=True, slots=True)
class EventFile:
    """Which events, and how they are to be written."""

    project: Project
    range: TimeRange
    format: FileFormat

    @property
    def media_type(self) -> str:
        """The media type of the content."""
        return MEDIA_TYPES[self.format]

    @property
    def name(self) -> str:
        """A file name in ASCII: project and format."""
        return f"{self.project.slug}-events.{self.format}"


def parse_event_file(project: Project, format_: str, start: str, end: str) -> EventFile:
    """Return the file that is asked for. Dates are days of the project's time zone, both included;
    '' is the first and the last event there is.

    Raises InvalidInputError that names the field.
    """
    if format_ not in FORMATS:
        raise InvalidInputError(
            f"format is '{format_[:40]}'; accepted are {', '.join(FORMATS)}", field="format"
        )
    zone = load_zone(project.time_zone)
    start_us = parse_start(start, zone) if start else 0
    end_us = parse_end(end, zone) if end else max(_LAST_US, start_us)
    if end_us < start_us:
        raise InvalidInputError(f"end '{end}' lies before start '{start}'", field="end")
    return EventFile(project, TimeRange(start_us, end_us), format_)


class EventFiles:
    """Makes files of events."""

    def __init__(self, reports: Reports, folder: Path) -> None:
        """`folder` is for files that are written before they are sent."""
        self._reports = reports
        self._folder = folder

    def make(self, file: EventFile) -> AsyncIterator[bytes]:
        """Give the content in chunks. Raises UnavailableError, StoreError while doing so."""
        if file.format == "parquet":
            return self._make_parquet(file)
        return self._make_csv(file) if file.format == "csv" else self._make_ndjson(file)

    async def _make_ndjson(self, file: EventFile) -> AsyncIterator[bytes]:
        """One event a line, in the form of the spool."""
        encoder = msgspec.json.Encoder()
        async for events in iterate_events(self._reports, _find_scope(file)):
            yield encoder.encode_lines(events)

    async def _make_csv(self, file: EventFile) -> AsyncIterator[bytes]:
        yield render_csv_line(column.name for column in EVENT_COLUMNS).encode()
        async for events in iterate_events(self._reports, _find_scope(file)):
            yield "".join(map(_render_line, events)).encode()

    async def _make_parquet(self, file: EventFile) -> AsyncIterator[bytes]:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryDirectory(dir=self._folder) as name:
            path = Path(name) / "events.parquet"
            await self._reports.ask(ParquetQuestion(_find_scope(file), path))
            written = path.open("rb")
        # The file has no name any more: nothing is left behind, whatever happens to the reader.
        with written:
            while chunk := await asyncio.to_thread(written.read, _CHUNK_BYTES):
                yield chunk


def _find_scope(file: EventFile) -> Scope:
    return Scope(file.project.number, file.range, bots="include")


def _render_line(event: Event) -> str:
    fields = []
    for column in EVENT_COLUMNS:
        value = getattr(event, column.name)
        if column.name in _TIMES:
            value = from_us(value).isoformat(timespec="microseconds").replace("+00:00", "Z")
        elif isinstance(value, msgspec.Raw):
            value = bytes(value).decode()
        fields.append(value)
    return render_csv_line(fields)
