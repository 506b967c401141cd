"""Files of raw events: CSV for spreadsheets, NDJSON that `footfall import events` takes back, and
Parquet for notebooks. A file is made while it is read; only Parquet is written down before."""

import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import msgspec

from footfall.clock import Clock
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

FileFormat = Literal["csv", "ndjson", "parquet"]

FORMATS: tuple[FileFormat, ...] = get_args(FileFormat)

_MEDIA_TYPES: dict[FileFormat, str] = {
    "csv": "text/csv",
    "ndjson": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
}

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
        return _MEDIA_TYPES[self.format]

    @property
    def name(self) -> str:
        """A file name in ASCII: project and format."""
        return f"{self.project.slug}-events.{self.format}"


def parse_event_file(
    project: Project, format_: str, start: str, end: str, clock: Clock
) -> EventFile:
    """Return the file that is asked for. Dates are days of the project's time zone, both included;
    '' is the beginning of everything, and a day from now (clocks may be ahead).

    Raises InvalidInputError that names the field.
    """
    if format_ not in FORMATS:
        raise InvalidInputError(
            f"format is '{format_[:40]}'; accepted are {', '.join(FORMATS)}", field="format"
        )
    zone = load_zone(project.time_zone)
    start_us = parse_start(start, zone) if start else 0
    end_us = parse_end(end, zone) if end else max(clock.now_us() + _AHEAD_US, start_us)
    if end_us < start_us:
        raise InvalidInputError(f"end '{end}' lies before start '{start}'", field="end")
    return EventFile(project, TimeRange(start_us, end_us), format_)
